import { describe, expect, test } from 'vitest'
import {
  ActIndex,
  constantGap,
  DEFAULT_GAP_MS,
  type Interval,
  place,
  prolong,
  refold,
  type TimeLine,
} from '../../src/server/sessions/index.ts'

const NO_ACTS = new ActIndex([])
const gapAt = constantGap(DEFAULT_GAP_MS)
const always = () => true
const HOUR = 3_600_000

/** One message an hour, and how often the line was asked. */
function hourly(size: number) {
  const asked = { times: 0 }
  const line: TimeLine = {
    size,
    interval(index): Interval {
      asked.times += 1
      const first = { at: index * HOUR, sid: 'SM' }
      return { id: String(index), first, last: first, until: first.at }
    },
  }
  return { line, asked }
}

describe('what it costs to place a message among 100,000 sessions', () => {
  const size = 100_000
  // A binary search, and a few looks at the neighbours.
  const limit = Math.ceil(Math.log2(size)) + 8

  test.each([
    ['behind all', size * HOUR, 'created'],
    ['into the newest', (size - 1) * HOUR + 1, 'extended'],
    ['before all', -HOUR, 'created'],
    ['into the first', 1, 'extended'],
    ['between two', 50_000 * HOUR + HOUR / 2, 'created'],
    ['right before one', 50_000 * HOUR - 1, 'extended'],
  ])('%s: a seek, not a scan', (_, at, outcome) => {
    const { line, asked } = hourly(size)
    expect(place(line, { at, sid: 'x', until: at }, NO_ACTS, gapAt, always)).toMatchObject({ outcome })
    expect(asked.times).toBeLessThanOrEqual(limit)
  })

  test('a call that goes on, too', () => {
    const { line, asked } = hourly(size)
    const at = 70_000 * HOUR
    expect(prolong(line, { at, sid: 'SM', until: at + HOUR }, NO_ACTS, gapAt).outcome).toBe('merged')
    expect(asked.times).toBeLessThanOrEqual(limit)
  })

  test('regrouping them all looks at each a few times', () => {
    const { line, asked } = hourly(size)
    const items = Array.from({ length: size }, (_, i) => ({ at: i * HOUR, sid: 'SM', until: i * HOUR }))
    const refolded = refold(line, 0, size - 1, items, NO_ACTS, constantGap(HOUR))
    expect(refolded).toHaveLength(1)
    expect(refolded[0]?.change.absorbed).toHaveLength(size - 1)
    expect(asked.times).toBeLessThanOrEqual(3 * size)
  })
})

describe('refold at the edges of what it was given', () => {
  test('takes in the sessions beside it from their intervals alone', () => {
    const { line } = hourly(5)
    const items = [{ at: 2 * HOUR, sid: 'SM', until: 2 * HOUR }]
    const refolded = refold(line, 2, 2, items, NO_ACTS, constantGap(HOUR))
    expect(refolded).toMatchObject([{ change: { id: '1', absorbed: ['2', '3', '4'] }, items }])
  })

  test('a part that joins the session behind it has that session’s id', () => {
    const { line } = hourly(3)
    const late = { at: 2 * HOUR - 1, sid: 'late', until: 2 * HOUR - 1 }
    const items = [{ at: HOUR, sid: 'SM', until: HOUR }, late]
    const refolded = refold(line, 1, 1, items, NO_ACTS, gapAt)
    expect(refolded.map((r) => r.change.id)).toEqual(['0', '1', '2'])
    expect(refolded[2]).toMatchObject({ change: { absorbed: [], first: { sid: 'late' } }, items: [late] })
  })

  test('nothing comes of nothing', () => {
    expect(refold(hourly(0).line, 0, -1, [], NO_ACTS, gapAt)).toEqual([])
  })
})
