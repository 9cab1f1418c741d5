import { monitorEventLoopDelay } from 'node:perf_hooks'

export interface Stalled {
  /** Longest time the loop did not turn, ms, as Node's own monitor has it. */
  longest: number
  p99: number
  /**
   * Longest time the loop's thread computed without turning, ms: what is ours of a stall. The rest of `longest` is the
   * machine giving the processor to somebody else.
   */
  computing: number
}

/** How often the loop is expected to turn, ms. */
const EVERY_MS = 2

/** Watches the loop of this process. */
export class Stalls {
  readonly #delay = monitorEventLoopDelay({ resolution: EVERY_MS })
  readonly #timer: NodeJS.Timeout
  #computing = 0

  constructor() {
    let before = process.threadCpuUsage()
    this.#timer = setInterval(() => {
      const now = process.threadCpuUsage()
      const used = (now.user - before.user + now.system - before.system) / 1_000
      before = now
      this.#computing = Math.max(this.#computing, used)
    }, EVERY_MS)
    this.#delay.enable()
  }

  end(): Stalled {
    clearInterval(this.#timer)
    this.#delay.disable()
    const longest = Math.max(0, this.#delay.max / 1e6 - EVERY_MS)
    const p99 = Math.max(0, this.#delay.percentile(99) / 1e6 - EVERY_MS)
    return { longest, p99, computing: this.#computing }
  }
}
