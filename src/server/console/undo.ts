import type { Undoable } from '../../shared/contract.ts'
import type { Session } from '../../shared/documents.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import type { Ids } from '../ports.ts'

/** Acts that can still be taken back; older ones are forgotten. */
const KEPT = 200

/**
 * What undoes what was done, by the token a screen got for it. Each is used once. A way back must throw undo_overtaken
 * where it would change nothing, or would take back what somebody did later: nobody is told "Undone" of nothing.
 */
export class Undo {
  readonly #ids: Ids
  readonly #steps = new Map<string, { done: string; back: () => Promise<unknown> }>()

  constructor(ids: Ids) {
    this.#ids = ids
  }

  /** @param done what was done, in words for the toast */
  keep(done: string, session: Session | null, back: () => Promise<unknown>): Undoable {
    const undo = this.#ids.secret(12)
    this.#steps.set(undo, { done, back })
    const oldest = this.#steps.keys().next()
    if (this.#steps.size > KEPT && !oldest.done) this.#steps.delete(oldest.value)
    return { undo, done, session }
  }

  async take(undo: string): Promise<{ done: string }> {
    const step = this.#steps.get(undo)
    if (!step) throw new SwitchboardError('undo_gone')
    // Gone before it runs, so that pressed twice it is done once; back when the disk refused, or when a later act is in its
    // way, so that it can be tried again.
    this.#steps.delete(undo)
    try {
      await step.back()
    } catch (error) {
      this.#steps.set(undo, step)
      throw error
    }
    return { done: `Undone: ${step.done}` }
  }
}

/** Throws SwitchboardError undo_overtaken unless things are as the act left them. */
export function expectUntouched(untouched: boolean): void {
  if (!untouched) throw new SwitchboardError('undo_overtaken')
}
