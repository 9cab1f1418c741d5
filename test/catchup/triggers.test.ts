import { expect, it } from 'vitest'
import { createTriggers } from '../../src/server/catchup/triggers.ts'
import type { Clock } from '../../src/server/ports.ts'
import { manualClock } from '../../src/server/system/clock.ts'
import { Machine } from '../soak/machine.ts'

it('what is to be read soon is read then, though the timer rings a moment early by the clock', () => {
  const clock = manualClock(0)
  const early: Clock = { now: clock.now, after: (ms, task) => clock.after(ms > 1 ? ms - 1 : ms, task) }
  const read: number[] = []
  const triggers = createTriggers(early, () => {
    read.push(clock.now())
  })
  triggers.start()
  triggers.soon()
  clock.advance(60_000)
  expect(read).toEqual([30_000])
  triggers.stop()
  expect(clock.waiting).toBe(0)
})

it('a network that is not there is tried every half minute at most, a list that fails ever later', () => {
  const clock = manualClock(0)
  const read: number[] = []
  let isUnreached = true
  const triggers = createTriggers(clock, () => {
    read.push(clock.now() / 1_000)
    triggers.afterFailure(isUnreached)
  })
  triggers.start()
  triggers.afterFailure(true)
  clock.advance(130_000)
  expect(read).toEqual([5, 15, 35, 65, 95, 125])
  isUnreached = false
  clock.advance(180_000)
  expect(read.slice(6)).toEqual([155, 185, 245])
  triggers.stop()
})

it('a clock that jumped is told as soon as it is looked at, once', () => {
  const clock = manualClock(0)
  const machine = new Machine(clock)
  const told: string[] = []
  const triggers = createTriggers(
    machine,
    () => told.push('time'),
    () => told.push('woke'),
  )
  triggers.look()
  triggers.start()
  clock.advance(40_000)
  machine.step(3_600_000)
  triggers.look()
  triggers.look()
  expect(told).toEqual(['woke'])
  clock.advance(30_000)
  machine.step(-3_600_000)
  clock.advance(30_000)
  expect(told).toEqual(['woke', 'woke'])
  triggers.stop()
})
