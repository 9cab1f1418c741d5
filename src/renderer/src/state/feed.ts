import type { Change, CountsView } from '../../../shared/contract.ts'

/** Runs a task at the next frame; a page nobody sees has no frames, so there a timer does. */
export type Schedule = (task: () => void) => void
export const nextFrame: Schedule = (task) => {
  if (document.hidden) setTimeout(task, 100)
  else requestAnimationFrame(task)
}

interface FeedOptions {
  schedule: Schedule
  /** Takes the changes of one frame: in order of `seq`, each once. */
  apply: (changes: readonly Change[], counts: CountsView | null) => void
}

/**
 * The live feed of one world. Collects what arrives within a frame, puts it in order, and drops what was already
 * seen: after a reconnect the console may tell a change again.
 */
export class Feed {
  readonly #options: FeedOptions
  #seq = 0
  #waiting: Change[] = []
  #counts: CountsView | null = null
  #scheduled = false

  constructor(options: FeedOptions) {
    this.#options = options
  }

  /** Journal sequence up to which everything is on the screen. */
  get seq(): number {
    return this.#seq
  }

  /** Everything up to here was read from the lists: what waits and is older is dropped. */
  startAt(seq: number): void {
    this.#seq = seq
    this.#waiting = this.#waiting.filter((change) => change.seq > seq)
  }

  /** Another console is to be told of from here on: nothing of this one is known. */
  restart(): void {
    this.#seq = 0
    this.#waiting = []
    this.#counts = null
  }

  push(changes: readonly Change[], counts: CountsView): void {
    this.#waiting.push(...changes)
    this.#counts = counts
    if (this.#scheduled) return
    this.#scheduled = true
    this.#options.schedule(() => this.flush())
  }

  flush(): void {
    this.#scheduled = false
    const counts = this.#counts
    const fresh: Change[] = []
    for (const change of this.#waiting.sort((a, b) => a.seq - b.seq)) {
      if (change.seq <= this.#seq) continue
      this.#seq = change.seq
      fresh.push(change)
    }
    this.#waiting = []
    this.#counts = null
    if (fresh.length > 0 || counts) this.#options.apply(fresh, counts)
  }
}
