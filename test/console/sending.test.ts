import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createConsole } from '../../src/server/console/console.ts'
import { type Simulation, startSimulation } from '../../src/server/simulation.ts'
import { createLog, systemClock } from '../../src/server/system/index.ts'
import type { DeliveryStatus } from '../../src/shared/documents.ts'
import { ANN } from '../support/running.ts'
import { type Asking, asking } from './asking.ts'
import { MemoryTransport } from './memory-transport.ts'
import { Screen } from './screen.ts'

let folder: string
let simulation: Simulation
let ask: Asking
let screen: Screen
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchboard-'))
  simulation = await startSimulation({
    folder: join(folder, 'simulation'),
    webhookPorts: [0],
    version: 'test',
    logSinks: [],
  })
  ask = asking(() => simulation.switchboard)
  await ask('settings.set', { key: 'replies.enabled', value: false })
  const line = new MemoryTransport(
    createConsole({
      real: simulation.switchboard.end,
      simulation: () => undefined,
      log: createLog({ clock: systemClock, sinks: [] }),
    }),
  )
  screen = new Screen(line)
  await line.request('real', 'feed.start', {})
})
afterEach(async () => {
  await simulation.close()
  await rm(folder, { recursive: true, force: true })
})

const channel = (): string => simulation.switchboard.store.channels()[0]?._id ?? ''
const statuses = (id: string): DeliveryStatus[] =>
  screen
    .changes('simulation')
    .flatMap((c) => c.messages ?? [])
    .filter((m) => m._id === id)
    .map((m) => m.status)
const message = (body: string, draft: string, contact = ANN): Parameters<typeof ask<'messages.send'>>[1] => ({
  channel_id: channel(),
  medium: 'sms',
  contact,
  body,
  draft,
})

describe('sending', () => {
  it('goes from queued over sent to delivered, and the screen hears of each', async () => {
    await simulation.phones.text({ from: ANN, medium: 'sms', body: 'hello' })
    const sent = await ask('messages.send', message('Hi Ann', 'draft-0001'))
    expect(sent).toMatchObject({ status: 'queued', sender: 'operator', content: 'Hi Ann' })
    await screen.until(() => statuses(sent._id).includes('delivered'))
    expect(statuses(sent._id)[0]).toBe('queued')
    expect(statuses(sent._id)).toContain('sent')
    expect(statuses(sent._id).at(-1)).toBe('delivered')
    expect(simulation.simulator.account.messages.size).toBe(2)
    const [session] = simulation.switchboard.store.sessions({}).sessions
    expect(session).toMatchObject({ message_count: 2 })
    expect(session?.metadata.waitingSince).toBeUndefined()
  })

  it('the same draft is the same message, asked twice at once or later', async () => {
    await simulation.phones.text({ from: ANN, medium: 'sms', body: 'hello' })
    const [one, two] = await Promise.all([
      ask('messages.send', message('once', 'draft-0002')),
      ask('messages.send', message('once', 'draft-0002')),
    ])
    await screen.until(() => statuses(one._id).includes('delivered'))
    const three = await ask('messages.send', message('once', 'draft-0002'))
    expect([two._id, three._id]).toEqual([one._id, one._id])
    expect(three.status).toBe('delivered')
    await simulation.switchboard.idle()
    expect([...simulation.simulator.account.messages.values()].filter((m) => m.body === 'once')).toHaveLength(
      1,
    )
  })

  it('a draft that was taken is answered also when the contact said STOP meanwhile', async () => {
    await simulation.phones.text({ from: ANN, medium: 'sms', body: 'hello' })
    const sent = await ask('messages.send', message('before', 'draft-0003'))
    await screen.until(() => statuses(sent._id).includes('delivered'))
    await simulation.phones.text({ from: ANN, medium: 'sms', body: 'STOP' })
    expect((await ask('messages.send', message('before', 'draft-0003')))._id).toBe(sent._id)
    await expect(ask('messages.send', message('after', 'draft-0004'))).rejects.toMatchObject({
      code: 'not_possible',
    })
  })

  it('what waited in the outbox when STOP came is not sent', async () => {
    await simulation.phones.text({ from: ANN, medium: 'sms', body: 'hello' })
    simulation.simulator.faults.rest({ kind: 'limited', retryAfter: 600 }, 'create')
    const waiting = await ask('messages.send', message('waiting', 'draft-0005'))
    await simulation.switchboard.idle()
    await simulation.phones.text({ from: ANN, medium: 'sms', body: 'STOP' })
    await simulation.phones.advance(700_000)
    await screen.until(() => statuses(waiting._id).includes('canceled'))
    expect(await simulation.switchboard.store.find(waiting._id)).toMatchObject({
      status: 'canceled',
      error_code: 21_610,
    })
    expect([...simulation.simulator.account.messages.values()].map((m) => m.body)).not.toContain('waiting')
  })

  it('fails with Twilio’s code, and is sent again by hand', async () => {
    await simulation.phones.text({ from: ANN, medium: 'sms', body: 'hello' })
    simulation.simulator.faults.number(ANN, { at: 'delivery', code: 30_003, status: 'undelivered' })
    const sent = await ask('messages.send', message('Hi', 'draft-0006'))
    await screen.until(() => statuses(sent._id).includes('undelivered'))
    expect(await simulation.switchboard.store.find(sent._id)).toMatchObject({ error_code: 30_003 })
    expect((await ask('sessions.list', {})).sessions[0]?.metadata.failed).toBe(true)
    simulation.simulator.faults.number(ANN, undefined)
    expect(await ask('messages.retry', { id: sent._id })).toMatchObject({ status: 'queued', content: 'Hi' })
    await screen.until(() => statuses(sent._id).includes('delivered'))
    expect((await ask('sessions.list', {})).sessions[0]?.metadata.failed).toBeUndefined()
    await expect(ask('messages.retry', { id: sent._id })).rejects.toMatchObject({ code: 'not_possible' })
    await expect(ask('messages.retry', { id: 'none' })).rejects.toMatchObject({ code: 'no_such_message' })
  })

  it('to an unknown channel is refused', async () => {
    const unknown = { ...message('x', 'draft-0007'), channel_id: 'none' }
    await expect(ask('messages.send', unknown)).rejects.toMatchObject({ code: 'no_such_channel' })
  })
})
