import { iso } from '../iso.ts'
import type { Log } from '../ports.ts'
import { PAGE_ROWS } from './session-page.ts'
import { ACT_ROWS } from './act-table.ts'
import type { Disk } from './disk.ts'
import { DamagedDocument, type DocumentBody, readDocument, SCHEMA, writeDocument } from './document.ts'
import { compressJournal, listJournals } from './journal-files.ts'
import type { Paths } from './paths.ts'
import type { Segment } from './segment-table.ts'
import { Slices } from './slices.ts'
import { saveSnapshot } from './snapshot.ts'
import { SMALL, type State } from './state.ts'
import type { Identity, StoreFile } from './store-file.ts'
import type { Message } from '../../shared/documents.ts'

/** What the writer needs of the journal. */
export interface JournalEnd {
  /** Sequence of the newest change in memory. */
  newest(): number
  /** Resolves when all of `seq` is durable; rejects when it was refused. */
  durable(seq: number): Promise<void>
  /** Begins a new journal file and returns its number. */
  rotate(): Promise<number>
  /** Number of the file being written. */
  current(): number
}

/** Longest slice, however much there is to write, ms. */
const LONGEST_SLICE_MS = 8

/**
 * Brings the documents up to what memory holds, behind the journal and one job at a time. A document replaces its
 * older self only when all it holds is durable, so that none is ever ahead of the journal.
 */
export class DocumentWriter {
  readonly #disk: Disk
  readonly #paths: Paths
  readonly #log: Log
  readonly #state: State
  readonly #journal: JournalEnd
  readonly #segmentChanged: (number: number) => void
  readonly #repair: (segment: Segment) => Promise<void>
  readonly #identity: Identity
  #jobs: Promise<unknown> = Promise.resolve()
  #rotationWaits = false
  /** Segments that wait in memory to be written: the more, the greater the share of the loop for writing them. */
  readonly #slices: Slices

  constructor(options: {
    disk: Disk
    paths: Paths
    log: Log
    state: State
    journal: JournalEnd
    identity: Identity
    segmentChanged: (number: number) => void
    repair: (segment: Segment) => Promise<void>
  }) {
    this.#disk = options.disk
    this.#paths = options.paths
    this.#log = options.log
    this.#state = options.state
    this.#slices = new Slices(() => Math.min(LONGEST_SLICE_MS, 1 + options.state.segments.inMemory / 8))
    this.#journal = options.journal
    this.#identity = options.identity
    this.#segmentChanged = options.segmentChanged
    this.#repair = options.repair
  }

  /** Runs `job` when those before it are done; documents are not written by anybody else meanwhile. */
  alone<T>(job: () => Promise<T>): Promise<T> {
    const run = this.#jobs.then(job)
    this.#jobs = run.catch(() => undefined)
    return run
  }

  /** After a rotation: segments that are full leave memory, finished journal files are compressed. */
  async afterRotation(): Promise<void> {
    // One that has not begun yet will do for this rotation too.
    if (this.#rotationWaits) return
    this.#rotationWaits = true
    await this.alone(async () => {
      this.#rotationWaits = false
      await this.#writeSegments((segment) => segment.rows !== undefined)
      await this.#compress()
    })
  }

  /** Documents and index hold all that memory holds now; replay begins behind it. */
  async checkpoint(): Promise<void> {
    await this.alone(() => this.checkpointNow())
  }

  /** The same, for a job that runs alone already. Says up to which change the documents hold all, and what follows. */
  async checkpointNow(): Promise<{ seq: number; journal: number }> {
    // Changes may go on coming: all that is asked for is what is there at this moment.
    const journal = await this.#journal.rotate()
    const seq = this.#journal.newest()
    await this.#durable()
    await this.writeChanged()
    await saveSnapshot(
      this.#disk,
      this.#paths.index,
      this.#state,
      { store: this.#identity.store, seq, journal },
      () => this.#durable(),
    )
    const file: StoreFile = {
      format: 'switchboard',
      ...this.#identity,
      journal,
      small: SMALL.filter((kind) => this.#state.small[kind].written > 0),
    }
    await writeDocument(this.#disk, this.#paths.store, {
      header: { kind: 'store', schema: SCHEMA, seq },
      rows: [file],
    })
    await this.#compress()
    return { seq, journal }
  }

  /** Every document that is behind. */
  async writeChanged(): Promise<void> {
    await this.#writeSegments(() => true)
    await this.#writeSessions()
    await this.#writeActs()
    await this.#writeSmall()
  }

  #durable(): Promise<void> {
    return this.#journal.durable(this.#journal.newest())
  }

  async #writeSegments(which: (segment: Segment) => boolean): Promise<void> {
    for (const segment of [...this.#state.segments.segments]) {
      if (segment.changed > segment.written && which(segment)) await this.#writeSegment(segment)
      this.#state.segments.release(segment)
    }
  }

  async #writeSegment(segment: Segment): Promise<void> {
    const seq = this.#journal.newest()
    const late = new Map(segment.late)
    const rows = segment.rows ? [...segment.rows] : await this.#withLate(segment, late)
    if (rows.length === 0) return
    const header = { kind: 'messages', schema: SCHEMA, seq, from: iso(segment.from), to: iso(segment.to) }
    await writeDocument(
      this.#disk,
      this.#paths.segment(segment.number),
      { header, rows },
      () => this.#durable(),
      this.#slices,
    )
    segment.written = Math.max(segment.written, seq)
    if (!segment.rows) segment.count = rows.length
    for (const [id, message] of late) {
      if (segment.late?.get(id) !== message) continue
      segment.late.delete(id)
      this.#state.segments.late--
    }
    if (segment.late?.size === 0) segment.late = undefined
    this.#segmentChanged(segment.number)
  }

  async #withLate(segment: Segment, late: ReadonlyMap<string, Message>): Promise<Message[]> {
    const file = this.#paths.segment(segment.number)
    let body: DocumentBody | undefined
    try {
      body = await readDocument(this.#disk, file, 'messages')
    } catch (error) {
      if (!(error instanceof DamagedDocument)) throw error
    }
    if (!body) {
      await this.#repair(segment)
      body = await readDocument(this.#disk, file, 'messages')
    }
    const rows = new Map((body?.rows as Message[] | undefined)?.map((m) => [m._id, m]))
    for (const [id, message] of late) rows.set(id, message)
    return [...rows.values()]
  }

  async #writeSessions(): Promise<void> {
    const slices = this.#slices
    const { sessions } = this.#state
    for (const [i, page] of [...sessions.pages].entries()) {
      if (page.changed <= page.written) continue
      const seq = this.#journal.newest()
      const rows: unknown[] = []
      for (let row = 0; row < page.rows; row++) {
        rows.push(sessions.get(i * PAGE_ROWS + row))
        if (row % 50 === 49) await slices.pause()
      }
      const header = { kind: 'sessions', schema: SCHEMA, seq }
      await writeDocument(
        this.#disk,
        this.#paths.sessions(i + 1),
        { header, rows },
        () => this.#durable(),
        this.#slices,
      )
      page.written = Math.max(page.written, seq)
    }
  }

  async #writeActs(): Promise<void> {
    const { acts } = this.#state
    for (const [i, shard] of [...acts.shards].entries()) {
      if (shard.changed <= shard.written) continue
      const seq = this.#journal.newest()
      const rows: unknown[] = []
      for (let n = i * ACT_ROWS; n < Math.min(acts.size, (i + 1) * ACT_ROWS); n++) rows.push(acts.get(n))
      const header = { kind: 'acts', schema: SCHEMA, seq }
      await writeDocument(
        this.#disk,
        this.#paths.acts(i + 1),
        { header, rows },
        () => this.#durable(),
        this.#slices,
      )
      shard.written = Math.max(shard.written, seq)
    }
  }

  async #writeSmall(): Promise<void> {
    for (const kind of SMALL) {
      const collection = this.#state.small[kind]
      if (collection.changed <= collection.written) continue
      const seq = this.#journal.newest()
      const header = { kind, schema: SCHEMA, seq }
      await writeDocument(
        this.#disk,
        this.#paths.small(kind),
        { header, rows: [...collection.rows.values()] },
        () => this.#durable(),
        this.#slices,
      )
      collection.written = Math.max(collection.written, seq)
    }
  }

  /** Finished journal files; one that can't be compressed now stays as it is and is tried again. */
  async #compress(): Promise<void> {
    for (const journal of await listJournals(this.#disk, this.#paths.folder)) {
      if (journal.compressed || journal.number >= this.#journal.current()) continue
      try {
        await compressJournal(this.#disk, this.#paths.folder, journal.number)
      } catch (error) {
        this.#log.warn(`Journal ${String(journal.number)} could not be compressed: ${String(error)}`)
      }
    }
  }
}
