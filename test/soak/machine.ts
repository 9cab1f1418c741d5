import type { Clock } from '../../src/server/ports.ts'

interface Timer {
  left: number
  began: number
  task: () => void
  takeBack: () => void
}

/**
 * A machine in a world: its clock may be wrong and may be set, its timers stand still while it sleeps, and nothing runs
 * on it any more once it has lost its power.
 */
export class Machine implements Clock {
  readonly #world: Clock
  readonly #timers = new Set<Timer>()
  #offset = 0
  #asleep = false
  #dead = false

  constructor(world: Clock, offset = 0) {
    this.#world = world
    this.#offset = offset
  }

  get offset(): number {
    return this.#offset
  }

  get asleep(): boolean {
    return this.#asleep
  }

  now(): number {
    return this.#world.now() + this.#offset
  }

  after(ms: number, task: () => void): () => void {
    const timer: Timer = { left: Math.max(0, ms), began: this.#world.now(), task, takeBack: () => undefined }
    this.#timers.add(timer)
    if (!this.#asleep) this.#arm(timer)
    return () => {
      timer.takeBack()
      this.#timers.delete(timer)
    }
  }

  /** Somebody sets the clock, forwards or back (ms). */
  step(ms: number): void {
    this.#offset += ms
  }

  sleep(): void {
    if (this.#asleep) return
    this.#asleep = true
    for (const timer of this.#timers) {
      timer.takeBack()
      timer.left = Math.max(0, timer.left - (this.#world.now() - timer.began))
    }
  }

  wake(): void {
    if (!this.#asleep) return
    this.#asleep = false
    for (const timer of this.#timers) this.#arm(timer)
  }

  die(): void {
    this.#dead = true
    for (const timer of this.#timers) timer.takeBack()
    this.#timers.clear()
  }

  #arm(timer: Timer): void {
    if (this.#dead) return
    timer.began = this.#world.now()
    timer.takeBack = this.#world.after(timer.left, () => {
      this.#timers.delete(timer)
      timer.task()
    })
  }
}
