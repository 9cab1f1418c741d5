import { describe, expect, it } from 'vitest'
import { Machine } from '../soak/machine.ts'
import { BEN, MORNING, sending } from './support.ts'

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
})
