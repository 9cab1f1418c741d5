import type { Log } from '../ports.ts'

/** What is done about going live, one after another, with what is under way in words. */
export class Turns {
  readonly #changed: () => void
  readonly #log: Log
  #doing = ''
  #last: Promise<unknown> = Promise.resolve()
  #isStopped = false

  /** `changed`: something is under way, or no longer. */
  constructor(changed: () => void, log: Log) {
    this.#changed = changed
    this.#log = log
  }

  /** Empty when nothing is under way. */
  get doing(): string {
    return this.#doing
  }

  /** From now on what fails is nobody's concern. */
  stop(): void {
    this.#isStopped = true
  }

  get isStopped(): boolean {
    return this.#isStopped
  }

  inTurn<T>(words: string, task: () => Promise<T>): Promise<T> {
    const done = this.#last.then(async () => {
      this.#doing = words
      this.#changed()
      try {
        return await task()
      } finally {
        this.#doing = ''
        this.#changed()
      }
    })
    this.#last = done.catch(() => undefined)
    return done
  }

  /** In its turn, and nobody waits for it. */
  later(words: string, task: () => Promise<void>): void {
    this.inTurn(words, task).catch((error: unknown) => {
      if (!this.#isStopped) this.#log.error(`${words} failed`, error)
    })
  }

  /** Resolves when what was begun by now is over, whatever became of it. */
  async over(): Promise<void> {
    await this.#last
  }
}
