import type { Id, MediaItem, Message } from '../../shared/documents.ts'
import type { Clock, Log } from '../ports.ts'
import type { Commit, OutboxEntry, Store } from '../store/types.ts'
import type { Ahead } from './doubt.ts'
import type { Addressed, Blocked, Job } from './lanes.ts'
import { hasCarrierSid, isConfirmed, later, localSid, type Standing, withEarlier } from './status-order.ts'

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
  store: Pick<Store, 'commit' | 'find' | 'mayHave' | 'channels' | 'outbox'>
  clock: Clock
  log: Log
  edit: Edit
  random: () => number
  mayWrite: (to: Addressed) => Blocked | undefined
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

/** `done`: the message has left the queue. A number: not before then (ms). */
export type AttemptEnd = 'done' | number

/** Twilio's code for a contact who sent STOP. */
export const UNSUBSCRIBED = 21_610

/** The carrier has it. A callback may have been faster, and further. `by`: who says so. */
export function handedOver(
  context: AttemptContext,
  job: Job,
  sent: Standing & { sid: string },
  by: 'its answer' | 'its list',
): Promise<AttemptEnd> {
  const change = by === 'its answer' ? answered : adopt
  return finish(context, job, (current) => change(current, sent), true)
}

/**
 * The message after the answer to its present attempt. Word of an earlier one whose SID nobody knew may have been taken
 * for this one's meanwhile: that is told apart now, and counts only where a phone confirmed it.
 */
function answered(current: Message, sent: Standing & { sid: string }): Message | undefined {
  if (!hasCarrierSid(current) || current.sid === sent.sid) return adopt(current, sent)
  if (isConfirmed(current.status)) return withEarlier(current, sent.sid)
  const { error_code: _, ...earlier } = withEarlier(current, current.sid)
  return adopt({ ...earlier, sid: localSid(current._id) }, sent)
}

/** What a person may still change their mind about was called off; the rest could not be. */
export function statusOfBlocked({ code }: Blocked): 'canceled' | 'failed' {
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

export function fail(
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
export function finish(
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

export function doubt(context: AttemptContext, job: Job): Promise<AttemptEnd> {
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

export function postpone(context: AttemptContext, job: Job, until: number): Promise<AttemptEnd> {
  const now = new Date(context.clock.now()).toISOString()
  const entry: OutboxEntry = { _id: job.id, state: 'queued', attempts: job.entry.attempts, updatedAt: now }
  if (until > context.clock.now()) {
    entry.not_before = new Date(until).toISOString()
    entry.put_off = true
  }
  job.entry = entry
  job.notBefore = until
  job.isPutOff = true
  return written(job, async () => {
    await context.store.commit({ why: 'postponed', outbox: [entry] })
    return until
  })
}

/** Writes an end; when the disk refuses, the end is kept, to be written later and never sent again. */
export async function written(job: Job, write: () => Promise<AttemptEnd>): Promise<AttemptEnd> {
  job.unwritten = write
  const end = await write()
  job.unwritten = undefined
  return end
}
