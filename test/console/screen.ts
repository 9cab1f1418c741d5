import type { Change, FeedEvent, Transport, World } from '../../src/shared/contract.ts'

/** A screen that writes down what it is told, and lets a test wait for it. */
export class Screen {
  readonly transport: Transport
  readonly events: FeedEvent[] = []
  readonly #waiting = new Set<() => void>()

  constructor(transport: Transport) {
    this.transport = transport
    transport.subscribe((event) => {
      this.events.push(event)
      for (const look of [...this.#waiting]) look()
    })
  }

  changes(world: World = 'real'): Change[] {
    return this.events.flatMap((e) => (e.kind === 'changes' && e.world === world ? e.changes : []))
  }

  seqs(world: World = 'real'): number[] {
    return this.changes(world).map((change) => change.seq)
  }

  /** Resolves as soon as `what` is so. */
  until(what: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!what()) return
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
      look()
    })
  }

  /** A round trip: what was told before it has arrived. */
  async settle(): Promise<void> {
    await this.transport.request('real', 'app.painted', {})
  }
}
