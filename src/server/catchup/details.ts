import type { MediaItem } from '../../shared/documents.ts'
import type { Outcome } from '../carrier/carrier.ts'
import type { CallRecord, CarrierLists, TranscriptRecord } from '../carrier/lists.ts'
import type { NumberRecord } from '../carrier/twilio-account.ts'
import type { Log } from '../ports.ts'
import { CarrierFailed, isOfAll, patiently, type Patience } from './gather.ts'

/** First and longest wait (ms) until what was refused is asked for again. */
const FIRST_WAIT = 60_000
const LONGEST_WAIT = 15 * 60_000

/** What one reading asks with. */
export interface Asking {
  lists: CarrierLists
  patience: Patience
  /** The carrier's clock (ms). */
  now: number
  /** Something of one thing was waited for in vain: for the next nobody waits. */
  isTroubled?: boolean
}

/**
 * What belongs to one thing of a list, or tells whose it is, is asked for by itself, and the carrier may fail at that one
 * alone: it is asked again ever later, at the readings that come by, and keeps nothing else out. All throw CarrierFailed
 * where it fails at everything (`isOfAll`), and Cancelled.
 */
export class Details {
  readonly #log: Log
  readonly #waiting = new Map<string, { failed: number; due: number }>()

  constructor(log: Log) {
    this.#log = log
  }

  /** The files of a message; undefined while they can't be had. */
  async files(sid: string, asking: Asking): Promise<MediaItem[] | undefined> {
    return this.#orLater(`the files of ${sid}`, asking, () => asking.lists.mediaOf(sid))
  }

  /** What was made of a recording; undefined while it can't be had. */
  async transcripts(sid: string, asking: Asking): Promise<TranscriptRecord[] | undefined> {
    return this.#orLater(`the transcript of ${sid}`, asking, () => asking.lists.transcripts(sid))
  }

  /** A call; `gone`: the carrier has none, undefined while it can't be had. */
  async call(sid: string, asking: Asking): Promise<CallRecord | 'gone' | undefined> {
    const found = await this.#orLater(`the call ${sid}`, asking, async () => {
      const one = await asking.lists.call(sid)
      return one.ok ? { ok: true, value: [one.value] } : one
    })
    return found && (found[0] ?? 'gone')
  }

  /** The account's numbers; undefined while they can't be had. */
  async numbers(asking: Asking): Promise<NumberRecord[] | undefined> {
    return this.#orLater('the list of numbers', asking, () => asking.lists.numbers())
  }

  async #orLater<T>(
    what: string,
    asking: Asking,
    ask: () => Promise<Outcome<T[]>>,
  ): Promise<T[] | undefined> {
    const before = this.#waiting.get(what)
    if (before && asking.now < before.due) return undefined
    try {
      const had = await patiently(ask, asking.patience, asking.isTroubled || before ? 1 : undefined)
      this.#waiting.delete(what)
      return had
    } catch (error) {
      if (!(error instanceof CarrierFailed) || isOfAll(error)) throw error
      // What the carrier has deleted since it listed it is not there any more, and that is no failure.
      if (error.error.kind === 'refused' && error.error.status === 404) return []
      if (error.error.kind !== 'refused') asking.isTroubled = true
      const failed = (before?.failed ?? 0) + 1
      const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (failed - 1))
      this.#waiting.set(what, { failed, due: asking.now + wait })
      if (failed === 1)
        this.#log.warn(`Twilio did not give ${what}; it is asked again later. ${error.message}`)
      return undefined
    }
  }
}
