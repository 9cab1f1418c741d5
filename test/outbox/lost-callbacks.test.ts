import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CallbackFault } from '../../src/server/carrier/simulator/index.ts'
import { later } from '../../src/server/outbox/index.ts'
import { type Simulation, startSimulation } from '../../src/server/simulation.ts'
import type { DeliveryStatus, Message } from '../../src/shared/documents.ts'
import { type Asking, asking } from '../console/asking.ts'
import { ANN } from '../support/running.ts'

const SECOND = 1_000
const DAY = 86_400_000

let folder: string
let simulation: Simulation
let ask: Asking
/** Each message's statuses in the order they became durable. */
let told: Map<string, DeliveryStatus[]>
let drafts = 0
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
  told = new Map()
  simulation.switchboard.store.onCommit(({ messages = [] }) => {
    for (const { _id, status } of messages) told.set(_id, [...(told.get(_id) ?? []), status])
  })
  await simulation.phones.text({ from: ANN, medium: 'sms', body: 'hello' })
})
afterEach(async () => {
  await simulation.close()
  await rm(folder, { recursive: true, force: true })
})

/** Sends a text and waits until nothing is under way any more; callbacks that were put off are. */
async function send(): Promise<string> {
  const { store } = simulation.switchboard
  const { _id } = await ask('messages.send', {
    channel_id: store.channels()[0]?._id ?? '',
    medium: 'sms',
    contact: ANN,
    body: 'Hi',
    draft: `draft-${String((drafts += 1)).padStart(4, '0')}`,
  })
  await settled()
  return _id
}
async function settled(): Promise<void> {
  await simulation.switchboard.idle()
  await simulation.simulator.idle()
  await simulation.switchboard.idle()
}
async function messageOf(id: string): Promise<Message> {
  const message = await simulation.switchboard.store.find(id)
  if (!message) throw new Error(`there is no message ${id}`)
  return message
}
const advance = (ms: number): Promise<void> => simulation.phones.advance(ms)
const faults = () => simulation.simulator.faults
/** The SIDs of what the carrier took, the oldest first. */
const outbound = (): string[] =>
  [...simulation.simulator.account.messages.values()]
    .filter(({ direction }) => direction !== 'inbound')
    .map(({ sid }) => sid)

describe('where callbacks are lost, the carrier is asked', () => {
  it('soon where none comes at all', async () => {
    faults().callback({ kind: 'lose' }, undefined, 10)
    const id = await send()
    expect((await messageOf(id)).status).toBe('queued')
    await advance(6 * SECOND)
    expect((await messageOf(id)).status).toBe('delivered')
    expect(simulation.switchboard.store.outbox()).toEqual([])
  })

  it('a little later where others come', async () => {
    await send()
    faults().callback({ kind: 'lose' }, undefined, 10)
    const id = await send()
    await advance(121 * SECOND)
    expect((await messageOf(id)).status).toBe('delivered')
  })

  it.each(['queued', 'sent', 'delivered'])('where the one of “%s” is lost', async (status) => {
    faults().callback({ kind: 'lose' }, status)
    const id = await send()
    await advance(121 * SECOND)
    expect((await messageOf(id)).status).toBe('delivered')
  })

  it('and says what failed, with its code', async () => {
    faults().number(ANN, { at: 'delivery', code: 30_007, status: 'undelivered' })
    faults().callback({ kind: 'lose' }, 'undelivered')
    const id = await send()
    expect((await messageOf(id)).status).toBe('sent')
    await advance(121 * SECOND)
    expect(await messageOf(id)).toMatchObject({ status: 'undelivered', error_code: 30_007 })
  })
})

describe('callbacks that come late, twice or in another order', () => {
  it.each([
    ['undelivered', 'waits still, and is sent', 'delivered', 2],
    ['delivered', 'is not sent', 'delivered', 1],
  ] as const)('“%s” of an attempt in doubt: the one asked for since %s', async (word, _, end, sent) => {
    const { switchboard } = simulation
    faults().callback({ kind: 'lose' }, undefined, 3)
    faults().rest({ kind: 'drop', when: 'after' }, 'create')
    faults().rest({ kind: 'refuse', code: 20_003, status: 403 }, 'list', 2)
    const id = await send()
    await advance(6 * SECOND)
    await settled()
    expect((await messageOf(id)).status).toBe('unsure')
    const [first = ''] = outbound()
    // Nobody finds it in the list, and the second attempt has to wait.
    faults().rest({ kind: 'refuse', code: 20_003, status: 403 }, 'list', 1)
    faults().rest({ kind: 'limited', retryAfter: 60 }, 'create')
    await ask('messages.retry', { id })
    await settled()
    expect(switchboard.store.outboxEntry(id)?.state).toBe('queued')
    await switchboard.intake.status({ sid: first, id, status: word })
    await advance(200 * SECOND)
    await settled()
    expect((await messageOf(id)).status).toBe(end)
    expect(outbound()).toHaveLength(sent)
  })

  it('take no status back', async () => {
    faults().callback({ kind: 'delay', ms: 60 * SECOND }, 'queued')
    faults().callback({ kind: 'delay', ms: 30 * SECOND }, 'sent')
    const id = await send()
    expect((await messageOf(id)).status).toBe('delivered')
    await advance(61 * SECOND)
    expect((await messageOf(id)).status).toBe('delivered')
  })

  it('also after the carrier was asked', async () => {
    for (const status of ['queued', 'sent', 'delivered'])
      faults().callback({ kind: 'delay', ms: 600 * SECOND }, status)
    const id = await send()
    await advance(6 * SECOND)
    expect((await messageOf(id)).status).toBe('delivered')
    await advance(601 * SECOND)
    expect((await messageOf(id)).status).toBe('delivered')
    expect(told.get(id)?.at(-1)).toBe('delivered')
  })

  it('whatever becomes of each: the status only goes forward, and ends as it ended', async () => {
    const fault = fc.option(
      fc.oneof(
        fc.constant<CallbackFault>({ kind: 'lose' }),
        fc.constant<CallbackFault>({ kind: 'twice' }),
        fc.constantFrom(1, 4, 8, 40, 400).map((s): CallbackFault => ({ kind: 'delay', ms: s * SECOND })),
      ),
    )
    await fc.assert(
      fc.asyncProperty(fc.record({ queued: fault, sent: fault, delivered: fault }), async (plan) => {
        for (const [status, one] of Object.entries(plan)) if (one) faults().callback(one, status)
        const id = await send()
        for (const ms of [7, 120, 600].map((s) => s * SECOND)) await advance(ms)
        await settled()
        expect((await messageOf(id)).status).toBe('delivered')
        const steps = told.get(id) ?? []
        for (const [at, status] of steps.entries())
          for (const before of steps.slice(0, at))
            expect(later({ status: before }, { status }).status, steps.join()).toBe(status)
      }),
      { numRuns: 30 },
    )
    await advance(DAY)
    expect(simulation.switchboard.store.outbox()).toEqual([])
  })
})
