import type { Carrier } from '../carrier/carrier.ts'
import { backoff, hinted } from './backoff.ts'
import { type Doubtful, lookFor } from './doubt.ts'
import { type AttemptContext, type AttemptEnd, doubt, fail, handedOver, postpone } from './ends.ts'
import type { Job, Trouble } from './lanes.ts'

/** Looks at the carrier's list before a message counts as unsure, and ms between them: the list may lag behind. */
const LOOKS = 2
const BETWEEN_LOOKS = 5_000
/** Attempts that ended with trouble at the carrier before it counts as failed. */
const MOST_TROUBLE = 10

/**
 * ms after the carrier's answer from which on its list is believed to hold whatever it took by then. Twilio promises
 * nothing of when a message is listed (reference twilio.md §5 leaves even the order open). It is a matter of seconds;
 * minutes leave room for a copy of theirs that has fallen behind, as may be while they answer with errors. Too long
 * delays a message while the carrier has trouble anyway; too short writes to a customer twice.
 */
const LISTED_AFTER = 5 * 60_000
/** ms after which it is not waited for proof any longer: an answer that late is a person's to decide. */
const LONGEST_WAIT = 3_600_000

/**
 * The end of an attempt is not known: the carrier's list tells, or the message stays unsure. It is called again by
 * itself only where the carrier itself said that it failed, and its list, read well after that, holds nothing that
 * could be this message. In every other case a person decides.
 */
export async function lookAgain(
  context: AttemptContext,
  carrier: Carrier,
  job: Job,
  doubtful: Doubtful,
): Promise<AttemptEnd> {
  const { clock, random, store, log } = context
  const asked = clock.now()
  const looked = await lookFor(carrier, store, doubtful, context.ahead)
  job.looks += 1
  if (looked.ok && looked.value.sent) return handedOver(context, job, looked.value.sent, 'its list')
  // Our clock was set back since: from now on, then.
  if (job.trouble && job.trouble.at > asked) job.trouble = { ...job.trouble, at: asked }
  const { trouble } = job
  if (!trouble) {
    if (looked.ok && job.looks < LOOKS) return clock.now() + BETWEEN_LOOKS
    return doubt(context, job)
  }
  const usual = backoff(job.looks, random, BETWEEN_LOOKS)
  if (!looked.ok) {
    const { kind, retryAfter, sentence } = looked.error
    log.warn(`Whether message ${job.id} was sent could not be learnt: ${sentence}`)
    if (kind === 'refused' || asked - trouble.at > LONGEST_WAIT) return doubt(context, job)
    const wait = retryAfter === undefined ? usual : hinted(retryAfter, random)
    if (kind === 'limited') context.pauseAll(wait)
    return clock.now() + wait
  }
  const left = untilListed(trouble, asked, context.heardAt())
  if (left > 0 && asked - trouble.at <= LONGEST_WAIT) return clock.now() + Math.min(usual, left)
  if (left > 0 || !looked.value.isLacking) return doubt(context, job)
  if (job.entry.attempts >= MOST_TROUBLE)
    return fail(
      context,
      job,
      0,
      'Twilio had trouble, or something between kept it from answering, at every attempt.',
    )
  job.trouble = undefined
  return postpone(context, job, clock.now())
}

/**
 * ms until a list that lacks the message proves that it was not taken; 0 or less when it does. By the carrier's clock
 * too, where that was heard: ours may have been set ahead meanwhile.
 */
function untilListed({ at, heard }: Trouble, asked: number, hearing: number | undefined): number {
  const passed = asked - at
  const theirs = heard === undefined || hearing === undefined ? passed : hearing - heard
  return LISTED_AFTER - Math.min(passed, theirs)
}
