import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { extract, pack } from 'tar-stream'
import { SwitchboardError } from '../../shared/errors.ts'
import { renamePatiently, writeFully } from './atomic.ts'
import type { Disk } from './disk.ts'
import { readChunks } from './journal-files.ts'
import { basename, dirname, join } from 'node:path'

/** First file of a backup: what is in it. */
export interface Manifest {
  format: 'switchboard-backup'
  schema: number
  store: string
  /** The backup holds every change up to this one. */
  seq: number
  /** Number of the first journal file that is not part of it. */
  journal: number
  at: string
  files: { name: string; bytes: number; sha256: string }[]
}

export const MANIFEST = 'manifest.json'

// tar-stream speaks of streamx's streams, which behave as Node's do where we use them.
/** One file as tar-stream hands it out. */
type TarEntry = Readable & { header: { name: string; type: string } }
type Unpacking = Writable & AsyncIterable<TarEntry>
interface Packing extends Readable {
  entry(header: { name: string; size?: number; mode: number }, body?: string): Writable
  finalize(): void
}

/** A file to go into an archive. */
export interface Entry {
  name: string
  file: string
}

/**
 * Writes files into a .tar.gz with their manifest last (their sums are only known then), reads it back whole, and only
 * then gives it its name. Returns its size in bytes.
 */
export async function writeArchive(
  disk: Disk,
  target: string,
  entries: readonly Entry[],
  about: Omit<Manifest, 'files' | 'format'>,
): Promise<{ bytes: number; manifest: Manifest }> {
  const temporary = join(dirname(target), `.${basename(target)}.tmp`)
  await disk.makeFolder(dirname(target))
  await disk.remove(temporary)
  const out = await disk.open(temporary, 'new')
  const tar = pack() as unknown as Packing
  const files: Manifest['files'] = []
  let bytes = 0
  try {
    const feeding = (async () => {
      try {
        for (const { name, file } of entries) files.push(await addFile(disk, tar, name, file))
        const manifest: Manifest = { format: 'switchboard-backup', ...about, files }
        tar.entry({ name: MANIFEST, mode: 0o600 }, JSON.stringify(manifest, null, 2))
        tar.finalize()
      } catch (error) {
        tar.destroy(error instanceof Error ? error : new Error(String(error)))
        throw error
      }
    })()
    const writing = pipeline(tar, createGzip({ level: 5 }), async (source: AsyncIterable<Buffer>) => {
      for await (const chunk of source) {
        await writeFully(out, chunk, bytes)
        bytes += chunk.length
      }
    })
    const results = await Promise.allSettled([writing, feeding])
    for (const result of results) if (result.status === 'rejected') throw result.reason
    await out.sync()
    await out.close()
    const manifest = await verifyArchive(disk, temporary)
    await renamePatiently(disk, temporary, target)
    await disk.syncFolder(dirname(target))
    return { bytes, manifest }
  } catch (error) {
    await out.close().catch(() => undefined)
    await disk.remove(temporary).catch(() => undefined)
    throw error
  }
}

async function addFile(
  disk: Disk,
  tar: Packing,
  name: string,
  file: string,
): Promise<Manifest['files'][number]> {
  const facts = await disk.facts(file)
  if (!facts) throw new SwitchboardError('file_unreadable', { file, reason: 'it is gone' })
  const sum = createHash('sha256')
  const entry = tar.entry({ name, size: facts.size, mode: 0o600 })
  const failed = once(entry, 'error').then(([error]) => {
    throw error
  })
  failed.catch(() => undefined)
  for await (const chunk of readChunks(disk, file)) {
    sum.update(chunk)
    if (!entry.write(chunk)) await Promise.race([once(entry, 'drain'), failed])
  }
  entry.end()
  await Promise.race([once(entry, 'finish'), failed])
  return { name, bytes: facts.size, sha256: sum.digest('hex') }
}

/** Walks through an archive. `take` gets each file's name and bytes. */
export async function readArchive(
  disk: Disk,
  file: string,
  take: (name: string, body: Readable) => Promise<void>,
): Promise<void> {
  const tar = extract() as unknown as Unpacking
  const taking = (async () => {
    for await (const entry of tar) {
      if (entry.header.type === 'file') await take(entry.header.name, entry)
      entry.resume()
    }
  })()
  try {
    const results = await Promise.allSettled([
      pipeline(Readable.from(readChunks(disk, file)), createGunzip(), tar),
      taking,
    ])
    for (const result of results) if (result.status === 'rejected') throw result.reason
  } catch (error) {
    if (error instanceof SwitchboardError) throw error
    throw new SwitchboardError(
      'backup_damaged',
      { file, what: error instanceof Error ? error.message : String(error) },
      { cause: error },
    )
  }
}

/**
 * Reads an archive to its end and compares every file with its manifest. Throws SwitchboardError backup_damaged.
 * With `keep`, each file's chunks go there on the way.
 */
export async function verifyArchive(
  disk: Disk,
  file: string,
  keep?: (name: string, chunks: AsyncIterable<Buffer>) => Promise<void>,
): Promise<Manifest> {
  const damaged = (what: string): SwitchboardError => new SwitchboardError('backup_damaged', { file, what })
  const found = new Map<string, { bytes: number; sha256: string }>()
  let text = ''
  await readArchive(disk, file, async (name, body) => {
    if (name === MANIFEST) {
      for await (const chunk of body as AsyncIterable<Buffer>) text += chunk.toString()
      return
    }
    if (name.startsWith('/') || name.split('/').includes('..')) throw damaged(`it holds ${name}`)
    const sum = createHash('sha256')
    let bytes = 0
    const summed = (async function* () {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        sum.update(chunk)
        bytes += chunk.length
        yield chunk
      }
    })()
    if (keep) await keep(name, summed)
    else for await (const _chunk of summed);
    found.set(name, { bytes, sha256: sum.digest('hex') })
  })
  const manifest = parseManifest(text)
  if (!manifest) throw damaged('its list of contents is missing')
  for (const { name, bytes, sha256 } of manifest.files) {
    const own = found.get(name)
    if (!own) throw damaged(`${name} is missing`)
    if (own.bytes !== bytes || own.sha256 !== sha256) throw damaged(`${name} is not what was written`)
    found.delete(name)
  }
  for (const name of found.keys()) throw damaged(`${name} does not belong in it`)
  return manifest
}

function parseManifest(text: string): Manifest | undefined {
  try {
    const value = JSON.parse(text) as Partial<Manifest> | null
    return value?.format === 'switchboard-backup' && Array.isArray(value.files)
      ? (value as Manifest)
      : undefined
  } catch {
    return undefined
  }
}
