import type { Change, FeedEvent, World } from '../shared/contract.ts'

/** Changes one screen may be behind by before it is told to read its lists again instead. */
const MOST_CHANGES = 2_000

/**
 * What one screen has not been told yet.
 *
 * Events of a kind are folded while they wait: changes are joined in order, of truth, phone and going live only the last matters.
 * So what waits is bounded however slow the screen is, and intake never waits for it.
 */
export class FeedQueue {
  #waiting: FeedEvent[] = []
  #changes = 0
  readonly #most: number

  constructor(most = MOST_CHANGES) {
    this.#most = most
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  add(event: FeedEvent): void {
    switch (event.kind) {
      case 'changes':
        this.#addChanges(event)
        break
      case 'reset':
        this.#reset(event.world, event.seq)
        break
      case 'truth':
      case 'phone':
      case 'live':
        this.#waiting = this.#waiting.filter(
          (other) => other.kind !== event.kind || other.world !== event.world,
        )
        this.#waiting.push(event)
        break
      case 'open':
        // Of two sessions to show, the later click is meant.
        this.#waiting = this.#waiting.filter((other) => other.kind !== 'open')
        this.#waiting.push(event)
        break
      default:
        event satisfies never
    }
  }

  /** Everything that waits, in order; the queue is empty afterwards. */
  take(): FeedEvent[] {
    const taken = this.#waiting
    this.clear()
    return taken
  }

  clear(): void {
    this.#waiting = []
    this.#changes = 0
  }

  #addChanges(event: Extract<FeedEvent, { kind: 'changes' }>): void {
    this.#changes += event.changes.length
    if (this.#changes > this.#most) {
      this.#reset(event.world, lastSeq(event.changes))
      return
    }
    const last = this.#waiting.at(-1)
    if (last?.kind === 'changes' && last.world === event.world) {
      this.#waiting[this.#waiting.length - 1] = { ...event, changes: [...last.changes, ...event.changes] }
    } else {
      this.#waiting.push(event)
    }
  }

  /** The lists say everything the dropped changes would have. */
  #reset(world: World, seq: number): void {
    this.#waiting = this.#waiting.filter(
      (event) => event.world !== world || (event.kind !== 'changes' && event.kind !== 'reset'),
    )
    this.#changes = this.#waiting.reduce(
      (sum, event) => sum + (event.kind === 'changes' ? event.changes.length : 0),
      0,
    )
    this.#waiting.push({ kind: 'reset', world, seq })
  }
}

function lastSeq(changes: readonly Change[]): number {
  return changes.reduce((highest, { seq }) => Math.max(highest, seq), 0)
}
