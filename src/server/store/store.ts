import { SwitchboardError } from '../../shared/errors.ts'
import type { Clock, Ids, Log } from '../ports.ts'
import { diskError } from './atomic.ts'
import {
  type BackupMade,
  backupName,
  backupSources,
  DailyBackups,
  makeBackup,
  removeCovered,
} from './backup.ts'
import { AttachedFiles } from './attached.ts'
import { Blobs } from './blobs.ts'
import { Checkpoints } from './checkpoints.ts'
import { Condition } from './condition.ts'
import { type Disk, isCode, RealDisk } from './disk.ts'
import { DamagedDocument, decodeDocument, SCHEMA } from './document.ts'
import { withDownloads } from './downloads.ts'
import { Journal, type Pending } from './journal.ts'
import { iso } from '../iso.ts'
import { journalName } from './journal-files.ts'
import { Lock } from './lock.ts'
import { Paths } from './paths.ts'
import { type Identify, identifyOn } from './process-identity.ts'
import { Queries } from './queries.ts'
import { encodeRecord } from './record.ts'
import { recover, type Recovered } from './recovery.ts'
import { finishRestore } from './restore.ts'
import { type Room, roomOf } from './room.ts'
import { gatherSegment, type Sources } from './salvage.ts'
import type { Segment } from './segment-table.ts'
import { renewDamaged } from './renew.ts'
import { type Problem, SetAside } from './set-aside.ts'
import type { State, Undo } from './state.ts'
import { readStoreFile } from './store-file.ts'
import type { Commit, CommitListener, Store, StoreState } from './types.ts'
import { type Verdict, verify, type VerifyOptions } from './verify.ts'
import { DocumentWriter } from './writer.ts'

export interface StoreOptions {
  folder: string
  clock: Clock
  ids: Ids
  log: Log
  disk?: Disk
  /** Records after which a new journal file begins. */
  recordsPerFile?: number
  /** Records after which documents and index are brought up to date. */
  recordsPerCheckpoint?: number
  /** Who we are, for the lock; tests play several processes. */
  pid?: number
  identify?: Identify
  /** Messages in a segment, where tests can't wait for a thousand. */
  segmentRows?: number
  /** No backup a day: for measurements. */
  withoutBackups?: true
}

const RECORDS_PER_FILE = 8_000
const RECORDS_PER_CHECKPOINT = 50_000

interface Waiting extends Pending {
  undo: Undo
  reject(error: unknown): void
}

/** What `createStore` gives: the store, and what only the console's own process needs of it. */
export class FolderStore extends Queries implements Store {
  readonly folder: string
  readonly disk: Disk
  readonly paths: Paths
  readonly clock: Clock
  readonly log: Log
  /** Files of messages. */
  readonly blobs: Blobs
  /** These, and the files of what is still being written. */
  readonly attached: AttachedFiles
  readonly #state: State
  readonly #journal: Journal
  readonly #writer: DocumentWriter
  readonly #lock: Lock
  readonly #aside: SetAside
  readonly #sources: Sources
  readonly #backups: DailyBackups
  readonly #repairs = new Map<number, Promise<void>>()
  readonly #listeners = new Set<CommitListener>()
  readonly identity: Recovered['identity']
  readonly #condition: Condition
  readonly #checkpoints: Checkpoints
  #newest: number
  #closed = false

  private constructor(
    options: StoreOptions,
    parts: {
      disk: Disk
      paths: Paths
      lock: Lock
      aside: SetAside
      sources: Sources
      found: Recovered
    },
  ) {
    const { disk, paths, found, aside } = parts
    super(found.state, (number) => this.#lines(number))
    this.folder = options.folder
    this.disk = disk
    this.paths = paths
    this.clock = options.clock
    this.log = options.log
    this.blobs = new Blobs(disk, paths.media)
    this.attached = new AttachedFiles({
      disk,
      folder: paths.attached,
      sent: this.blobs,
      clock: options.clock,
    })
    this.#lock = parts.lock
    this.#aside = aside
    this.#sources = parts.sources
    this.#state = found.state
    this.identity = found.identity
    this.#newest = found.seq
    this.#journal = new Journal({
      disk,
      hooks: {
        failed: (error, refused) => {
          this.#fail(error, refused as Waiting[])
        },
        rotated: () => {
          this.#checkpoints.rotated()
        },
      },
      nameOf: (number) => journalName(this.folder, number),
      header: (journal, from) => ({ journal, from, ...found.identity, schema: SCHEMA, at: this.#now() }),
      recordsPerFile: options.recordsPerFile ?? RECORDS_PER_FILE,
      number: found.journal,
      durable: found.seq,
    })
    this.#condition = new Condition(options.clock, options.log, () => this.#journal.revive())
    this.#backups = new DailyBackups(this, () => this.#state.segments.last !== undefined)
    this.#writer = new DocumentWriter({
      disk,
      paths,
      log: options.log,
      state: found.state,
      journal: {
        newest: () => this.#newest,
        durable: (seq) => this.#journal.whenDurable(seq),
        rotate: () => this.#journal.rotate(),
        current: () => this.#journal.number,
      },
      identity: found.identity,
      segmentChanged: (number) => {
        this.reader.forget(number)
      },
      repair: (segment) => this.#repair(segment),
    })
    this.#checkpoints = new Checkpoints({
      clock: options.clock,
      log: options.log,
      at: found.seq - found.replayed,
      every: options.recordsPerCheckpoint ?? RECORDS_PER_CHECKPOINT,
      newest: () => this.#newest,
      late: () => this.#state.segments.late,
      checkpoint: () => this.#writer.checkpoint(),
      afterRotation: () => this.#writer.afterRotation(),
    })
  }

  /** Opens the folder, made when it is not there. Throws SwitchboardError data_locked, data_newer, disk_full, disk_failed. */
  static async open(options: StoreOptions): Promise<FolderStore> {
    const disk = options.disk ?? new RealDisk()
    const paths = new Paths(options.folder)
    const identify = options.identify ?? identifyOn(disk)
    try {
      // Before anything is touched: what a newer version wrote stays as it is.
      await readStoreFile(disk, paths).catch((error: unknown) => {
        if (!(error instanceof DamagedDocument)) throw error
      })
      await disk.makeFolder(options.folder)
      const lock = await Lock.acquire({
        disk,
        file: paths.running,
        folder: options.folder,
        identify,
        pid: options.pid ?? process.pid,
      })
      try {
        await finishRestore(disk, paths)
        for (const folder of paths.all) await disk.makeFolder(folder)
        const aside = new SetAside(disk, paths, options.clock, options.log)
        const sources = backupSources(disk, paths)
        const found = await recover({
          disk,
          paths,
          ids: options.ids,
          aside,
          sources,
          segmentRows: options.segmentRows,
        })
        const store = new FolderStore(options, { disk, paths, lock, aside, sources, found })
        await store.blobs.tidy()
        await store.#journal.start()
        if (found.untidy) await store.#writer.checkpoint()
        if (!options.withoutBackups) store.#backups.start()
        return store
      } catch (error) {
        await lock.release().catch(() => undefined)
        throw error
      }
    } catch (error) {
      throw isCode(error) || error instanceof SwitchboardError || (error instanceof Error && 'code' in error)
        ? diskError(error)
        : error
    }
  }

  get seq(): number {
    return this.#journal.durable
  }

  commit(commit: Commit): Promise<number> {
    if (this.#closed)
      return Promise.reject(new SwitchboardError('disk_failed', { reason: 'the store is closed' }))
    const refusal = this.#condition.refusal
    if (refusal) return Promise.reject(refusal)
    const seq = this.#newest + 1
    const undo: Undo = []
    let line: string
    let taken: Commit
    try {
      taken = withDownloads(stamped(commit, seq), this.#now(), (id) =>
        this.#state.small.downloads.rows.has(id),
      )
      line = encodeRecord(seq, this.#now(), taken)
      this.#state.apply(taken, seq, undo)
    } catch (error) {
      takeBack(undo)
      return Promise.reject(error instanceof Error ? error : new Error(String(error)))
    }
    this.#newest = seq
    return new Promise((resolve, reject) => {
      const done = (): void => {
        for (const listener of this.#listeners) {
          try {
            listener(taken, seq)
          } catch (error) {
            this.log.error('A listener to the store failed.', error)
          }
        }
        resolve(seq)
      }
      const waiting: Waiting = { seq, line, undo, done, reject }
      this.#journal.push(waiting)
      this.#checkpoints.changed()
    })
  }

  onCommit(listener: CommitListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  state(): StoreState {
    return this.#condition.state
  }

  onState(listener: (state: StoreState) => void): () => void {
    return this.#condition.onChange(listener)
  }

  /** Everything that was found wrong since the store was opened. */
  problems(): readonly Problem[] {
    return this.#aside.problems
  }

  /** Says in running.json where the console can be reached by commands. */
  announce(port: number, secret: string): Promise<void> {
    return this.#lock.announce(port, secret)
  }

  settle(): Promise<void> {
    return this.#checkpoints.make()
  }

  /** Brings everything into the documents, then runs `job` while none of them is rewritten; changes go on meanwhile. */
  settled<T>(job: (point: { seq: number; journal: number }) => Promise<T>): Promise<T> {
    return this.#writer.alone(async () => job(await this.#writer.checkpointNow()))
  }

  /** The same, with every document read and, where one is damaged, written anew first. */
  sound<T>(job: (point: { seq: number; journal: number }) => Promise<T>): Promise<T> {
    return this.settled(async (point) => {
      const { disk, paths } = this
      const repairs = {
        aside: this.#aside,
        repairSegment: (n: number) => this.#repair(this.#state.segments.get(n)),
      }
      const damaged = await renewDamaged({ disk, paths, state: this.#state, ...repairs })
      return job(damaged ? await this.#writer.checkpointNow() : point)
    })
  }

  /** To `file`, or into the data folder's backups, where it counts as one of them. */
  async backup(file?: string): Promise<BackupMade> {
    if (file !== undefined) return makeBackup(this, file, 'with files')
    const made = await makeBackup(this, backupName(this.paths, this.clock.now()), 'with files')
    await removeCovered(this, made.seq)
    return made
  }

  /** How much the data take and how much more fits. */
  room(): Promise<Room> {
    return roomOf(this.disk, this.paths, this.#backups.problem)
  }

  /** Reads and compares everything; with `repair` what can be rebuilt is. */
  async verify(options: VerifyOptions = {}): Promise<Verdict> {
    const verdict = await this.settled(() =>
      verify(
        {
          disk: this.disk,
          paths: this.paths,
          state: this.#state,
          commit: (commit) => this.commit(commit),
          messages: (ids) => this.messages(ids),
          repairSegment: (number) => this.#repair(this.#state.segments.get(number)),
          setAside: async (file) => {
            await this.#aside.file(file)
          },
        },
        options,
      ),
    )
    if (options.repair) await this.#checkpoints.make()
    return verdict
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#checkpoints.stop()
    this.#condition.stop()
    await this.#backups.stop()
    try {
      if (!this.#condition.refusal) await this.#checkpoints.make()
      await this.#writer.alone(() => this.#journal.close())
    } finally {
      await this.#lock.release()
    }
  }

  async #lines(number: number): Promise<string[]> {
    const file = this.paths.segment(number)
    for (let tries = 0; ; tries++) {
      try {
        return decodeDocument(file, await this.disk.readFile(file)).lines
      } catch (error) {
        if (tries > 0 || !(error instanceof DamagedDocument || isCode(error, 'ENOENT'))) throw error
        await this.#repair(this.#state.segments.get(number))
      }
    }
  }

  /** Once for all who found it damaged. */
  #repair(segment: Segment): Promise<void> {
    const running = this.#repairs.get(segment.number)
    if (running) return running
    const { disk, paths } = this
    const parts = { disk, paths, aside: this.#aside, sources: this.#sources }
    const repair = gatherSegment(parts, this.#state, segment).finally(() => {
      this.#repairs.delete(segment.number)
      this.reader.forget(segment.number)
    })
    this.#repairs.set(segment.number, repair)
    return repair
  }

  #fail(error: SwitchboardError, refused: Waiting[]): void {
    for (const waiting of refused.toReversed()) takeBack(waiting.undo)
    this.#newest = this.#journal.durable
    this.#condition.failed(error)
    for (const waiting of refused) waiting.reject(error)
  }

  #now(): string {
    return iso(this.clock.now())
  }
}

export const createStore = (options: StoreOptions): Promise<FolderStore> => FolderStore.open(options)

/** A message says with which change it was first taken. */
function stamped(commit: Commit, seq: number): Commit {
  if (!commit.messages?.some((m) => m.seq === undefined)) return commit
  return { ...commit, messages: commit.messages.map((m) => (m.seq === undefined ? { ...m, seq } : m)) }
}

function takeBack(undo: Undo): void {
  for (let i = undo.length - 1; i >= 0; i--) undo[i]?.()
}
