import { describe, expect, it } from 'vitest'
import { isChosen } from '../../src/server/live/index.ts'
import { ANN, bed, BEN, BUSINESS } from './bed.ts'

const MINUTE = 60_000
const OTHER = '+15703251810'
const phone = (number: string, voice: 'leave' | 'here' = 'leave') => ({ sid: `PN${number}`, number, voice })
const kept = (chosen: ReturnType<typeof phone>[], wanted = true) => ({
  wanted,
  chosen,
  pointed: [],
  way: { kind: 'none' as const, url: '' },
  open: true,
  chosen_of: 'AC1',
})

describe('what is caught up with, where numbers were chosen', () => {
  it('is what came to them, by the medium they were chosen for', () => {
    const whatsapp = { sid: 'XE1', number: BUSINESS, voice: 'leave' as const }
    const of = kept([phone(BUSINESS), phone(OTHER, 'here'), whatsapp])
    expect(
      [BUSINESS, OTHER, '+15703251811'].map((number) =>
        (['sms', 'whatsapp', 'voice'] as const).map((medium) => isChosen(of, number, medium, 'AC1')),
      ),
    ).toEqual([
      [true, true, false],
      [true, false, true],
      [false, false, false],
    ])
  })

  it('is not said where nothing was chosen, and stays with what was chosen when no longer live', () => {
    expect(isChosen(kept([]), BUSINESS, 'sms', 'AC1')).toBeUndefined()
    // Of another account's numbers it says nothing.
    expect(isChosen(kept([phone(OTHER)]), BUSINESS, 'sms', 'AC2')).toBeUndefined()
    expect(isChosen(kept([phone(OTHER)], false), BUSINESS, 'sms', 'AC1')).toBe(false)
    expect(isChosen(kept([phone(OTHER)], false), OTHER, 'sms', 'AC1')).toBe(true)
  })

  it('leaves out what another program takes, and nothing that came here before', async () => {
    const b = await bed()
    await b.text(ANN, 'came here')
    await b.console.idle()
    await b.close()
    await b.text(ANN, 'while closed')
    await b.simulator.text({ from: BEN, body: 'by WhatsApp, to another program', medium: 'whatsapp' })
    await b.clock.advance(MINUTE)
    await b.open({ catchUp: { pause: 0, chosen: () => false } })
    await b.caughtUp()
    expect(
      (await b.told()).map((words) => words.filter((one) => one.startsWith('w') || one.startsWith('by'))),
    ).toEqual([['while closed']])
  })
})
