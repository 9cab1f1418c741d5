import { type FeedEvent, type Handlers, type Result, type World, worldSchema } from '../../shared/contract.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import type { Log } from '../ports.ts'
import type { Feed, FeedClient } from './feed.ts'
import { answer, refusal } from './router.ts'

/** The console, as far as a carrier of requests (IPC, WebSocket, memory) is concerned. */
export interface ConsoleEnd {
  handle(envelope: unknown, client: FeedClient): Promise<Result<unknown>>
  /** The screen is gone. */
  leave(clientId: string): void
}

/** What one world (the real one, or the simulation) answers with. */
export interface WorldEnd {
  feed: Feed
  /** `feed.start` is answered by the console, for it needs the screen that asks. */
  handlers: Omit<Handlers, 'feed.start'>
}

interface Options {
  real: WorldEnd
  /** The simulation, while one runs. */
  simulation: () => WorldEnd | undefined
  log: Log
}

/** Joins screens to worlds: each request names its world. */
export function createConsole({
  real,
  simulation,
  log,
}: Options): ConsoleEnd & { tell(event: FeedEvent): void } {
  function worldEnd(world: World): WorldEnd {
    const end = world === 'real' ? real : simulation()
    if (!end)
      throw new SwitchboardError('not_possible', {
        what: 'No simulation is running. Start the test phone first.',
      })
    return end
  }

  return {
    async handle(envelope, client) {
      const asked: unknown =
        typeof envelope === 'object' && envelope !== null && 'world' in envelope ? envelope.world : undefined
      const world = worldSchema.safeParse(asked)
      if (!world.success)
        return refusal(new SwitchboardError('bad_request', { what: 'world: there is no such world.' }))
      try {
        const { feed, handlers } = worldEnd(world.data)
        return await answer(
          envelope,
          { ...handlers, 'feed.start': ({ after, of }) => feed.start(client, after, of) },
          log,
        )
      } catch (error) {
        if (error instanceof SwitchboardError) return refusal(error)
        throw error
      }
    },

    leave(clientId) {
      real.feed.leave(clientId)
      simulation()?.feed.leave(clientId)
    },

    tell(event) {
      real.feed.tell(event)
    },
  }
}
