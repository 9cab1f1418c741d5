import { newSid, numberOf, pairOf, type SimMessage } from './account.ts'
import type { SimContext } from './context.ts'
import { Refusal } from './errors.ts'
import { textAddress } from './messaging-setup.ts'
import { deliver, takeMessage } from './outgoing.ts'
import { inboundMessage } from './parameters.ts'
import type { WebhookAnswer } from './post.ts'
import { png } from './bytes.ts'
import { readTwiml } from './twiml.ts'

export interface PhoneText {
  from: string
  /** One of the account's numbers; the first where none is given. */
  to?: string
  medium: 'sms' | 'whatsapp'
  body: string
  /** Pictures to send along: how many, or the files themselves. */
  media?: number | { contentType: string; bytes: Buffer }[]
  profileName?: string
}

export interface Texted {
  message: SimMessage
  /** What the console answered the webhook with; undefined where the number has no address for texts. */
  answer: WebhookAnswer | undefined
}

/** Twilio's default words (reference twilio.md §1). */
const STOP_WORDS = new Set(['STOP', 'UNSUBSCRIBE', 'END', 'QUIT', 'STOPALL', 'REVOKE', 'OPTOUT', 'CANCEL'])
const START_WORDS = new Set(['START', 'UNSTOP'])

/** A phone sends a text: kept, then posted, signed, to the number's address for texts. */
export async function textIn(context: SimContext, text: PhoneText): Promise<Texted> {
  const { account, clock } = context
  const business = text.to ?? [...account.numbers.values()][0]?.phone_number ?? ''
  const number = numberOf(account, business)
  const prefix = text.medium === 'whatsapp' ? 'whatsapp:' : ''
  const now = clock.now()
  const files =
    typeof text.media === 'number'
      ? Array.from({ length: text.media }, () => ({ contentType: 'image/png', bytes: png() }))
      : (text.media ?? [])
  const sid = newSid(files.length > 0 ? 'MM' : 'SM')
  const message: SimMessage = {
    sid,
    direction: 'inbound',
    from: prefix + text.from,
    to: prefix + business,
    body: text.body,
    status: 'received',
    error_code: null,
    media: files.map(({ contentType, bytes }) => ({
      sid: newSid('ME'),
      parent_sid: sid,
      content_type: contentType,
      bytes,
      created: now,
    })),
    media_urls: [],
    status_callback: '',
    created: now,
    updated: now,
    sent: now,
  }
  account.messages.set(sid, message)
  for (const media of message.media) account.media.set(media.sid, media)
  account.lastInbound.set(pairOf(message.from, message.to), now)
  context.emit({ kind: 'texted', message })

  const optOutType = consent(context, message)
  const address = number ? textAddress(account, number, text.medium) : ''
  if (address === '') return { message, answer: undefined }
  const params = inboundMessage(account.sid, message, {
    mediaUrl: (media) => `${context.base}/2010-04-01/Accounts/${account.sid}/Messages/${sid}/Media/${media}`,
    ...(text.profileName === undefined ? {} : { profileName: text.profileName }),
    ...(optOutType ? { optOutType } : {}),
  })
  const answer = await context.post(address, params)
  if (answer.ok) followAnswer(context, message, answer.body)
  return { message, answer }
}

/** STOP and START count at the carrier, which also answers them itself; the console hears of it as OptOutType. */
function consent(context: SimContext, message: SimMessage): 'STOP' | 'START' | 'HELP' | undefined {
  const word = message.body.trim().toUpperCase()
  const pair = pairOf(message.from, message.to)
  if (STOP_WORDS.has(word)) {
    // The confirmation still goes out.
    answerWith(context, message, 'You have successfully been unsubscribed. Reply START to resubscribe.')
    context.account.optedOut.add(pair)
    return 'STOP'
  }
  if (START_WORDS.has(word)) {
    context.account.optedOut.delete(pair)
    answerWith(context, message, 'You have successfully been re-subscribed to messages from this number.')
    return 'START'
  }
  if (word !== 'HELP') return undefined
  answerWith(context, message, 'Reply STOP to unsubscribe. Msg&Data Rates May Apply.')
  return 'HELP'
}

function followAnswer(context: SimContext, message: SimMessage, body: string): void {
  if (body.trim() === '') return
  const verbs = readTwiml(body)
  if (!verbs) {
    context.account.alerts.push({ code: 12100, url: '', about: message.sid, at: context.clock.now() })
    return
  }
  for (const verb of verbs) {
    if (verb.name !== 'Message') continue
    const parts = verb.children.filter(({ name }) => name === 'Body').map(({ text }) => text)
    answerWith(context, message, parts.length > 0 ? parts.join('\n') : verb.text)
  }
}

function answerWith(context: SimContext, message: SimMessage, body: string): void {
  if (body === '' || context.account.optedOut.has(pairOf(message.from, message.to))) return
  const reply = { from: message.to, to: message.from, body, mediaUrls: [], statusCallback: '' }
  try {
    deliver(context, takeMessage(context, { ...reply, direction: 'outbound-reply' }))
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause
    context.account.alerts.push({ code: cause.code, url: '', about: message.sid, at: context.clock.now() })
  }
}
