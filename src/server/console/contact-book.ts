import type { Contact } from '../../shared/documents.ts'
import type { Store } from '../store/types.ts'

/** Contacts by number, kept in step with the store. */
export class ContactBook {
  readonly #byNumber = new Map<string, Contact>()
  readonly #stop: () => void

  constructor(store: Store) {
    for (const contact of store.contacts()) this.#put(contact)
    this.#stop = store.onCommit((commit) => {
      for (const contact of commit.contacts ?? []) this.#put(contact)
    })
  }

  get(number: string): Contact | undefined {
    return this.#byNumber.get(number)
  }

  close(): void {
    this.#stop()
  }

  #put(contact: Contact): void {
    for (const number of contact.numbers) this.#byNumber.set(number, contact)
  }
}
