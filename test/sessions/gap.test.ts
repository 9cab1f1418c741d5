import { describe, expect, test } from 'vitest'
import { DEFAULT_GAP_MS, formatGap, GapHistory, gapKeys, parseGap } from '../../src/server/sessions/index.ts'
import type { GapChange } from '../../src/shared/documents.ts'
import { clock, Desk, iso, minutes } from './model.ts'

const CHANNEL = { _id: 'c1', number: '+15703251809' }
const OWN = `channels.${CHANNEL.number}.sessions.gap`

/** Changes in the order they are written; `at` given: the channel already had messages. */
function history(...changes: { key: string; value: number | null; at?: number }[]): GapHistory {
  return new GapHistory(
    changes.map(({ key, value, at }, i): GapChange => ({
      _id: String(i),
      key,
      value_ms: value,
      at: iso(at ?? clock('09:00:00')),
      order: i,
      dated_for: at === undefined ? [] : [CHANNEL._id],
    })),
  )
}
const smsGap = (h: GapHistory, time = clock('10:00:00')) => h.gapAt(CHANNEL, 'sms')(time)

describe('which gap is in force', () => {
  test('five minutes unless something was set', () => {
    expect(smsGap(history())).toBe(300_000)
  })

  test('the most specific setting wins, whenever it was set', () => {
    const settings = gapKeys(CHANNEL.number, 'sms')
    expect(settings).toEqual(['sessions.gap', 'sessions.gap.sms', OWN, `${OWN}.sms`])
    const set = settings.map((key, i) => ({ key, value: minutes(i + 10) }))
    for (let n = 1; n <= set.length; n++) {
      expect(smsGap(history(...set.slice(0, n)))).toBe(minutes(n + 9))
      expect(smsGap(history(...set.slice(0, n).reverse()))).toBe(minutes(n + 9))
    }
  })

  test('settings of another medium or another channel do not count', () => {
    expect(smsGap(history({ key: 'sessions.gap.voice', value: minutes(1) }))).toBe(DEFAULT_GAP_MS)
    expect(smsGap(history({ key: 'channels.+1.sessions.gap', value: minutes(1) }))).toBe(DEFAULT_GAP_MS)
  })

  test('null goes back to the less specific setting', () => {
    const set = [
      { key: 'sessions.gap', value: minutes(7) },
      { key: OWN, value: minutes(9) },
    ]
    expect(smsGap(history(...set, { key: OWN, value: null }))).toBe(minutes(7))
    expect(smsGap(history(...set, { key: OWN, value: null }, { key: 'sessions.gap', value: null }))).toBe(
      DEFAULT_GAP_MS,
    )
  })

  test('a change counts from its instant on; in a channel without messages from the beginning', () => {
    const change = { key: 'sessions.gap', value: minutes(10) }
    const dated = history({ ...change, at: clock('12:00:00') })
    expect(smsGap(dated, clock('12:00:00') - 1)).toBe(DEFAULT_GAP_MS)
    expect(smsGap(dated, clock('12:00:00'))).toBe(minutes(10))
    expect(smsGap(history(change), clock('00:00:00', 10))).toBe(minutes(10))
  })

  test('of one setting the latest change decides, even one made with the clock set back', () => {
    const h = history(
      { key: 'sessions.gap', value: minutes(10), at: clock('12:00:00') },
      { key: 'sessions.gap', value: minutes(20), at: clock('11:00:00') },
    )
    expect(smsGap(h, clock('13:00:00'))).toBe(minutes(20))
  })

  test('a regrouping decides for all that lies up to it, whatever is set; the latest one of several', () => {
    const set = { key: OWN, value: minutes(9), at: clock('08:00:00') }
    const first = { key: 'regroup', value: minutes(30), at: clock('11:00:00') }
    expect(smsGap(history(set, first), clock('11:00:00'))).toBe(minutes(30))
    expect(smsGap(history(set, first), clock('11:00:00') + 1)).toBe(minutes(9))
    const own = { key: `channels.${CHANNEL.number}.regroup`, value: minutes(2), at: clock('10:00:00') }
    expect(smsGap(history(set, first, own), clock('09:30:00'))).toBe(minutes(2))
    expect(smsGap(history(set, first, own), clock('10:30:00'))).toBe(minutes(30))
    expect(smsGap(history(set, first, { ...first, value: null }), clock('10:30:00'))).toBe(minutes(9))
  })

  test('it is constant where no change, or one to the same value, lies in between', () => {
    const h = history(
      { key: 'sessions.gap', value: DEFAULT_GAP_MS, at: clock('11:00:00') },
      { key: 'sessions.gap', value: minutes(10), at: clock('12:00:00') },
    )
    const constant = (from: string, to: string) => h.isConstant(CHANNEL, 'sms', clock(from), clock(to))
    expect(constant('10:00:00', '11:59:59.999')).toBe(true)
    expect(constant('10:00:00', '12:00:00')).toBe(false)
    expect(constant('12:00:00', '23:00:00')).toBe(true)
  })
})

describe('a change of the gap and the sessions there are', () => {
  test('what lies before it stays as it was; a silence that ends behind it is judged by it', () => {
    const desk = new Desk()
    const person = desk.key('+1')
    person.arrive(clock('10:00:00'), 'a')
    person.arrive(clock('10:10:00'), 'b')
    desk.setGap('sessions.gap', minutes(15), clock('10:12:00'))
    person.arrive(clock('10:20:00'), 'c')
    expect(person.groups).toEqual([['a'], ['b', 'c']])
  })

  test('a late message before the change parts a session that only the new gap holds together', () => {
    const desk = new Desk()
    const person = desk.key('+1')
    person.arrive(clock('10:00:00'), 'a')
    desk.setGap('sessions.gap', minutes(15), clock('10:08:00'))
    person.arrive(clock('10:12:00'), 'z')
    expect(person.groups).toEqual([['a', 'z']])
    const [session] = person.sessions
    person.arrive(clock('10:07:00'), 'm')
    expect(person.groups).toEqual([['a'], ['m', 'z']])
    expect(person.session(0).id).toBe(session?.id)
    expect(person.session(1).reason).toEqual({ kind: 'silence', silence_ms: 420_000, gap_ms: 300_000 })
  })

  test('in a channel without messages it also judges what is imported from long before', () => {
    const desk = new Desk()
    desk.setGap('sessions.gap', minutes(15), clock('12:00:00', 20))
    const person = desk.key('+1')
    person.arrive(clock('10:00:00'), 'a')
    person.arrive(clock('10:15:00'), 'b')
    expect(person.groups).toEqual([['a', 'b']])
  })

  test('regrouping joins and parts; the earliest message keeps the id; back again works', () => {
    const desk = new Desk()
    const person = desk.key('+1')
    for (const time of ['10:00:00', '10:04:00', '10:20:00', '10:50:00']) person.arrive(clock(time), time)
    const ids = person.sessions.map((s) => s.id)
    desk.setGap('regroup', minutes(20), clock('11:00:00'))
    expect(person.groups).toEqual([['10:00:00', '10:04:00', '10:20:00'], ['10:50:00']])
    expect(person.sessions.map((s) => s.id)).toEqual([ids[0], ids[2]])
    expect(person.session(1).reason).toEqual({
      kind: 'silence',
      silence_ms: minutes(30),
      gap_ms: minutes(20),
    })
    desk.setGap('regroup', minutes(2), clock('11:00:00'))
    expect(person.groups.map((g) => g.length)).toEqual([1, 1, 1, 1])
    desk.setGap('regroup', null, clock('11:00:00'))
    expect(person.groups.map((g) => g.length)).toEqual([2, 1, 1])
  })
})

describe('how a gap is written', () => {
  test.each([
    ['5m', 300_000],
    ['300s', 300_000],
    ['300', 300_000],
    ['1h', 3_600_000],
    [' 1.5 h ', 5_400_000],
    ['10 min', 600_000],
    ['1500ms', 1_500],
    ['1s', 1_000],
    ['24h', 86_400_000],
    ['1d', 86_400_000],
    ['1h30m', 5_400_000],
    [' 1 h 30 min ', 5_400_000],
    ['5m5s', 305_000],
    ['2h 15s', 7_215_000],
  ])('%j is %d ms', (text, ms) => expect(parseGap(text)).toBe(ms))

  test.each([
    '',
    'm',
    '0',
    '0s',
    '999ms',
    '25h',
    '-5m',
    '5 parsecs',
    '5s5m',
    '5m5m',
    '1h30',
    '1.5h30m',
    '1h 500ms',
    '23h60m1s',
    '1e3',
    'Infinity',
    '5M',
  ])('%j is no gap', (text) => expect(parseGap(text)).toBeUndefined())

  test.each([
    [300_000, '5m'],
    [90_000, '90s'],
    [3_600_000, '1h'],
    [86_400_000, '24h'],
    [1_500, '1500ms'],
  ])('%d ms is written %j, and read back', (ms, text) => {
    expect(formatGap(ms)).toBe(text)
    expect(parseGap(text)).toBe(ms)
  })
})
