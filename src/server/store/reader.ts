import { dirname } from 'node:path'
import type { Channel, Contact, GapChange, Id, Medium, Message, Session } from '../../shared/documents.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import { type Disk, isCode, RealDisk } from './disk.ts'
import { DamagedDocument, decodeDocument, type DocumentText, parseHeader, parseLines } from './document.ts'
import { inOrder, namesSession } from './message-reader.ts'
import { type Overlay, readOverlay } from './overlay.ts'
import { documentNumber, Paths } from './paths.ts'
import { type Slab, sweep } from './sweep.ts'
import type { SmallKind } from './state.ts'
import type { Setting } from './types.ts'

export interface ReadQuery {
  type?: Medium
  /** The contact's number. */
  from?: string
  /** The business's number. */
  channel?: string
  status?: 'active' | 'closed'
  session?: Id
  /** Milliseconds: [since, until). */
  since?: number
  until?: number
  limit?: number
}

export interface ReaderOptions {
  disk?: Disk
  /** Told of documents that can't be read; what they hold is left out. */
  warn?: (text: string) => void
}

/** What is small enough to be read at once. */
interface SmallRows {
  channels: Channel[]
  contacts: Contact[]
  gaps: GapChange[]
  settings: Setting[]
}

/** Bytes of a document's start that surely hold its header. */
const HEADER_BYTES = 512

/**
 * Reads the data beside a running console, or when none runs: needs no lock and changes nothing. It shows the data as
 * it was when the reader was opened, save that documents written since may show a little more.
 */
export class Reader {
  readonly #disk: Disk
  readonly #paths: Paths
  readonly #overlay: Overlay
  readonly #warn: (text: string) => void
  #merged: Promise<Map<Id, Id>> | undefined
  readonly #small: SmallRows

  constructor(disk: Disk, paths: Paths, overlay: Overlay, small: SmallRows, warn: (text: string) => void) {
    this.#small = small
    this.#disk = disk
    this.#paths = paths
    this.#overlay = overlay
    this.#warn = warn
  }

  channels(): readonly Channel[] {
    return this.#small.channels
  }
  contacts(): readonly Contact[] {
    return this.#small.contacts
  }
  gaps(): readonly GapChange[] {
    return this.#small.gaps
  }
  settings(): ReadonlyMap<string, unknown> {
    return new Map(this.#small.settings.map((s) => [s._id, s.value]))
  }

  /** The session, following merged_into. */
  async session(id: Id): Promise<(Session & { channel_number: string }) | undefined> {
    for await (const session of this.sessions({ session: id })) return session
    return undefined
  }

  /** Nothing is held open; for symmetry with the store. */
  close(): Promise<void> {
    return Promise.resolve()
  }

  /** Listed sessions, newest first, each with its channel's number. */
  async *sessions(query: ReadQuery = {}): AsyncGenerator<Session & { channel_number: string }> {
    const channels = new Map(this.channels().map((c) => [c._id, c.number]))
    const { limit = Infinity } = query
    const wanted = query.session === undefined ? undefined : this.#root(await this.#mergers(), query.session)
    let found: { last: string; id: Id; line: string }[] = []
    const trim = (): void => {
      found.sort((a, b) => (a.last !== b.last ? (a.last > b.last ? -1 : 1) : a.id > b.id ? -1 : 1))
      if (found.length > limit) found.length = limit
    }
    for await (const session of this.allSessions()) {
      if (session.merged_into !== undefined || (wanted !== undefined && session._id !== wanted)) continue
      if (!matches(session, query, channels)) continue
      // As text: a third of the memory of the object, and most are never looked at again when there is a limit.
      found.push({ last: session.last_message_at, id: session._id, line: JSON.stringify(session) })
      if (found.length > 2 * limit + 1_000) trim()
    }
    trim()
    for (const { line } of found) {
      const session = JSON.parse(line) as Session
      yield { ...session, channel_number: channels.get(session.channel_id) ?? '' }
    }
    found = []
  }

  /** Every session document, merged-away ones too, in no particular order. */
  async *allSessions(): AsyncGenerator<Session> {
    for await (const { lines } of this.#documents((n) => this.#paths.sessions(n))) {
      for (const line of lines) {
        const session = JSON.parse(line) as Session
        if (!this.#overlay.sessions.has(session._id)) yield session
      }
    }
    yield* this.#overlay.sessions.values()
  }

  /**
   * Messages, oldest first by (createdAt, sid), in bounded memory however many there are. `session_id` names the
   * session they are in now.
   */
  async *messages(query: ReadQuery = {}): AsyncGenerator<Message> {
    const mergers = await this.#mergers()
    const channels = new Map(this.channels().map((c) => [c._id, c.number]))
    const sessions = query.session === undefined ? undefined : this.#familyOf(mergers, query.session)
    const quotedFrom = query.from === undefined ? undefined : JSON.stringify(query.from)
    const since = query.since === undefined ? '' : new Date(query.since).toISOString()
    const until = query.until === undefined ? '\uffff' : new Date(query.until).toISOString()
    // By the text first, for most lines need no parsing at all.
    const mayMatch = (line: string): boolean =>
      (!sessions || namesSession(line, sessions)) && (quotedFrom === undefined || line.includes(quotedFrom))
    const isWanted = (m: Message): boolean => {
      if (sessions && !sessions.has(m.session_id)) return false
      if (query.from !== undefined && m.contact !== query.from) return false
      if (query.type !== undefined && m.communication_type !== query.type) return false
      if (query.channel !== undefined && channels.get(m.channel_id) !== query.channel) return false
      return m.createdAt >= since && m.createdAt < until
    }
    const all =
      query.from === undefined && query.type === undefined && query.channel === undefined && !sessions
    const slabs = await this.#slabs((line) => {
      if (!mayMatch(line)) return undefined
      const message = JSON.parse(line) as Message
      if (
        this.#overlay.messages.has(message._id) ||
        !(all ? message.createdAt >= since && message.createdAt < until : isWanted(message))
      )
        return undefined
      return { at: message.createdAt, sid: message.sid, line }
    })
    const late = [...this.#overlay.messages.values()].filter(isWanted).sort(inOrder)
    const [first, last] = [late[0], late.at(-1)]
    if (first && last)
      slabs.push({
        from: first.createdAt,
        to: last.createdAt,
        rows: () =>
          Promise.resolve(late.map((m) => ({ at: m.createdAt, sid: m.sid, line: JSON.stringify(m) }))),
      })
    let left = query.limit ?? Infinity
    for await (const line of sweep(slabs.filter((s) => s.to >= since && s.from < until))) {
      if (left-- <= 0) return
      const message = JSON.parse(line) as Message
      yield { ...message, session_id: this.#root(mergers, message.session_id) }
    }
  }

  async #slabs(
    pick: (line: string) => { at: string; sid: string; line: string } | undefined,
  ): Promise<Slab[]> {
    const slabs: Slab[] = []
    for (const number of await this.#numbers(this.#paths.segment(1))) {
      const file = this.#paths.segment(number)
      const { from = '', to = '\uffff' } = await this.#header(file)
      slabs.push({
        from,
        to,
        rows: async () => (await this.#text(file)).lines.map(pick).filter((row) => row !== undefined),
      })
    }
    return slabs
  }

  /** Bounds of a segment; one that can't be read is everywhere, so that its rows are looked at wherever they belong. */
  async #header(file: string): Promise<{ from?: string; to?: string }> {
    const open = await this.#disk.open(file, 'read')
    try {
      const bytes = Buffer.alloc(HEADER_BYTES)
      const text = bytes.toString('utf8', 0, await open.read(bytes, 0))
      return parseHeader(file, text.slice(0, text.indexOf('\n')))
    } catch (error) {
      if (error instanceof DamagedDocument) return {}
      throw error
    } finally {
      await open.close()
    }
  }

  /** merged_into of every emptied session. */
  #mergers(): Promise<Map<Id, Id>> {
    return (this.#merged ??= (async () => {
      const mergers = new Map<Id, Id>()
      for await (const { lines } of this.#documents((n) => this.#paths.sessions(n))) {
        for (const line of lines) {
          if (!line.includes('"merged_into":"')) continue
          const { _id, merged_into } = JSON.parse(line) as Session
          if (merged_into !== undefined && !this.#overlay.sessions.has(_id)) mergers.set(_id, merged_into)
        }
      }
      for (const { _id, merged_into } of this.#overlay.sessions.values())
        if (merged_into !== undefined) mergers.set(_id, merged_into)
      return mergers
    })())
  }

  #root(mergers: ReadonlyMap<Id, Id>, id: Id): Id {
    const seen = new Set([id])
    for (let next = mergers.get(id); next !== undefined && !seen.has(next); next = mergers.get(next))
      seen.add(next)
    return [...seen].at(-1) ?? id
  }

  #familyOf(mergers: ReadonlyMap<Id, Id>, id: Id): Set<Id> {
    const root = this.#root(mergers, id)
    const family = new Set([root])
    for (const one of mergers.keys()) if (this.#root(mergers, one) === root) family.add(one)
    return family
  }

  async *#documents(nameOf: (number: number) => string): AsyncGenerator<DocumentText> {
    for (const number of await this.#numbers(nameOf(1))) yield await this.#text(nameOf(number))
  }

  async #numbers(first: string): Promise<number[]> {
    return (await this.#disk.list(dirname(first))).map(documentNumber).filter((n) => n !== undefined)
  }

  #text(file: string): Promise<DocumentText> {
    return readText(this.#disk, file, this.#warn)
  }
}

/** A document's lines; of one that is not there or damaged, none. */
async function readText(disk: Disk, file: string, warn: (text: string) => void): Promise<DocumentText> {
  try {
    return decodeDocument(file, await disk.readFile(file))
  } catch (error) {
    if (error instanceof DamagedDocument)
      warn(`${file} is damaged (${error.message}) and was left out. Run \`switchboard verify --repair\`.`)
    else if (!isCode(error, 'ENOENT')) throw error
    return { header: { kind: '', schema: 0, seq: 0 }, lines: [] }
  }
}

function matches(session: Session, query: ReadQuery, channels: ReadonlyMap<Id, string>): boolean {
  if (query.type !== undefined && session.communication_type !== query.type) return false
  if (query.from !== undefined && session.metadata.fromNumber !== query.from) return false
  if (query.channel !== undefined && channels.get(session.channel_id) !== query.channel) return false
  if (query.status !== undefined && session.status !== query.status) return false
  if (query.since !== undefined && Date.parse(session.last_message_at) < query.since) return false
  return query.until === undefined || Date.parse(session.metadata.firstMessageAt) < query.until
}

/** Opens a data folder for reading. Throws SwitchboardError no_data, data_newer. */
export async function openReader(folder: string, options: ReaderOptions = {}): Promise<Reader> {
  const disk = options.disk ?? new RealDisk()
  const paths = new Paths(folder)
  const overlay = await readOverlay(disk, paths).catch((error: unknown) => {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) throw new SwitchboardError('no_data', { data: folder })
    throw error
  })
  const warn = options.warn ?? (() => undefined)
  const rowsOf = async <T extends { _id: string }>(kind: SmallKind): Promise<T[]> => {
    const rows = new Map<string, T>()
    const file = paths.small(kind)
    for (const row of (await parseLines(file, (await readText(disk, file, warn)).lines)) as T[])
      rows.set(row._id, row)
    for (const [id, row] of overlay.small[kind]) {
      if (row) rows.set(id, row as T)
      else rows.delete(id)
    }
    return [...rows.values()]
  }
  const small: SmallRows = {
    channels: await rowsOf('channels'),
    contacts: await rowsOf('contacts'),
    gaps: await rowsOf('gaps'),
    settings: await rowsOf('settings'),
  }
  return new Reader(disk, paths, overlay, small, warn)
}
