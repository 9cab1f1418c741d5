import { expect, test } from 'vitest'
import type { LiveView, NumberView } from '../../src/shared/live.ts'
import {
  accountWords,
  chosenWords,
  doneCount,
  isNamed,
  leavingWords,
  shortSid,
  stepStates,
  wayWords,
  wrongSid,
  wrongToken,
} from '../../src/renderer/src/pages/settings/liveSteps.ts'
import { inOwnTime, statusLead } from '../../src/renderer/src/pages/settings/statusWords.ts'
import { NUMBER, NOTHING, liveAt } from './world/live.ts'

test('with nothing entered the first step is open and the others wait', () => {
  expect(stepStates(NOTHING)).toEqual({
    account: 'current',
    numbers: 'later',
    way: 'later',
    go: 'later',
    text: 'later',
  })
})

test('each step done opens the next one', () => {
  const counts = (['account', 'numbers', 'way', 'live', 'heard'] as const).map((step) =>
    doneCount(stepStates(liveAt(step))),
  )
  expect(counts).toEqual([1, 2, 3, 4, 5])
})

test('a way that was chosen before an account is entered does not count as done', () => {
  const live: LiveView = { ...NOTHING, way: { kind: 'localtunnel', url: '' } }
  expect(stepStates(live)).toMatchObject({ account: 'current', way: 'later' })
})

test('an account that Twilio refuses is to be entered again; one nobody could ask about stays', () => {
  const live = liveAt('live')
  expect(stepStates({ ...live, account: { ...live.account, state: 'refused' } }).account).toBe('current')
  expect(stepStates({ ...live, account: { ...live.account, state: 'unreached' } }).account).toBe('done')
})

test('while the way in is lost the numbers still count as pointed here, unless one has a problem', () => {
  const lost: LiveView = {
    ...liveAt('live'),
    live: false,
    tunnel: { ...liveAt('live').tunnel, state: 'down', reason: 'it stopped answering' },
  }
  expect(stepStates(lost).go).toBe('done')
  // Never pointed yet: the way in has led nowhere so far.
  const unpointed = lost.numbers.map((number) => ({ ...number, before: null }))
  expect(stepStates({ ...lost, numbers: unpointed }).go).toBe('current')
  const numbers: NumberView[] = [{ ...NUMBER, chosen: true, problem: 'Twilio refuses it.' }]
  expect(stepStates({ ...lost, numbers }).go).toBe('current')
})

test('the last step may be skipped', () => {
  expect(doneCount(stepStates(liveAt('live'), true))).toBe(5)
})

test('what was entered is looked at before Twilio is asked', () => {
  expect(wrongSid('')).toContain('missing')
  expect(wrongSid(`SK${'0'.repeat(32)}`)).toContain('API key')
  expect(wrongSid('AC12')).toContain('32 more')
  expect(wrongSid(` AC${'0a'.repeat(16)} `)).toBeUndefined()
  expect(wrongToken('  ')).toContain('missing')
  expect(wrongToken('x')).toBeUndefined()
})

test('a step says what it did', () => {
  const live = liveAt('live')
  expect(shortSid(`AC${'0'.repeat(28)}41f7`)).toBe('AC…41f7')
  expect(accountWords(live.account)).toBe(
    'Kettle Street Cycles, AC…41f7. Token checked and kept in the system’s key store.',
  )
  expect(chosenWords(live.numbers).replaceAll('\u00a0', ' ')).toBe(
    'Front desk +1 570 555 0100 and +1 570 555 0101.',
  )
  expect(wayWords(live)).toBe(
    'localtunnel, kettle-street.loca.lt. Asked at this address, it leads here. An own address or ngrok is steadier.',
  )
})

test('a name that is only the number in another dress is no name', () => {
  expect(isNamed({ name: '(570) 555-0100', number: '+15705550100' })).toBe(false)
  expect(isNamed({ name: 'Front desk', number: '+15705550100' })).toBe(true)
  expect(isNamed({ name: 'Line 2', number: '+15705550101' })).toBe(true)
  expect(isNamed({ name: '', number: '+15705550101' })).toBe(false)
})

test('times in sentences are the reader’s own, with the day where it is another', () => {
  const at = new Date(2026, 10, 20, 10, 41, 26)
  const iso = at.toISOString()
  expect(inOwnTime(`It stopped at ${iso.slice(0, 19)}Z.`, at.getTime())).toBe('It stopped at 10:41:26.')
  expect(inOwnTime(`Read to ${iso.slice(0, 16)}Z.`, at.getTime())).toBe('Read to 10:41.')
  const later = new Date(2026, 10, 22).getTime()
  expect(inOwnTime(`Checked at ${iso.slice(0, 16)}Z.`, later)).toBe('Checked on 20 November at 10:41.')
})

test('the line above the parts counts those that are well and names those that are not', () => {
  const part = { sentence: '', action: null } as const
  const well = { ...part, id: 'disk', title: 'Disk', state: 'well' } as const
  const lost = { ...part, id: 'tunnel', title: 'Tunnel', state: 'trouble' } as const
  const off = { ...part, id: 'numbers', title: 'Numbers', state: 'off' } as const
  expect(statusLead([well, well], true)).toBe('All is well.')
  expect(statusLead([lost, well], true)).toBe('One of two are well. To look at: tunnel.')
  expect(statusLead([off, well], true)).toBe('All that is in use is well. Not in use: numbers.')
  const none = { ...part, id: 'last_webhook', title: 'Last webhook', state: 'off' } as const
  expect(statusLead([none, well], true)).toBe('All is well. No webhook has come yet.')
  expect(statusLead([none, off, well], true)).toBe('All that is in use is well. Not in use: numbers.')

  // Without a line nothing is said of how it is now.
  expect(statusLead([well, well], false)).toBe(
    'There is no connection to Switchboard. This is how it was when it last said so.',
  )
  expect(statusLead(undefined, false)).toMatch(/no connection .* asked by itself/)
  expect(statusLead(undefined, true)).toBe('Asking how it is.')
})

test('what was not put back: how many, why, and when it is tried again', () => {
  const why = 'Twilio has trouble of its own (HTTP 500).'
  const next_try_at = new Date(2026, 10, 20, 10, 41, 26).toISOString()
  expect(leavingWords({ left: 2, next_try_at, why })).toBe(
    `2 numbers still point here. ${why} It is tried again by itself, next at 10:41:26. Until then what people write there arrives here while the way in is open.`,
  )
  expect(leavingWords({ left: 1, next_try_at: null, why: '' })).toMatch(
    /^1 number still points here\. It is being put back now\. Until then/,
  )
})
