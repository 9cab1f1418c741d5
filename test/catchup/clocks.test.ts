import { describe, expect, it } from 'vitest'
import { Machine } from '../soak/machine.ts'
import { ANN, bed, type Bed } from './bed.ts'

const MINUTE = 60_000

/** A console whose computer's clock is so many ms ahead of Twilio's. */
async function withClock(ahead: number, lists: 'read' | 'unread' = 'read'): Promise<Bed> {
  const b = await bed()
  await b.close()
  if (lists === 'unread') b.simulator.faults.rest({ kind: 'drop', when: 'before' }, 'list', 1_000_000)
  await b.open({ clock: new Machine(b.clock, ahead) })
  if (lists === 'read') await b.console.catchUp.idle()
  return b
}

async function said(b: Bed, [by, words]: readonly ['webhook' | 'list', string]): Promise<void> {
  b.tunnel(by === 'webhook')
  await b.text(ANN, words)
  b.tunnel(true)
  await b.clock.advance(3 * MINUTE)
}

const consent = async (b: Bed): Promise<string | undefined> =>
  (await b.console.end.handlers['contacts.get']({ number: ANN })).consent[0]?.state

describe('what was said last holds, though this computer’s clock is wrong', () => {
  it.each([
    { clock: 10, first: ['webhook', 'START'], then: ['list', 'STOP'], holds: 'out' },
    { clock: -10, first: ['list', 'START'], then: ['webhook', 'STOP'], holds: 'out' },
    { clock: 10, first: ['webhook', 'STOP'], then: ['list', 'START'], holds: 'in' },
    { clock: -10, first: ['list', 'STOP'], then: ['webhook', 'START'], holds: 'in' },
  ] as const)(
    '$clock min ahead: $first.1 by $first.0, then $then.1 by $then.0',
    async ({ clock, first, then, holds }) => {
      const b = await withClock(clock * MINUTE)
      await said(b, first)
      await said(b, then)
      await b.caughtUp()
      expect(await consent(b)).toBe(holds)
    },
  )

  it('a STOP where the two clocks could not be compared', async () => {
    const b = await withClock(10 * MINUTE, 'unread')
    await said(b, ['webhook', 'START'])
    await said(b, ['list', 'STOP'])
    b.simulator.faults.clear()
    await b.caughtUp()
    expect(await consent(b)).toBe('out')
  })
})

it('a wrong clock is said as long as it is wrong', async () => {
  const b = await bed()
  await b.close()
  const machine = new Machine(b.clock, -10 * MINUTE)
  await b.open({ clock: machine })
  await b.console.catchUp.idle()
  const clock = () => b.console.truth.view().parts.find(({ id }) => id === 'clock')?.sentence
  expect(clock()).toMatch(/clock is 10 min behind Twilio’s/)
  machine.step(10 * MINUTE)
  b.console.catchUp.now()
  await b.console.catchUp.idle()
  expect(clock()).toBeUndefined()
})
