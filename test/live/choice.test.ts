import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BUSINESS_NUMBER } from '../../src/server/carrier/simulator/index.ts'
import { choose, isChosen, unchoose } from '../../src/server/live/choice.ts'
import { readKept } from '../../src/server/live/kept.ts'
import { bed, type Bed } from './bed.ts'

const OTHER = '+15703251810'
const NEITHER = '+15703251811'

const phone = (number: string, voice: 'leave' | 'here' = 'leave') => ({ sid: `PN${number}`, voice, number })
const NOTHING = { chosen: [], chosen_of: '', earlier: [] }
const texts = (kept: Parameters<typeof isChosen>[0], account: string) =>
  [BUSINESS_NUMBER, OTHER].map((number) => isChosen(kept, number, 'sms', account))

describe('whose texts are ours', () => {
  it('stays with what was chosen of each account, whichever is entered meanwhile', () => {
    const forgotten = unchoose(choose(NOTHING, [phone(BUSINESS_NUMBER)], 'AC1'), 'AC1')
    expect(texts(forgotten, 'AC1')).toEqual([true, false])
    expect(texts(forgotten, 'AC2')).toEqual([undefined, undefined])
    const changed = choose(forgotten, [phone(OTHER)], 'AC2')
    expect(texts(changed, 'AC1')).toEqual([true, false])
    expect(texts(changed, 'AC2')).toEqual([false, true])
    const again = choose(changed, [phone(OTHER)], 'AC1')
    expect(texts(again, 'AC1')).toEqual([false, true])
    expect(texts(again, 'AC2')).toEqual([false, true])
    expect(again.earlier).toHaveLength(1)
    // Forgotten twice, with nothing chosen between.
    expect(texts(unchoose(unchoose(again, 'AC1'), 'AC1'), 'AC1')).toEqual([false, true])
  })

  it('is nobody’s once the last number was taken out', () => {
    const out = choose(choose(NOTHING, [phone(BUSINESS_NUMBER)], 'AC1'), [], 'AC1')
    expect(texts(out, 'AC1')).toEqual([false, false])
    expect(texts(unchoose(out, 'AC1'), 'AC1')).toEqual([false, false])
  })

  it('is not said where nothing was ever chosen, be nothing chosen twice', () => {
    const nothing = choose(NOTHING, [], 'AC1')
    expect(texts(nothing, 'AC1')).toEqual([undefined, undefined])
    expect(texts(unchoose(nothing, 'AC1'), 'AC1')).toEqual([undefined, undefined])
  })

  it('follows the choice by a version that did not write down the account', () => {
    const older = { chosen: [phone(BUSINESS_NUMBER)], chosen_of: '', earlier: [] }
    expect(texts(unchoose(older, 'AC1'), 'AC1')).toEqual([true, false])
    expect(texts(choose(older, [], 'AC1'), 'AC1')).toEqual([false, false])
  })

  it('is of the medium and the calls that were chosen, though the number was not written down', () => {
    const media = ['sms', 'whatsapp', 'voice'] as const
    const of = (sid: string, voice: 'leave' | 'here') => {
      const kept = { ...NOTHING, chosen: [{ sid, voice, number: '' }] }
      return media.map((medium) => isChosen(kept, OTHER, medium, 'AC1'))
    }
    expect(of('PN1', 'leave')).toEqual([true, false, false])
    expect(of('PN1', 'here')).toEqual([true, false, true])
    expect(of('XE1', 'leave')).toEqual([false, true, false])
  })
})

describe('a console with two numbers, one of them chosen', () => {
  let b: Bed
  beforeEach(async () => {
    b = await bed([BUSINESS_NUMBER, OTHER])
    await b.enter()
    await b.ask('live.choose', { numbers: [{ sid: b.number().sid, voice: 'leave' }] })
  })
  afterEach(async () => {
    await b.close()
  })
  const kept = () => readKept(b.application.main.store)
  const account = () => b.simulator.accountSid

  it('leaves the other to who answers it, also when the account is forgotten and entered again', async () => {
    expect(texts(kept(), account())).toEqual([true, false])
    await b.ask('live.forget', { anyway: false })
    await b.restart()
    const { numbers } = await b.enter()
    expect(texts(kept(), account())).toEqual([true, false])
    // It is remembered for what is read; with which to go live is chosen anew.
    expect(numbers.filter(({ chosen }) => chosen)).toEqual([])
  })

  it('has none when the last is taken out', async () => {
    await b.ask('live.choose', { numbers: [] })
    expect(texts(kept(), account())).toEqual([false, false])
  })

  it('fills in the number that an older version did not write down, once numbers are read', async () => {
    const { store } = b.application.main
    const chosen = [
      { sid: b.number().sid, voice: 'leave' },
      { sid: 'PNgone', voice: 'here' },
    ]
    await store.commit({ why: 'an older version', settings: [{ _id: 'live.kept', value: { chosen } }] })
    expect(isChosen(kept(), NEITHER, 'sms', account())).toBe(true)
    await b.ask('live.numbers', {})
    expect(kept().chosen.map(({ number }) => number)).toEqual([BUSINESS_NUMBER, ''])
    await b.ask('live.choose', { numbers: [{ sid: b.number().sid, voice: 'leave' }] })
    expect(isChosen(kept(), NEITHER, 'sms', account())).toBe(false)
  })
})
