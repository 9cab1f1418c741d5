import type {
  FeedEvent,
  LineState,
  RequestName,
  Result,
  Results,
  Transport,
} from '../../src/shared/contract.ts'
import type { ConsoleEnd } from '../../src/server/console/console.ts'
import type { FeedClient } from '../../src/server/console/feed.ts'

let made = 0

/** The renderer's end joined directly to the console's; what passes is copied, as every carrier does. */
export class MemoryTransport implements Transport {
  readonly kind = 'memory'
  readonly #console: ConsoleEnd
  readonly #listeners = new Set<(event: FeedEvent) => void>()
  readonly #client: FeedClient
  #backlog = 0
  #drained: (() => void) | undefined

  constructor(console: ConsoleEnd) {
    this.#console = console
    this.#client = {
      id: `memory-${String((made += 1))}`,
      send: (event) => {
        const copy = structuredClone(event)
        for (const listener of this.#listeners) listener(copy)
      },
      backlog: () => this.#backlog,
      onDrained: (then) => {
        this.#drained = then
      },
    }
  }

  request<N extends RequestName>(world: string, name: N, input: unknown): Promise<Result<Results[N]>> {
    return this.raw({ world, name, input }) as Promise<Result<Results[N]>>
  }

  async raw(envelope: unknown): Promise<Result<unknown>> {
    return structuredClone(await this.#console.handle(structuredClone(envelope), this.#client))
  }

  subscribe(listener: (event: FeedEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  onConnection(listener: (line: LineState) => void): () => void {
    listener('open')
    return () => undefined
  }

  /** The carrier holds so many bytes from now on; 0: it has got rid of them. */
  hold(bytes: number): void {
    this.#backlog = bytes
    const then = this.#drained
    if (bytes > 0) return
    this.#drained = undefined
    then?.()
  }

  leave(): void {
    this.#console.leave(this.#client.id)
  }
}
