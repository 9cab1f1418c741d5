import { describe, expect, it } from 'vitest'
import type { Carrier } from '../../src/server/carrier/carrier.ts'
import { messageOf, sending } from './support.ts'

const SECOND = 1_000
const DAY = 86_400_000

/** A console whose carrier's questions are counted. */
async function asked() {
  const made = await sending()
  const questions: string[] = []
  const carrier: Carrier = {
    ...made.real,
    fetchMessage(sid) {
      questions.push(sid)
      return made.real.fetchMessage(sid)
    },
  }
  return { ...made, carrier, questions }
}

describe('where no callback tells, the carrier is asked', () => {
  it('after growing waits, until the last status is known', async () => {
    const { start, simulator, clock, disk, carrier, questions } = await asked()
    simulator.faults.delivery(100 * SECOND)
    const { outbox, send } = start({ carrier: () => carrier })
    await outbox.start()
    const id = await send()
    await outbox.idle()
    expect(disk.outbox.get(id)).toMatchObject({ state: 'handed_over' })
    await clock.advance(4 * SECOND)
    expect(questions).toHaveLength(0)
    for (const [ms, count, status] of [
      [1, 1, 'queued'],
      [25, 2, 'queued'],
      [90, 3, 'sent'],
      [480, 4, 'delivered'],
    ] as const) {
      await clock.advance(ms * SECOND)
      await outbox.idle()
      expect([questions.length, messageOf(disk, id).status]).toEqual([count, status])
    }
    expect(disk.outbox.size).toBe(0)
    await clock.advance(2 * DAY)
    expect(questions).toHaveLength(4)
    await outbox.stop()
  })

  it('also after a restart, and what failed on its way is told with its code', async () => {
    const { start, simulator, clock, disk, carrier, questions } = await asked()
    simulator.faults.number('+1234567890', { at: 'delivery', code: 30007, status: 'undelivered' })
    const first = start({ carrier: () => carrier })
    await first.outbox.start()
    const id = await first.send()
    await first.outbox.idle()
    await first.outbox.stop()
    await clock.advance(3 * 3_600 * SECOND)
    expect(questions).toEqual([])
    const second = start({ carrier: () => carrier })
    await second.outbox.start()
    await clock.advance(SECOND)
    await second.outbox.idle()
    expect(messageOf(disk, id)).toMatchObject({ status: 'undelivered', error_code: 30007 })
    expect(disk.outbox.size).toBe(0)
    await second.outbox.stop()
  })

  it('not when callbacks end it first', async () => {
    const { start, clock, disk, carrier, questions } = await asked()
    const { outbox, store, send } = start({ carrier: () => carrier })
    await outbox.start()
    const id = await send()
    await outbox.idle()
    await store.commit({ why: 'status', messages: [{ ...messageOf(disk, id), status: 'delivered' }] })
    await outbox.idle()
    expect(disk.outbox.size).toBe(0)
    await clock.advance(2 * DAY)
    expect(questions).toEqual([])
    await outbox.stop()
  })

  it('a few at once, one after another, and not while the carrier wants patience', async () => {
    const { start, simulator, clock, carrier, questions } = await asked()
    simulator.faults.delivery(DAY)
    const { outbox, send } = start({ carrier: () => carrier })
    await outbox.start()
    for (let at = 0; at < 10; at++) await send({ contact: `+1555000001${at}` })
    await outbox.idle()
    simulator.faults.rest({ kind: 'limited', retryAfter: 20 }, 'fetch')
    await clock.advance(5 * SECOND)
    await outbox.idle()
    const first = questions.length
    expect(first).toBeLessThanOrEqual(2)
    await clock.advance(19 * SECOND)
    await outbox.idle()
    expect(questions.length).toBeLessThanOrEqual(first + 1)
    for (let at = 0; at < 100; at++) {
      await clock.advance(200)
      await outbox.idle()
    }
    expect(new Set(questions).size).toBe(10)
    await outbox.stop()
  })

  it('a day long at most', async () => {
    const { start, simulator, clock, disk, carrier, questions } = await asked()
    simulator.faults.delivery(100 * DAY)
    const { outbox, send } = start({ carrier: () => carrier })
    await outbox.start()
    const id = await send()
    await outbox.idle()
    for (let at = 0; at < 200; at++) {
      await clock.advance(900 * SECOND)
      await outbox.idle()
    }
    expect(questions.length).toBeLessThanOrEqual(7)
    expect(disk.outbox.size).toBe(0)
    expect(messageOf(disk, id).status).toBe('queued')
    await outbox.stop()
  })
})

it('STOP that comes while the call is written down stops it; Twilio’s own word locks', async () => {
  const { start, disk, bodies, simulator } = await sending()
  const blocked: { now?: { code: number; sentence: string } } = {}
  const told: string[] = []
  const { outbox, store, send } = start({
    mayWrite: () => blocked.now,
    optedOut: async (message) => void told.push(message.contact),
  })
  store.onCommit(({ why }) => {
    if (why === 'calling') blocked.now = { code: 21610, sentence: 'They said STOP.' }
  })
  await outbox.start()
  const id = await send()
  await outbox.idle()
  expect(messageOf(disk, id)).toMatchObject({ status: 'canceled', error_code: 21610 })
  expect(bodies()).toEqual([])
  const other = start({ optedOut: async (message) => void told.push(message.contact) })
  await other.outbox.start()
  simulator.faults.rest({ kind: 'refuse', code: 21610 }, 'create')
  const refused = await other.send()
  await other.outbox.idle()
  expect(messageOf(disk, refused)).toMatchObject({ status: 'failed', error_code: 21610 })
  expect(told).toEqual(['+1234567890'])
  await Promise.all([outbox.stop(), other.outbox.stop()])
})
