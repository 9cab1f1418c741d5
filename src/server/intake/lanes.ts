/**
 * One lane a name: what is run in it happens one after another, in the order asked for; different lanes don't wait for
 * each other. A task that finishes at once, in an empty lane, runs at once.
 */
export class Lanes {
  readonly #busy = new Map<string, Promise<unknown>>()

  run<T>(name: string, task: () => T | Promise<T>): T | Promise<T> {
    const ahead = this.#busy.get(name)
    if (ahead) return this.#occupy(name, ahead.then(task, task))
    const result = task()
    return result instanceof Promise ? this.#occupy(name, result) : result
  }

  /** Lanes with something under way. */
  get size(): number {
    return this.#busy.size
  }

  #occupy<T>(name: string, work: Promise<T>): Promise<T> {
    this.#busy.set(name, work)
    const leave = (): void => {
      if (this.#busy.get(name) === work) this.#busy.delete(name)
    }
    work.then(leave, leave)
    return work
  }
}
