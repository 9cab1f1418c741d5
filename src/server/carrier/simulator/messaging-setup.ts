import { newSid, type Account, type SimNumber } from './account.ts'
import type { SimApplication, SimBrand, SimSender, SimService } from './messaging.ts'

/** Ways for a test, or a scenario, to set up what somebody else has set up at Twilio. */
export function addService(
  { messaging }: Account,
  service: Partial<Omit<SimService, 'sid' | 'numbers'>> & { numbers: Iterable<SimNumber> },
): SimService {
  const entry: SimService = {
    sid: newSid('MG'),
    friendly_name: 'Campaigns',
    inbound_request_url: null,
    use_inbound_webhook_on_number: false,
    us_app_to_person_registered: false,
    created: 0,
    ...service,
    numbers: new Set([...service.numbers].map(({ sid }) => sid)),
  }
  messaging.services.set(entry.sid, entry)
  return entry
}

export function addApplication(
  { messaging }: Account,
  application: Partial<Omit<SimApplication, 'sid'>> = {},
): SimApplication {
  const entry: SimApplication = {
    sid: newSid('AP'),
    friendly_name: 'Helpdesk',
    sms_url: '',
    voice_url: '',
    created: 0,
    ...application,
  }
  messaging.applications.set(entry.sid, entry)
  return entry
}

export function addSender({ messaging }: Account, number: string, callback = ''): SimSender {
  const entry: SimSender = {
    sid: newSid('XE'),
    sender_id: `whatsapp:${number}`,
    status: 'ONLINE',
    webhook: {
      callback_url: callback,
      callback_method: 'POST',
      status_callback_url: '',
      status_callback_method: 'POST',
    },
    created: 0,
  }
  messaging.senders.set(entry.sid, entry)
  return entry
}

export function addBrand({ messaging }: Account, status: SimBrand['status']): SimBrand {
  const entry: SimBrand = { sid: newSid('BN'), status, created: 0 }
  messaging.brands.set(entry.sid, entry)
  return entry
}

/** Where a text to this number goes: a WhatsApp sender's, a service's, an application's address, or the number's own. */
export function textAddress({ messaging }: Account, number: SimNumber, medium: 'sms' | 'whatsapp'): string {
  if (medium === 'whatsapp') {
    const id = `whatsapp:${number.phone_number}`
    const sender = [...messaging.senders.values()].find(({ sender_id }) => sender_id === id)
    // Without one it is the sandbox, whose address is entered by hand: here the number's own.
    return sender ? sender.webhook.callback_url : number.sms_url
  }
  const service = [...messaging.services.values()].find(({ numbers }) => numbers.has(number.sid))
  if (service && !service.use_inbound_webhook_on_number) return service.inbound_request_url ?? ''
  if (number.sms_application_sid !== '')
    return messaging.applications.get(number.sms_application_sid)?.sms_url ?? ''
  return number.sms_url
}
