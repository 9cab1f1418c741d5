import type { SimMessage } from './account.ts'
import type { Params } from './post.ts'

const API_VERSION = '2010-04-01'

/** Where the test phones live: the geographical sets Twilio adds for North American numbers. */
const PLACES: readonly (readonly [area: string, city: string, state: string, zip: string])[] = [
  ['570', 'SCRANTON', 'PA', '18503'],
  ['987', 'BRIDGEPORT', 'CT', '06607'],
  ['234', 'AKRON', 'OH', '44301'],
]

/** FromCity, FromState, FromZip, FromCountry (or To…), empty where nothing is known: an empty value is sent and signed. */
export function geography(side: 'From' | 'To' | 'Caller' | 'Called', number: string): Params {
  const place = number.startsWith('+1') ? PLACES.find(([area]) => number.startsWith(area, 2)) : undefined
  return {
    [`${side}City`]: place?.[1] ?? '',
    [`${side}State`]: place?.[2] ?? '',
    [`${side}Zip`]: place?.[3] ?? '',
    [`${side}Country`]: number.startsWith('+1') ? 'US' : '',
  }
}

const GSM_7 = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/
const GSM_7_DOUBLE = /[\^{}\\[~\]|€]/g

/** Segments a text is sent in: GSM-7 160 then 153 each, else UCS-2 70 then 67 (reference twilio.md §5). */
export function segments(body: string): number {
  if (GSM_7.test(body)) {
    const length = body.length + (body.match(GSM_7_DOUBLE)?.length ?? 0)
    return length <= 160 ? 1 : Math.ceil(length / 153)
  }
  return body.length <= 70 ? 1 : Math.ceil(body.length / 67)
}

export interface InboundExtras {
  profileName?: string
  optOutType?: 'STOP' | 'START' | 'HELP'
  mediaUrl: (sid: string) => string
}

/** The parameters of an inbound message's webhook: reference twilio.md §1. */
export function inboundMessage(account: string, message: SimMessage, extras: InboundExtras): Params {
  const params: Params = {
    ...geography('To', message.to),
    ...geography('From', message.from),
    SmsMessageSid: message.sid,
    NumMedia: String(message.media.length),
    SmsSid: message.sid,
    SmsStatus: 'received',
    Body: message.body,
    To: message.to,
    NumSegments: String(segments(message.body)),
    MessageSid: message.sid,
    AccountSid: account,
    From: message.from,
    ApiVersion: API_VERSION,
  }
  message.media.forEach((media, index) => {
    params[`MediaUrl${index}`] = extras.mediaUrl(media.sid)
    params[`MediaContentType${index}`] = media.content_type
  })
  if (extras.optOutType) params['OptOutType'] = extras.optOutType
  if (!message.from.startsWith('whatsapp:')) return params
  const name = extras.profileName ?? 'Test phone'
  // WhatsApp knows no geography.
  for (const key of Object.keys(params))
    if (/^(From|To)(City|State|Zip|Country)$/.test(key)) Reflect.deleteProperty(params, key)
  return {
    ...params,
    ProfileName: name,
    WaId: message.from.replace(/^whatsapp:\+?/, ''),
    MessageType: message.media.length > 0 ? 'image' : 'text',
    ReferralNumMedia: '0',
    ChannelMetadata: JSON.stringify({ type: 'whatsapp', data: { context: { ProfileName: name } } }),
  }
}

/** The parameters of a message's status callback: reference twilio.md §4. No time stamp, as with Twilio. */
export function statusCallback(account: string, message: SimMessage, status: string): Params {
  return {
    SmsSid: message.sid,
    SmsStatus: status,
    MessageStatus: status,
    To: message.to,
    From: message.from,
    MessageSid: message.sid,
    AccountSid: account,
    ApiVersion: API_VERSION,
    ...(message.error_code === null ? {} : { ErrorCode: String(message.error_code) }),
    ...(message.to.startsWith('whatsapp:')
      ? { ChannelPrefix: 'whatsapp', ChannelToAddress: message.to }
      : {}),
  }
}

/** What every voice request carries: reference twilio.md §2. */
export function voice(
  account: string,
  call: { sid: string; from: string; to: string; direction: string; status: string },
): Params {
  return {
    ...geography('From', call.from),
    ...geography('To', call.to),
    ...geography('Caller', call.from),
    ...geography('Called', call.to),
    CallSid: call.sid,
    AccountSid: account,
    From: call.from,
    To: call.to,
    Caller: call.from,
    Called: call.to,
    CallStatus: call.status,
    Direction: call.direction,
    ApiVersion: API_VERSION,
  }
}
