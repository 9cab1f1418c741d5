import type { Clock } from '../ports.ts'

/** Node's timers hold at most this many milliseconds (2^31 − 1, about 24.8 days); a longer wait is taken in steps. */
const LONGEST_TIMER_MS = 2_147_483_647

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, task) => {
    let timer: NodeJS.Timeout
    const wait = (left: number): void => {
      const step = Math.min(left, LONGEST_TIMER_MS)
      timer = setTimeout(() => (left > step ? wait(left - step) : task()), Math.max(0, step))
      // Work that must not be lost is waited for by whoever closes things; a timer alone keeps no process alive.
      timer.unref()
    }
    wait(ms)
    return () => {
      clearTimeout(timer)
    }
  },
}

/** A clock that stands still until it is moved: for tests, and for the simulation's "ten minutes later". */
export interface ManualClock extends Clock {
  /** Moves on by `ms`, running what falls due on the way: in order of time, then of asking, each at its own time. */
  advance(ms: number): void
  /** Sets the time (ms) as a person sets a machine's clock, backwards too. Runs what is due by then. */
  set(time: number): void
  /** How many tasks wait: a test that ends with some has forgotten to close something. */
  readonly waiting: number
}

interface Task {
  at: number
  order: number
  run: () => void
}

/** @param start milliseconds since the epoch */
export function manualClock(start: number): ManualClock {
  let now = start
  let order = 0
  const tasks = new Set<Task>()

  const nextDue = (until: number): Task | undefined => {
    let due: Task | undefined
    for (const task of tasks) {
      if (task.at > until) continue
      if (!due || task.at < due.at || (task.at === due.at && task.order < due.order)) due = task
    }
    return due
  }
  const runUntil = (until: number): void => {
    // Asked anew after each task: what a task asks for may fall due within the same move.
    for (let due = nextDue(until); due; due = nextDue(until)) {
      tasks.delete(due)
      now = Math.max(now, due.at)
      due.run()
    }
    now = until
  }

  return {
    now: () => now,
    after: (ms, run) => {
      const task = { at: now + Math.max(0, ms), order: order++, run }
      tasks.add(task)
      return () => {
        tasks.delete(task)
      }
    },
    advance: (ms) => {
      if (ms < 0) throw new RangeError('advance goes forward; use set')
      runUntil(now + ms)
    },
    set: runUntil,
    get waiting() {
      return tasks.size
    },
  }
}
