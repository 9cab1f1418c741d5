import type { Carrier, CarrierError } from '../carrier/carrier.ts'
import type { OutboxEntry } from '../store/types.ts'
import { backoff, hinted } from './backoff.ts'
import { type Doubtful, notedSince } from './doubt.ts'
import {
  type AttemptContext,
  type AttemptEnd,
  fail,
  finish,
  handedOver,
  postpone,
  statusOfBlocked,
  UNSUBSCRIBED,
  written,
} from './ends.ts'
import type { Job } from './lanes.ts'
import { lookAgain } from './look-again.ts'
import { hasCarrierSid, isFinal } from './status-order.ts'
import { isUnauthorized } from './unauthorized.ts'

/** ms until a message with files is tried again while the carrier could not fetch them. */
const UNREACHABLE_RETRY = 15_000

/** As Twilio writes it; its codes are shorter. */
const NUMBER = /\+?\d{7,15}/g

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

  const blocked = job.calledOff ?? context.mayWrite(message)
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
  const since = job.calledOff ?? context.mayWrite(message)
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
  if (outcome.ok) return handedOver(context, job, outcome.value, 'its answer')
  const doubtful = { message, from, since: () => notedSince(entry, context.ahead) }
  const { error } = outcome
  if (error.code !== UNSUBSCRIBED) return afterFailure(context, carrier, job, doubtful, error)
  // Where the disk refuses it, it is an end to be written later as any other: known, and no doubt.
  return written(job, async () => {
    await context.optedOut(message)
    return afterFailure(context, carrier, job, doubtful, error)
  })
}

function afterFailure(
  context: AttemptContext,
  carrier: Carrier,
  job: Job,
  doubtful: Doubtful,
  error: CarrierError,
): Promise<AttemptEnd> | AttemptEnd {
  const { clock, random, log } = context
  // Twilio's own words may name the number.
  const why = error.sentence.replace(NUMBER, (number) => log.person(number))
  log.warn(`Sending message ${job.id}: ${why}`)
  const usual = backoff(job.entry.attempts, random)
  const wait = error.retryAfter === undefined ? usual : hinted(error.retryAfter, random)
  switch (error.kind) {
    case 'refused':
      // Not of this message: the account as a whole can't be used until its token is right, and then it may go.
      if (isUnauthorized(error)) {
        context.pauseAll(wait)
        return postpone(context, job, clock.now())
      }
      return fail(context, job, error.code, error.sentence)
    case 'limited':
      context.pauseAll(wait)
      return postpone(context, job, clock.now() + wait)
    case 'unreached':
      return postpone(context, job, clock.now() + wait)
    case 'trouble':
      job.trouble = { at: clock.now(), heard: context.heardAt() }
      return clock.now() + wait
    case 'unknown':
      job.trouble = undefined
      return lookAgain(context, carrier, job, doubtful)
  }
}
