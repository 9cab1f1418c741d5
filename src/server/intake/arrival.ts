import type { Clock } from '../ports.ts'

/**
 * The time at which something arrives, in ms: the clock's, but never before the last one given out, so that a clock that
 * is set back does not put an answer before its question (design §3).
 */
export class ArrivalClock {
  readonly #clock: Clock
  #last: number

  /** `last`: the newest time in the store, ms. One far ahead of the clock is not believed. */
  constructor(clock: Clock, last = 0) {
    this.#clock = clock
    this.#last = last - clock.now() > FAR_AHEAD_MS ? 0 : last
  }

  now(): number {
    this.#last = Math.max(this.#clock.now(), this.#last)
    return this.#last
  }

  /**
   * For a message that arrives. While the clock is behind what was given out, each is a millisecond later than the one
   * before: all at one time they would be ordered by their SIDs, that is at random.
   */
  next(): number {
    const now = this.#clock.now()
    this.#last = now < this.#last ? this.#last + 1 : now
    return this.#last
  }

  /**
   * For an answer: later than what it answers, even within one millisecond. One to what a wrong clock, or an import, dated
   * far ahead is dated so too, and takes no other arrival along.
   */
  after(earlier: number): number {
    const at = Math.max(this.now(), earlier + 1)
    if (earlier <= this.#last || at - this.#clock.now() <= FAR_AHEAD_MS) this.#last = at
    return at
  }
}

const FAR_AHEAD_MS = 86_400_000
