import { describe, expect, it, vi } from 'vitest'
import { manualClock, movableClock } from '../../src/server/carrier/simulator/index.ts'

describe('a manual clock', () => {
  it('runs timers in order, each at its own time', async () => {
    const clock = manualClock(1000)
    const ran: string[] = []
    clock.after(50, () => ran.push(`b ${clock.now()}`))
    clock.after(10, () => {
      ran.push(`a ${clock.now()}`)
      clock.after(20, () => ran.push(`nested ${clock.now()}`))
    })
    clock.after(50, () => ran.push(`c ${clock.now()}`))
    const cancel = clock.after(20, () => ran.push('never'))
    cancel()
    await clock.advance(49)
    expect(ran).toEqual(['a 1010', 'nested 1030'])
    await clock.advance(1)
    expect(ran).toEqual(['a 1010', 'nested 1030', 'b 1050', 'c 1050'])
    expect(clock.waiting).toBe(0)
    expect(clock.now()).toBe(1050)
  })

  it('takes moves one after another', async () => {
    const clock = manualClock(0)
    await Promise.all([clock.advance(10), clock.advance(20)])
    expect(clock.now()).toBe(30)
  })
})

describe('a movable clock', () => {
  it('goes by itself and can be moved ahead', async () => {
    let real = 5000
    const clock = movableClock(() => real, 100)
    expect(clock.now()).toBe(100)
    real += 7
    expect(clock.now()).toBe(107)
    await clock.advance(1000)
    expect(clock.now()).toBe(1107)
    real -= 500
    expect(clock.now()).toBe(1107)
  })

  it('stands still while it is held, and goes on from there', async () => {
    let real = 0
    const clock = movableClock(() => real)
    const release = clock.hold()
    real += 500
    expect(clock.now()).toBe(0)
    await clock.advance(60_000)
    expect(clock.now()).toBe(60_000)
    release()
    expect(clock.now()).toBe(60_000)
    real += 5
    expect(clock.now()).toBe(60_005)
  })

  it('runs its timers by itself', async () => {
    vi.useFakeTimers()
    try {
      const clock = movableClock()
      let ran = 0
      clock.after(1000, () => (ran += 1))
      await vi.advanceTimersByTimeAsync(999)
      expect(ran).toBe(0)
      await vi.advanceTimersByTimeAsync(2)
      expect(ran).toBe(1)
    } finally {
      vi.useRealTimers()
    }
  })
})
