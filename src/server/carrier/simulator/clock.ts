import type { Clock } from '../../ports.ts'

/** A clock that can be moved, for a simulation or a test. */
export interface SimulationClock extends Clock {
  /**
   * Moves time on by `ms` and runs every timer that falls due on the way, in order and each at its own time; between
   * two of them what they set off gets a turn of the event loop. Never moves back.
   */
  advance(ms: number): Promise<void>
  /** Shows `time` (ms) from now on, an earlier one too; what waits for the clock goes on waiting as long as before. */
  set(time: number): void
  /**
   * Stops the clock from going by itself until the returned function is called, so that what happens in between takes
   * no simulated time. A manual clock is always held.
   */
  hold(): () => void
  /** Timers that wait; for tests. */
  readonly waiting: number
}

interface Timer {
  due: number
  order: number
  task: () => void
}

/** Longest that Node's own timers take (2³¹ − 1 ms). */
const LONGEST_SLEEP = 2_147_483_647

/** A clock that stands still unless it is moved. `start` in ms since the epoch. */
export function manualClock(start: number): SimulationClock {
  return makeClock(() => 0, start, { runsByItself: false })
}

/** A clock that goes like `base` (ms) and can be moved ahead of it. `start`: what it shows at first; else the same. */
export function movableClock(base: () => number = Date.now, start = base()): SimulationClock {
  return makeClock(base, start - base(), { runsByItself: true })
}

function makeClock(
  base: () => number,
  firstOffset: number,
  { runsByItself }: { runsByItself: boolean },
): SimulationClock {
  let offset = firstOffset
  let holders = 0
  let heldAt = 0
  let latest = Number.NEGATIVE_INFINITY
  let nextOrder = 0
  let moving: Promise<void> = Promise.resolve()
  const timers: Timer[] = []
  let alarm: NodeJS.Timeout | undefined

  /** Never goes back, though the machine's clock may. */
  function now(): number {
    latest = Math.max(latest, holders > 0 ? heldAt : base() + offset)
    return latest
  }

  function moveTo(time: number): void {
    if (holders > 0) heldAt = Math.max(heldAt, time)
    else offset += Math.max(0, time - now())
  }

  function takeDue(limit: number): Timer | undefined {
    const [first] = timers
    return first !== undefined && first.due <= limit ? timers.shift() : undefined
  }

  function setAlarm(): void {
    clearTimeout(alarm)
    alarm = undefined
    const [first] = timers
    if (!runsByItself || holders > 0 || first === undefined) return
    const sleep = Math.min(Math.max(0, first.due - now()), LONGEST_SLEEP)
    alarm = setTimeout(() => {
      takeDue(now())?.task()
      setAlarm()
    }, sleep).unref()
  }

  async function move(ms: number): Promise<void> {
    const target = now() + ms
    for (let timer = takeDue(target); timer !== undefined; timer = takeDue(target)) {
      moveTo(timer.due)
      timer.task()
      await turn()
    }
    moveTo(target)
    setAlarm()
  }

  return {
    now,
    get waiting() {
      return timers.length
    },
    after(ms, task) {
      const timer = { due: now() + Math.max(0, ms), order: nextOrder++, task }
      const place = timers.findIndex((other) => other.due > timer.due)
      timers.splice(place === -1 ? timers.length : place, 0, timer)
      setAlarm()
      return () => {
        const index = timers.indexOf(timer)
        if (index !== -1) timers.splice(index, 1)
        setAlarm()
      }
    },
    advance(ms) {
      const moved = moving.then(() => move(ms))
      moving = moved.catch(() => undefined)
      return moved
    },
    set(time) {
      const by = time - now()
      latest = time
      if (holders > 0) heldAt = time
      else offset += by
      for (const timer of timers) timer.due += by
      setAlarm()
    },
    hold() {
      if (holders === 0) heldAt = now()
      holders += 1
      setAlarm()
      let released = false
      return () => {
        if (released) return
        released = true
        holders -= 1
        if (holders > 0) return
        offset = heldAt - base()
        setAlarm()
      }
    },
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
