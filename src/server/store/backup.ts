import { basename, join } from 'node:path'
import type { Clock, Log } from '../ports.ts'
import { type Entry, readArchive, writeArchive } from './archive.ts'
import { diskError } from './atomic.ts'
import { Blobs } from './blobs.ts'
import { type Disk, isCode } from './disk.ts'
import { type DocumentBody, SCHEMA } from './document.ts'
import { listJournals } from './journal-files.ts'
import type { Paths } from './paths.ts'
import { headerOf } from './replay.ts'
import { bodyOf, nameInBackup, type Sources } from './salvage.ts'
import { SMALL } from './state.ts'

export interface BackupMade {
  file: string
  bytes: number
  files: number
  seq: number
}

/** What a backup needs of the store. */
export interface BackedUp {
  disk: Disk
  paths: Paths
  clock: Clock
  log: Log
  identity: { store: string }
  /** Runs a job when the documents are whole and hold everything up to `seq`, with none rewritten meanwhile. */
  sound<T>(job: (point: { seq: number; journal: number }) => Promise<T>): Promise<T>
}

/**
 * Writes a verified copy to `file`. The documents hold all there is then, so no journal goes along. Files of messages go
 * into a backup somebody asked for; the daily ones lie beside them on the same disk, and eleven copies of each would fill it.
 */
export function makeBackup(
  store: BackedUp,
  file: string,
  files: 'with files' | 'without files',
): Promise<BackupMade> {
  const { disk, paths, clock, identity } = store
  return store.sound(async ({ seq, journal }) => {
    const about = {
      schema: SCHEMA,
      store: identity.store,
      seq,
      journal,
      at: new Date(clock.now()).toISOString(),
    }
    const entries = await contents(disk, paths)
    if (files === 'with files')
      for (const name of await new Blobs(disk, paths.media).list())
        entries.push({ name: `media/${name}`, file: join(paths.media, ...name.split('/')) })
    const { bytes, manifest } = await writeArchive(disk, file, entries, about)
    return { file, bytes, files: manifest.files.length, seq }
  })
}

async function contents(disk: Disk, paths: Paths): Promise<Entry[]> {
  const entries: Entry[] = []
  for (const folder of ['messages', 'sessions', 'acts']) {
    for (const name of await disk.list(join(paths.folder, folder))) {
      if (/^\d{6,}\.json$/.test(name))
        entries.push({ name: `${folder}/${name}`, file: join(paths.folder, folder, name) })
    }
  }
  const present = new Set(await disk.list(paths.folder))
  for (const kind of [...SMALL, 'store']) {
    if (present.has(`${kind}.json`))
      entries.push({ name: `${kind}.json`, file: join(paths.folder, `${kind}.json`) })
  }
  return entries
}

/** One a day by itself; those somebody asked for carry the time too. */
const NAME = /^switchboard-(\d{4}-\d{2}-\d{2})(?:T\d{2}-\d{2}-\d{2})?\.tar\.gz$/

export function backupName(paths: Paths, now: number): string {
  return join(
    paths.backups,
    `switchboard-${new Date(now).toISOString().slice(0, 19).replaceAll(':', '-')}.tar.gz`,
  )
}

/** A backup that lies in the data folder. `at` in ms. */
export interface BackupThere {
  file: string
  at: number
  bytes: number
}

/** The one made last, of those the store made. Names begin with the day; within it the one by itself has no time. */
export async function newestBackup(disk: Disk, paths: Paths): Promise<BackupThere | null> {
  const names = (await disk.list(paths.backups)).filter((name) => NAME.test(name))
  const dayOf = (name: string): string | undefined => NAME.exec(name)?.[1]
  const day = dayOf(names.at(-1) ?? '')
  let newest: BackupThere | null = null
  for (const name of names) {
    if (dayOf(name) !== day) continue
    const file = join(paths.backups, name)
    const facts = await disk.facts(file)
    if (facts && !facts.folder && (newest === null || facts.modified >= newest.at))
      newest = { file, at: facts.modified, bytes: facts.size }
  }
  return newest
}

const DAY_MS = 24 * 3_600_000
const DAILY = 7
const WEEKLY = 4
/** Between looks whether a backup is due: a clock that slept notices soon. */
const LOOK_EVERY_MS = 3_600_000
const FIRST_LOOK_MS = 60_000

/** A backup a day from the first data on: seven daily and four weekly ones are kept. */
export class DailyBackups {
  readonly #store: BackedUp
  #stop: (() => void) | undefined
  #stopped = false
  #running: Promise<void> | undefined
  #problem = ''
  readonly #hasData: () => boolean

  constructor(store: BackedUp, hasData: () => boolean) {
    this.#store = store
    this.#hasData = hasData
  }

  /** Why the last one could not be made, in words; empty when it could. */
  get problem(): string {
    return this.#problem
  }

  /** The first look waits a little: a start should not compete with it. */
  start(): void {
    this.#again(FIRST_LOOK_MS)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#stop?.()
    await this.#running
  }

  #again(ms: number): void {
    if (this.#stopped) return
    this.#stop = this.#store.clock.after(ms, () => {
      this.#running = this.#look().finally(() => {
        this.#again(LOOK_EVERY_MS)
      })
    })
  }

  async #look(): Promise<void> {
    const { clock, paths, log } = this.#store
    const today = new Date(clock.now()).toISOString().slice(0, 10)
    const target = join(paths.backups, `switchboard-${today}.tar.gz`)
    try {
      if (!this.#hasData() || (await this.#store.disk.facts(target))) return
      const made = await makeBackup(this.#store, target, 'without files')
      await removeCovered(this.#store, made.seq)
      await this.#prune(clock.now())
      this.#problem = ''
      log.info(`Backed up ${String(made.files)} files to ${basename(target)}.`)
    } catch (error) {
      this.#problem = diskError(error).message
      log.warn(`Today's backup could not be made and will be tried again: ${this.#problem}`)
    }
  }

  /** Seven days, and beyond them the newest of each of four weeks. */
  async #prune(now: number): Promise<void> {
    const { disk, paths } = this.#store
    const weeks = new Set<number>()
    for (const name of (await disk.list(paths.backups)).toReversed()) {
      const day = NAME.exec(name)?.[1]
      if (day === undefined) continue
      const age = Math.floor((now - Date.parse(day)) / DAY_MS)
      // Weeks of the calendar, not of age: else each day would push out what the week before had kept.
      const week = Math.floor(Date.parse(day) / (7 * DAY_MS))
      if (age < DAILY) continue
      if (weeks.size < WEEKLY && !weeks.has(week)) weeks.add(week)
      else await disk.remove(join(paths.backups, name))
    }
  }
}

/**
 * A verified backup in the data folder holds everything up to `seq`: closed journals with nothing newer may go.
 * A backup somewhere else does not count here, for nobody knows whether it is still there.
 */
export async function removeCovered(store: Pick<BackedUp, 'disk' | 'paths'>, seq: number): Promise<void> {
  const { disk, paths } = store
  const journals = await listJournals(disk, paths.folder)
  for (const [i, journal] of journals.entries()) {
    const next = journals[i + 1]
    const end = next && (await headerOf(disk, next))?.from
    if (!journal.compressed || end === undefined || end - 1 > seq) return
    await disk.remove(journal.file)
  }
}

/** Lost documents out of the newest backup in the data folder. */
export function backupSources(disk: Disk, paths: Paths): Sources {
  return {
    async fromBackup(file: string, kind: string): Promise<DocumentBody | undefined> {
      const wanted = nameInBackup(paths, file)
      const names = (await disk.list(paths.backups)).filter((name) => NAME.test(name))
      for (const name of names.toReversed()) {
        const chunks: Buffer[] = []
        try {
          await readArchive(disk, join(paths.backups, name), async (entry, body) => {
            if (entry === wanted) for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk)
          })
        } catch (error) {
          if (!isCode(error, 'ENOENT', 'backup_damaged')) throw error
        }
        const body = chunks.length > 0 ? await bodyOf(file, kind, Buffer.concat(chunks)) : undefined
        if (body) return body
      }
      return undefined
    },
  }
}
