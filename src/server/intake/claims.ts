import { SwitchboardError } from '../../shared/errors.ts'
import type { Store } from '../store/types.ts'
import type { Taken } from './types.ts'

/** Takes each SID once, however often and by whatever way it comes, and gives all of them the same answer. */
export class Claims {
  readonly #store: Store
  readonly #underWay = new Map<string, Promise<Taken>>()

  constructor(store: Store) {
    this.#store = store
  }

  /**
   * Runs `take` unless something with this SID is stored or under way. The claim is made before any work begins.
   * Rejects with SwitchboardError `erased` when what had this SID was erased: it doesn't come back by any way.
   */
  claim(sid: string, take: () => Promise<Taken>): Promise<Taken> {
    return this.#once(sid, () => (this.#store.mayHave(sid) ? this.#known(sid, take) : take()))
  }

  /** The same for a message of ours, whose _id is known before it is made. */
  claimId(id: string, take: () => Promise<Taken>): Promise<Taken> {
    return this.#once(id, () => this.#known(id, take))
  }

  #once(name: string, begin: () => Promise<Taken>): Promise<Taken> {
    const underWay = this.#underWay.get(name)
    if (underWay) return underWay.then((taken) => ({ ...taken, fresh: false }))
    const taking = begin()
    this.#underWay.set(name, taking)
    const release = (): void => {
      this.#underWay.delete(name)
    }
    taking.then(release, release)
    return taking
  }

  async #known(sidOrId: string, take: () => Promise<Taken>): Promise<Taken> {
    if (this.#store.isErased(sidOrId)) throw new SwitchboardError('erased')
    const message = await this.#store.find(sidOrId)
    return message ? { message, fresh: false, session: message.session_id } : take()
  }
}
