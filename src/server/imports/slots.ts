/** Bounds how much is under way at once; for one who waits. */
export class Slots {
  readonly #most: number
  #taken = 0
  #wake: (() => void) | undefined
  #wakeAt = 0

  constructor(most: number) {
    this.#most = most
  }

  get isFull(): boolean {
    return this.#taken >= this.#most
  }

  /** @param work must not reject */
  run(work: Promise<void>): void {
    this.#taken += 1
    void work.then(() => {
      this.#taken -= 1
      if (this.#wake && this.#taken <= this.#wakeAt) {
        this.#wake()
        this.#wake = undefined
      }
    })
  }

  room(): Promise<void> {
    return this.#until(this.#most - 1)
  }
  empty(): Promise<void> {
    return this.#until(0)
  }

  #until(taken: number): Promise<void> {
    if (this.#taken <= taken) return Promise.resolve()
    this.#wakeAt = taken
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}
