/** The desktop app as a client of the console: what it hears of messages. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchConsole } from '../../src/main/console-watch.ts'
import { createConsole } from '../../src/server/console/console.ts'
import { createLog } from '../../src/server/system/index.ts'
import { call } from '../console/asking.ts'
import { ANN, BUSINESS, newSid, type Running, running } from '../support/running.ts'

let r: Running
beforeEach(async () => {
  r = await running()
})
afterEach(() => r.close())

/** Watches, and collects what it is told of messages. */
async function watched() {
  const log = createLog({ clock: r.clock, sinks: [] })
  const told: string[] = []
  const leave = await watchConsole(
    createConsole({ real: r.switchboard.end, simulation: () => undefined, log }),
    {
      counts: () => undefined,
      message: ({ content }) => void told.push(content),
      session: () => undefined,
      settings: () => undefined,
      truth: () => undefined,
    },
  )
  return { told, leave }
}

test('a message is told of once, however often something about it changes', async () => {
  const { told, leave } = await watched()
  await call(r, ANN)
  r.clock.advance(20)
  await vi.waitFor(() => expect(told).toEqual(['Call started']))
  const [session] = r.switchboard.store.sessions({ limit: 1, offset: 0, order: 'latest' }).sessions
  const [message] = await r.switchboard.store.messages([session?._id ?? ''], { limit: 1 })
  if (!message) throw new Error('the call was not taken')
  await r.switchboard.store.commit({ why: 'call', messages: [{ ...message, content: 'Call ended' }] })
  r.clock.advance(20)
  await r.post('/webhooks/sms', { MessageSid: newSid(), From: ANN, To: BUSINESS, Body: 'Are you there?' })
  r.clock.advance(20)
  await vi.waitFor(() => expect(told).toContain('Are you there?'))
  expect(told).toEqual(['Call started', 'Are you there?'])
  leave()
})

test('two messages of one moment are told of in their order, so that the last words are what is seen', async () => {
  const { told, leave } = await watched()
  for (const Body of ['My order', 'is late'])
    await r.post('/webhooks/sms', { MessageSid: newSid(), From: ANN, To: BUSINESS, Body })
  r.clock.advance(20)
  await vi.waitFor(() => expect(told).toHaveLength(2))
  expect(told).toEqual(['My order', 'is late'])
  leave()
})
