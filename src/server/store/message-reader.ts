import type { Id, Message } from '../../shared/documents.ts'
import type { Segment } from './segment-table.ts'
import type { State } from './state.ts'

/** Segments whose text stays in memory, at about 600 kB each. */
const KEPT = 6

export interface MessagePageQuery {
  before?: { at: string; sid: string }
  limit?: number
}

/** Finds messages where they are: in memory, among late puts, or in a document on disk. */
export class MessageReader {
  readonly #state: State
  /** Lines of a segment's document; repairs it first when it is damaged. */
  readonly #load: (segment: number) => Promise<string[]>
  readonly #kept = new Map<number, Promise<string[]>>()

  constructor(state: State, load: (segment: number) => Promise<string[]>) {
    this.#state = state
    this.#load = load
  }

  /** The document of a segment was written anew. */
  forget(segment: number): void {
    this.#kept.delete(segment)
  }

  async find(name: string): Promise<Message | undefined> {
    for (const number of this.#state.segmentsFor(name)) {
      const segment = this.#state.segments.segments[number - 1]
      const found = segment && (await this.#findIn(segment, name))
      if (found) return this.#placed(found)
    }
    return undefined
  }

  /** Messages of the sessions, by (createdAt, sid); with a limit the newest before `before`. */
  async ofSessions(ids: readonly Id[], page: MessagePageQuery = {}): Promise<Message[]> {
    const { before, limit = Infinity } = page
    const wanted = new Set<Id>()
    const numbers = new Set<number>()
    for (const id of ids) {
      const root = this.#state.sessions.resolve(id)?._id ?? id
      for (const one of this.#state.sessions.withAbsorbed(root)) wanted.add(one)
    }
    for (const id of wanted) for (const number of this.#state.places.of(id)) numbers.add(number)
    const beforeMs = before ? Date.parse(before.at) : Infinity
    const segments = this.#state.segments.segments.filter((s) => numbers.has(s.number) && s.from <= beforeMs)
    segments.sort((a, b) => b.to - a.to)
    let found: Message[] = []
    for (const segment of segments) {
      const oldestKept = found.length >= limit ? found[0] : undefined
      // Segments from here on end before the oldest of those already found.
      if (oldestKept && segment.to < Date.parse(oldestKept.createdAt)) break
      for (const message of await this.#matching(segment, wanted))
        if (!before || precedes(message, before)) found.push(message)
      found.sort(inOrder)
      if (found.length > limit) found = found.slice(found.length - limit)
    }
    return found.map((message) => this.#placed(message))
  }

  /** A message of a session that was emptied into another says where it is now. */
  #placed(message: Message): Message {
    const number = this.#state.sessions.find(message.session_id)
    if (number === undefined) return message
    const session = this.#state.sessions.resolve(message.session_id)
    return !session || session._id === message.session_id ? message : { ...message, session_id: session._id }
  }

  async #findIn(segment: Segment, name: string): Promise<Message | undefined> {
    const is = (m: Message): boolean => m._id === name || m.sid === name
    const inMemory = segment.rows?.find(is)
    if (inMemory) return inMemory
    for (const message of segment.late?.values() ?? []) if (is(message)) return message
    if (segment.rows) return undefined
    const quoted = JSON.stringify(name)
    for (const line of await this.#lines(segment.number)) {
      if (!line.includes(quoted)) continue
      const message = JSON.parse(line) as Message
      if (!is(message)) continue
      const late = segment.late?.get(message._id)
      if (!late || is(late)) return late ?? message
    }
    return undefined
  }

  async #matching(segment: Segment, sessions: ReadonlySet<Id>): Promise<Message[]> {
    if (segment.rows) return segment.rows.filter((m) => sessions.has(m.session_id))
    const lines = await this.#lines(segment.number)
    const found = new Map<Id, Message>()
    for (const line of lines) {
      if (!namesSession(line, sessions)) continue
      const message = JSON.parse(line) as Message
      if (sessions.has(message.session_id)) found.set(message._id, message)
    }
    for (const [id, message] of segment.late ?? []) {
      if (sessions.has(message.session_id)) found.set(id, message)
      else found.delete(id)
    }
    return [...found.values()]
  }

  async #lines(number: number): Promise<string[]> {
    let lines = this.#kept.get(number)
    this.#kept.delete(number)
    lines ??= this.#load(number)
    this.#kept.set(number, lines)
    if (this.#kept.size > KEPT)
      for (const oldest of this.#kept.keys()) {
        this.#kept.delete(oldest)
        break
      }
    try {
      return await lines
    } catch (error) {
      this.#kept.delete(number)
      throw error
    }
  }
}

const MARK = '"session_id":"'

/** Looks at the text only: rows that are not wanted are never parsed. */
export function namesSession(line: string, sessions: ReadonlySet<Id>): boolean {
  const at = line.indexOf(MARK) + MARK.length
  return sessions.has(line.slice(at, line.indexOf('"', at)))
}

function precedes(message: Message, before: { at: string; sid: string }): boolean {
  return message.createdAt < before.at || (message.createdAt === before.at && message.sid < before.sid)
}

/** By (createdAt, sid). Times are ISO 8601 of one length, so text order is time order. */
export function inOrder(a: Message, b: Message): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1
  return a.sid < b.sid ? -1 : a.sid > b.sid ? 1 : 0
}
