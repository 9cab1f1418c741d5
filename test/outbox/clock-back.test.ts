import { describe, expect, it } from 'vitest'
import { Machine } from '../soak/machine.ts'
import { BEN, messageOf, MORNING, sending } from './support.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

describe('a computer’s clock set back by hours', () => {
  it('makes nothing wait longer that was put off for a moment', async () => {
    const { start, bodies, clock, simulator } = await sending()
    const machine = new Machine(clock)
    const { outbox, send } = start({ clock: machine })
    simulator.faults.rest({ kind: 'limited', retryAfter: 30 }, 'create')
    await outbox.start()
    await send({ body: 'one' })
    await send({ body: 'other', contact: BEN })
    await outbox.idle()
    machine.step(-3 * HOUR)
    await clock.advance(31_000)
    await outbox.idle()
    expect(bodies().sort()).toEqual(['one', 'other'])
  })

  it('nor after a restart', async () => {
    const { start, bodies, clock, simulator } = await sending()
    const machine = new Machine(clock)
    simulator.faults.rest({ kind: 'limited', retryAfter: 300 }, 'create')
    const before = start({ clock: machine })
    await before.outbox.start()
    await before.send({ body: 'one' })
    await before.outbox.idle()
    await before.outbox.stop()
    machine.step(-3 * HOUR)
    const { outbox } = start({ clock: machine })
    await outbox.start()
    await outbox.idle()
    expect(bodies()).toEqual(['one'])
    await outbox.stop()
  })

  it('sends nothing before the time it was written for', async () => {
    const { start, bodies, clock } = await sending()
    const machine = new Machine(clock)
    const { outbox, send } = start({ clock: machine })
    await outbox.start()
    await send({ body: 'later', due: MORNING + HOUR })
    machine.step(-3 * HOUR)
    await clock.advance(HOUR)
    await outbox.idle()
    expect(bodies()).toEqual([])
    await clock.advance(3 * HOUR)
    await outbox.idle()
    expect(bodies()).toEqual(['later'])
  })

  it('does not keep what Twilio had trouble with for hours, and sends it once', async () => {
    const { start, bodies, clock, simulator } = await sending()
    const machine = new Machine(clock)
    const { outbox, send } = start({ clock: machine })
    simulator.faults.rest({ kind: 'status', status: 503 }, 'create')
    await outbox.start()
    await send({ body: 'one' })
    await outbox.idle()
    machine.step(-3 * HOUR)
    for (let minutes = 0; minutes < 30 && bodies().length === 0; minutes++) {
      await clock.advance(MINUTE)
      await outbox.idle()
    }
    expect(bodies()).toEqual(['one'])
    await clock.advance(4 * HOUR)
    await outbox.idle()
    expect(bodies()).toEqual(['one'])
  })

  it('sends what a person hurried, though it could not go at once', async () => {
    const { start, bodies, clock, real } = await sending()
    const machine = new Machine(clock)
    const account: { carrier?: typeof real } = {}
    const { outbox, send } = start({ clock: machine, carrier: () => account.carrier })
    await outbox.start()
    const id = await send({ body: 'later', due: MORNING + HOUR })
    await outbox.idle()
    await outbox.retry(id)
    machine.step(-3 * HOUR)
    account.carrier = real
    outbox.kick()
    await outbox.idle()
    expect(bodies()).toEqual(['later'])
    await outbox.stop()
  })

  it('keeps no status from being asked for where Twilio wanted patience', async () => {
    const { start, simulator, clock, disk } = await sending()
    const machine = new Machine(clock)
    const { outbox, send } = start({ clock: machine })
    simulator.faults.delivery(25 * MINUTE)
    await outbox.start()
    const id = await send()
    await outbox.idle()
    await pass(29 * MINUTE)
    simulator.faults.rest({ kind: 'limited', retryAfter: 240 }, 'fetch')
    await pass(32 * MINUTE)
    // By now it was asked for once more, an hour after it was sent, and refused; half an hour is not past the sending.
    machine.step(-30 * MINUTE)
    await pass(6 * MINUTE)
    expect(messageOf(disk, id).status).toBe('delivered')
    await outbox.stop()

    async function pass(ms: number): Promise<void> {
      for (let left = ms; left > 0; left -= MINUTE) {
        await clock.advance(MINUTE)
        await outbox.idle()
      }
    }
  })
})

it.each([
  ['asked for patience', { kind: 'limited', retryAfter: 300 }],
  ['took it and did not say so', { kind: 'status', status: 503, taken: true }],
] as const)('a clock set forward by hours sends nothing twice where Twilio %s', async (_, fault) => {
  const { start, bodies, clock, simulator } = await sending()
  const machine = new Machine(clock)
  const { outbox, send } = start({ clock: machine })
  simulator.faults.rest(fault, 'create')
  await outbox.start()
  await send({ body: 'one' })
  await outbox.idle()
  for (const step of [3 * HOUR, -3 * HOUR, 3 * HOUR]) {
    machine.step(step)
    for (let minutes = 0; minutes < 10; minutes++) {
      await clock.advance(MINUTE)
      await outbox.idle()
    }
  }
  expect(bodies()).toEqual(['one'])
  await outbox.stop()
})
