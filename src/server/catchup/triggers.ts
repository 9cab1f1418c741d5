import type { Clock } from '../ports.ts'
import { WEBHOOK_FIRST } from './pass.ts'

/** When the lists are read without anybody asking. */
export interface Triggers {
  start(): void
  /** The usual time from now. */
  later(): void
  /** As soon as what was left to its webhook has had its time. */
  soon(): void
  /** Ever later, until one succeeds; where the carrier could not even be reached never much later. */
  afterFailure(isUnreached: boolean): void
  /** There is no account yet: as soon as there is one. */
  whenPossible(): void
  /** Looks at the clock now: whether the machine was asleep since the last look is told before this returns. */
  look(): void
  stop(): void
}

const EVERY = 5 * 60_000
const FIRST_RETRY = 30_000
const LONGEST_RETRY = 15 * 60_000
/** A network that is not there yet is tried sooner, and costs nobody anything. */
const FIRST_UNREACHED = 5_000
const LONGEST_UNREACHED = 30_000
/** How often the clock is looked at: a machine that slept, or a clock that was set, shows in a look that comes late or early. */
const LOOK = 30_000
const ODD = 3 * LOOK

/** `go`: it is time. `woke`: the machine was asleep, or its clock was set; what waits to be sent is to wait for what is read now. */
export function createTriggers(clock: Clock, go: () => void, woke: () => void = go): Triggers {
  let failures = 0
  let unreached = 0
  let due = 0
  let looked = 0
  let takeBack: (() => void) | undefined

  function look(): void {
    const now = clock.now()
    const isAwake = hasSlept(now)
    const isDue = now >= due || isAwake
    if (isDue) due = now + EVERY
    // A timer may ring a moment early by the clock: then what is due is looked at when it is, not a whole look later.
    takeBack = clock.after(Math.min(LOOK, due - now), look)
    if (isAwake) woke()
    else if (isDue) go()
  }

  /** Timers stand still while a machine sleeps; its clock doesn't. */
  function hasSlept(now: number): boolean {
    const since = now - looked
    looked = now
    return since > ODD || since < 0
  }

  function at(ms: number): void {
    due = clock.now() + ms
    if (!takeBack || ms > LOOK) return
    // Looked when it is due: at the next look it would be as late again.
    takeBack()
    takeBack = clock.after(ms, look)
  }

  return {
    start() {
      looked = clock.now()
      at(EVERY)
      takeBack ??= clock.after(LOOK, look)
    },
    later() {
      failures = unreached = 0
      at(EVERY)
    },
    soon() {
      failures = unreached = 0
      at(WEBHOOK_FIRST)
    },
    afterFailure(isUnreached) {
      failures = isUnreached ? 0 : failures + 1
      unreached = isUnreached ? unreached + 1 : 0
      at(
        isUnreached
          ? Math.min(LONGEST_UNREACHED, FIRST_UNREACHED * 2 ** (unreached - 1))
          : Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** (failures - 1)),
      )
    },
    whenPossible() {
      due = 0
    },
    look() {
      // Before the start, and behind the end, nothing is looked at.
      if (!takeBack) return
      const now = clock.now()
      if (!hasSlept(now)) return
      at(EVERY)
      woke()
    },
    stop() {
      takeBack?.()
      takeBack = undefined
    },
  }
}
