import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import type { Act, Message, Session } from '../../shared/documents.ts'
import type { Ids } from '../ports.ts'
import { isTemporary } from './atomic.ts'
import type { Disk } from './disk.ts'
import { DamagedDocument, type DocumentBody, readDocument } from './document.ts'
import { type JournalFile, listJournals } from './journal-files.ts'
import { documentNumber, type Paths } from './paths.ts'
import { type Bases, headerOf, records, replay } from './replay.ts'
import { type Sources, gatherSegment } from './salvage.ts'
import type { SetAside } from './set-aside.ts'
import { loadSnapshot } from './snapshot.ts'
import type { Segment } from './segment-table.ts'
import { type Collection, SMALL, type SmallKind, State } from './state.ts'
import { type Identity, readStoreFile, refuseNewer } from './store-file.ts'

/** The store as it was found, ready to go on. */
export interface Recovered {
  state: State
  identity: Identity
  /** Newest sequence number there is. */
  seq: number
  /** Number of the next journal file. */
  journal: number
  /** Records replayed. */
  replayed: number
  /** Documents or index need writing before long. */
  untidy: boolean
}

export interface RecoveryOptions {
  disk: Disk
  paths: Paths
  ids: Ids
  aside: SetAside
  sources: Sources
  segmentRows?: number | undefined
}

/** Brings up what the folder holds: index (or, without one, the documents), then the journals behind it. */
export async function recover(options: RecoveryOptions): Promise<Recovered> {
  return new Recovery(options).run()
}

type Stored = Awaited<ReturnType<typeof readStoreFile>>

class Recovery {
  readonly #options: RecoveryOptions
  #state = new State('')
  #bases: { index: number; sessions: number[] } & Bases = { index: 0, sessions: [] }
  /** Replay begins with this journal file. */
  #from = 0
  #untidy = false
  /** Small documents whose file is gone and that must be written again. */
  readonly #rebuilt: SmallKind[] = []
  #seq = 0

  constructor(options: RecoveryOptions) {
    this.#options = options
  }

  async run(): Promise<Recovered> {
    const { disk, paths, aside, segmentRows } = this.#options
    await this.#sweep()
    const journals = await listJournals(disk, paths.folder)
    const { identity, stored } = await this.#identity(journals)
    const index = await loadSnapshot(disk, paths.index, identity.store, identity.salt, segmentRows)
    if (index && index.seq >= (stored?.seq ?? 0)) {
      this.#state = index.state
      this.#bases.index = index.seq
      this.#seq = index.seq
      this.#from = index.journal
      await this.#checkDocuments()
    } else {
      if (index) aside.report(paths.index, 'the index is older than the documents', 'it is made anew')
      this.#state = new State(identity.salt, this.#options.segmentRows)
      // Nothing says which documents there were: with all that is kept of the journals a missing one is no loss.
      this.#from = 0
      await this.#readSessions()
      await this.#readActs()
      await this.#readSegments(1)
      this.#untidy ||= this.#state.sessions.size > 0
    }
    await this.#readSmall(new Set(stored?.small))
    const wanted = journals.filter((j) => j.number >= this.#from)
    const { seq, records: replayed } = await replay(
      this.#state,
      records(disk, paths, wanted, aside),
      this.#bases,
    )
    for (const kind of this.#rebuilt) {
      const collection = this.#state.small[kind]
      collection.changed = Math.max(collection.changed, 1)
      collection.written = 0
    }
    const newest = Math.max(seq, this.#seq, stored?.seq ?? 0)
    const journal = Math.max((journals.at(-1)?.number ?? 0) + 1, this.#from, stored?.journal ?? 1)
    return {
      state: this.#state,
      identity,
      seq: newest,
      journal,
      replayed,
      untidy: this.#untidy || aside.problems.length > 0,
    }
  }

  /** Removes what a crash left half written. */
  async #sweep(): Promise<void> {
    const { disk, paths } = this.#options
    for (const folder of [paths.folder, ...paths.all]) {
      for (const name of await disk.list(folder))
        if (isTemporary(name) || name.endsWith('.tmp')) await disk.remove(join(folder, name))
    }
  }

  async #identity(
    journals: readonly JournalFile[],
  ): Promise<{ identity: Identity; stored: Stored | undefined }> {
    const { disk, paths, aside, ids } = this.#options
    try {
      const stored = await readStoreFile(disk, paths)
      if (stored) return { identity: { store: stored.store, salt: stored.salt }, stored }
    } catch (error) {
      if (!(error instanceof DamagedDocument)) throw error
      await aside.file(paths.store)
      aside.report(paths.store, error.message, 'it was set aside and is made anew')
      this.#untidy = true
    }
    for (const journal of journals.toReversed()) {
      const header = await headerOf(disk, journal)
      if (!header) continue
      refuseNewer(paths, header.schema)
      return { identity: { store: header.store, salt: header.salt }, stored: undefined }
    }
    return { identity: { store: ids.next(), salt: randomBytes(16).toString('hex') }, stored: undefined }
  }

  /** With an index at hand only what it can't know is read: segments that were still being filled, and newer ones. */
  async #checkDocuments(): Promise<void> {
    const { disk, paths, aside } = this.#options
    const state = this.#state
    const { segments } = state.segments
    const names = new Set((await disk.list(dirname(paths.segment(1)))).map(documentNumber))
    const there = Math.max(0, ...[...names].map((n) => n ?? 0))
    while (segments.length > there && (segments.at(-1)?.written ?? 0) === 0) segments.pop()
    for (const segment of [...segments]) {
      if (segment.written > 0 && !names.has(segment.number)) await this.#restoreSegment(segment.number)
      else if (segment !== segments.at(-1) && segment.changed > this.#bases.index)
        await this.#readAgain(segment)
    }
    const last = segments.at(-1)
    if (last && (last.count < state.segments.rows || last.changed > last.written)) {
      segments.pop()
      await this.#readSegments(last.number)
    } else await this.#readSegments(segments.length + 1)
    const pages = new Set((await disk.list(dirname(paths.sessions(1)))).map(documentNumber))
    state.sessions.pages.forEach((page, i) => {
      if (page.written === 0 || pages.has(i + 1)) return
      this.#lost(page, paths.sessions(i + 1))
    })
    const acts = new Set((await disk.list(dirname(paths.acts(1)))).map(documentNumber))
    state.acts.shards.forEach((shard, i) => {
      if (shard.written === 0 || acts.has(i + 1)) return
      this.#lost(shard, paths.acts(i + 1))
    })
    if (aside.problems.length > 0) this.#untidy = true
  }

  #lost(document: { changed: number; written: number }, file: string): void {
    document.changed = Math.max(document.changed, document.written, 1)
    document.written = 0
    this.#options.aside.report(file, 'the document is gone', 'it is written anew from the index')
  }

  async #readSegments(from: number): Promise<void> {
    const { disk, paths } = this.#options
    const numbers = (await disk.list(dirname(paths.segment(1))))
      .map(documentNumber)
      .filter((n) => n !== undefined)
    const last = Math.max(0, ...numbers)
    for (let number = from; number <= last; number++) {
      const body = await this.#body(paths.segment(number), 'messages')
      if (body) this.#addSegment(number, body)
      else await this.#restoreSegment(number)
      // Only the last one goes on being filled.
      const before = this.#state.segments.segments[number - 2]
      if (before) this.#state.segments.release(before)
    }
  }

  /**
   * A segment that changed while the index was captured: its claims may have been captured before the change and its
   * facts behind it, so that only the document says what is in it.
   */
  async #readAgain(segment: Segment): Promise<void> {
    const body = await this.#body(this.#options.paths.segment(segment.number), 'messages')
    if (!body) {
      await this.#restoreSegment(segment.number)
      return
    }
    const rows = body.rows as Message[]
    segment.count = rows.length
    segment.written = segment.changed = body.header.seq
    this.#seq = Math.max(this.#seq, body.header.seq)
    this.#state.note(rows, segment.number)
  }

  #addSegment(number: number, body: DocumentBody): void {
    const rows = body.rows as Message[]
    this.#seq = Math.max(this.#seq, body.header.seq)
    const segment = this.#state.segments.add([...rows], body.header.seq)
    if (segment.number !== number) throw new RangeError(`segment ${String(number)} is out of order`)
    this.#state.note(rows, number)
  }

  /** A segment that is damaged or gone: its rows from wherever they still are. */
  async #restoreSegment(number: number): Promise<void> {
    const { segments } = this.#state
    const known = segments.segments[number - 1]
    const segment =
      known ?? segments.addStored({ count: 0, from: Infinity, to: -Infinity, changed: 0, written: 0 })
    await gatherSegment(this.#options, this.#state, segment)
    this.#untidy = true
  }

  async #readSessions(): Promise<void> {
    for (const { body } of await this.#shards('sessions', (n) => this.#options.paths.sessions(n))) {
      for (const session of body.rows as Session[]) {
        const known = this.#state.sessions.find(session._id)
        if (known !== undefined && (this.#bases.sessions[known] ?? 0) > body.header.seq) continue
        const put = this.#state.sessions.put(session, body.header.seq)
        this.#bases.sessions[put.number] = body.header.seq
      }
    }
  }

  async #readActs(): Promise<void> {
    for (const { body } of await this.#shards('acts', (n) => this.#options.paths.acts(n))) {
      for (const act of body.rows as Act[])
        this.#state.acts.put(act, this.#state.sessions.keys.ensure(act), body.header.seq)
    }
  }

  /** The readable documents of a sharded kind; for one that is damaged or gone its copy in the newest backup. */
  async #shards(
    kind: 'sessions' | 'acts',
    nameOf: (number: number) => string,
  ): Promise<{ body: DocumentBody }[]> {
    const numbers = (await this.#options.disk.list(dirname(nameOf(1))))
      .map(documentNumber)
      .filter((n) => n !== undefined)
    const found: { body: DocumentBody }[] = []
    for (let number = 1; number <= Math.max(0, ...numbers); number++) {
      const file = nameOf(number)
      const body = (await this.#body(file, kind)) ?? (await this.#instead(file, kind))
      if (body) found.push({ body })
      this.#seq = Math.max(this.#seq, body?.header.seq ?? 0)
    }
    return found
  }

  async #readSmall(expected: ReadonlySet<string>): Promise<void> {
    const { paths } = this.#options
    const present = new Set(await this.#options.disk.list(paths.folder))
    for (const kind of SMALL) {
      const file = paths.small(kind)
      let body = await this.#body(file, kind)
      if (!body && (present.has(`${kind}.json`) || expected.has(kind))) {
        body = await this.#instead(file, kind)
        this.#rebuilt.push(kind)
      }
      if (!body) continue
      const collection = this.#state.small[kind] as Collection<{ _id: string }>
      for (const row of body.rows as { _id: string }[]) collection.rows.set(row._id, row)
      collection.changed = collection.written = body.header.seq
      this.#seq = Math.max(this.#seq, body.header.seq)
    }
  }

  /** What the newest backup has of a document, its journals being replayed from the beginning then. */
  async #instead(file: string, kind: string): Promise<DocumentBody | undefined> {
    const { disk, sources, aside } = this.#options
    this.#from = 0
    this.#untidy = true
    if (await disk.facts(file)) await aside.file(file)
    const body = await sources.fromBackup(file, kind)
    aside.report(
      file,
      'the document is damaged or gone',
      `${body ? 'it is rebuilt from the newest backup and the journals' : 'it is rebuilt from the journals'}; what was damaged is kept in set-aside`,
    )
    return body
  }

  async #body(file: string, kind: string): Promise<DocumentBody | undefined> {
    try {
      return await readDocument(this.#options.disk, file, kind)
    } catch (error) {
      if (!(error instanceof DamagedDocument)) throw error
      this.#untidy = true
      return undefined
    }
  }
}
