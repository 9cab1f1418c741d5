import { createGunzip, createGzip } from 'node:zlib'
import { once } from 'node:events'
import { join } from 'node:path'
import { writeFully } from './atomic.ts'
import { type Disk, isCode } from './disk.ts'
import { decodeLine, type JournalHeader, type JournalRecord } from './record.ts'

const CHUNK = 1 << 20

export const journalName = (folder: string, number: number): string =>
  join(folder, 'journal', `${padded(number)}.ndjson`)
export const closedName = (folder: string, number: number): string =>
  join(folder, 'journal', 'closed', `${padded(number)}.ndjson.gz`)
export const padded = (number: number): string => String(number).padStart(6, '0')

export interface JournalFile {
  number: number
  file: string
  compressed: boolean
}

/** All journal files there are, oldest first; a number that is there in both forms counts once, uncompressed. */
export async function listJournals(disk: Disk, folder: string): Promise<JournalFile[]> {
  const found = new Map<number, JournalFile>()
  for (const name of await disk.list(join(folder, 'journal', 'closed'))) {
    const number = numberIn(name, /^(\d{6,})\.ndjson\.gz$/)
    if (number !== undefined)
      found.set(number, { number, file: join(folder, 'journal', 'closed', name), compressed: true })
  }
  for (const name of await disk.list(join(folder, 'journal'))) {
    const number = numberIn(name, /^(\d{6,})\.ndjson$/)
    if (number !== undefined)
      found.set(number, { number, file: join(folder, 'journal', name), compressed: false })
  }
  return [...found.values()].sort((a, b) => a.number - b.number)
}

function numberIn(name: string, pattern: RegExp): number | undefined {
  const digits = pattern.exec(name)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** Bytes of a file in chunks of 1 MB. */
export async function* readChunks(disk: Disk, file: string): AsyncGenerator<Buffer> {
  const open = await disk.open(file, 'read')
  try {
    // Many of these files are small: no more memory than the file has bytes.
    const size = Math.min(CHUNK, (await open.size()) + 1)
    for (let position = 0; ;) {
      const chunk = Buffer.allocUnsafe(size)
      const count = await open.read(chunk, position)
      if (count === 0) return
      position += count
      yield chunk.subarray(0, count)
    }
  } finally {
    await open.close()
  }
}

async function* gunzipped(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip()
  const feeding = (async () => {
    try {
      for await (const chunk of chunks) if (!gunzip.write(chunk)) await once(gunzip, 'drain')
      gunzip.end()
    } catch (error) {
      gunzip.destroy(error instanceof Error ? error : new Error(String(error)))
    }
  })()
  try {
    for await (const chunk of gunzip) yield chunk as Buffer
  } finally {
    gunzip.destroy()
    await feeding
  }
}

/** One line with its newline cut off, and where it began in the (uncompressed) file. */
export interface RawLine {
  text: string
  /** Bytes from the start of the file. */
  at: number
  bytes: number
  /** False for the last line of a file that does not end in a newline. */
  ended: boolean
}

export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<RawLine> {
  let rest: Buffer = Buffer.alloc(0)
  let at = 0
  for await (const chunk of chunks) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    let start = 0
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      yield { text: bytes.toString('utf8', start, end), at, bytes: end - start, ended: true }
      at += end + 1 - start
      start = end + 1
    }
    rest = bytes.subarray(start)
  }
  if (rest.length > 0) yield { text: rest.toString(), at, bytes: rest.length, ended: false }
}

export type JournalEntry =
  | { kind: 'header'; header: JournalHeader }
  | { kind: 'record'; record: JournalRecord }
  /** A line in the middle that can't be trusted. */
  | { kind: 'bad'; why: string; line: RawLine }
  /** The last write never finished: cut here. */
  | { kind: 'torn'; line: RawLine }

/**
 * Everything in one journal file. A last line without newline that reads well is whole; one that does not is torn.
 * A compressed file that breaks off gives what could be read and a `bad` entry.
 */
export async function* readJournal(disk: Disk, journal: JournalFile): AsyncGenerator<JournalEntry> {
  const chunks = readChunks(disk, journal.file)
  let at = 0
  try {
    for await (const line of readLines(journal.compressed ? gunzipped(chunks) : chunks)) {
      at = line.at + line.bytes + 1
      const read = decodeLine(line.text)
      if (read.kind !== 'bad') yield read
      else if (line.ended) yield { kind: 'bad', why: read.why, line }
      else yield { kind: 'torn', line }
    }
  } catch (error) {
    if (isCode(error, 'ENOENT')) throw error
    const why = error instanceof Error ? error.message : String(error)
    yield { kind: 'bad', why, line: { text: '', at, bytes: 0, ended: true } }
  }
}

/** Compresses a finished journal file to `journal/closed/`, safely, and removes the plain one. */
export async function compressJournal(disk: Disk, folder: string, number: number): Promise<void> {
  const plain = journalName(folder, number)
  const target = closedName(folder, number)
  const temporary = `${target}.tmp`
  await disk.makeFolder(join(folder, 'journal', 'closed'))
  await disk.remove(temporary)
  const out = await disk.open(temporary, 'new')
  try {
    const gzip = createGzip({ level: 1 })
    const feeding = (async () => {
      try {
        for await (const chunk of readChunks(disk, plain)) if (!gzip.write(chunk)) await once(gzip, 'drain')
        gzip.end()
      } catch (error) {
        gzip.destroy(error instanceof Error ? error : new Error(String(error)))
      }
    })()
    let position = 0
    for await (const chunk of gzip) {
      await writeFully(out, chunk as Buffer, position)
      position += (chunk as Buffer).length
    }
    await feeding
    await out.sync()
  } catch (error) {
    await out.close().catch(() => undefined)
    await disk.remove(temporary).catch(() => undefined)
    throw error
  }
  await out.close()
  await disk.rename(temporary, target)
  await disk.syncFolder(join(folder, 'journal', 'closed'))
  await disk.remove(plain)
}
