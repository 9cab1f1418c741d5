import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Simulation, startSimulation } from '../../src/server/simulation.ts'

/** The brief's three tests as a person does them from a phone, answers included: the simulator, the outbox and the rules are the real ones. */
describe('the brief, from a test phone', () => {
  let folder: string
  let simulation: Simulation
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'switchboard-'))
    simulation = await startSimulation({
      folder: join(folder, 'simulation'),
      webhookPorts: [0],
      version: 'test',
      logSinks: [],
    })
  })
  afterEach(async () => {
    await simulation.close()
    await rm(folder, { recursive: true, force: true })
  })

  const sessions = () => simulation.switchboard.store.sessions({}).sessions

  it('test 1: three texts within the gap are one session of six messages', async () => {
    await simulation.phones.scenario('within')
    const [session, ...others] = sessions()
    expect(others).toEqual([])
    expect(session).toMatchObject({ title: 'SMS from +1234567890', message_count: 6 })
    const messages = await simulation.switchboard.store.messages([session?._id ?? ''])
    expect(messages.map((m) => m.sender)).toEqual(['contact', 'ai', 'contact', 'ai', 'contact', 'ai'])
    expect(messages.filter((m) => m.sender === 'ai').map((m) => m.status)).toEqual([
      'delivered',
      'delivered',
      'delivered',
    ])
  })

  it('test 2: six minutes later is a second session, two messages in each', async () => {
    await simulation.phones.scenario('after')
    expect(sessions().map((s) => s.message_count)).toEqual([2, 2])
    expect(sessions()[0]?.metadata.reason.kind).toBe('silence')
  })

  it('test 3: two phones are two sessions', async () => {
    await simulation.phones.scenario('two_phones')
    expect(
      sessions()
        .map((s) => s.metadata.fromNumber)
        .sort(),
    ).toEqual(['+1234567890', '+1987654321'])
  })
})
