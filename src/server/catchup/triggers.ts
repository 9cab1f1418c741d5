import type { Clock } from '../ports.ts'
import { WEBHOOK_FIRST } from './pass.ts'

/** When the lists are read without anybody asking. */
export interface Triggers {
  start(): void
  /** The usual time from now. */
  later(): void
  /** As soon as what was left to its webhook has had its time. */
  soon(): void
  /** Ever later, until one succeeds. */
  afterFailure(): void
  /** There is no account yet: as soon as there is one. */
  whenPossible(): void
  stop(): void
}

const EVERY = 5 * 60_000
const FIRST_RETRY = 30_000
const LONGEST_RETRY = 15 * 60_000
/** How often the clock is looked at: a machine that slept, or a clock that was set, shows in a look that comes late or early. */
const LOOK = 30_000
const ODD = 3 * LOOK

export function createTriggers(clock: Clock, go: () => void): Triggers {
  let failures = 0
  let due = 0
  let looked = 0
  let takeBack: (() => void) | undefined

  function look(): void {
    const now = clock.now()
    const since = now - looked
    looked = now
    // Timers stand still while a machine sleeps; its clock doesn't.
    const isDue = now >= due || since > ODD || since < 0
    if (isDue) due = now + EVERY
    // A timer may ring a moment early by the clock: then what is due is looked at when it is, not a whole look later.
    takeBack = clock.after(Math.min(LOOK, due - now), look)
    if (isDue) go()
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
      failures = 0
      at(EVERY)
    },
    soon() {
      failures = 0
      at(WEBHOOK_FIRST)
    },
    afterFailure() {
      failures += 1
      at(Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** (failures - 1)))
    },
    whenPossible() {
      due = 0
    },
    stop() {
      takeBack?.()
      takeBack = undefined
    },
  }
}
