/** Counts what is under way, so that a scenario can wait for the end of it and never for time. */
export interface Activity {
  /** Counts until the work ends; the work must not reject. */
  track<T>(work: Promise<T>): Promise<T>
  /** Resolves when nothing is under way; what waits for the clock doesn't count. */
  idle(): Promise<void>
}

export function createActivity(): Activity {
  let running = 0
  let waiters: (() => void)[] = []
  return {
    async track(work) {
      running += 1
      try {
        return await work
      } finally {
        running -= 1
        if (running === 0) {
          const done = waiters
          waiters = []
          for (const resolve of done) resolve()
        }
      }
    },
    idle: () => (running === 0 ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))),
  }
}
