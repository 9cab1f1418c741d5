/**
 * What stands beside a number's own addresses and may take their place: messaging services, applications, WhatsApp
 * senders; and the registration for business texts in the USA.
 */
export interface SimMessaging {
  readonly services: Map<string, SimService>
  readonly applications: Map<string, SimApplication>
  readonly senders: Map<string, SimSender>
  readonly brands: Map<string, SimBrand>
  /** Whom a trial account may write to. */
  readonly verified: Set<string>
}

export interface SimService {
  sid: string
  friendly_name: string
  /** Where the service's texts go; null: they are dropped, unless each number's own address counts. */
  inbound_request_url: string | null
  use_inbound_webhook_on_number: boolean
  us_app_to_person_registered: boolean
  /** SIDs of its numbers. */
  numbers: Set<string>
  created: number
}

export interface SimApplication {
  sid: string
  friendly_name: string
  sms_url: string
  voice_url: string
  created: number
}

export interface SimSender {
  sid: string
  /** With the whatsapp: prefix. */
  sender_id: string
  status: string
  webhook: {
    callback_url: string
    callback_method: string
    status_callback_url: string
    status_callback_method: string
  }
  created: number
}

export interface SimBrand {
  sid: string
  status: 'PENDING' | 'IN_REVIEW' | 'APPROVED' | 'FAILED'
  created: number
}

export const createMessaging = (): SimMessaging => ({
  services: new Map(),
  applications: new Map(),
  senders: new Map(),
  brands: new Map(),
  verified: new Set(),
})
