import type { Twilio } from 'twilio'
import { attempt } from './attempt.ts'
import type { Outcome } from './carrier.ts'
import { orEmpty } from './read-message.ts'

/** What may take the place of a number's own addresses at Twilio, and whether its texts are registered in the USA. */
export interface CarrierMessaging {
  services(): Promise<Outcome<ServiceRecord[]>>
  application(sid: string): Promise<Outcome<ApplicationRecord>>
  /** The account's WhatsApp senders; the sandbox is none of them. */
  senders(): Promise<Outcome<SenderRecord[]>>
  pointSender(sid: string, webhook: SenderWebhook): Promise<Outcome<undefined>>
  /** Whether the business is registered for texts in the USA (A2P 10DLC). */
  brands(): Promise<Outcome<BrandRecord[]>>
}

export interface ServiceRecord {
  sid: string
  name: string
  /** Where its texts go; empty: nowhere. */
  inbound_url: string
  /** Each number's own address counts instead. */
  leavesToNumber: boolean
  /** A campaign of the USA is registered for it. */
  isRegistered: boolean
  /** SIDs of its numbers. */
  numbers: string[]
}

export interface ApplicationRecord {
  sid: string
  name: string
  sms_url: string
  voice_url: string
}

export interface SenderWebhook {
  callback_url: string
  callback_method: string
  status_callback_url: string
  status_callback_method: string
}

export interface SenderRecord {
  sid: string
  /** E.164, without a prefix. */
  number: string
  isOnline: boolean
  webhook: SenderWebhook
}

export interface BrandRecord {
  sid: string
  isApproved: boolean
}

/** How Twilio asks where nothing else is set. */
const USUAL = 'POST'

export function twilioMessaging(client: () => Promise<Twilio>): CarrierMessaging {
  return {
    services: () =>
      attempt(async () => {
        const { services } = (await client()).messaging.v1
        const records: ServiceRecord[] = []
        // One after another: an account has few, and many requests at once are what Twilio limits.
        for (const service of await services.list({ pageSize: 100 })) {
          const numbers = await services(service.sid).phoneNumbers.list({ pageSize: 100 })
          records.push({
            sid: service.sid,
            name: service.friendlyName,
            inbound_url: orEmpty(service.inboundRequestUrl),
            leavesToNumber: service.useInboundWebhookOnNumber,
            isRegistered: service.usAppToPersonRegistered,
            numbers: numbers.map(({ sid }) => sid),
          })
        }
        return records
      }),
    application: (sid) =>
      attempt(async () => {
        const found = await (await client()).applications(sid).fetch()
        return {
          sid: found.sid,
          name: found.friendlyName,
          sms_url: orEmpty(found.smsUrl),
          voice_url: orEmpty(found.voiceUrl),
        }
      }),
    senders: () =>
      attempt(async () => {
        const { v2 } = (await client()).messaging
        const all = await v2.channelsSenders.list({ channel: 'whatsapp', pageSize: 100 })
        return all.map(({ sid, senderId, status, ...sender }) => {
          // Twilio leaves out what isn't set.
          const webhook = sender.webhook as Partial<typeof sender.webhook> | null
          return {
            sid,
            number: senderId.replace(/^whatsapp:/, ''),
            isOnline: status.startsWith('ONLINE'),
            webhook: {
              callback_url: webhook?.callbackUrl ?? '',
              callback_method: webhook?.callbackMethod ?? USUAL,
              status_callback_url: webhook?.statusCallbackUrl ?? '',
              status_callback_method: webhook?.statusCallbackMethod ?? USUAL,
            },
          }
        })
      }),
    pointSender: (sid, webhook) =>
      attempt(async () => {
        const twilio = await client()
        // Not the package's own update: it writes the names of the JSON body as JavaScript's, not as the API's.
        const { body } = (await twilio.request({
          method: 'post',
          uri: twilio.messaging.absoluteUrl(`/v2/Channels/Senders/${sid}`),
          headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
          data: { webhook },
        })) as { body: unknown }
        // Somebody else's JSON in Twilio's place changes nothing there.
        if (typeof body !== 'object' || body === null || !('sid' in body))
          throw new TypeError('the answer is no sender')
        return undefined
      }),
    brands: () =>
      attempt(async () => {
        const all = await (await client()).messaging.v1.brandRegistrations.list({ pageSize: 100 })
        return all.map(({ sid, status }) => ({ sid, isApproved: status === 'APPROVED' }))
      }),
  }
}
