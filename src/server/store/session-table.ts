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
import { PAGE_ROWS, type RowCopy, SessionPage, TEXTS, TIMES, WORDS } from './session-page.ts'
import { FLAG, readRow, writeRow } from './session-row.ts'
import type { Key, Profile } from './types.ts'

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
    for (let next = id; !seen.has(next);) {
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

  /** Puts a session; returns its number and the row that stood there before. */
  put(session: Session, seq: number): { number: number; before: RowCopy | undefined } {
    const keyNumber = this.keys.ensure(keyOf(session))
    const found = this.find(session._id)
    const number = found ?? this.#append(session._id)
    const before = found === undefined ? undefined : this.page(number).copyRow(number % PAGE_ROWS)
    this.#change(number, found !== undefined, (page, row) => {
      writeRow(page, row, session, keyNumber)
      page.changed = seq
    })
    return { number, before }
  }

  /** Puts a row back as it was. */
  putBack(number: number, before: RowCopy): void {
    this.#change(number, true, (page, row) => {
      page.putBack(row, before)
    })
  }

  /** Changes a row and keeps lines and lists true to it, touching only those that say something else then. */
  #change(number: number, listed: boolean, change: (page: SessionPage, row: number) => void): void {
    const page = this.page(number)
    const row = number % PAGE_ROWS
    // Where it stands in its key's line is decided by key and first message, and seldom changes.
    const merged = page.word(row, WORDS.flags) & FLAG.merged
    const was = {
      key: page.word(row, WORDS.key),
      at: page.time(row, TIMES.first),
      sid: page.text(row, TEXTS.firstSid),
    }
    const into = merged ? this.get(number).merged_into : undefined
    const index = listed && !merged ? this.#indexInLine(number) : -1
    if (listed && !merged) this.listing.remove(number)
    change(page, row)
    const key = page.word(row, WORDS.key)
    const nowMerged = (page.word(row, WORDS.flags) & FLAG.merged) !== 0
    const stays =
      index >= 0 &&
      !nowMerged &&
      key === was.key &&
      page.time(row, TIMES.first) === was.at &&
      page.text(row, TEXTS.firstSid) === was.sid
    if (into !== undefined) this.#absorbed.get(into)?.delete(this.id(number))
    if (!stays && index >= 0) this.keys.take(was.key, index)
    if (nowMerged) this.#absorb(number)
    else {
      if (!stays) this.keys.insert(key, this.#seek(key, this.#first(number)) + 1, number)
      this.listing.add(number)
    }
  }

  /** Takes back the newest session. */
  removeLast(number: number): void {
    if (number !== this.size - 1) throw new RangeError('only the newest session can be taken back')
    const page = this.page(number)
    if (page.word(number % PAGE_ROWS, WORDS.flags) & FLAG.merged) {
      const { _id, merged_into = '' } = this.get(number)
      this.#absorbed.get(merged_into)?.delete(_id)
    } else {
      const index = this.#indexInLine(number)
      if (index >= 0) this.keys.take(this.word(number, WORDS.key), index)
      this.listing.remove(number)
    }
    this.#ids.remove(quickHash(this.id(number)), number + 1)
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

  /** The newest name that the contact of a key gave themselves. Looks at a bit of each session and reads one. */
  profile(keyNumber: number): Profile | undefined {
    for (let index = this.keys.lineSize(keyNumber) - 1; index >= 0; index--) {
      const number = this.keys.lineAt(keyNumber, index) ?? 0
      if (!(this.word(number, WORDS.flags) & FLAG.profile)) continue
      const name = this.page(number).text(number % PAGE_ROWS, TEXTS.profile)
      if (name !== '') return { name, at: this.time(number, TIMES.first) }
    }
    return undefined
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

  #absorb(number: number): void {
    const { _id, merged_into } = this.get(number)
    if (merged_into === undefined) return
    this.#absorbed.set(merged_into, (this.#absorbed.get(merged_into) ?? new Set()).add(_id))
  }

  #indexInLine(number: number): number {
    const keyNumber = this.word(number, WORDS.key)
    let index = this.#seek(keyNumber, this.#first(number))
    // While neighbours change in one commit their intervals may touch for a moment; then look around.
    if (this.keys.lineAt(keyNumber, index) !== number)
      for (
        index = this.keys.lineSize(keyNumber) - 1;
        index >= 0 && this.keys.lineAt(keyNumber, index) !== number;
        index--
      );
    return index
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
        this.#absorb(number)
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
