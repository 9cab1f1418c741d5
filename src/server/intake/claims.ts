import type { Store } from '../store/types.ts'
import type { Taken } from './types.ts'

/** Takes each SID once, however often and by whatever way it comes, and gives all of them the same answer. */
export class Claims {
  readonly #store: Store
  readonly #underWay = new Map<string, Promise<Taken>>()

  constructor(store: Store) {
    this.#store = store
  }

  /** Runs `take` unless something with this SID is stored or under way. The claim is made before any work begins. */
  claim(sid: string, take: () => Promise<Taken>): Promise<Taken> {
    const underWay = this.#underWay.get(sid)
    if (underWay) return underWay.then((taken) => ({ ...taken, fresh: false }))
    const taking = this.#store.mayHave(sid) ? this.#known(sid, take) : take()
    this.#underWay.set(sid, taking)
    const release = (): void => {
      this.#underWay.delete(sid)
    }
    taking.then(release, release)
    return taking
  }

  async #known(sid: string, take: () => Promise<Taken>): Promise<Taken> {
    const message = await this.#store.find(sid)
    return message ? { message, fresh: false, session: message.session_id } : take()
  }
}
