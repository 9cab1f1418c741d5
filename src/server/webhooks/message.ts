import type { MediaItem, Medium } from '../../shared/documents.ts'
import type { InboundMessage, Intake } from '../intake/types.ts'
import type { Answer } from './answer.ts'
import { isWhatsApp, needed, numberOf } from './fields.ts'
import { firstOf, paramsOf, type Form } from './form.ts'
import { SILENCE } from './twiml.ts'

/** Twilio's three names for a message's SID; the last two are its older ones (reference twilio.md §1). */
export const MESSAGE_SIDS = ['MessageSid', 'SmsMessageSid', 'SmsSid'] as const

/** Fields an inbound message has a place for; all others are kept beside it. */
const OWNED = new Set(['From', 'To', 'Body', 'MessageSid', 'AccountSid'])
const OWNED_MEDIA = /^Media(?:Url|ContentType)(?:0|[1-9][0-9]?)$/

function isOwned(name: string): boolean {
  return OWNED.has(name) || (name.startsWith('Media') && OWNED_MEDIA.test(name))
}

/** Takes a text. `arrivedAt` is the medium of the address it came to; a whatsapp: number is WhatsApp wherever it comes. */
export async function takeMessage(
  intake: Intake,
  form: Form,
  arrivedAt: 'sms' | 'whatsapp',
): Promise<Answer> {
  await intake.message(messageOf(form, arrivedAt), { kind: 'webhook' })
  return { twiml: SILENCE }
}

export function messageOf(form: Form, arrivedAt: 'sms' | 'whatsapp'): InboundMessage {
  const sid = needed(form, ...MESSAGE_SIDS)
  const from = needed(form, 'From')
  const to = needed(form, 'To')
  const profileName = firstOf(form, 'ProfileName')
  const optOut = optOutOf(form)
  return {
    sid,
    medium: mediumOf(from, to, arrivedAt),
    channel: numberOf(to),
    contact: numberOf(from),
    body: firstOf(form, 'Body') ?? '',
    media: mediaOf(form),
    ...(profileName ? { profile_name: profileName } : {}),
    ...(optOut ? { opt_out: optOut } : {}),
    params: paramsOf(form, isOwned),
  }
}

function mediumOf(from: string, to: string, arrivedAt: 'sms' | 'whatsapp'): Medium {
  return isWhatsApp(from) || isWhatsApp(to) ? 'whatsapp' : arrivedAt
}

/** Advanced Opt-Out has answered the contact already and says so here (reference twilio.md §1). */
function optOutOf(form: Form): InboundMessage['opt_out'] {
  const said = firstOf(form, 'OptOutType')?.toUpperCase()
  return said === 'STOP' || said === 'START' || said === 'HELP' ? said : undefined
}

/** Counted by what is there, at most a hundred, not by NumMedia: the two need not agree. */
function mediaOf(form: Form): MediaItem[] {
  const media: MediaItem[] = []
  if (firstOf(form, 'NumMedia') === '0' && !form.has('MediaUrl0')) return media
  for (let at = 0; at < 100; at++) {
    const url = firstOf(form, `MediaUrl${at}`)
    if (url === undefined) continue
    media.push({ url, content_type: firstOf(form, `MediaContentType${at}`) ?? 'application/octet-stream' })
  }
  return media
}
