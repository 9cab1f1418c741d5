import type { FeedEvent } from '../shared/contract.ts'
import { FeedQueue } from './feed-queue.ts'

/**
 * The feed of one window: one batch under way, the next when the page has taken it.
 *
 * The console's feed makes a batch a frame. Electron's send, though, never says that a page is behind, and would hold
 * its messages without end. So the preload answers each batch, and until it has, events gather in the queue, which
 * folds them and is bounded: a page that hangs costs a reset, never memory and never intake's time.
 */
export class FeedLine {
  readonly #post: (batch: FeedEvent[]) => void
  readonly #queue: FeedQueue
  #isUnderWay = false

  constructor(post: (batch: FeedEvent[]) => void, queue = new FeedQueue()) {
    this.#post = post
    this.#queue = queue
  }

  send(event: FeedEvent): void {
    this.#queue.add(event)
    this.#next()
  }

  /** The page took the last batch. */
  taken(): void {
    this.#isUnderWay = false
    this.#next()
  }

  /** The page is gone, and a new one asks for its own feed. */
  restart(): void {
    this.#queue.clear()
    this.#isUnderWay = false
  }

  #next(): void {
    if (this.#isUnderWay || this.#queue.isEmpty) return
    this.#isUnderWay = true
    this.#post(this.#queue.take())
  }
}
