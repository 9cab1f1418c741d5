import type { Clock, Log } from '../ports.ts'

/** Late puts held in memory before they are written. */
const LATE_PUTS = 20_000
/** Quiet time after which changes reach the documents even without a rotation. */
const CHECKPOINT_AFTER_MS = 10 * 60_000

interface Parts {
  clock: Clock
  log: Log
  /** Sequence of the change up to which the documents hold all, as the store was opened. */
  at: number
  /** Records after which documents and index are brought up to date. */
  every: number
  /** Sequence of the newest change in memory. */
  newest: () => number
  /** Messages that wait in memory for documents written before. */
  late: () => number
  checkpoint: () => Promise<void>
  /** The less that a full journal file asks for. */
  afterRotation: () => Promise<void>
}

/** When the documents are brought up to what the journal holds: every so many records, and when it has been quiet. */
export class Checkpoints {
  readonly #parts: Parts
  #at: number
  #isRunning = false
  #isStopped = false
  #stopTimer: (() => void) | undefined

  constructor(parts: Parts) {
    this.#parts = parts
    this.#at = parts.at
  }

  /** Now. Rejects when the disk refuses. */
  async make(): Promise<void> {
    this.#at = this.#parts.newest()
    this.#stopTimer?.()
    this.#stopTimer = undefined
    await this.#parts.checkpoint()
  }

  /** Something was changed. */
  changed(): void {
    this.#stopTimer ??= this.#parts.clock.after(CHECKPOINT_AFTER_MS, () => {
      this.#soon()
    })
  }

  /** A journal file is full. */
  rotated(): void {
    const { log, every, newest, late, afterRotation } = this.#parts
    const isDue = newest() - this.#at >= every || late() >= LATE_PUTS
    if (isDue && !this.#isRunning) this.#soon()
    else
      afterRotation().catch((error: unknown) => {
        log.warn(`Messages could not be written to their documents; the journal has them: ${String(error)}`)
      })
  }

  /** None begins by itself any more. */
  stop(): void {
    this.#isStopped = true
    this.#stopTimer?.()
  }

  #soon(): void {
    if (this.#isRunning || this.#isStopped) return
    this.#isRunning = true
    this.make()
      .catch((error: unknown) => {
        this.#parts.log.warn(
          `The documents could not be brought up to date; the journal has everything: ${String(error)}`,
        )
      })
      .finally(() => {
        this.#isRunning = false
      })
  }
}
