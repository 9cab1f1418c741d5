import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { diskError, isTemporary, renamePatiently, writeFully } from './atomic.ts'
import type { Disk } from './disk.ts'

/** What was written: its name, its length, and its beginning, by which it is known what it is. */
export interface Written {
  hash: string
  size: number
  head: Buffer
}

export interface Blob {
  /** Bytes. */
  readonly size: number
  /** The bytes from `start` to `end`, both included. */
  read(start: number, end: number): Promise<Buffer>
}

/** More came than may be kept; nothing of it stays. */
export class TooLarge extends Error {
  readonly limit: number
  constructor(limit: number) {
    super(`more than ${String(limit)} bytes`)
    this.limit = limit
  }
}

/** A JPEG says how large it is behind what a camera tells of itself, up to 64 kB of it for each kind. */
const HEAD_BYTES = 512 * 1024
const HASH = /^[0-9a-f]{64}$/

export const isHash = (text: string): boolean => HASH.test(text)

/**
 * Files of messages under `media/`, each in a folder of its first two digits and named by its SHA-256: the same bytes are
 * kept once, never change, and a name leads nowhere else. Whole or not at all: written beside, flushed, then renamed.
 */
export class Blobs {
  readonly #disk: Disk
  readonly #folder: string
  #writing = 0

  constructor(disk: Disk, folder: string) {
    this.#disk = disk
    this.#folder = folder
  }

  /**
   * Keeps what `chunks` brings, at most `limit` bytes. Throws TooLarge, SwitchboardError disk_full or disk_failed, and
   * whatever `chunks` throws; then nothing is left behind.
   */
  async put(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, limit: number): Promise<Written> {
    const temporary = join(this.#folder, `.${String(process.pid)}-${String(++this.#writing)}.tmp`)
    const sum = createHash('sha256')
    const heads: Uint8Array[] = []
    let size = 0
    try {
      await onDisk(() => this.#disk.makeFolder(this.#folder))
      // One that a crash left behind has no owner any more: its name is used again.
      await onDisk(() => this.#disk.remove(temporary))
      const file = await onDisk(() => this.#disk.open(temporary, 'new'))
      try {
        for await (const chunk of chunks) {
          if (size + chunk.byteLength > limit) throw new TooLarge(limit)
          if (size < HEAD_BYTES) heads.push(Uint8Array.from(chunk.subarray(0, HEAD_BYTES - size)))
          sum.update(chunk)
          const position = size
          await onDisk(() => writeFully(file, chunk, position))
          size += chunk.byteLength
        }
        await onDisk(() => file.sync())
      } finally {
        await file.close()
      }
      const hash = sum.digest('hex')
      await onDisk(() => this.#name(temporary, hash, size))
      return { hash, size, head: Buffer.concat(heads) }
    } catch (error) {
      await this.#disk.remove(temporary).catch(() => undefined)
      throw error
    }
  }

  /** Undefined when there is no such file, or the name is none of ours. */
  async open(hash: string): Promise<Blob | undefined> {
    if (!isHash(hash)) return undefined
    const path = this.#path(hash)
    const facts = await this.#disk.facts(path)
    if (!facts || facts.folder) return undefined
    return { size: facts.size, read: (start, end) => this.#read(path, start, end) }
  }

  /** Moves a file of another folder here. False when it is not there. Throws SwitchboardError disk_full or disk_failed. */
  async takeFrom(other: Blobs, hash: string): Promise<boolean> {
    const blob = await other.open(hash)
    if (!blob) return false
    await onDisk(() => this.#name(other.#path(hash), hash, blob.size))
    return true
  }

  /** Every file, as `ab/ab12…`; what is half written is not among them. */
  async list(): Promise<string[]> {
    const names: string[] = []
    for (const folder of await this.#disk.list(this.#folder)) {
      if (!/^[0-9a-f]{2}$/.test(folder)) continue
      for (const name of await this.#disk.list(join(this.#folder, folder)))
        if (isHash(name)) names.push(`${folder}/${name}`)
    }
    return names
  }

  /** Removes what a crash left half written. For the start, when nobody writes. */
  async tidy(): Promise<void> {
    for (const name of await this.#disk.list(this.#folder))
      if (isTemporary(name)) await this.#disk.remove(join(this.#folder, name))
  }

  async #name(temporary: string, hash: string, size: number): Promise<void> {
    const path = this.#path(hash)
    // The same bytes are there already; a file of another length is a damaged one, and is replaced.
    if ((await this.#disk.facts(path))?.size === size) return this.#disk.remove(temporary)
    const folder = join(this.#folder, hash.slice(0, 2))
    await this.#disk.makeFolder(folder)
    await renamePatiently(this.#disk, temporary, path)
    await this.#disk.syncFolder(folder)
    await this.#disk.syncFolder(this.#folder)
  }

  async #read(path: string, start: number, end: number): Promise<Buffer> {
    const file = await this.#disk.open(path, 'read')
    try {
      const bytes = Buffer.alloc(Math.max(0, end - start + 1))
      let done = 0
      while (done < bytes.byteLength) {
        const count = await file.read(bytes.subarray(done), start + done)
        if (count === 0) break
        done += count
      }
      return bytes.subarray(0, done)
    } finally {
      await file.close()
    }
  }

  #path(hash: string): string {
    return join(this.#folder, hash.slice(0, 2), hash)
  }
}

/** Faults of the disk are told apart from those of where the bytes come from. */
async function onDisk<T>(doing: () => Promise<T>): Promise<T> {
  try {
    return await doing()
  } catch (error) {
    throw error instanceof Error && 'code' in error ? diskError(error) : error
  }
}
