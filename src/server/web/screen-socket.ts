import type { WebSocket } from 'ws'
import { z } from 'zod'
import type { FeedEvent } from '../../shared/contract.ts'
import type { ConsoleEnd } from '../console/console.ts'
import type { Log } from '../ports.ts'

/** From a screen: an envelope with a number, by which it finds the answer. */
const frameSchema = z.looseObject({ id: z.number().int().nonnegative() })

/** Joins one browser screen to the console, until its socket closes. */
export function connectScreen(socket: WebSocket, end: ConsoleEnd, clientId: string, log: Log): void {
  let drained: (() => void) | undefined
  const send = (frame: object): void => {
    if (socket.readyState !== socket.OPEN) return
    socket.send(JSON.stringify(frame), () => {
      if (socket.bufferedAmount > 0) return
      const then = drained
      drained = undefined
      then?.()
    })
  }
  const client = {
    id: clientId,
    send: (event: FeedEvent) => {
      send({ event })
    },
    backlog: () => socket.bufferedAmount,
    onDrained: (then: () => void) => {
      drained = then
    },
  }
  socket.on('message', (data, isBinary) => {
    receive(isBinary ? '' : (data as Buffer).toString('utf8')).catch((error: unknown) => {
      log.error('A browser screen could not be answered', error)
      socket.close(1011, 'not answered')
    })
  })
  socket.on('close', () => {
    end.leave(clientId)
  })
  socket.on('error', (error) => {
    log.debug(`A browser screen's connection broke: ${error.message}`)
  })

  async function receive(text: string): Promise<void> {
    const frame = frameSchema.safeParse(parse(text))
    if (!frame.success) {
      socket.close(1007, 'not a request')
      return
    }
    // What comes behind a frame that closed the line is not looked at.
    if (socket.readyState !== socket.OPEN) return
    const { id, ...envelope } = frame.data
    send({ id, result: await end.handle(envelope, client) })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
