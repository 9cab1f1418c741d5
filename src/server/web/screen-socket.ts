import type { WebSocket } from 'ws'
import { z } from 'zod'
import type { FeedEvent } from '../../shared/contract.ts'
import type { ConsoleEnd } from '../console/console.ts'
import type { Log } from '../ports.ts'

/** From a screen: an envelope with a number, by which it finds the answer. */
const frameSchema = z.looseObject({ id: z.number().int().nonnegative() })

/** Joins one browser screen to the console, until its socket closes. */
export function connectScreen(socket: WebSocket, end: ConsoleEnd, clientId: string, log: Log): void {
  const client = {
    id: clientId,
    send: (event: FeedEvent) => {
      socket.send(JSON.stringify({ event }))
    },
    backlog: () => socket.bufferedAmount,
  }
  socket.on('message', (data, isBinary) => {
    void receive(isBinary ? '' : (data as Buffer).toString('utf8'))
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
    const { id, ...envelope } = frame.data
    const result = await end.handle(envelope, client)
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify({ id, result }))
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
