import { newSid, numberOf, pairOf, type SimMessage } from './account.ts'
import { isApproved, writtenContent } from './contents.ts'
import type { SimContext } from './context.ts'
import { Refusal } from './errors.ts'
import { fetchMedia } from './fetch-media.ts'
import { statusCallback } from './parameters.ts'

const WHATSAPP_WINDOW_MS = 24 * 3_600_000

export interface CreateMessage {
  from: string
  to: string
  body: string
  mediaUrls: string[]
  statusCallback: string
  /** A template in place of the body; '' for none. */
  contentSid?: string
  contentVariables?: string
  direction: 'outbound-api' | 'outbound-reply'
}

/** Takes a message from the business, or throws the refusal that Twilio would answer with. */
export function takeMessage(context: SimContext, wanted: CreateMessage): SimMessage {
  const body = wanted.contentSid
    ? writtenContent(context.account, wanted.contentSid, wanted.contentVariables ?? '')
    : wanted.body
  check(context, { ...wanted, body })
  const now = context.clock.now()
  const message: SimMessage = {
    sid: newSid(wanted.mediaUrls.length > 0 ? 'MM' : 'SM'),
    direction: wanted.direction,
    from: wanted.from,
    to: wanted.to,
    body,
    content_sid: wanted.contentSid ?? '',
    status: 'queued',
    error_code: null,
    media: [],
    media_urls: wanted.mediaUrls,
    status_callback: wanted.statusCallback,
    created: now,
    updated: now,
    sent: null,
  }
  context.account.messages.set(message.sid, message)
  return message
}

function check(
  context: SimContext,
  { from, to, body, mediaUrls, statusCallback: callback, contentSid = '' }: CreateMessage,
): void {
  const { account, faults } = context
  if (to === '') throw new Refusal(21604)
  if (from === '') throw new Refusal(21603)
  if (body === '' && mediaUrls.length === 0) throw new Refusal(21602)
  if (body.length > 1600) throw new Refusal(21617)
  if (!/^(whatsapp:)?\+[1-9]\d{6,14}$/.test(to)) throw new Refusal(21211)
  if (from.startsWith('whatsapp:') !== to.startsWith('whatsapp:')) throw new Refusal(21612)
  if (!numberOf(account, from)) throw new Refusal(21606)
  if (account.isTrial && !account.messaging.verified.has(to)) throw new Refusal(21608)
  if (callback !== '' && !URL.canParse(callback)) throw new Refusal(21205)
  if (account.optedOut.has(pairOf(to, from))) throw new Refusal(21610)
  if (faults.windowAt === 'api' && to.startsWith('whatsapp:') && !isWritable(context, from, to, contentSid))
    throw new Refusal(63016)
  const fault = faults.ofNumber(to.replace(/^whatsapp:/, ''))
  if (fault?.at === 'api') throw new Refusal(fault.code)
}

/** queued → sent → delivered, each reported to the message's StatusCallback; at once, or `stepMs` apart by the clock. */
export function deliver(context: SimContext, message: SimMessage): void {
  const steps = journey(context, message)
  let fetched: Promise<boolean> | undefined
  /** Before it goes out the files are fetched; what can't be had ends the message. */
  const hasFiles = (): Promise<boolean> => (fetched ??= takeFiles(context, message))
  const next = (): void => {
    const step = steps.shift()
    if (!step) return
    void context.activity.track(
      hasFiles().then(async (has) => {
        if (!has && step.status !== 'queued') {
          steps.length = 0
          const error_code = message.to.startsWith('whatsapp:') ? 63019 : 11200
          return takeStep(context, message, { status: 'failed', error_code })
        }
        await takeStep(context, message, step)
        if (steps.length === 0) return
        if (context.faults.stepMs > 0) context.clock.after(context.faults.stepMs, next)
        else next()
      }),
    )
  }
  // The answer to the request goes out first.
  void context.activity.track(new Promise<void>((resolve) => setImmediate(resolve)).then(next))
}

async function takeFiles({ account, clock }: SimContext, message: SimMessage): Promise<boolean> {
  try {
    const files = await Promise.all(message.media_urls.map((url) => fetchMedia(url)))
    for (const { contentType, bytes } of files) {
      const created = clock.now()
      const media = { sid: newSid('ME'), parent_sid: message.sid, content_type: contentType, bytes, created }
      message.media.push(media)
      account.media.set(media.sid, media)
    }
    return true
  } catch {
    return false
  }
}

/** WhatsApp takes approved templates always, and anything within a day of the contact's last message. */
function isWritable({ account, clock }: SimContext, from: string, to: string, contentSid: string): boolean {
  const last = account.lastInbound.get(pairOf(to, from))
  const isOpen = last !== undefined && clock.now() - last < WHATSAPP_WINDOW_MS
  return isOpen || isApproved(account, contentSid)
}

interface Step {
  status: string
  error_code?: number
}

function journey(context: SimContext, message: SimMessage): Step[] {
  const { faults } = context
  const queued = { status: 'queued' }
  // Free words outside the window are taken, and fail later (reference twilio.md §5).
  if (
    message.to.startsWith('whatsapp:') &&
    !isWritable(context, message.from, message.to, message.content_sid ?? '')
  )
    return [queued, { status: 'failed', error_code: 63016 }]
  const fault = faults.ofNumber(message.to.replace(/^whatsapp:/, ''))
  if (fault?.at === 'delivery') {
    const end = { status: fault.status, error_code: fault.code }
    return fault.status === 'failed' ? [queued, end] : [queued, { status: 'sent' }, end]
  }
  return [queued, { status: 'sent' }, { status: 'delivered' }]
}

async function takeStep(
  context: SimContext,
  message: SimMessage,
  { status, error_code }: Step,
): Promise<void> {
  const now = context.clock.now()
  message.status = status
  message.updated = now
  if (error_code !== undefined) message.error_code = error_code
  if (status === 'sent') message.sent = now
  if (status === 'delivered') context.emit({ kind: 'arrived', message })
  if (message.status_callback === '') return
  // What it says is what was so at this step, however late it comes.
  const params = statusCallback(context.account.sid, message, status)
  const post = () => context.post(message.status_callback, params)
  const fault = context.faults.takeCallback(status)
  switch (fault?.kind) {
    case 'lose':
      return
    case 'delay':
      context.clock.after(fault.ms, () => void context.activity.track(post()))
      return
    case 'twice':
      await Promise.all([post(), post()])
      return
    case undefined:
      await post()
  }
}
