import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createIds, manualClock } from '../../src/server/system/index.ts'

describe('ids', () => {
  it('are ObjectIds of the clock’s second', () => {
    const id = createIds(manualClock(Date.parse('2025-01-15T10:00:00Z'))).next()
    expect(id).toMatch(/^[0-9a-f]{24}$/)
    expect(parseInt(id.slice(0, 8), 16) * 1000).toBe(Date.parse('2025-01-15T10:00:00Z'))
  })

  it('rise and never repeat, however the clock moves', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -100_000, max: 100_000 }), { maxLength: 200 }), (moves) => {
        const clock = manualClock(1_700_000_000_000)
        const ids = createIds(clock)
        const made = moves.map((move) => {
          clock.set(clock.now() + move)
          return ids.next()
        })
        expect(made).toEqual([...new Set(made)].sort())
      }),
    )
  })

  it('rise over the counter’s end', () => {
    const ids = createIds(manualClock(1_700_000_000_000), (n) => Buffer.alloc(n, 0xff).fill(0xfe, n - 1))
    expect(ids.next()).toBe('6553f100fffffffffeffffff')
    expect(ids.next()).toBe('6553f101fffffffffe000000')
    expect(ids.next()).toBe('6553f101fffffffffe000001')
  })

  it('make secrets of the length asked for', () => {
    const ids = createIds(manualClock(0))
    expect(ids.secret(32)).toMatch(/^[\w-]{43}$/)
    expect(ids.secret(32)).not.toBe(ids.secret(32))
  })
})
