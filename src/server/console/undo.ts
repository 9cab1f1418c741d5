import type { Undoable } from '../../shared/contract.ts'
import type { Session } from '../../shared/documents.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import type { Ids } from '../ports.ts'

/** Acts that can still be taken back; older ones are forgotten. */
const KEPT = 200

/** What undoes what was done, by the token a screen got for it. Each is used once. */
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
    if (!step) throw new SwitchboardError('not_possible', { what: 'That can no longer be undone.' })
    // Gone before it runs, so that pressed twice it is done once; back when the disk refused, so that it can be tried again.
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
