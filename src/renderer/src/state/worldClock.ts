import { useSyncExternalStore } from 'react'

/** A world's own time: the machine's, or the simulation's, which can be moved. */
export class WorldClock {
  #ahead = 0
  readonly #listeners = new Set<() => void>()
  #timer: ReturnType<typeof setInterval> | undefined

  readonly now = (): number => Date.now() + this.#ahead
  /** ms this world is ahead of the machine. */
  get ahead(): number {
    return this.#ahead
  }
  /** The console says what time it is there; a second more or less is the way it took. */
  set(iso: string): void {
    const ahead = Date.parse(iso) - Date.now()
    if (Math.abs(ahead - this.#ahead) < 1500) return
    this.#ahead = Math.abs(ahead) < 1500 ? 0 : ahead
    this.#tell()
  }
  /** Called every second while anybody listens. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    this.#timer ??= setInterval(() => this.#tell(), 1000)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      clearInterval(this.#timer)
      this.#timer = undefined
    }
  }
  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

/** What `say` makes of the time now; rendered again only when that changes. */
export function useTime<T extends string | number>(clock: WorldClock, say: (now: number) => T): T {
  return useSyncExternalStore(clock.subscribe, () => say(clock.now()))
}
/** Now, to the minute: for words that change with the day or the minute. */
export const useMinute = (clock: WorldClock) => useTime(clock, (now) => Math.floor(now / 60_000) * 60_000)
