import type { Change, FeedEvent, World } from '../../shared/contract.ts'
import type { Clock } from '../ports.ts'
import type { Commit, Store } from '../store/types.ts'
import type { Views } from './views.ts'

/** A screen as the feed knows it. */
export interface FeedClient {
  id: string
  send(event: FeedEvent): void
  /** Bytes (or messages) the carrier still holds for it; a screen that lets them grow is reset later. Optional. */
  backlog?(): number
}

/** Changes kept for screens that were away for a moment. */
const KEPT = 4_000
/** One batch a frame. */
const FRAME_MS = 16
/** Above this a screen is told to read anew instead of everything one by one. */
const MOST_IN_BATCH = 2_000
/** A carrier that holds this many unsent bytes is left alone until it has caught up. */
const SLOW_BYTES = 4 * 1024 * 1024

interface Kept {
  seq: number
  commit: Commit
}

/**
 * The one ordered stream of what became durable. Each screen gets every change once, in order, in batches of a frame; one
 * that fell far behind is told to read anew. Views are made when a batch leaves, so a screen that does not look costs intake nothing.
 */
export class Feed {
  readonly #world: World
  readonly #store: Store
  readonly #views: Views
  readonly #clock: Clock
  readonly #kept: Kept[] = []
  readonly #clients = new Map<string, { client: FeedClient; next: number }>()
  #takeBack: (() => void) | undefined
  readonly #stop: () => void

  constructor(world: World, store: Store, views: Views, clock: Clock) {
    this.#world = world
    this.#store = store
    this.#views = views
    this.#clock = clock
    this.#stop = store.onCommit((commit, seq) => {
      this.#kept.push({ seq, commit })
      if (this.#kept.length > 2 * KEPT) this.#kept.splice(0, KEPT)
      this.#wake()
    })
  }

  /** Starts a screen's stream behind `after`. `fresh`: what lies between is not known any more; read the lists. */
  start(client: FeedClient, after: number | undefined): { seq: number; fresh: boolean } {
    const first = this.#kept[0]?.seq ?? this.#store.seq + 1
    const known = after !== undefined && after >= first - 1 && after <= this.#store.seq
    this.#clients.set(client.id, { client, next: (known ? after : this.#store.seq) + 1 })
    if (known) this.#wake()
    return { seq: this.#store.seq, fresh: !known }
  }

  leave(clientId: string): void {
    this.#clients.delete(clientId)
  }

  /** Tells every screen something that is not a change of the data. */
  tell(event: FeedEvent): void {
    for (const { client } of this.#clients.values()) client.send(event)
  }

  get size(): number {
    return this.#clients.size
  }

  close(): void {
    this.#takeBack?.()
    this.#stop()
    this.#clients.clear()
  }

  #wake(): void {
    if (this.#takeBack || this.#clients.size === 0) return
    this.#takeBack = this.#clock.after(FRAME_MS, () => {
      this.#takeBack = undefined
      this.#flush()
    })
  }

  #flush(): void {
    const newest = this.#kept.at(-1)?.seq
    const oldest = this.#kept[0]?.seq
    if (newest === undefined || oldest === undefined) return
    const batches = new Map<number, FeedEvent>()
    for (const state of this.#clients.values()) {
      if (state.next > newest) continue
      if ((state.client.backlog?.() ?? 0) > SLOW_BYTES) {
        this.#wake()
        continue
      }
      const from = state.next
      const tooMuch = from < oldest || newest - from > MOST_IN_BATCH
      const event = tooMuch
        ? { kind: 'reset' as const, world: this.#world, seq: newest }
        : (batches.get(from) ?? this.#batch(from))
      if (!tooMuch) batches.set(from, event)
      state.next = newest + 1
      state.client.send(event)
    }
  }

  #batch(from: number): FeedEvent {
    const changes: Change[] = []
    for (const { seq, commit } of this.#kept) {
      if (seq < from) continue
      const change = this.#views.change(commit, seq)
      if (change) changes.push(change)
    }
    return { kind: 'changes', world: this.#world, changes, counts: this.#store.counts() }
  }
}
