/** Longest stretch of work in one go while webhooks wait, in milliseconds. */
const SLICE_MS = 1

/** Cuts long work into slices: `await slices.pause()` now and then lets the event loop turn when a slice is used up. */
export class Slices {
  readonly #length: () => number
  #end: number

  /** `length`: of the next slice, ms. Longer ones give the work a greater share of a busy loop. */
  constructor(length: () => number = () => SLICE_MS) {
    this.#length = length
    this.#end = performance.now() + length()
  }

  get used(): boolean {
    return performance.now() >= this.#end
  }

  async pause(): Promise<void> {
    if (!this.used) return
    await new Promise(setImmediate)
    this.#end = performance.now() + this.#length()
  }
}
