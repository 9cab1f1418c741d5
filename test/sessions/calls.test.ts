import { expect, test } from 'vitest'
import { prolong } from '../../src/server/sessions/index.ts'
import { clock, Desk } from './model.ts'

const at = (time: string): number => clock(`${time}:00`)
const caller = () => new Desk().key('+1', 'voice')

test('silence is measured from the end of the call', () => {
  const person = caller()
  person.arrive(at('10:00'), 'CA1', { until: at('10:20') })
  expect(person.arrive(at('10:25'), 'CA2')?.silence).toBe(300_000)
  expect(person.groups).toEqual([['CA1', 'CA2']])
})

test('a call that goes on takes in what follows within the gap of its new end', () => {
  const person = caller()
  for (const time of ['10:00', '10:10', '10:20', '10:40']) person.arrive(at(time), `CA${time}`)
  person.prolong('CA10:00', at('10:16'))
  expect(person.groups).toEqual([['CA10:00', 'CA10:10', 'CA10:20'], ['CA10:40']])
  expect(person.session(1).reason).toEqual({ kind: 'silence', silence_ms: 1_200_000, gap_ms: 300_000 })
})

test('a message after the end of a shorter call is measured from the longest call of the run', () => {
  const person = caller()
  person.arrive(at('10:00'), 'CA1', { until: at('10:20') })
  person.arrive(at('10:02'), 'CA2', { until: at('10:03') })
  person.arrive(at('10:24'), 'CA3')
  expect(person.groups).toEqual([['CA1', 'CA2', 'CA3']])
})

test('a cut inside a call falls behind it, and what lies behind the cut does not profit from its length', () => {
  const person = caller()
  person.arrive(at('10:00'), 'CA1', { until: at('10:20') })
  person.close(0, at('10:10'))
  expect(person.sessions).toMatchObject([{ closed: true }])
  person.arrive(at('10:12'), 'CA2')
  person.arrive(at('10:18'), 'CA3')
  expect(person.groups).toEqual([['CA1'], ['CA2'], ['CA3']])
  expect(person.sessions.map((s) => s.reason.kind)).toEqual(['first', 'closed', 'silence'])
})

test('a long call that is joined again by undo carries what lies behind the session it joins', () => {
  const person = caller()
  person.arrive(at('10:00'), 'CA1', { until: at('10:20') })
  const close = person.close(0, at('10:10'))
  person.arrive(at('10:12'), 'CA2')
  person.arrive(at('10:18'), 'CA3')
  person.undo(close)
  expect(person.groups).toEqual([['CA1', 'CA2', 'CA3']])
})

test('only what is inside a session can be prolonged', () => {
  const person = caller()
  person.arrive(at('10:00'), 'CA1')
  const item = { at: at('10:01'), sid: 'CA2', until: at('10:02') }
  expect(() => prolong(person.line, item, person.actIndex, person.gapAt)).toThrow(RangeError)
})
