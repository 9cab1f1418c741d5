import {
  type FeedEvent,
  type Handlers,
  requestEnvelope,
  type Result,
  type World,
} from '../../shared/contract.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import type { Log } from '../ports.ts'
import type { Feed, FeedClient } from './feed.ts'
import { answer } from './router.ts'

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
      const world = requestEnvelope.shape.world.safeParse((envelope as { world?: unknown } | null)?.world)
      let end: WorldEnd
      try {
        end = worldEnd(world.success ? world.data : 'real')
      } catch (error) {
        if (error instanceof SwitchboardError)
          return { ok: false, error: { code: error.code, message: error.message } }
        throw error
      }
      const handlers: Handlers = {
        ...end.handlers,
        'feed.start': ({ after }) => ({
          ...end.feed.start(client, after),
          world: world.success ? world.data : 'real',
        }),
      }
      return answer(envelope, handlers, log)
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
