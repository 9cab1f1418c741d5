import type { Id, Message } from '../../shared/documents.ts'
import type { Carrier, CarrierMessage, Outcome } from '../carrier/carrier.ts'
import type { OutboxEntry, Store } from '../store/types.ts'
import { hasCarrierSid } from './status-order.ts'

/** Put before every text of a trial account. */
const TRIAL_PREFIX = 'Sent from your Twilio trial account - '

/**
 * How much earlier (ms) than our call the carrier may have noted the message: its times are whole seconds, and a
 * clock that is off by more than 5 s is reported (design §3).
 */
const CLOCK_TOLERANCE = 6_000

/** Messages between two numbers that are looked through at most. */
const MOST_LISTED = 5_000

/** What is known of a message whose sending ended in doubt. */
export interface Doubtful {
  message: Message
  /** The business's number. */
  from: string
  /** Before that (ms, by the carrier's clock) the carrier cannot have noted it, as far as can be told by now. */
  since: () => number
}

/** How far the carrier's clock is ahead of ours, as last heard (ms); undefined before that. */
export type Ahead = () => number | undefined

/** The carrier is heard this often (ms), for catching up; a machine's clock that tells otherwise was wrong or was set. */
const HEARD_EVERY = 6 * 60_000

/**
 * The earliest time (ms) the carrier may have noted an attempt at: ours, when it began, as long as that agrees with what
 * the carrier's clock had last shown before; where our clock was wrong, that alone. Where the two clocks differ now, it
 * may have been so then. Too early only lets in who said the very same to the same contact just before.
 */
export function notedSince(
  { updatedAt, heard }: Pick<OutboxEntry, 'updatedAt' | 'heard'>,
  ahead: Ahead,
): number {
  const began = Date.parse(updatedAt)
  const told = heard === undefined ? Number.NaN : Date.parse(heard)
  const isWrong = began < told - CLOCK_TOLERANCE || began > told + HEARD_EVERY
  return isWrong ? told : Math.min(began, began + (ahead() ?? 0)) - CLOCK_TOLERANCE
}

/** Could what the carrier lists be this very message, whatever became of its words? */
export function mayBe({ message, from, since }: Doubtful, listed: CarrierMessage): boolean {
  return (
    listed.direction === 'outbound' &&
    listed.medium === message.communication_type &&
    listed.from === from &&
    listed.to === message.contact &&
    listed.media_count > 0 === message.media.length > 0 &&
    listed.created_at >= since()
  )
}

/** Is what the carrier lists this very message, as far as can be told? For the outbox, and for who reads the carrier's list otherwise. */
export function isLikely(doubtful: Doubtful, listed: CarrierMessage): boolean {
  const said = listed.body.trim()
  const wanted = doubtful.message.content.trim()
  return mayBe(doubtful, listed) && (said === wanted || said === (TRIAL_PREFIX + wanted).trim())
}

/** What an entry of the outbox may turn out to be in the carrier's list; undefined once its message has an SID. */
export async function doubtOf(
  store: Pick<Store, 'find' | 'channels'>,
  entry: OutboxEntry,
  ahead: Ahead,
): Promise<Doubtful | undefined> {
  const message = await store.find(entry._id)
  if (!message || hasCarrierSid(message)) return undefined
  const from = store.channels().find(({ _id }) => _id === message.channel_id)?.number
  return from === undefined ? undefined : { message, from, since: () => notedSince(entry, ahead) }
}

/** What the carrier's list said of a message in doubt. */
export interface Looked {
  /** What it took; undefined where it is not listed, or not yet. */
  sent: CarrierMessage | undefined
  /** What is listed may be another one of ours, whose own answer is still out: ask again later. */
  isUndecided: boolean
  /**
   * The list was read to its end, and nothing in it can be the message, whatever became of its words: Twilio replaces
   * letters that cost more ("smart encoding"), so other words alone prove nothing.
   */
  isLacking: boolean
}

/**
 * Asks the carrier's list whether it took the message after all: the oldest one with the same numbers and words since
 * the attempt began that no other message of ours claims. No date filter: Twilio's is by the date of sending, which a
 * message still in its queue lacks.
 */
export async function lookFor(
  carrier: Carrier,
  store: Pick<Store, 'find' | 'mayHave' | 'channels' | 'outbox'>,
  doubtful: Doubtful,
  ahead: Ahead,
): Promise<Outcome<Looked>> {
  const { message, from } = doubtful
  const query = { medium: message.communication_type, from, to: message.contact, pageSize: 1000 }
  const possible: CarrierMessage[] = []
  let listed = 0
  for await (const page of carrier.listMessages(query)) {
    if (!page.ok) return page
    possible.push(...page.value.filter((entry) => mayBe(doubtful, entry)))
    listed += page.value.length
    if (listed >= MOST_LISTED) break
  }
  possible.sort((a, b) => a.created_at - b.created_at)
  // Asked before whose they are: an attempt that ends meanwhile leaves its SID with its message.
  const called = await othersBeingCalled(store, message._id, ahead)
  // Twilio promises no order (reference twilio.md §5): what was not read may hold the newest.
  let isLacking = listed < MOST_LISTED
  let isUndecided = false
  let sent: CarrierMessage | undefined
  for (const entry of possible) {
    if (sent || (await isClaimed(store, entry.sid, message._id))) continue
    isLacking = false
    if (called.some((other) => mayBe(other, entry))) isUndecided = true
    else if (isLikely(doubtful, entry)) sent = entry
  }
  return { ok: true, value: { sent, isUndecided: isUndecided && !sent, isLacking } }
}

async function othersBeingCalled(
  store: Pick<Store, 'find' | 'channels' | 'outbox'>,
  id: Id,
  ahead: Ahead,
): Promise<Doubtful[]> {
  const entries = store.outbox().filter(({ _id, state }) => state === 'calling' && _id !== id)
  const doubts = await Promise.all(entries.map((entry) => doubtOf(store, entry, ahead)))
  return doubts.filter((doubt) => doubt !== undefined)
}

async function isClaimed(store: Pick<Store, 'find' | 'mayHave'>, sid: string, by: string): Promise<boolean> {
  if (!store.mayHave(sid)) return false
  const owner = await store.find(sid)
  return owner !== undefined && owner._id !== by
}
