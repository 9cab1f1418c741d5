import { expect, it } from 'vitest'
import { createTriggers } from '../../src/server/catchup/triggers.ts'
import type { Clock } from '../../src/server/ports.ts'
import { manualClock } from '../../src/server/system/clock.ts'

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
