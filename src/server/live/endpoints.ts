import type { Addresses } from '../../shared/live.ts'
import type { CarrierError, Outcome } from '../carrier/carrier.ts'
import type { CarrierAccount, NumberRecord } from '../carrier/twilio-account.ts'
import type { SenderRecord } from '../carrier/twilio-messaging.ts'

/**
 * What can be pointed here: a number for texts and calls, or a WhatsApp sender, which Twilio keeps apart from the number
 * it writes under. Both are told apart by their SIDs and treated alike.
 */
export interface Endpoint extends NumberRecord {
  kind: 'phone' | 'whatsapp'
  /** A WhatsApp sender that is not online takes and sends nothing. */
  isOnline: boolean
}

/** By its SID, the one thing that is kept of it. */
export const isSender = (sid: string): boolean => sid.startsWith('XE')

/** What an account has, as far as Twilio told. */
export interface Listed {
  /** The account's numbers, then its WhatsApp senders. */
  endpoints: Endpoint[]
  /** Why senders are not among them; undefined where they are. Many accounts may not ask for senders at all. */
  unread: CarrierError | undefined
}

/** Senders are asked for apart: what stands in the way of those keeps no number waiting. */
export async function readEndpoints(account: CarrierAccount): Promise<Outcome<Listed>> {
  const numbers = await account.numbers()
  if (!numbers.ok) return numbers
  const phones = numbers.value.map((number) => ({ ...number, kind: 'phone' as const, isOnline: true }))
  const senders = await account.messaging.senders()
  if (!senders.ok) return { ok: true, value: { endpoints: phones, unread: senders.error } }
  const endpoints = [...phones, ...senders.value.map(endpointOf)]
  return { ok: true, value: { endpoints, unread: undefined } }
}

/** Why it is not known whether the account has it; undefined where Twilio says so. */
export const unreadOf = (sid: string, unread: CarrierError | undefined): CarrierError | undefined =>
  isSender(sid) ? unread : undefined

/** Of a number that is chosen. */
export const GONE =
  'It is no longer in the account, so nothing of it comes. Take it out of the chosen numbers.'

/** Of a sender that is chosen, or was pointed here, while Twilio does not say which there are. */
export const unreadWords = ({ sentence }: CarrierError): string =>
  `WhatsApp senders could not be read, so this one waits: ${sentence}`

/** Changes what is given and leaves the rest. */
export async function updateEndpoint(
  account: CarrierAccount,
  endpoint: Endpoint,
  addresses: Partial<Addresses>,
): Promise<Outcome<Endpoint>> {
  if (endpoint.kind === 'phone') {
    const done = await account.update(endpoint.sid, addresses)
    return done.ok ? { ok: true, value: { ...endpoint, ...done.value } } : done
  }
  const now = { ...endpoint.addresses, ...addresses }
  const done = await account.messaging.pointSender(endpoint.sid, {
    callback_url: now.sms_url,
    callback_method: now.sms_method,
    status_callback_url: now.status_callback,
    status_callback_method: now.status_callback_method,
  })
  return done.ok ? { ok: true, value: { ...endpoint, addresses: now } } : done
}

const endpointOf = ({ sid, number, isOnline, webhook }: SenderRecord): Endpoint => ({
  kind: 'whatsapp',
  sid,
  number,
  name: '',
  isOnline,
  can: { sms: false, mms: false, voice: false },
  addresses: {
    sms_url: webhook.callback_url,
    sms_method: webhook.callback_method,
    sms_fallback_url: '',
    voice_url: '',
    voice_method: '',
    voice_fallback_url: '',
    voice_fallback_method: '',
    status_callback: webhook.status_callback_url,
    status_callback_method: webhook.status_callback_method,
  },
  sms_overridden_by: '',
  voice_overridden_by: '',
})
