import type { RequestInput, RequestName, Results } from '../../src/shared/contract.ts'
import { type ConsoleEnd, createConsole } from '../../src/server/console/console.ts'
import { createLog } from '../../src/server/system/index.ts'
import type { Switchboard } from '../../src/server/switchboard.ts'
import { BUSINESS, newSid, type Running } from '../support/running.ts'
import { MemoryTransport } from './memory-transport.ts'

/** A refusal as a screen gets it, thrown, so that a test that doesn't expect one fails. */
export class Refused extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export interface Asking {
  <N extends RequestName>(name: N, input: RequestInput<N>): Promise<Results[N]>
  transport: MemoryTransport
}

/** Asks a world as a screen does. */
export function asking(world: () => Switchboard): Asking {
  const log = createLog({ clock: { now: () => 0 }, sinks: [] })
  // Asked for each request: a world that was restarted is another.
  const console = (): ConsoleEnd => createConsole({ real: world().end, simulation: () => undefined, log })
  const transport = new MemoryTransport({
    handle: (envelope, client) => console().handle(envelope, client),
    leave: (id) => console().leave(id),
  })
  return Object.assign(
    async <N extends RequestName>(name: N, input: RequestInput<N>): Promise<Results[N]> => {
      const result = await transport.request('real', name, input)
      if (!result.ok) throw new Refused(result.error.code, result.error.message)
      return result.value
    },
    { transport },
  )
}

/** A text by WhatsApp. */
export async function whatsapp(
  r: Running,
  from: string,
  body: string,
  more: Record<string, string> = {},
): Promise<void> {
  const { status } = await r.post('/webhooks/whatsapp', {
    MessageSid: newSid(),
    From: `whatsapp:${from}`,
    To: `whatsapp:${BUSINESS}`,
    Body: body,
    ...more,
  })
  if (status !== 200) throw new Error(`the webhook was answered with ${String(status)}`)
}

export async function call(r: Running, from: string): Promise<void> {
  await r.post('/webhooks/voice', {
    CallSid: newSid('CA'),
    From: from,
    To: BUSINESS,
    CallStatus: 'ringing',
    Direction: 'inbound',
  })
}
