import type { Message } from '../../shared/documents.ts'
import type { Carrier, CarrierMessage, Outcome } from '../carrier/carrier.ts'
import type { Store } from '../store/types.ts'

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
  /** When the attempt began (ms): the time of the entry marked `calling`. */
  began: number
}

/** Could what the carrier lists be this very message? For the outbox, and for who reads the carrier's list otherwise. */
export function isLikely({ message, from, began }: Doubtful, listed: CarrierMessage): boolean {
  const said = listed.body.trim()
  const wanted = message.content.trim()
  return (
    listed.direction === 'outbound' &&
    listed.medium === message.communication_type &&
    listed.from === from &&
    listed.to === message.contact &&
    (said === wanted || said === (TRIAL_PREFIX + wanted).trim()) &&
    (listed.media_count > 0) === (message.media.length > 0) &&
    listed.created_at >= began - CLOCK_TOLERANCE
  )
}

/**
 * Asks the carrier's list whether it took the message after all: the oldest one with the same numbers and words since
 * the attempt began that no other message of ours claims; undefined when there is none. No date filter: Twilio's is by
 * the date of sending, which a message still in its queue lacks.
 */
export async function lookFor(
  carrier: Carrier,
  store: Pick<Store, 'find' | 'mayHave'>,
  doubtful: Doubtful,
): Promise<Outcome<CarrierMessage | undefined>> {
  const { message, from } = doubtful
  const query = { medium: message.communication_type, from, to: message.contact, pageSize: 1000 }
  const likely: CarrierMessage[] = []
  let listed = 0
  for await (const page of carrier.listMessages(query)) {
    if (!page.ok) return page
    likely.push(...page.value.filter((entry) => isLikely(doubtful, entry)))
    listed += page.value.length
    if (listed >= MOST_LISTED) break
  }
  likely.sort((a, b) => a.created_at - b.created_at)
  for (const entry of likely) {
    if (!(await isClaimed(store, entry.sid, message._id))) return { ok: true, value: entry }
  }
  return { ok: true, value: undefined }
}

async function isClaimed(store: Pick<Store, 'find' | 'mayHave'>, sid: string, by: string): Promise<boolean> {
  if (!store.mayHave(sid)) return false
  const owner = await store.find(sid)
  return owner !== undefined && owner._id !== by
}
