import type { Medium, Session } from '../../shared/documents.ts'
import { OrderedChunks, orderOf } from './ordered-chunks.ts'
import { TIMES, WORDS } from './session-page.ts'
import type { KeyTable } from './key-table.ts'
import { FLAG } from './session-row.ts'
import type { CountsView } from '../../shared/contract.ts'
import type { SessionPage as Page, SessionQuery } from './types.ts'

const MEDIA: readonly Medium[] = ['sms', 'whatsapp', 'voice']
/** Lists are kept for each medium and, behind those, for all together. */
const ANY = MEDIA.length

/** One kind of list, four times. */
type Lists = readonly OrderedChunks[]
const lists = (): Lists => [0, 1, 2, 3].map(() => new OrderedChunks())
const pick = (of: Lists, medium: number): OrderedChunks => {
  const list = of[medium]
  if (!list) throw new RangeError(`no medium ${String(medium)}`)
  return list
}

/** Up to this many candidates are gathered and sorted rather than looked for in the order of all. */
const FEW = 5_000

/** The rows a listing orders, as the table of sessions has them. */
export interface ListedRows {
  readonly keys: KeyTable
  time(number: number, column: (typeof TIMES)[keyof typeof TIMES]): number
  word(number: number, column: (typeof WORDS)[keyof typeof WORDS]): number
  get(number: number): Session
}

/** The lists behind pages and counts, kept up to date with each change so that no call walks over all sessions. */
export class Listing {
  readonly #table: ListedRows
  /** By last message. */
  readonly #all = lists()
  readonly #unread = lists()
  readonly #closed = lists()
  /** By the time the contact began to wait. */
  readonly #waiting = lists()
  /** Listed sessions of each channel, by the key table's channel number. */
  readonly #perChannel: number[] = []

  constructor(table: ListedRows) {
    this.#table = table
  }

  add(number: number): void {
    this.#change(number, 1)
  }

  /** To be called while the row still says what it said when it was added. */
  remove(number: number): void {
    this.#change(number, -1)
  }

  restore(size: number): void {
    const ranks = new Float64Array(size)
    for (let n = 0; n < size; n++) ranks[n] = this.#table.time(n, TIMES.last)
    for (const n of orderOf(ranks)) if (!(this.#table.word(n, WORDS.flags) & FLAG.merged)) this.add(n)
  }

  counts(): CountsView {
    const sizes = this.#all.map((list) => list.size)
    const of = (medium: number): CountsView['by'][Medium] => ({
      waiting: pick(this.#waiting, medium).size,
      unread: pick(this.#unread, medium).size,
      closed: pick(this.#closed, medium).size,
    })
    return {
      all: sizes[ANY] ?? 0,
      sms: sizes[0] ?? 0,
      whatsapp: sizes[1] ?? 0,
      voice: sizes[2] ?? 0,
      ...of(ANY),
      by: { sms: of(0), whatsapp: of(1), voice: of(2) },
    }
  }

  hasSessions(channelNumber: number): boolean {
    return (this.#perChannel[channelNumber] ?? 0) > 0
  }

  query(query: SessionQuery): Page {
    const { offset = 0, limit = Infinity } = query
    const byWait = query.order === 'longest_waiting'
    const { source, exact, ordered } = this.#source(query)
    const take = (numbers: Iterable<number>): Session[] => {
      const sessions: Session[] = []
      for (const n of numbers) {
        if (sessions.length >= limit) break
        sessions.push(this.#table.get(n))
      }
      return sessions
    }
    if (exact && ordered) {
      if (!byWait) return { sessions: take(source.falling(offset)), total: source.size }
      return { sessions: take(skip(source.rising(), offset)), total: source.size }
    }
    const hits: number[] = []
    const { since = -Infinity } = query
    const stops = ordered && !byWait && since > -Infinity
    for (const n of byWait ? source.rising() : source.falling()) {
      if (stops && this.#table.time(n, TIMES.last) < since) break
      if (this.#matches(n, query)) hits.push(n)
    }
    if (!ordered) {
      const rank = (n: number): number =>
        byWait ? this.#table.time(n, TIMES.waiting) : -this.#table.time(n, TIMES.last)
      hits.sort((a, b) => rank(a) - rank(b) || (byWait ? a - b : b - a))
    }
    return { sessions: take(hits.slice(offset)), total: hits.length }
  }

  /** The smallest list that holds every answer; `exact`: and nothing else; `ordered`: in the order asked for. */
  #source(query: SessionQuery): { source: OrderedChunks; exact: boolean; ordered: boolean } {
    const medium = query.type === undefined ? ANY : MEDIA.indexOf(query.type)
    const byWait = query.order === 'longest_waiting'
    const candidates: { list: OrderedChunks; by: 'last' | 'wait'; covers: (keyof SessionQuery)[] }[] = []
    if (byWait || query.waiting)
      candidates.push({ list: pick(this.#waiting, medium), by: 'wait', covers: ['waiting'] })
    if (!byWait) {
      candidates.push({ list: pick(this.#all, medium), by: 'last', covers: [] })
      if (query.unread) candidates.push({ list: pick(this.#unread, medium), by: 'last', covers: ['unread'] })
      if (query.status === 'closed')
        candidates.push({ list: pick(this.#closed, medium), by: 'last', covers: ['status'] })
    }
    if (query.from !== undefined || query.channel_id !== undefined) {
      const some = this.#ofKeys(query)
      if (some && some.size <= FEW) return { source: some, exact: false, ordered: false }
    }
    const filters = (['from', 'channel_id', 'status', 'unread', 'waiting', 'since', 'until'] as const).filter(
      (name) => query[name] !== undefined,
    )
    candidates.sort((a, b) => a.list.size - b.list.size)
    const best = candidates.find((c) => c.by === (byWait ? 'wait' : 'last') || c.list.size <= FEW)
    if (!best) throw new RangeError('no list')
    const { list: source, by, covers } = best
    return {
      source,
      exact: filters.every((name) => covers.includes(name)),
      ordered: by === (byWait ? 'wait' : 'last'),
    }
  }

  /** Sessions of a contact, found by its few keys. */
  #ofKeys(query: SessionQuery): OrderedChunks | undefined {
    if (query.from === undefined) return undefined
    const { keys } = this.#table
    const found = new OrderedChunks()
    for (const channel_id of query.channel_id === undefined ? keys.channelIds : [query.channel_id]) {
      for (const communication_type of query.type === undefined ? MEDIA : [query.type]) {
        const key = keys.find({ channel_id, communication_type, contact: query.from })
        if (key === undefined) continue
        for (let i = 0; i < keys.lineSize(key); i++) {
          const n = keys.lineAt(key, i)
          if (n !== undefined) found.add(this.#table.time(n, TIMES.last), n)
        }
      }
    }
    return found
  }

  #matches(number: number, query: SessionQuery): boolean {
    const flags = this.#table.word(number, WORDS.flags)
    if (query.status !== undefined && (query.status === 'closed') !== ((flags & FLAG.closed) !== 0))
      return false
    if (query.unread !== undefined && query.unread !== this.#table.word(number, WORDS.unread) > 0)
      return false
    if (query.waiting !== undefined && query.waiting !== ((flags & FLAG.waiting) !== 0)) return false
    if (query.order === 'longest_waiting' && !(flags & FLAG.waiting)) return false
    if (query.since !== undefined && this.#table.time(number, TIMES.last) < query.since) return false
    if (query.until !== undefined && this.#table.time(number, TIMES.first) >= query.until) return false
    if (query.type === undefined && query.from === undefined && query.channel_id === undefined) return true
    const key = this.#table.keys.key(this.#table.word(number, WORDS.key))
    if (query.type !== undefined && key.communication_type !== query.type) return false
    if (query.from !== undefined && key.contact !== query.from) return false
    return query.channel_id === undefined || key.channel_id === query.channel_id
  }

  #change(number: number, by: 1 | -1): void {
    const table = this.#table
    const key = table.word(number, WORDS.key)
    const medium = table.keys.medium(key)
    const channel = table.keys.channel(key)
    const flags = table.word(number, WORDS.flags)
    const last = table.time(number, TIMES.last)
    this.#perChannel[channel] = (this.#perChannel[channel] ?? 0) + by
    change(this.#all, medium, last, number, by)
    if (flags & FLAG.closed) change(this.#closed, medium, last, number, by)
    if (table.word(number, WORDS.unread) > 0) change(this.#unread, medium, last, number, by)
    if (flags & FLAG.waiting) change(this.#waiting, medium, table.time(number, TIMES.waiting), number, by)
  }
}

/** In the list of the medium and in that of all. */
function change(lists: Lists, medium: number, rank: number, number: number, by: 1 | -1): void {
  if (by > 0) {
    pick(lists, medium).add(rank, number)
    pick(lists, ANY).add(rank, number)
  } else {
    pick(lists, medium).remove(rank, number)
    pick(lists, ANY).remove(rank, number)
  }
}

function* skip(numbers: Iterable<number>, count: number): Generator<number> {
  let left = count
  for (const n of numbers) {
    if (left-- > 0) continue
    yield n
  }
}
