import { describe, expect, test } from 'vitest'
import { formatNumber } from '../../src/renderer/src/parts/phoneNumber.ts'
import { knownCodes } from '../../src/server/carrier/codes.ts'
import * as words from '../../src/renderer/src/words.ts'

/** A moment in the reader's own zone, whatever that is. */
const at = (year: number, month: number, day: number, hour = 0, minute = 0, second = 0) =>
  new Date(year, month - 1, day, hour, minute, second).getTime()
const now = at(2026, 11, 20, 10, 42, 21)
const MINUTE = 60_000
const HOUR = 60 * MINUTE

describe('times', () => {
  test('a list says the time today, yesterday, the day this week, the date before', () => {
    expect(words.listTime(at(2026, 11, 20, 9, 5), now)).toBe('9:05')
    expect(words.listTime(at(2026, 11, 19, 23, 59), now)).toBe('Yesterday')
    expect(words.listTime(at(2026, 11, 18, 23, 59), now)).toBe('Wed')
    expect(words.listTime(at(2026, 11, 12, 12), now)).toBe('12 Nov')
    expect(words.listTime(at(2025, 11, 12, 12), now)).toBe('12 Nov 2025')
  })
  test('day lines', () => {
    expect(words.dayName(at(2026, 11, 20), now)).toBe('Today')
    expect(words.dayName(at(2026, 11, 19, 23), now)).toBe('Yesterday')
    expect(words.dayName(at(2026, 11, 18), now)).toBe('Wednesday 18 November')
  })
  test('spans', () => {
    expect(words.span(at(2026, 11, 20, 10, 24), at(2026, 11, 20, 10, 36), now)).toBe('Today 10:24–10:36')
    expect(words.span(at(2026, 11, 19, 18, 41), at(2026, 11, 19, 18, 46), now)).toBe(
      'Thu 19 Nov, 18:41–18:46',
    )
    expect(words.span(at(2026, 11, 17, 9, 12), at(2026, 11, 17, 9, 12, 40), now)).toBe('Tue 17 Nov, 9:12')
    expect(words.span(at(2026, 11, 19, 18, 52), at(2026, 11, 20, 10, 38), now)).toBe(
      'Thu 19 Nov, 18:52 – today 10:38',
    )
    expect(words.span(at(2026, 11, 18, 18, 52), at(2026, 11, 19, 10, 38), now)).toBe(
      'Wed 18 Nov, 18:52 – yesterday 10:38',
    )
  })
})

describe('lengths', () => {
  test.each([
    [42_000, '42 s'],
    [5 * MINUTE, '5 min'],
    [6 * MINUTE + 12_000, '6 min 12 s'],
    [2 * HOUR + 40 * MINUTE, '2 h 40 min'],
    [67 * HOUR, '2 days 19 h'],
    [24 * HOUR, '1 day'],
    [16 * 24 * HOUR, '16 days'],
    [42 * 24 * HOUR, '6 weeks'],
    [245 * 24 * HOUR, '8 months'],
  ])('%i ms', (ms, said) => expect(words.duration(ms)).toBe(said))

  test('waiting says one step, and nothing below a minute', () => {
    expect(words.waiting(59_000)).toBe('just now')
    expect(words.waiting(4.9 * MINUTE)).toBe('4 min')
    expect(words.waiting(26 * HOUR)).toBe('1 day')
  })
})

describe('why a session began', () => {
  test('silence beside the gap it exceeded', () => {
    const reason = { kind: 'silence', silence_ms: 6 * MINUTE + 12_000, gap_ms: 5 * MINUTE } as const
    expect(words.reasonWords(reason, 'sms', now)).toBe('6 min 12 s of silence, the gap is 5 min')
    expect(words.gapShare(reason)).toBeCloseTo(0.806, 2)
  })
  test('a silence just over the gap never reads like the gap itself', () => {
    const reason = { kind: 'silence', silence_ms: 5 * MINUTE + 1, gap_ms: 5 * MINUTE } as const
    expect(words.reasonWords(reason, 'sms', now)).toBe('5 min 0.001 s of silence, the gap is 5 min')
  })
  test('closed, split and first', () => {
    const closed = { kind: 'closed', at: new Date(at(2026, 10, 3, 12)).toISOString() } as const
    expect(words.reasonWords(closed, 'whatsapp', now)).toBe(
      'closed by you on 3 October, so this message began anew',
    )
    expect(words.reasonWords({ kind: 'first' }, 'voice', now)).toBe('first call')
  })
})

describe('codes', () => {
  test('known ones in plain words, others honestly', () => {
    expect(words.codeWords(30003)).toBe('The phone is off or out of reach. Retry later.')
    expect(words.codeWords(99999)).toContain('Look it up')
    expect(words.codeWords(undefined)).toContain('did not say why')
  })

  test('each that the console explains has words here, with the next step', () => {
    for (const code of knownCodes()) {
      const said = words.codeWords(code)
      expect(said, String(code)).not.toBe(words.codeWords(99999))
      expect(said, String(code)).toMatch(/^[A-Z].+\. [A-Z].+\.$/)
    }
  })
})

describe('numbers', () => {
  test.each([
    ['+16075550142', '+1 607 555 0142'],
    ['+971505550134', '+971 50 555 0134'],
    ['+819055500188', '+81 90 5550 0188'],
    ['+442079460958', '+44 20 7946 0958'],
    ['CA0123456789abcdef', 'CA0123456789abcdef'],
    ['Acme', 'Acme'],
  ])('%s', (number, said) => expect(formatNumber(number)).toBe(said))
})
