import type { FeedEvent, Results, World } from '../../shared/contract.ts'
import type { Clock, Log } from '../ports.ts'
import type { Commit, Store } from '../store/types.ts'
import type { Views } from './views.ts'

/** A screen as the feed knows it. */
export interface FeedClient {
  id: string
  send(event: FeedEvent): void
  /** Bytes the carrier still holds for it. */
  backlog?(): number
  /** Calls `then` once, when the carrier has got rid of its backlog. */
  onDrained?(then: () => void): void
}

/** Changes kept for screens that were away for a moment. */
const KEPT = 4_000
/** One batch a frame. */
const FRAME_MS = 16
/** Above this a screen is told to read anew instead of everything one by one. */
const MOST_IN_BATCH = 2_000
/** A carrier that holds this many unsent bytes is left alone until it has got rid of them. */
export const SLOW_BYTES = 4 * 1024 * 1024

interface Kept {
  seq: number
  commit: Commit
}

interface State {
  client: FeedClient
  /** The seq it is to be told next. */
  next: number
  /** News that is no change of the data and waits for a slow carrier: of each kind the last. */
  news: Map<FeedEvent['kind'], FeedEvent>
  /** Left alone until its carrier says that it has drained. */
  slow: boolean
}

/**
 * The one ordered stream of what became durable. Each screen gets every change once, in order, in batches of a frame; one
 * that fell far behind is told to read anew. Views are made when a batch leaves, so a screen that does not look costs intake nothing.
 */
export class Feed {
  readonly world: World
  readonly #store: Store
  readonly #views: Views
  readonly #clock: Clock
  readonly #log: Log
  /** Every commit from one on, without a hole. */
  readonly #kept: Kept[] = []
  readonly #clients = new Map<string, State>()
  readonly #of: string
  #takeBack: (() => void) | undefined
  readonly #stop: () => void

  /** `store.identity` tells its numbers from those of other data. */
  constructor(
    world: World,
    store: Store & { identity: { store: string } },
    views: Views,
    clock: Clock,
    log: Log,
  ) {
    this.world = world
    this.#of = store.identity.store
    this.#store = store
    this.#views = views
    this.#clock = clock
    this.#log = log
    this.#stop = store.onCommit((commit, seq) => {
      this.#kept.push({ seq, commit })
      if (this.#kept.length > 2 * KEPT) this.#kept.splice(0, KEPT)
      this.#wake()
    })
  }

  /**
   * Starts a screen's stream behind `after`, a number of the data `of`. `fresh`: what lies between is not known, or not
   * any more; read the lists.
   */
  start(client: FeedClient, after?: number, of: string = this.#of): Results['feed.start'] {
    const { seq } = this.#store
    const first = this.#kept[0]?.seq ?? seq + 1
    const known = after !== undefined && of === this.#of && after >= first - 1 && after <= seq
    const from = (known ? after : seq) + 1
    // Started twice over one line (a page has a console for each world, and both may be this one): told once, from the
    // earlier on, and the page drops what it has seen.
    const before = this.#clients.get(client.id)
    if (before) before.next = Math.min(before.next, from)
    else this.#clients.set(client.id, { client, next: from, news: new Map(), slow: false })
    this.#wake()
    return { seq, world: this.world, of: this.#of, fresh: !known }
  }

  leave(clientId: string): void {
    this.#clients.delete(clientId)
  }

  /** Tells every screen something that is not a change of the data. */
  tell(event: FeedEvent): void {
    for (const state of this.#clients.values()) {
      if (this.#isSlow(state)) state.news.set(event.kind, event)
      else this.#send(state, event)
    }
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
    const newest = this.#kept.at(-1)?.seq ?? 0
    const batches = new Map<number, FeedEvent>()
    for (const state of this.#clients.values()) {
      if (state.next > newest || this.#isSlow(state)) continue
      const event = batches.get(state.next) ?? this.#eventFrom(state.next, newest)
      batches.set(state.next, event)
      state.next = newest + 1
      this.#send(state, event)
    }
  }

  /** Its carrier holds too much. It is heard of again when that is gone, not asked every frame: a clock may be moved a year. */
  #isSlow(state: State): boolean {
    if (state.slow) return true
    const { client } = state
    if ((client.backlog?.() ?? 0) <= SLOW_BYTES || !client.onDrained) return false
    state.slow = true
    client.onDrained(() => {
      state.slow = false
      if (this.#clients.get(client.id) !== state) return
      const news = [...state.news.values()]
      state.news.clear()
      for (const event of news) this.#send(state, event)
      this.#wake()
    })
    return true
  }

  /** A screen that can't be told is no reason for the others not to be. */
  #send(state: State, event: FeedEvent): void {
    try {
      state.client.send(event)
    } catch (error) {
      this.#log.error('A screen could not be told what happened', error)
      this.#clients.delete(state.client.id)
    }
  }

  #eventFrom(from: number, newest: number): FeedEvent {
    const first = this.#kept[0]?.seq ?? newest + 1
    if (from < first || newest - from >= MOST_IN_BATCH)
      return { kind: 'reset', world: this.world, seq: newest }
    const changes = this.#views.changes(this.#kept.slice(from - first))
    return { kind: 'changes', world: this.world, changes, counts: this.#store.counts() }
  }
}
