import { describe, expect, test } from 'vitest'
import { segmentsOf } from '../../src/renderer/src/pages/sessions/segments.ts'

describe('segments of a text', () => {
  test('nothing takes one segment of GSM-7', () => {
    expect(segmentsOf('')).toEqual({ encoding: 'GSM-7', used: 0, room: 160, count: 1 })
  })
  test.each([
    [160, 1, 160],
    [161, 2, 306],
    [306, 2, 306],
    [307, 3, 459],
  ])('%i plain characters take %i segments', (length, count, room) => {
    expect(segmentsOf('a'.repeat(length))).toEqual({ encoding: 'GSM-7', used: length, room, count })
  })
  test('the euro sign and brackets take two places each', () => {
    expect(segmentsOf('€[]').used).toBe(6)
    expect(segmentsOf('€'.repeat(81)).count).toBe(2)
  })
  test('an escaped character is not cut in two: 153 places hold 76 of them', () => {
    expect(segmentsOf('€'.repeat(152)).count).toBe(2)
    expect(segmentsOf('€'.repeat(153)).count).toBe(3)
  })
  test.each([
    ['ж', 70, 1, 70],
    ['ж', 71, 2, 134],
    ['ж', 135, 3, 201],
  ])('%s × %i takes %i segments of UCS-2', (letter, length, count, room) => {
    expect(segmentsOf(letter.repeat(length))).toEqual({ encoding: 'UCS-2', used: length, room, count })
  })
  test('one emoji makes the whole text UCS-2 and takes two units that stay together', () => {
    expect(segmentsOf('Hello 🙏')).toEqual({ encoding: 'UCS-2', used: 8, room: 70, count: 1 })
    expect(segmentsOf('🙏'.repeat(66)).count).toBe(2)
    expect(segmentsOf('🙏'.repeat(67)).count).toBe(3)
  })
  test('accents of the basic set stay GSM-7; others do not', () => {
    expect(segmentsOf('Zoë')).toMatchObject({ encoding: 'UCS-2' })
    expect(segmentsOf('à é ñ Ü')).toMatchObject({ encoding: 'GSM-7' })
  })
})
