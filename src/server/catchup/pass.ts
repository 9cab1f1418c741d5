import type { CarrierMessage } from '../carrier/carrier.ts'
import type { CallRecord, RecordingRecord } from '../carrier/lists.ts'
import { CarrierFailed, everyPage, isOfAll, type ListName, LISTS, ListsFailed } from './gather.ts'
import type { Found, Outcomes, Round } from './found.ts'
import type { Taker } from './take.ts'
import { askedFor, type Window, windowsOf } from './windows.ts'

/** Taken between two looks at whether to go on: as many share the disk's flushes, and webhooks come in between. */
const BATCH = 50

/**
 * What is younger (ms) is left to its webhook, which is perhaps on its way: that gives the message its place among the
 * answers and lets rules answer it. Twilio waits 15 s for a webhook. A STOP is taken at once all the same: what waits to
 * be sent goes out behind this reading.
 */
export const WEBHOOK_FIRST = 30_000

/** Times one request is made of a list of which an earlier piece could not be read. */
const FEWER_TRIES = 2

export interface PassOptions {
  taker: Taker
  round: Round
  /** From here on (ms); what comes from before it with the list is taken too, down to `floor`. */
  from: number
  floor: number
  pageSize?: number | undefined
  /** Some was taken and is durable. */
  progress: (outcomes: Outcomes) => Promise<void>
  /** All that lies before `to` (ms) was taken. */
  reached: (to: number) => Promise<void>
}

export interface PassEnd {
  /** Something was too young, or could not be decided yet: look again soon. */
  soon: boolean
  /** When the oldest was of what is not taken yet, though its list could be read (ms). */
  untaken?: number
  /** Lists that could not be read, each for reasons of its own. */
  failed?: ListsFailed
}

/**
 * Reads the carrier's lists from `from` to now and takes what they hold, the oldest first, a piece of the past at a time.
 * What could be read is taken though the rest could not, for a STOP may be in it; from the first piece on that was not
 * read whole nothing counts as reached. Throws CarrierFailed where everything fails, and Cancelled.
 */
export async function pass(options: PassOptions): Promise<PassEnd> {
  const { taker, round, from, floor, progress, reached } = options
  const { horizon } = round
  let soon = false
  let limit = horizon
  const failed = new Map<ListName, CarrierFailed>()
  for (const window of windowsOf(from, round.now)) {
    const lower = window.from === from ? floor : window.from
    const found = await listed(window, options, failed)
    const due = found
      .filter((one) => one.at >= lower && (one.at <= horizon || taker.saysStop(one)))
      .filter(({ at }) => window.to === undefined || at < window.to)
      .map((one) => ({ one, first: taker.saysStop(one) ? 0 : 1 }))
      // What may take long must not keep a STOP that is in hand.
      .toSorted((a, b) => a.first - b.first || inTime(a.one, b.one))
      .map(({ one }) => one)
    soon ||= window.to === undefined && found.some(({ at }) => at > horizon)
    for (let begin = 0; begin < due.length; begin += BATCH) {
      const outcomes = await taker.take(due.slice(begin, begin + BATCH), round)
      limit = Math.min(limit, ...outcomes.left, ...outcomes.refused)
      soon ||= outcomes.left.length > 0
      await progress(outcomes)
    }
    for (const error of failed.values()) if (isOfAll(error)) throw error
    // One piece may fail while the next can be read, and what is newest matters most.
    if (failed.size === 0) await reached(Math.min(limit, window.to ?? limit))
  }
  taker.roundEnded()
  const [first] = failed.values()
  const untaken = limit < horizon ? { untaken: limit } : {}
  return { soon, ...untaken, ...(first && { failed: new ListsFailed(first.error, [...failed.keys()]) }) }
}

/**
 * What could be read of the lists. Those that fail are noted in `failed`, with why they first did; one that has before is
 * asked again less often, for there may be many pieces.
 */
async function listed(
  window: Window,
  { round, pageSize, taker }: PassOptions,
  failed: Map<ListName, CarrierFailed>,
): Promise<Found[]> {
  const { lists, patience } = round
  const range = { ...askedFor(window), ...(pageSize !== undefined && { pageSize }) }
  const unread = (sids: readonly string[]): void => {
    taker.passOver(sids)
  }
  const messages: CarrierMessage[] = []
  const calls: CallRecord[] = []
  const recordings: RecordingRecord[] = []
  const read = {
    messages: (tries) => everyPage((next) => lists.messages(range, next), patience, unread, messages, tries),
    calls: (tries) => everyPage((next) => lists.calls(range, next), patience, unread, calls, tries),
    recordings: (tries) =>
      everyPage((next) => lists.recordings(range, next), patience, unread, recordings, tries),
  } satisfies Record<ListName, (tries?: number) => Promise<void>>
  for (const name of LISTS) {
    const isDoubtful = failed.has(name)
    try {
      await read[name](isDoubtful ? FEWER_TRIES : undefined)
    } catch (error) {
      if (!(error instanceof CarrierFailed)) throw error
      if (!isDoubtful || isOfAll(error)) failed.set(name, error)
      if (isOfAll(error)) break
    }
  }
  // In pages that move while they are read a thing may stand twice.
  const found = new Map<string, Found>()
  for (const of of messages) found.set(of.sid, { kind: 'message', at: of.sent_at ?? of.created_at, of })
  for (const of of calls) found.set(of.sid, { kind: 'call', at: of.started_at, of })
  for (const of of recordings) found.set(of.sid, { kind: 'recording', at: of.created_at, of })
  return [...found.values()]
}

const KINDS = ['call', 'recording', 'message']

/** By time; of what happened at once a call comes before its recording. */
function inTime(a: Found, b: Found): number {
  return a.at - b.at || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || (a.of.sid < b.of.sid ? -1 : 1)
}
