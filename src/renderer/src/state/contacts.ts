import type { ContactView, Failure, Result } from '../../../shared/contract.ts'
import { Cell, Table } from './cell.ts'

/** Contacts by number, read when somebody looks and read again when the feed touched them. */
export class Contacts {
  readonly byNumber = new Table<ContactView>()
  /** Why a contact that was asked for could not be read. */
  readonly refused = new Table<Failure>()
  /** What the contacts page looks for. */
  readonly sought = new Cell('')
  readonly #read: (number: string) => Promise<Result<ContactView>>
  readonly #reading = new Set<string>()
  readonly #stale = new Set<string>()

  constructor(read: (number: string) => Promise<Result<ContactView>>) {
    this.#read = read
  }

  need(number: string): void {
    if (!this.byNumber.get(number)) void this.#fetch(number)
  }

  /** Numbers whose contact or sessions changed; only those that were asked for are read again. */
  changed(numbers: readonly string[]): void {
    for (const number of new Set(numbers))
      if (this.byNumber.get(number) ?? this.refused.get(number)) void this.#fetch(number)
  }

  again(): void {
    this.changed([...this.byNumber.keys()])
    this.retryFailed()
  }

  /** Those that could not be read; the line may have been gone. */
  retryFailed(): void {
    for (const number of [...this.refused.keys()]) void this.#fetch(number)
  }

  async #fetch(number: string): Promise<void> {
    if (this.#reading.has(number)) {
      this.#stale.add(number)
      return
    }
    this.#reading.add(number)
    const result = await this.#read(number)
    this.#reading.delete(number)
    if (result.ok) {
      this.refused.delete(number)
      this.byNumber.set(number, result.value)
    } else {
      // A simulation was begun anew, and knows nobody of the last one.
      if (result.error.code === 'no_such_contact') this.byNumber.delete(number)
      if (!this.byNumber.get(number)) this.refused.set(number, result.error)
    }
    if (this.#stale.delete(number)) await this.#fetch(number)
  }
}
