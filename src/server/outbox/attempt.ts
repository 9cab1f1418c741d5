import type { Id, MediaItem, Message } from '../../shared/documents.ts'
import type { Carrier, CarrierError } from '../carrier/carrier.ts'
import type { Clock, Log } from '../ports.ts'
import type { Commit, OutboxEntry, Store } from '../store/types.ts'
import { backoff, hinted } from './backoff.ts'
import { type Ahead, type Doubtful, lookFor, notedSince } from './doubt.ts'
import type { Job } from './lanes.ts'
import { hasCarrierSid, isFinal, later, type Standing } from './status-order.ts'

/** Why a message may not be sent now: opted out (21610), WhatsApp's window closed (63016) … */
export interface Blocked {
  /** Twilio's code for it, kept as the message's error code. */
  code: number
  sentence: string
}

/**
 * Changes a message as it is now, and commits the rest along with it in one record: whoever places messages gives the
 * one that holds the message's lane and updates its session. `change` answers undefined when there is nothing to
 * change; the rest is committed all the same.
 */
export type Edit = (
  id: Id,
  change: (current: Message) => Message | undefined,
  rest: Omit<Commit, 'messages'>,
) => Promise<Message | undefined>

export interface AttemptContext {
  store: Pick<Store, 'commit' | 'find' | 'mayHave' | 'channels'>
  clock: Clock
  log: Log
  edit: Edit
  random: () => number
  mayWrite: (message: Message) => Blocked | undefined
  /** The carrier says that the contact unsubscribed there; resolves when that is kept. */
  optedOut: (message: Message) => Promise<void>
  /** The status callback's address for this message. */
  callbackFor: (id: Id) => string | undefined
  /** Where the carrier may fetch a file of ours now; undefined while nobody outside can reach us. */
  mediaUrl: (item: MediaItem) => string | undefined
  /** What the carrier's clock showed when it last answered (ms); undefined before that. */
  heardAt: () => number | undefined
  ahead: Ahead
  /** Every lane waits so many ms: the account as a whole sends too fast. */
  pauseAll: (ms: number) => void
  /** The carrier has it: its status is asked for where none is told. */
  follow: (message: Message) => void
  /** The message stays in doubt: look again later. */
  watch: (id: Id) => void
}

/** Looks at the carrier's list before a message counts as unsure, and ms between them: the list may lag behind. */
const LOOKS = 2
const BETWEEN_LOOKS = 5_000
/** ms until a message with files is tried again while the carrier could not fetch them. */
const UNREACHABLE_RETRY = 15_000
/** Twilio's code for a contact who sent STOP. */
const UNSUBSCRIBED = 21_610
/** Attempts that ended with trouble at the carrier before it counts as failed. */
const MOST_TROUBLE = 10

/** `done`: the message has left the queue. A number: not before then (ms). */
export type AttemptEnd = 'done' | number

/** One step on a message's way out. Whatever cannot be written to disk is kept in `job.unwritten` and written first. */
export async function attempt(context: AttemptContext, carrier: Carrier, job: Job): Promise<AttemptEnd> {
  if (job.unwritten) return written(job, job.unwritten)
  const message = await context.store.find(job.id)
  // Gone, or a callback has already told how it went.
  if (!message || hasCarrierSid(message))
    return finish(context, job, () => undefined, message && !isFinal(message.status))
  const from = context.store.channels().find(({ _id }) => _id === message.channel_id)?.number
  if (from === undefined) return fail(context, job, 0, 'Its channel is gone.')
  if (job.entry.state === 'calling') {
    return lookAgain(context, carrier, job, {
      message,
      from,
      since: () => notedSince(job.entry, context.ahead),
    })
  }

  const blocked = context.mayWrite(message)
  if (blocked) return fail(context, job, blocked.code, blocked.sentence, statusOfBlocked(blocked))
  // Made anew for each attempt: addresses end, and ours may have changed.
  const mediaUrl = message.media.map((item) => context.mediaUrl(item))
  if (!mediaUrl.every((url) => url !== undefined))
    return postpone(context, job, context.clock.now() + UNREACHABLE_RETRY)
  const heard = context.heardAt()
  const entry: OutboxEntry = {
    _id: job.id,
    state: 'calling',
    attempts: job.entry.attempts + 1,
    updatedAt: new Date(context.clock.now()).toISOString(),
    ...(heard !== undefined && { heard: new Date(heard).toISOString() }),
  }
  // On disk before the call: after a crash it is known that the carrier must be asked.
  await context.store.commit({ why: 'calling', outbox: [entry] })
  job.entry = entry
  job.looks = 0

  // STOP may have come while that was being written: nothing lies between this look and the call.
  const since = context.mayWrite(message)
  if (since) return fail(context, job, since.code, since.sentence, statusOfBlocked(since))
  const statusCallback = context.callbackFor(job.id)
  const outcome = await carrier.send({
    medium: message.communication_type,
    from,
    to: message.contact,
    body: message.content,
    ...(message.template === undefined ? {} : { content: message.template }),
    ...(statusCallback === undefined ? {} : { statusCallback }),
    ...(mediaUrl.length > 0 ? { mediaUrl } : {}),
  })
  if (outcome.ok) return handedOver(context, job, outcome.value)
  if (outcome.error.code === UNSUBSCRIBED) await context.optedOut(message)
  return afterFailure(
    context,
    carrier,
    job,
    { message, from, since: () => notedSince(entry, context.ahead) },
    outcome.error,
  )
}

function afterFailure(
  context: AttemptContext,
  carrier: Carrier,
  job: Job,
  doubtful: Doubtful,
  error: CarrierError,
): Promise<AttemptEnd> | AttemptEnd {
  const { clock, random, log } = context
  log.warn(`Sending message ${job.id}: ${error.sentence}`)
  const usual = backoff(job.entry.attempts, random)
  const wait = error.retryAfter === undefined ? usual : hinted(error.retryAfter, random)
  switch (error.kind) {
    case 'refused':
      return fail(context, job, error.code, error.sentence)
    case 'limited':
      context.pauseAll(wait)
      return postpone(context, job, clock.now() + wait)
    case 'unreached':
      return postpone(context, job, clock.now() + wait)
    case 'trouble':
      job.hadTrouble = true
      return clock.now() + wait
    case 'unknown':
      job.hadTrouble = false
      return lookAgain(context, carrier, job, doubtful)
  }
}

/** The end of an attempt is not known: the carrier's list tells, or the message stays unsure. */
async function lookAgain(
  context: AttemptContext,
  carrier: Carrier,
  job: Job,
  doubtful: Doubtful,
): Promise<AttemptEnd> {
  const { clock, random, store } = context
  const looked = await lookFor(carrier, store, doubtful)
  job.looks += 1
  if (looked.ok && looked.value) return handedOver(context, job, looked.value)
  if (job.hadTrouble) {
    if (!looked.ok) return clock.now() + backoff(job.looks, random)
    if (job.entry.attempts >= MOST_TROUBLE)
      return fail(context, job, 0, 'Twilio had trouble at every attempt.')
    job.hadTrouble = false
    // Surely not taken: the same again.
    return postpone(context, job, clock.now())
  }
  if (looked.ok && job.looks < LOOKS) return clock.now() + BETWEEN_LOOKS
  return doubt(context, job)
}

/** The carrier has it. A callback may have been faster, and further. */
function handedOver(
  context: AttemptContext,
  job: Job,
  sent: Standing & { sid: string },
): Promise<AttemptEnd> {
  return finish(context, job, (current) => adopt(current, sent), true)
}

/** What a person may still change their mind about was called off; the rest could not be. */
function statusOfBlocked({ code }: Blocked): 'canceled' | 'failed' {
  return code === UNSUBSCRIBED ? 'canceled' : 'failed'
}

/** The message with the carrier's word on it; what a callback already told is kept. */
export function adopt(
  current: Message,
  { sid, status, error_code }: Standing & { sid: string },
): Message | undefined {
  const next: Standing = error_code === undefined ? { status } : { status, error_code }
  if (!hasCarrierSid(current)) return { ...current, sid, ...next }
  return current.sid === sid ? { ...current, ...later(current, next) } : undefined
}

function fail(
  context: AttemptContext,
  job: Job,
  code: number,
  sentence: string,
  status: 'canceled' | 'failed' = 'failed',
): Promise<AttemptEnd> {
  context.log.warn(`Message ${job.id} was not sent. ${sentence}`)
  return finish(context, job, (current) => {
    if (hasCarrierSid(current)) return undefined
    return { ...current, status, ...(code > 0 ? { error_code: code } : {}) }
  })
}

/** One record: how the message stands, and that its entry is done with, or is kept until its last status is known. */
function finish(
  context: AttemptContext,
  job: Job,
  change: (current: Message) => Message | undefined,
  isOnItsWay = false,
): Promise<AttemptEnd> {
  return written(job, async () => {
    const updatedAt = new Date(context.clock.now()).toISOString()
    const entry: OutboxEntry = { _id: job.id, state: 'handed_over', attempts: job.entry.attempts, updatedAt }
    const message = await context.edit(job.id, change, {
      why: 'handed over',
      ...(isOnItsWay ? { outbox: [entry] } : { removed: [{ collection: 'outbox', _id: job.id }] }),
    })
    if (isOnItsWay && message) context.follow(message)
    return 'done'
  })
}

function doubt(context: AttemptContext, job: Job): Promise<AttemptEnd> {
  context.log.warn(`Message ${job.id} may or may not have been sent. It is not sent again unless you say so.`)
  job.entry = { ...job.entry, state: 'unsure' }
  const { entry } = job
  return written(job, async () => {
    await context.edit(
      job.id,
      (current) => (hasCarrierSid(current) ? undefined : { ...current, status: 'unsure' }),
      { why: 'unsure', outbox: [entry] },
    )
    context.watch(job.id)
    return 'done'
  })
}

function postpone(context: AttemptContext, job: Job, until: number): Promise<AttemptEnd> {
  const now = new Date(context.clock.now()).toISOString()
  const entry: OutboxEntry = { _id: job.id, state: 'queued', attempts: job.entry.attempts, updatedAt: now }
  if (until > context.clock.now()) entry.not_before = new Date(until).toISOString()
  job.entry = entry
  job.notBefore = until
  return written(job, async () => {
    await context.store.commit({ why: 'postponed', outbox: [entry] })
    return until
  })
}

/** Writes an end; when the disk refuses, the end is kept, to be written later and never sent again. */
async function written(job: Job, write: () => Promise<AttemptEnd>): Promise<AttemptEnd> {
  job.unwritten = write
  const end = await write()
  job.unwritten = undefined
  return end
}
