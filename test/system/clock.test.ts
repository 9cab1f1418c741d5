import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { manualClock, systemClock } from '../../src/server/system/index.ts'

describe('the manual clock', () => {
  it('runs what falls due in order of time, each at its own time', () => {
    const clock = manualClock(1_000)
    const ran: [string, number][] = []
    const at = (name: string, ms: number) => clock.after(ms, () => ran.push([name, clock.now()]))
    at('late', 300)
    at('early', 100)
    at('early, asked second', 100)
    at('not yet', 301)
    clock.advance(300)
    expect(ran).toEqual([
      ['early', 1_100],
      ['early, asked second', 1_100],
      ['late', 1_300],
    ])
    expect(clock.now()).toBe(1_300)
    expect(clock.waiting).toBe(1)
  })

  it('runs within one move what a task asks for on the way', () => {
    const clock = manualClock(0)
    const ticks: number[] = []
    const tick = (): void => {
      ticks.push(clock.now())
      clock.after(100, tick)
    }
    clock.after(100, tick)
    clock.advance(350)
    expect(ticks).toEqual([100, 200, 300])
  })

  it('takes a task back, and goes backwards when it is set', () => {
    const clock = manualClock(5_000)
    let ran = 0
    const cancel = clock.after(10, () => ran++)
    cancel()
    clock.set(1_000)
    expect(clock.now()).toBe(1_000)
    clock.advance(10_000)
    expect(ran).toBe(0)
    expect(() => clock.advance(-1)).toThrow(RangeError)
  })
})

describe('the system clock', () => {
  it('runs a task, unless it is taken back', async () => {
    let ran = ''
    systemClock.after(5, () => (ran += 'a'))
    systemClock.after(5, () => (ran += 'b'))()
    // Longer than a timer can hold: Node would run it at once.
    const cancel = systemClock.after(2 ** 40, () => (ran += 'c'))
    await sleep(60)
    cancel()
    expect(ran).toBe('a')
  })
})
