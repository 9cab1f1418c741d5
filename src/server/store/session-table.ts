import type { Id, Session } from '../../shared/documents.ts'
import {
  comparePositions,
  type Interval,
  lastNotAfter,
  type Position,
  type TimeLine,
} from '../sessions/index.ts'
import { HashTable, quickHash } from './hash-table.ts'
import { KeyTable } from './key-table.ts'
import { Listing } from './listing.ts'
import { orderOf } from './ordered-chunks.ts'
import { PAGE_ROWS, SessionPage, TEXTS, TIMES, WORDS } from './session-page.ts'
import { FLAG, readRow, writeRow } from './session-row.ts'
import type { Key } from './types.ts'

/** Every session by number (order of creation, which is also its place on disk), by id, by key and in lists. */
export class SessionTable {
  readonly keys = new KeyTable()
  readonly pages: SessionPage[] = []
  readonly listing: Listing
  #ids = new HashTable()
  /** Ids of sessions emptied into this one. */
  readonly #absorbed = new Map<Id, Set<Id>>()
  size = 0

  constructor() {
    this.listing = new Listing(this)
  }

  find(id: Id): number | undefined {
    const found = this.#ids.first(quickHash(id), (n) => n <= this.size && this.id(n - 1) === id)
    return found === undefined ? undefined : found - 1
  }

  page(number: number): SessionPage {
    const page = this.pages[Math.floor(number / PAGE_ROWS)]
    if (!page) throw new RangeError(`no session ${String(number)}`)
    return page
  }

  id(number: number): Id {
    return this.page(number).text(number % PAGE_ROWS, TEXTS.id)
  }

  time(number: number, column: (typeof TIMES)[keyof typeof TIMES]): number {
    return this.page(number).time(number % PAGE_ROWS, column)
  }

  word(number: number, column: (typeof WORDS)[keyof typeof WORDS]): number {
    return this.page(number).word(number % PAGE_ROWS, column)
  }

  get(number: number): Session {
    const page = this.page(number)
    const row = number % PAGE_ROWS
    return readRow(page, row, this.keys.key(page.word(row, WORDS.key)))
  }

  /** Follows merged_into; undefined when unknown. */
  resolve(id: Id): Session | undefined {
    const seen = new Set<Id>()
    let next: Id | undefined = id
    while (next !== undefined && !seen.has(next)) {
      seen.add(next)
      const number = this.find(next)
      if (number === undefined) return undefined
      const session = this.get(number)
      if (session.merged_into === undefined) return session
      next = session.merged_into
    }
    return undefined
  }

  /** The id itself and every id that was emptied into it, directly or not. */
  withAbsorbed(id: Id): Set<Id> {
    const all = new Set([id])
    for (const one of all) for (const absorbed of this.#absorbed.get(one) ?? []) all.add(absorbed)
    return all
  }

  /** Puts a session; returns its number and what stood there before. */
  put(session: Session, seq: number): { number: number; before: Session | undefined } {
    const keyNumber = this.keys.ensure(keyOf(session))
    const found = this.find(session._id)
    const number = found ?? this.#append(session._id)
    const before = found === undefined ? undefined : this.get(number)
    const page = this.page(number)
    if (before) this.#leave(number, before)
    writeRow(page, number % PAGE_ROWS, session, keyNumber)
    page.changed = seq
    this.#enter(number, session)
    return { number, before }
  }

  /** Takes back the newest session. */
  removeLast(number: number): void {
    if (number !== this.size - 1) throw new RangeError('only the newest session can be taken back')
    const session = this.get(number)
    this.#leave(number, session)
    this.#ids.remove(quickHash(session._id), number + 1)
    const page = this.page(number)
    page.clear(number % PAGE_ROWS)
    page.rows--
    this.size--
    if (page.rows === 0) this.pages.pop()
  }

  line(keyNumber: number): TimeLine {
    const { keys } = this
    const size = (): number => keys.lineSize(keyNumber)
    const interval = (index: number): Interval => this.#interval(keyNumber, index)
    return {
      get size() {
        return size()
      },
      interval,
    }
  }

  idTable(): HashTable {
    return this.#ids
  }

  /** Takes pages as a snapshot holds them, and makes from them what can be made: lines and lists. */
  restore(pages: readonly SessionPage[], ids: HashTable): void {
    this.pages.push(...pages)
    this.#ids = ids
    for (const page of pages) this.size += page.rows
    this.#orderLines()
    this.listing.restore(this.size)
  }

  #append(id: Id): number {
    const number = this.size++
    let page = this.pages[Math.floor(number / PAGE_ROWS)]
    if (!page) {
      page = new SessionPage()
      this.pages.push(page)
    }
    page.rows++
    this.#ids.add(quickHash(id), number + 1)
    return number
  }

  #enter(number: number, session: Session): void {
    if (session.merged_into !== undefined) {
      const absorbed = this.#absorbed.get(session.merged_into) ?? new Set()
      this.#absorbed.set(session.merged_into, absorbed.add(session._id))
      return
    }
    const keyNumber = this.word(number, WORDS.key)
    this.keys.insert(keyNumber, this.#seek(keyNumber, this.#first(number)) + 1, number)
    this.listing.add(number)
  }

  #leave(number: number, session: Session): void {
    if (session.merged_into !== undefined) {
      this.#absorbed.get(session.merged_into)?.delete(session._id)
      return
    }
    const keyNumber = this.word(number, WORDS.key)
    const size = this.keys.lineSize(keyNumber)
    let index = this.#seek(keyNumber, this.#first(number))
    // While neighbours change in one commit their intervals may touch for a moment; then look around.
    if (this.keys.lineAt(keyNumber, index) !== number)
      for (index = size - 1; index >= 0 && this.keys.lineAt(keyNumber, index) !== number; index--);
    if (index >= 0) this.keys.take(keyNumber, index)
    this.listing.remove(number)
  }

  #seek(keyNumber: number, position: Position): number {
    return lastNotAfter(
      this.keys.lineSize(keyNumber),
      (i) => this.#first(this.keys.lineAt(keyNumber, i) ?? 0),
      position,
    )
  }

  #first(number: number): Position {
    const page = this.page(number)
    const row = number % PAGE_ROWS
    return { at: page.time(row, TIMES.first), sid: page.text(row, TEXTS.firstSid) }
  }

  #interval(keyNumber: number, index: number): Interval {
    const number = this.keys.lineAt(keyNumber, index)
    if (number === undefined) throw new RangeError(`the key has no session ${String(index)}`)
    const page = this.page(number)
    const row = number % PAGE_ROWS
    const first = this.#first(number)
    const until = page.time(row, TIMES.last)
    // A call stands where it began and lasts beyond that.
    const at = page.word(row, WORDS.flags) & FLAG.started ? page.time(row, TIMES.started) : until
    const last = { at, sid: page.text(row, TEXTS.lastSid) || first.sid }
    return { id: page.text(row, TEXTS.id), first, last, until }
  }

  #orderLines(): void {
    const firsts = new Float64Array(this.size)
    for (let n = 0; n < this.size; n++) firsts[n] = this.time(n, TIMES.first)
    for (const number of orderOf(firsts)) {
      const page = this.page(number)
      const row = number % PAGE_ROWS
      if (page.word(row, WORDS.flags) & FLAG.merged) {
        const session = this.get(number)
        if (session.merged_into !== undefined)
          this.#absorbed.set(
            session.merged_into,
            (this.#absorbed.get(session.merged_into) ?? new Set()).add(session._id),
          )
        continue
      }
      const keyNumber = page.word(row, WORDS.key)
      let index = this.keys.lineSize(keyNumber)
      const previous = this.keys.lineAt(keyNumber, index - 1)
      // Equal instants are ordered by sid; all else comes in order.
      if (previous !== undefined && this.time(previous, TIMES.first) === page.time(row, TIMES.first)) {
        while (
          index > 0 &&
          comparePositions(this.#first(this.keys.lineAt(keyNumber, index - 1) ?? 0), this.#first(number)) > 0
        )
          index--
      }
      this.keys.insert(keyNumber, index, number)
    }
  }
}

export function keyOf(session: Session): Key {
  return {
    channel_id: session.channel_id,
    communication_type: session.communication_type,
    contact: session.metadata.fromNumber,
  }
}
