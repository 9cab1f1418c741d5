import { SwitchboardError } from '../../shared/errors.ts'
import type { Clock, Log } from '../ports.ts'
import type { StoreState } from './types.ts'

/** Between looks whether the disk takes anything again. */
const PROBE_AFTER_MS = 3_000

/** Whether the disk takes what it is given. After a failure it looks by itself, every few seconds, until it does. */
export class Condition {
  readonly #clock: Clock
  readonly #log: Log
  /** Rejects while the disk still refuses. */
  readonly #revive: () => Promise<void>
  readonly #listeners = new Set<(state: StoreState) => void>()
  #state: StoreState = { state: 'ok' }
  #refusal: SwitchboardError | undefined
  #stopProbe: (() => void) | undefined
  #stopped = false

  constructor(clock: Clock, log: Log, revive: () => Promise<void>) {
    this.#clock = clock
    this.#log = log
    this.#revive = revive
  }

  get state(): StoreState {
    return this.#state
  }

  /** What a change is refused with at once; undefined while all is well. */
  get refusal(): SwitchboardError | undefined {
    return this.#refusal
  }

  onChange(listener: (state: StoreState) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  failed(error: SwitchboardError): void {
    this.#refusal = new SwitchboardError(error.code, error.details, { cause: error })
    this.#log.error(error.message)
    this.#become({ state: error.code === 'disk_full' ? 'full' : 'failed', reason: error.message })
    this.#probeLater()
  }

  stop(): void {
    this.#stopped = true
    this.#stopProbe?.()
  }

  #probeLater(): void {
    if (this.#stopped) return
    this.#stopProbe = this.#clock.after(PROBE_AFTER_MS, () => {
      this.#revive().then(
        () => {
          this.#refusal = undefined
          this.#log.info('The data folder can be written again.')
          this.#become({ state: 'ok' })
        },
        (error: unknown) => {
          this.#log.debug(`The disk still refuses: ${String(error)}`)
          this.#probeLater()
        },
      )
    })
  }

  #become(state: StoreState): void {
    this.#state = state
    for (const listener of this.#listeners) listener(state)
  }
}
