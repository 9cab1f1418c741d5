import { expect, test } from 'vitest'
import { explain, formatDuration, placeOf } from '../../src/shared/words.ts'

test.each([
  [0, '0 s'],
  [840, '840 ms'],
  [1_500, '1.5 s'],
  [59_999, '59.9 s'],
  [300_000, '5 min'],
  [372_400, '6 min 12 s'],
  [5_400_000, '1 h 30 min'],
  [3_605_000, '1 h'],
  [93_600_000, '1 d 2 h'],
])('%d ms is %s', (ms, words) => expect(formatDuration(ms)).toBe(words))

test('why a session is one of its own', () => {
  const at = '2025-01-15T10:00:00.000Z'
  expect(explain({ kind: 'first' })).toBe('first contact')
  expect(explain({ kind: 'closed', at })).toBe('closed before')
  expect(explain({ kind: 'split', at })).toBe('split here')
  const silence = (silence_ms: number) => explain({ kind: 'silence', silence_ms, gap_ms: 300_000 })
  expect(silence(372_000)).toBe('6 min 12 s of silence, the gap is 5 min')
  expect(silence(300_001)).toBe('just over 5 min of silence, the gap is 5 min')
})

test('a place has its name and its address on a map; what is no place has neither', () => {
  const at = { Latitude: '52.5163', Longitude: '-13.3777' }
  const url = 'https://www.openstreetmap.org/?mlat=52.5163&mlon=-13.3777'
  expect(placeOf({ content: '', params: at })).toEqual({ words: 'Location', url })
  expect(placeOf({ content: '', params: { ...at, Label: 'The gate', Address: 'Market St 1' } })).toEqual({
    words: 'Location: The gate, Market St 1',
    url,
  })
  for (const params of [{}, { Latitude: '', Longitude: '' }, { ...at, Latitude: 'javascript:' }])
    expect(placeOf({ content: '', params })).toBeNull()
  expect(placeOf({ content: 'Here', params: at })).toBeNull()
})
