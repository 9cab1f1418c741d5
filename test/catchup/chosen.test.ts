import { describe, expect, it } from 'vitest'
import { isChosen } from '../../src/server/live/index.ts'
import { ANN, bed, BEN, BUSINESS } from './bed.ts'
import { failure, seconds, waitingAndStop, withLists } from './passing.ts'

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
  earlier: [],
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

  it('is not said where nothing was ever chosen, and stays with what was chosen when no longer live', () => {
    expect(isChosen({ ...kept([]), chosen_of: '' }, BUSINESS, 'sms', 'AC1')).toBeUndefined()
    // Of this account numbers were chosen, and taken out again.
    expect(isChosen(kept([]), BUSINESS, 'sms', 'AC1')).toBe(false)
    // Of another account's numbers it says nothing.
    expect(isChosen(kept([phone(OTHER)]), BUSINESS, 'sms', 'AC2')).toBeUndefined()
    expect(isChosen(kept([phone(OTHER)], false), BUSINESS, 'sms', 'AC1')).toBe(false)
    expect(isChosen(kept([phone(OTHER)], false), OTHER, 'sms', 'AC1')).toBe(true)
  })

  it('leaves out what another program takes, also of a number that came here before', async () => {
    const b = await bed()
    await b.text(ANN, 'came here')
    await b.console.idle()
    await b.close()
    await b.text(ANN, 'private, to another program')
    await b.simulator.text({ from: BEN, body: 'by WhatsApp, to another program', medium: 'whatsapp' })
    await b.clock.advance(MINUTE)
    await b.open({ catchUp: { pause: 0, chosen: () => false } })
    await b.caughtUp()
    const words = (await b.told()).flat()
    expect(words).toContain('came here')
    expect(words.filter((one) => one.includes('another program'))).toEqual([])
    expect(b.console.catchUp.view().away).toBeNull()
  })

  it('but for a STOP of somebody who has a conversation here: nobody writes to them', async () => {
    const b = await bed()
    const id = await waitingAndStop(b)
    await b.simulator.text({ from: BEN, body: 'STOP', medium: 'whatsapp' })
    await b.clock.advance(MINUTE)
    await b.open({ catchUp: { pause: 0, chosen: () => false } })
    await seconds(b, 60)
    expect(await b.console.store.find(id)).toMatchObject({ status: 'canceled', error_code: 21_610 })
    expect(b.sessions().every(({ metadata }) => metadata.fromNumber === ANN)).toBe(true)
  })

  it('is no call that another took, though calls came here before', async () => {
    let voice = true
    const b = await bed(undefined, {
      catchUp: { pause: 0, chosen: (_number, medium) => medium !== 'voice' || voice },
    })
    await b.simulator.call({ from: ANN, voicemail: 'first' })
    await b.console.idle()
    const before = await b.messages()
    voice = false
    b.simulator.point({ voice: '' })
    await b.clock.advance(10 * MINUTE)
    await b.simulator.call({ from: BEN })
    await b.caughtUp()
    expect(await b.messages()).toEqual(before)
    expect(b.console.catchUp.view().away).toBeNull()
  })
})

describe('a number that is chosen later', () => {
  it('missed nothing before, and has it as history where days are asked for', async () => {
    let chosen = false
    const catchUp = { pause: 0, chosen: () => chosen }
    const b = await bed(undefined, { catchUp })
    b.tunnel(false)
    await b.text(ANN, 'to another program')
    await b.caughtUp()
    expect(await b.told()).toEqual([])
    chosen = true
    await b.text(ANN, 'to us')
    await b.caughtUp()
    await b.close()
    await b.open({ catchUp })
    await b.caughtUp()
    expect((await b.told()).flat()).toEqual(['to us'])
    expect(b.console.catchUp.view().away).toMatchObject({ messages: 1 })
    await b.console.end.handlers['catch_up.start']({ days: 7 })
    await b.console.catchUp.idle()
    expect((await b.told()).flat()).toEqual(['to another program', 'to us'])
    expect(b.console.catchUp.view().away).toMatchObject({ messages: 1 })
    expect(b.sessions().reduce((sum, { unread_count }) => sum + unread_count, 0)).toBe(1)
  })
})

it('whose calls are is asked again where Twilio would not say', async () => {
  const b = await bed()
  b.simulator.point({ voice: 'http://127.0.0.1:1/webhooks/voice' })
  await b.simulator.call({ from: ANN }).catch(() => undefined)
  await b.close()
  b.simulator.point({ voice: 'http://127.0.0.1:1/webhooks/voice' })
  const answers = [failure('limited', 429), failure('trouble', 500)]
  const numbers = async () => {
    const answer = fails ? answers[asked++] : undefined
    return answer ?? (fails ? failure('refused', 403) : b.carrier.lists.numbers())
  }
  let fails = true
  let asked = 0
  const began = b.clock.now()
  await b.open(withLists(b, { numbers }))
  b.simulator.point({ voice: 'http://127.0.0.1:1/webhooks/voice' })
  await seconds(b, 60)
  expect(asked).toBeGreaterThan(2)
  expect(b.sessions()).toEqual([])
  expect(b.console.catchUp.view().state).toBe('idle')
  expect(Date.parse(b.console.catchUp.view().read_to ?? '')).toBeLessThanOrEqual(began)
  fails = false
  await seconds(b, 20 * 60, 30)
  expect(b.sessions()).toHaveLength(1)
})
