import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { writeFully } from './atomic.ts'
import type { Disk } from './disk.ts'
import { readChunks } from './journal-files.ts'

/** As a message's document has it. What people wrote can't look so: a quote in it has a backslash before. */
const HASH = /"hash":"([0-9a-f]{64})"/g
const LONGEST = '"hash":""'.length + 64

/** The files of messages that documents speak of, gathered while the documents pass by. */
export class NeededFiles {
  readonly hashes = new Set<string>()

  /** The same chunks, read on the way. */
  async *reading(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let tail = ''
    for await (const chunk of chunks) {
      const text = tail + chunk.toString('latin1')
      for (const [, hash = ''] of text.matchAll(HASH)) this.hashes.add(hash)
      // One that lies across two chunks is found with the next.
      tail = text.slice(-LONGEST)
      yield chunk
    }
  }
}

/** Where files of messages may be: `ab/ab12…` below each. */
export interface FilePlaces {
  /** Where they are or will be without further doing. */
  here: readonly string[]
  /** Where they may be fetched from, and to which folder. */
  elsewhere: readonly string[]
  into: string
}

/** Fetches what is not here and is elsewhere, whole; resolves with what was fetched and what is nowhere. */
export async function gatherFiles(
  disk: Disk,
  needed: ReadonlySet<string>,
  { here, elsewhere, into }: FilePlaces,
): Promise<{ fetched: string[]; missing: string[] }> {
  const fetched: string[] = []
  const missing: string[] = []
  for (const hash of [...needed].sort()) {
    if (await anyHas(disk, here, hash)) continue
    const isFetched = await fetchOne(disk, elsewhere, into, hash)
    ;(isFetched ? fetched : missing).push(hash)
  }
  return { fetched, missing }
}

const placeOf = (folder: string, hash: string): string => join(folder, hash.slice(0, 2), hash)

async function anyHas(disk: Disk, folders: readonly string[], hash: string): Promise<boolean> {
  for (const folder of folders) if (await disk.facts(placeOf(folder, hash))) return true
  return false
}

async function fetchOne(disk: Disk, from: readonly string[], into: string, hash: string): Promise<boolean> {
  for (const folder of from) {
    const source = placeOf(folder, hash)
    if ((await disk.facts(source)) && (await copyWhole(disk, source, placeOf(into, hash), hash))) return true
  }
  return false
}

/** False, and nothing is left, when the file is not what its name says. */
async function copyWhole(disk: Disk, from: string, to: string, hash: string): Promise<boolean> {
  await disk.makeFolder(dirname(to))
  await disk.remove(to)
  const sum = createHash('sha256')
  const out = await disk.open(to, 'new')
  try {
    let position = 0
    for await (const chunk of readChunks(disk, from)) {
      sum.update(chunk)
      await writeFully(out, chunk, position)
      position += chunk.length
    }
    await out.sync()
  } finally {
    await out.close()
  }
  if (sum.digest('hex') === hash) {
    await disk.syncFolder(dirname(to))
    return true
  }
  await disk.remove(to)
  return false
}
