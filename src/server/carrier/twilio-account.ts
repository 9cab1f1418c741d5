import type { Twilio } from 'twilio'
import type { Addresses } from '../../shared/live.ts'
import { attempt } from './attempt.ts'
import type { Outcome } from './carrier.ts'
import { orEmpty } from './read-message.ts'
import { twilioMessaging, type CarrierMessaging } from './twilio-messaging.ts'

/** The account itself and its numbers: what going live asks and changes. */
export interface CarrierAccount {
  readonly messaging: CarrierMessaging
  fetch(): Promise<Outcome<AccountRecord>>
  numbers(): Promise<Outcome<NumberRecord[]>>
  /** Changes what is given and leaves the rest. */
  update(sid: string, addresses: Partial<Addresses>): Promise<Outcome<NumberRecord>>
}

export interface AccountRecord {
  sid: string
  name: string
  isTrial: boolean
  /** active, suspended, closed. */
  status: string
}

export interface NumberRecord {
  sid: string
  number: string
  name: string
  can: { sms: boolean; mms: boolean; voice: boolean }
  addresses: Addresses
  /** SID of the application or trunk that takes the place of the addresses; empty where none does. */
  sms_overridden_by: string
  voice_overridden_by: string
}

export function twilioAccount(client: () => Promise<Twilio>, accountSid: string): CarrierAccount {
  return {
    messaging: twilioMessaging(client),
    fetch: () =>
      attempt(async () => {
        const account = await (await client()).api.v2010.accounts(accountSid).fetch()
        const { sid, friendlyName, type, status } = account
        return { sid, name: friendlyName, isTrial: type === 'Trial', status }
      }),
    numbers: () =>
      attempt(async () =>
        (await (await client()).incomingPhoneNumbers.list({ pageSize: 1000 })).map(readNumber),
      ),
    update: (sid, addresses) =>
      attempt(async () =>
        readNumber(await (await client()).incomingPhoneNumbers(sid).update(asParameters(addresses))),
      ),
  }
}

const PARAMETERS = {
  sms_url: 'smsUrl',
  sms_method: 'smsMethod',
  sms_fallback_url: 'smsFallbackUrl',
  voice_url: 'voiceUrl',
  voice_method: 'voiceMethod',
  voice_fallback_url: 'voiceFallbackUrl',
  status_callback: 'statusCallback',
} as const satisfies Record<keyof Addresses, string>

function asParameters(addresses: Partial<Addresses>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(addresses).map(([name, value]) => [PARAMETERS[name as keyof Addresses], value]),
  )
}

type NumberInstance = Awaited<ReturnType<Twilio['incomingPhoneNumbers']['list']>>[number]

function readNumber(number: NumberInstance): NumberRecord {
  // Somebody else's JSON in Twilio's place: what a number had before must not be forgotten for it.
  if (!number.sid) throw new TypeError('the answer is no number')
  // Twilio leaves out what isn't set.
  const can = number.capabilities as Partial<Record<'sms' | 'mms' | 'voice', boolean>> | null
  return {
    sid: number.sid,
    number: number.phoneNumber,
    name: number.friendlyName,
    can: { sms: can?.sms ?? false, mms: can?.mms ?? false, voice: can?.voice ?? false },
    addresses: {
      sms_url: orEmpty(number.smsUrl),
      sms_method: orEmpty(number.smsMethod),
      sms_fallback_url: orEmpty(number.smsFallbackUrl),
      voice_url: orEmpty(number.voiceUrl),
      voice_method: orEmpty(number.voiceMethod),
      voice_fallback_url: orEmpty(number.voiceFallbackUrl),
      status_callback: orEmpty(number.statusCallback),
    },
    sms_overridden_by: orEmpty(number.smsApplicationSid),
    voice_overridden_by: orEmpty(number.voiceApplicationSid) || orEmpty(number.trunkSid),
  }
}
