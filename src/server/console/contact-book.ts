import type { Contact } from '../../shared/documents.ts'
import type { Clock, Ids } from '../ports.ts'
import type { Commit, Store } from '../store/types.ts'

/**
 * Contacts by number. Memory first, like the store: a change holds here at once, so that the next one builds on it, and is
 * taken back when the disk refuses it.
 */
export class ContactBook {
  readonly #store: Store
  readonly #clock: Clock
  readonly #ids: Ids
  readonly #byNumber = new Map<string, Contact>()
  /** Changes by contact that are not durable yet: what the store tells of it meanwhile is older than what is here. */
  readonly #underWay = new Map<string, number>()
  readonly #stop: () => void

  constructor(store: Store, clock: Clock, ids: Ids) {
    this.#store = store
    this.#clock = clock
    this.#ids = ids
    for (const contact of store.contacts()) this.#put(contact)
    this.#stop = store.onCommit((commit) => {
      for (const contact of commit.contacts ?? []) if (!this.#underWay.has(contact._id)) this.#put(contact)
    })
  }

  get(number: string): Contact | undefined {
    return this.#byNumber.get(number)
  }

  /**
   * Changes the page of whoever has this number, made when there is none, in one record with `rest`. It holds here at
   * once; resolves with it as it was and is, when durable.
   */
  async edit(
    number: string,
    why: string,
    change: (contact: Contact) => Partial<Contact>,
    rest: Omit<Commit, 'why' | 'contacts'> = {},
  ): Promise<{ before: Contact; after: Contact }> {
    const now = new Date(this.#clock.now()).toISOString()
    const before = this.get(number) ?? this.#blank(number, now)
    const after = { ...before, ...change(before), updatedAt: now }
    const { _id } = after
    this.#put(after)
    this.#underWay.set(_id, (this.#underWay.get(_id) ?? 0) + 1)
    try {
      await this.#store.commit({ ...rest, why, contacts: [after] })
      this.#ended(_id)
    } catch (error) {
      this.#ended(_id)
      this.#takeBack(after)
      throw error
    }
    return { before, after }
  }

  close(): void {
    this.#stop()
  }

  #blank(number: string, createdAt: string): Contact {
    return {
      _id: this.#ids.next(),
      numbers: [number],
      name: '',
      notes: '',
      tags: [],
      consent: [],
      createdAt,
      updatedAt: createdAt,
    }
  }

  #ended(id: string): void {
    const left = (this.#underWay.get(id) ?? 1) - 1
    if (left === 0) this.#underWay.delete(id)
    else this.#underWay.set(id, left)
  }

  /** The store's memory is as it was before. */
  #takeBack(contact: Contact): void {
    for (const number of contact.numbers) this.#byNumber.delete(number)
    const known = this.#store.contacts().find((c) => c._id === contact._id)
    if (known) this.#put(known)
  }

  #put(contact: Contact): void {
    for (const number of contact.numbers) this.#byNumber.set(number, contact)
  }
}
