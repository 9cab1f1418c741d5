import { describe, expect, it } from 'vitest'
import { Machine } from '../soak/machine.ts'
import { ANN, bed, type Bed, BUSINESS } from './bed.ts'

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

const saying = (sid: string, body: 'STOP' | 'START') => ({
  ...{ sid, body, opt_out: body, medium: 'sms' as const, channel: BUSINESS, contact: ANN },
  ...{ media: [], params: {} },
})

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

describe('a newest STOP holds', () => {
  it.each([
    ['ten minutes, and its START came before the next reading', 10, 0],
    ['a minute, which no look at the clock shows', 1, 2],
  ])('found in a list after the clock was set by %s', async (_what, by, later) => {
    const b = await bed()
    await b.close()
    const machine = new Machine(b.clock, -by * MINUTE)
    await b.open({ clock: machine })
    await b.console.catchUp.idle()
    machine.step(by * MINUTE)
    await b.clock.advance(later * MINUTE)
    await b.text(ANN, 'START')
    await b.console.idle()
    b.tunnel(false)
    await b.clock.advance(MINUTE / 2)
    await b.text(ANN, 'STOP')
    b.tunnel(true)
    await b.caughtUp()
    expect(await consent(b)).toBe('out')
  })

  it('brought by a webhook while the clocks could not be compared, an older STOP and START found later', async () => {
    const b = await withClock(-10 * MINUTE, 'unread')
    await said(b, ['list', 'STOP'])
    await said(b, ['list', 'START'])
    await said(b, ['webhook', 'STOP'])
    b.simulator.faults.clear()
    // A reading that waits for its next try has it.
    await b.clock.advance(15 * MINUTE)
    await b.caughtUp()
    expect(await consent(b)).toBe('out')
  })

  it.each([
    ['just read in a list, though the webhook of a START before it comes late', 3_000, 'out'],
    ['read in a list, until a later START', 21_000, 'in'],
  ])('%s', async (_what, later, holds) => {
    const b = await bed()
    const stop = saying('SM1', 'STOP')
    await b.console.intake.message(stop, { kind: 'list', at: b.clock.now() })
    await b.clock.advance(later)
    await b.console.intake.message(saying('SM0', 'START'), { kind: 'webhook' })
    await b.console.intake.message(stop, { kind: 'webhook' })
    expect(await consent(b)).toBe(holds)
  })
})

describe('what an import says was dated by a clock that nobody compared with Twilio’s', () => {
  const at = (minutes: number) => Date.parse('2025-01-15T10:00:00Z') + minutes * MINUTE
  const imported = { kind: 'history', foreign: true } as const

  it.each([
    ['a START perhaps before a STOP by webhook', { kind: 'webhook' }, 'STOP', 40, 'START', 'out'],
    ['a START long after it', { kind: 'webhook' }, 'STOP', 70, 'START', 'in'],
    ['a START 10 min after a STOP of the same import', { ...imported, at: at(0) }, 'STOP', 10, 'START', 'in'],
    [
      'a STOP 10 min before a START of the same import',
      { ...imported, at: at(20) },
      'START',
      10,
      'STOP',
      'in',
    ],
  ] as const)('%s', async (_what, first, known, minutes, then, holds) => {
    const b = await bed()
    await b.console.intake.message(saying('SM1', known), first)
    await b.console.intake.message(saying('SM2', then), { ...imported, at: at(minutes) })
    expect(await consent(b)).toBe(holds)
  })

  it('a STOP read in a list, perhaps after its START', async () => {
    const b = await bed()
    await b.console.intake.message(saying('SM1', 'START'), { ...imported, at: at(20) })
    await b.console.intake.message(saying('SM2', 'STOP'), { kind: 'list', at: at(0) })
    expect(await consent(b)).toBe('out')
  })
})

describe('what was said last holds over a restart', () => {
  it('where the clock was set before it, and a START came by webhook in between', async () => {
    const b = await bed()
    await b.close()
    const machine = new Machine(b.clock, -10 * MINUTE)
    await b.open({ clock: machine })
    await b.console.catchUp.idle()
    machine.step(10 * MINUTE)
    await b.text(ANN, 'START')
    await b.close()
    await b.clock.advance(MINUTE / 2)
    await b.text(ANN, 'STOP')
    await b.clock.advance(MINUTE)
    await b.open({ clock: machine })
    await b.caughtUp()
    expect(await consent(b)).toBe('out')
  })

  it.each([
    [120, ['webhook', 'START'], ['list', 'STOP']],
    [-120, ['list', 'START'], ['webhook', 'STOP']],
  ] as const)(
    'where Twilio can’t be asked after it, and the clock is %d min ahead as it was before',
    async (ahead, first, then) => {
      const b = await withClock(ahead * MINUTE)
      await b.close()
      b.simulator.faults.rest({ kind: 'drop', when: 'before' }, 'list', 1_000_000)
      await b.open({ clock: new Machine(b.clock, ahead * MINUTE) })
      await said(b, first)
      await said(b, then)
      b.simulator.faults.clear()
      await b.clock.advance(15 * MINUTE)
      await b.caughtUp()
      expect(await consent(b)).toBe('out')
    },
  )

  it('though the clock was put right between the two', async () => {
    const b = await withClock(-120 * MINUTE)
    await b.close()
    b.simulator.faults.rest({ kind: 'drop', when: 'before' }, 'list', 1_000_000)
    const machine = new Machine(b.clock)
    await b.open({ clock: machine })
    await said(b, ['webhook', 'START'])
    await said(b, ['list', 'STOP'])
    b.simulator.faults.clear()
    await b.clock.advance(15 * MINUTE)
    await b.caughtUp()
    expect(await consent(b)).toBe('out')
  })

  it('a STOP read in a list just before it is not lifted by the late webhook of a START before it', async () => {
    const b = await bed()
    await b.console.intake.message(saying('SM1', 'STOP'), { kind: 'list', at: b.clock.now() })
    await b.close()
    await b.clock.advance(3_000)
    await b.open()
    await b.console.intake.message(saying('SM0', 'START'), { kind: 'webhook' })
    expect(await consent(b)).toBe('out')
  })
})

it('a STOP taken from a list before its webhook is there once and gets no answer', async () => {
  const b = await bed()
  b.tunnel(false)
  const sid = await b.text(ANN, 'STOP')
  await b.clock.advance(1_000)
  b.console.catchUp.now()
  await b.console.catchUp.idle()
  const again = { sid, body: 'STOP', opt_out: 'STOP' as const, medium: 'sms' as const, media: [], params: {} }
  const { fresh } = await b.console.intake.message(
    { ...again, channel: BUSINESS, contact: ANN },
    { kind: 'webhook' },
  )
  await b.clock.advance(MINUTE)
  await b.console.idle()
  expect(fresh).toBe(false)
  expect(await b.told()).toEqual([['STOP']])
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
