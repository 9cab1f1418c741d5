import type { ErrorCode } from '../../shared/errors.ts'
import type { Clock, Log } from '../ports.ts'
import type { Limits } from './limits.ts'

/** One request turned away, without anything personal. */
export interface Refused {
  /** The address as we know it, never as it was sent. */
  where: string
  status: number
  code: ErrorCode
  text: string
  /** Whether it carried a valid signature; only those without one count against the limit. */
  signed: boolean
}

const MINUTE = 60_000

/**
 * The minute's refusals: counted against the limit, and told to the log in a bounded number of lines, so that a flood
 * can neither keep the server busy nor fill the disk. Two numbers, whatever comes.
 */
export class Refusals {
  readonly #log: Log
  readonly #clock: Clock
  readonly #limits: Limits
  #began = Number.NEGATIVE_INFINITY
  #unsigned = 0
  #lines = 0
  #untold = 0
  #toldUnconfigured = false
  #cancel: () => void = () => undefined

  constructor(log: Log, clock: Clock, limits: Limits) {
    this.#log = log
    this.#clock = clock
    this.#limits = limits
  }

  /** Whether this minute's unsigned requests have used up their limit. */
  get isOver(): boolean {
    return this.#unsigned >= this.#limits.refusedPerMinute && this.#isThisMinute()
  }

  note(refused: Refused): void {
    this.#turn()
    if (!refused.signed) this.#unsigned += 1
    const repeats = refused.code === 'not_configured' && this.#toldUnconfigured
    if (repeats || this.#lines >= this.#limits.linesPerMinute) {
      this.#untold += 1
      return
    }
    if (refused.code === 'not_configured') this.#toldUnconfigured = true
    this.#lines += 1
    this.#log.warn(`Refused a request to ${refused.where} (${refused.status}): ${refused.text}`)
  }

  /** Says what has not been said yet, and stops the timer. */
  close(): void {
    this.#cancel()
    this.#cancel = () => undefined
    if (this.#untold > 0) this.#log.warn(`… and ${this.#untold} more refused in the last minute`)
    this.#began = Number.NEGATIVE_INFINITY
    this.#unsigned = this.#lines = this.#untold = 0
    this.#toldUnconfigured = false
  }

  #turn(): void {
    if (this.#isThisMinute()) return
    this.close()
    this.#began = this.#clock.now()
    this.#cancel = this.#clock.after(MINUTE, () => this.close())
  }

  /** False too when the clock was set back: the limit must not last until it has caught up. */
  #isThisMinute(): boolean {
    const now = this.#clock.now()
    return now >= this.#began && now < this.#began + MINUTE
  }
}
