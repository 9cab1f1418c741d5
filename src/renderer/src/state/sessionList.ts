import type { Results, SessionView } from '../../../shared/contract.ts'
import { Cell } from './cell.ts'
import { compare, matches, type Query } from './query.ts'

export const PAGE = 100

/** What the list on the screen needs to know; rows are looked up by id. */
export interface ListView {
  query: Query
  total: number
  /** Ids by place; a hole is a row that was not read yet. */
  ids: readonly (string | undefined)[]
  /** Sessions that came or moved while the list was held, and stand elsewhere now. */
  waiting: number
  state: 'loading' | 'ready' | 'failed'
  message: string
}

type Page = Results['sessions.list']
type Answer = { ok: true; value: Page } | { ok: false; error: { message: string } }

interface ListOptions {
  read: (query: Query, offset: number, limit: number) => Promise<Answer>
  session: (id: string) => SessionView | undefined
  /** Keeps the rows of a page; what the feed told since is newer and stays. */
  keep: (page: Page) => void
}

const EVERYTHING: Query = { type: 'all', filter: 'all', order: 'latest' }

/**
 * The session list: places of ids in pages of 100, read as they come into view. Live changes reorder it at once,
 * unless it is held (a pointer over it, or scrolled): then they wait, are counted, and are laid in on release.
 */
export class SessionList {
  readonly view = new Cell<ListView>({
    query: EVERYTHING,
    total: 0,
    ids: [],
    waiting: 0,
    state: 'loading',
    message: '',
  })
  readonly #options: ListOptions
  readonly #reading = new Set<number>()
  /** Sessions changed while held, or while a page was on its way: laid in later. */
  readonly #changed = new Set<string>()
  #held = false
  /** Acts of this screen under way, and whether one is over whose change was not told yet. */
  #acting = 0
  #awaited = false
  #generation = 0
  /** How many there are, as the console said with the changes that wait; null where it did not. */
  #told: number | null = null
  /** Times something was laid in. */
  #laid = 0

  constructor(options: ListOptions) {
    this.#options = options
  }

  /** Shows another query from its beginning. */
  async show(query: Query): Promise<void> {
    this.#generation += 1
    this.#reading.clear()
    this.#changed.clear()
    this.#told = null
    this.view.set({ query, total: 0, ids: [], waiting: 0, state: 'loading', message: '' })
    await this.#read(0)
  }

  /** Reads the list again where it stands, keeping the old rows in sight meanwhile. */
  async again(): Promise<void> {
    this.#generation += 1
    this.#reading.clear()
    this.#changed.clear()
    await this.#read(0, true)
  }

  /** The list, if it could not be read. */
  retryFailed(): void {
    if (this.view.get().state === 'failed') void this.again()
  }

  /** Reads the pages these places lie in, those that are not here yet. */
  need(from: number, to: number): void {
    const { ids, total, state } = this.view.get()
    if (state !== 'ready') return
    for (let offset = from - (from % PAGE); offset <= Math.min(to, total - 1); offset += PAGE) {
      const end = Math.min(offset + PAGE, total)
      for (let place = offset; place < end; place += 1) {
        if (ids[place] !== undefined) continue
        void this.#read(offset)
        break
      }
    }
  }

  hold(held: boolean): void {
    if (held === this.#held) return
    this.#held = held
    if (!held) this.layIn()
  }

  /** Sessions the feed told of. */
  changed(ids: Iterable<string>): void {
    for (const id of ids) this.#changed.add(id)
    if (this.#waits) this.#count()
    else if (this.#reading.size === 0) this.layIn()
  }

  /** Whether changes wait: the list is held, and none of them is awaited by whoever holds it. */
  get #waits(): boolean {
    return this.#held && this.#acting === 0 && !this.#awaited
  }

  /**
   * What is done here by hand is laid in though the list is held: whoever pressed waits for it. The answer may come
   * before or after the change it made is told.
   */
  async during<T extends { ok: boolean }>(act: () => Promise<T>): Promise<T> {
    this.#acting += 1
    const before = this.#laid
    try {
      const result = await act()
      this.#awaited = result.ok && this.#laid === before
      return result
    } finally {
      this.#acting -= 1
    }
  }

  /** Puts what waited in its places. */
  layIn(): void {
    const view = this.view.get()
    if (view.state !== 'ready' || this.#changed.size === 0) return this.#count()
    const { query } = view
    // The known beginning of the list is kept in order by hand; beyond it places have shifted and are read anew.
    const hole = view.ids.findIndex((id) => id === undefined)
    const head = (hole === -1 ? [...view.ids] : view.ids.slice(0, hole)) as string[]
    const whole = head.length >= view.total
    const known = new Set(head)
    const kept = head.filter((id) => !this.#changed.has(id))
    const rows = kept.flatMap((id) => this.#options.session(id) ?? [])
    let total = view.total
    for (const id of this.#changed) {
      const session = this.#options.session(id)
      const belongs = session !== undefined && matches(session, query)
      if (known.has(id) && !belongs) total -= 1
      if (!belongs) continue
      const at = placeOf(session, rows, query)
      if (at < rows.length || whole || rows.length === 0) rows.splice(at, 0, session)
      if (!known.has(id) && whole) total += 1
    }
    const told = this.#told ?? total
    this.#told = null
    this.#changed.clear()
    this.#laid += 1
    this.#awaited = false
    const ids = rows.map((row) => row._id)
    this.view.set({ ...view, ids, total: Math.max(told, ids.length), waiting: 0 })
  }

  /** How many there are, as the console counts them (-1 where it does not); shown with the changes that made them so many. */
  setTotal(total: number): void {
    const view = this.view.get()
    if (this.#changed.size > 0) this.#told = total < 0 ? null : total
    else if (view.state === 'ready' && total !== view.total && total >= view.ids.length)
      this.view.set({ ...view, total })
  }

  #count(): void {
    const view = this.view.get()
    let waiting = 0
    const shown = new Set(view.ids)
    for (const id of this.#changed) {
      const session = this.#options.session(id)
      if (!session || !matches(session, view.query)) continue
      const first = view.ids.find((other) => other !== undefined && other !== id)
      const top = first === undefined ? undefined : this.#options.session(first)
      if (!shown.has(id) || (view.ids[0] !== id && top && compare(session, top, view.query.order) < 0))
        waiting += 1
    }
    if (waiting !== view.waiting) this.view.set({ ...view, waiting })
  }

  async #read(offset: number, anew = false): Promise<void> {
    if (this.#reading.has(offset)) return
    this.#reading.add(offset)
    const generation = this.#generation
    const { query } = this.view.get()
    const answer = await this.#options.read(query, offset, PAGE)
    if (generation !== this.#generation) return
    this.#reading.delete(offset)
    const view = this.view.get()
    if (!answer.ok) {
      if (view.ids.length === 0) this.view.set({ ...view, state: 'failed', message: answer.error.message })
      return
    }
    const page = answer.value
    this.#told = null
    this.#options.keep(page)
    const ids = anew ? [] : [...view.ids]
    // A session stands in one place: where places shifted since another page was read, the older one is a hole now.
    const coming = new Set(page.sessions.map((session) => session._id))
    ids.forEach((id, place) => {
      if (id !== undefined && coming.has(id)) ids[place] = undefined
    })
    page.sessions.forEach((session, at) => (ids[offset + at] = session._id))
    this.view.set({ ...view, ids, total: page.total, state: 'ready', message: '' })
    if (!this.#waits && this.#reading.size === 0) this.layIn()
  }
}

function placeOf(session: SessionView, rows: readonly SessionView[], query: Query): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const row = rows[middle]
    if (row && compare(row, session, query.order) < 0) low = middle + 1
    else high = middle
  }
  return low
}
