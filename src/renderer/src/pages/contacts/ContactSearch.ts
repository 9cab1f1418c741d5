import type { ContactView, RequestInput, Result, Results } from '../../../../shared/contract.ts'
import { Cell } from '../../state/cell.ts'

const PAGE = 100

export interface Found {
  search: string
  total: number
  /** Contacts by place; a hole was not read yet. */
  rows: readonly (ContactView | undefined)[]
  state: 'loading' | 'ready' | 'failed'
  message: string
}

type Read = (input: RequestInput<'contacts.list'>) => Promise<Result<Results['contacts.list']>>

/** The contacts that fit some words, in pages of 100, read as they come into view. */
export class ContactSearch {
  readonly found = new Cell<Found>({ search: '', total: 0, rows: [], state: 'loading', message: '' })
  readonly #read: Read
  readonly #reading = new Set<number>()
  #generation = 0

  constructor(read: Read) {
    this.#read = read
  }

  /** Looks for other words; what was found stays in sight until the new answer is here. */
  async look(search: string): Promise<void> {
    this.#generation += 1
    this.#reading.clear()
    this.found.update((found) => ({ ...found, search }))
    await this.#fetch(0, true)
  }

  async again(): Promise<void> {
    await this.look(this.found.get().search)
  }

  /** Reads the pages these places lie in, those that are not here yet. */
  need(from: number, to: number): void {
    const { rows, total, state } = this.found.get()
    if (state !== 'ready') return
    for (let offset = from - (from % PAGE); offset < Math.min(to, total); offset += PAGE) {
      const end = Math.min(offset + PAGE, total)
      for (let place = offset; place < end; place += 1) {
        if (rows[place] !== undefined) continue
        void this.#fetch(offset)
        break
      }
    }
  }

  async #fetch(offset: number, anew = false): Promise<void> {
    if (this.#reading.has(offset)) return
    this.#reading.add(offset)
    const generation = this.#generation
    const { search } = this.found.get()
    const answer = await this.#read({ search, offset, limit: PAGE })
    if (generation !== this.#generation) return
    this.#reading.delete(offset)
    const found = this.found.get()
    if (!answer.ok) {
      this.found.set({ ...found, state: 'failed', message: answer.error.message })
      return
    }
    const { contacts, total } = answer.value
    const rows = anew ? [] : [...found.rows]
    contacts.forEach((contact, at) => (rows[offset + at] = contact))
    this.found.set({ search, total, rows, state: 'ready', message: '' })
  }
}
