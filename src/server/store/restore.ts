import { basename, dirname, join } from 'node:path'
import { SwitchboardError } from '../../shared/errors.ts'
import type { Clock } from '../ports.ts'
import { verifyArchive } from './archive.ts'
import { renamePatiently, writeFully, writeWhole } from './atomic.ts'
import { type Disk, RealDisk } from './disk.ts'
import { SCHEMA } from './document.ts'
import { Lock } from './lock.ts'
import { gatherFiles, NeededFiles } from './needed-files.ts'
import { Paths } from './paths.ts'
import { type CarryOver, carrySettings, doubtOutbox } from './restored.ts'
import { SMALL } from './state.ts'
import { type Identify, identifyOn } from './process-identity.ts'

export interface RestoreOptions {
  clock: Clock
  disk?: Disk
  identify?: Identify
  pid?: number
  /** By default no setting of what is here outlives the restore. */
  carryOver?: CarryOver
}

export interface Restored {
  files: number
  seq: number
  /** Where the data are that were here before. */
  kept: string
  /** Files of messages: how many the messages speak of, how many came from beside the backup, and which are nowhere. */
  media: { needed: number; fetched: number; missing: string[] }
  /** Messages that waited to be sent when the backup was made: in doubt now. */
  doubtful: number
}

/**
 * Puts the data of a backup in place of what is in `folder`. Everything is read and compared first; what was there
 * is moved to `<folder>/set-aside/before-restore-…`, never deleted. Files of messages that the backup does not hold are
 * those that are in `folder` already, or in the `media` beside the backup or beside its folder. Nothing is sent a second
 * time: what waited is in doubt afterwards. Throws SwitchboardError not_while_running, backup_damaged, data_newer.
 */
export async function restore(file: string, folder: string, options: RestoreOptions): Promise<Restored> {
  const disk = options.disk ?? new RealDisk()
  const paths = new Paths(folder)
  if (!(await disk.facts(file)))
    throw new SwitchboardError('file_unreadable', { file, reason: 'there is no such file' })
  const fresh = freshFolder(folder)
  await disk.makeFolder(folder)
  const lock = await lockFor(options, disk, paths)
  try {
    await finishRestore(disk, paths)
    await disk.removeFolder(fresh)
    // Extracted beside, compared on the way; nothing of the data is touched before all of it is there and whole.
    await disk.makeFolder(fresh)
    const folders = new Set([fresh])
    const needed = new NeededFiles()
    const manifest = await verifyArchive(disk, file, async (name, chunks) => {
      const target = join(fresh, ...name.split('/'))
      await disk.makeFolder(dirname(target))
      folders.add(dirname(target))
      const out = await disk.open(target, 'new')
      try {
        let position = 0
        for await (const chunk of name.startsWith('messages/') ? needed.reading(chunks) : chunks) {
          await writeFully(out, chunk, position)
          position += chunk.length
        }
        await out.sync()
      } finally {
        await out.close()
      }
    })
    if (manifest.schema > SCHEMA)
      throw new SwitchboardError('data_newer', { data: file, found: manifest.schema, known: SCHEMA })
    const doubtful = await doubtOutbox(disk, fresh)
    if (options.carryOver) await carrySettings(disk, { fresh, folder, seq: manifest.seq }, options.carryOver)
    const freshMedia = join(fresh, 'media')
    const media = await gatherFiles(disk, needed.hashes, {
      here: [freshMedia, paths.media],
      elsewhere: [join(dirname(file), 'media'), join(dirname(dirname(file)), 'media')],
      into: freshMedia,
    })
    if (media.fetched.length > 0) folders.add(freshMedia)
    for (const made of folders) await disk.syncFolder(made)
    const kept = join(
      paths.setAside,
      `before-restore-${new Date(options.clock.now()).toISOString().replaceAll(':', '-')}`,
    )
    await disk.makeFolder(kept)
    await mark(disk, paths, { phase: 'out', kept })
    await finishRestore(disk, paths)
    return {
      files: manifest.files.length,
      seq: manifest.seq,
      kept,
      media: { needed: needed.hashes.size, fetched: media.fetched.length, missing: media.missing },
      doubtful,
    }
  } catch (error) {
    // Once the exchange has begun only finishing it is safe; opening the store does.
    if (!(await disk.facts(markFile(paths)))) await disk.removeFolder(fresh)
    throw error
  } finally {
    await lock.release()
  }
}

async function lockFor(options: RestoreOptions, disk: Disk, paths: Paths): Promise<Lock> {
  try {
    return await Lock.acquire({
      disk,
      file: paths.running,
      folder: paths.folder,
      identify: options.identify ?? identifyOn(disk),
      pid: options.pid ?? process.pid,
    })
  } catch (error) {
    if (error instanceof SwitchboardError && error.code === 'data_locked')
      throw new SwitchboardError('not_while_running', { data: paths.folder })
    throw error
  }
}

/** How far an exchange has come; its file is there only while one is under way. */
interface Mark {
  /** Moving the old data out, or the new in. */
  phase: 'out' | 'in'
  kept: string
}

const freshFolder = (folder: string): string => join(dirname(folder), `.${basename(folder)}.restoring`)
const markFile = (paths: Paths): string => join(paths.folder, 'restoring.json')

async function mark(disk: Disk, paths: Paths, value: Mark): Promise<void> {
  await writeWhole(disk, markFile(paths), [Buffer.from(`${JSON.stringify(value)}\n`)])
}

/** Ends an exchange that a crash interrupted, wherever it stood. Nothing to do without one. */
export async function finishRestore(disk: Disk, paths: Paths): Promise<void> {
  if (!(await disk.facts(markFile(paths)))) return
  const { phase, kept } = JSON.parse((await disk.readFile(markFile(paths))).toString()) as Mark
  if (phase === 'out') {
    for (const name of await disk.list(paths.folder))
      if (isData(name)) await renamePatiently(disk, join(paths.folder, name), join(kept, name))
    await disk.syncFolder(kept)
    await disk.syncFolder(paths.folder)
    await mark(disk, paths, { phase: 'in', kept })
  }
  const fresh = freshFolder(paths.folder)
  for (const name of await disk.list(fresh)) {
    if (name === 'media') await addFiles(disk, join(fresh, name), paths.media)
    else await renamePatiently(disk, join(fresh, name), join(paths.folder, name))
  }
  await disk.syncFolder(paths.folder)
  await disk.remove(markFile(paths))
  await disk.removeFolder(fresh)
}

/** Files of messages are named by their content: those of a backup come to those that are there, and none has to go. */
async function addFiles(disk: Disk, from: string, to: string): Promise<void> {
  for (const folder of await disk.list(from)) {
    await disk.makeFolder(join(to, folder))
    for (const name of await disk.list(join(from, folder)))
      await renamePatiently(disk, join(from, folder, name), join(to, folder, name))
    await disk.syncFolder(join(to, folder))
  }
  await disk.syncFolder(to)
}

/** What is exchanged: the store's own, and nothing else that may lie in the folder (logs, backups, what was set aside). */
const DATA = new Set([
  'journal',
  'messages',
  'sessions',
  'acts',
  'index',
  'store.json',
  ...SMALL.map((kind) => `${kind}.json`),
])
const isData = (name: string): boolean => DATA.has(name)
