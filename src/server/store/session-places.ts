import type { Id } from '../../shared/documents.ts'
import { PAGE_ROWS, WORDS } from './session-page.ts'
import type { SessionTable } from './session-table.ts'

/**
 * Which segments hold a session's messages. Nearly always one or two neighbours, which two numbers in the session's row
 * say; a list only where they lie farther apart. May name a segment too many, never one too few.
 */
export class SessionPlaces {
  readonly #table: SessionTable
  readonly #apart = new Map<number, number[]>()
  /** Messages seen before their session. */
  readonly #waiting = new Map<Id, number[]>()

  constructor(table: SessionTable) {
    this.#table = table
  }

  note(session: Id, segment: number): void {
    const number = this.#table.find(session)
    if (number === undefined) {
      const list = this.#waiting.get(session) ?? []
      if (!list.includes(segment)) list.push(segment)
      this.#waiting.set(session, list)
      return
    }
    const page = this.#table.page(number)
    const row = number % PAGE_ROWS
    const from = page.word(row, WORDS.segmentFrom)
    const to = page.word(row, WORDS.segmentTo)
    const list = this.#apart.get(number)
    if (list) {
      if (!list.includes(segment)) list.push(segment)
    } else if (from === 0) {
      page.setWord(row, WORDS.segmentFrom, segment)
      page.setWord(row, WORDS.segmentTo, segment)
    } else if (segment === from || segment === to) {
      return
    } else if (from === to && Math.abs(segment - from) === 1) {
      page.setWord(row, WORDS.segmentFrom, Math.min(from, segment))
      page.setWord(row, WORDS.segmentTo, Math.max(to, segment))
    } else {
      this.#apart.set(number, from === to ? [from, segment] : [from, to, segment])
    }
  }

  /** A session has come into being: what was seen of it before is its own now. */
  adopt(session: Id): void {
    const list = this.#waiting.get(session)
    if (!list) return
    this.#waiting.delete(session)
    for (const segment of list) this.note(session, segment)
  }

  /** Session number `number` is taken back. */
  forget(number: number): void {
    this.#apart.delete(number)
  }

  of(session: Id): readonly number[] {
    const number = this.#table.find(session)
    if (number === undefined) return this.#waiting.get(session) ?? []
    const list = this.#apart.get(number)
    if (list) return list
    const from = this.#table.word(number, WORDS.segmentFrom)
    const to = this.#table.word(number, WORDS.segmentTo)
    return from === 0 ? [] : from === to ? [from] : [from, to]
  }

  dump(): { apart: [number, number[]][]; waiting: [Id, number[]][] } {
    return { apart: [...this.#apart], waiting: [...this.#waiting] }
  }

  restore(from: { apart: [number, number[]][]; waiting: [Id, number[]][] }): void {
    for (const [number, list] of from.apart) this.#apart.set(number, list)
    for (const [id, list] of from.waiting) this.#waiting.set(id, list)
  }
}
