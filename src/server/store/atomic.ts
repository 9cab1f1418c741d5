import { basename, dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { SwitchboardError } from '../../shared/errors.ts'
import { type Disk, isCode, type OpenFile } from './disk.ts'

/** Fewer bytes went down than were given: the disk is full (measured: 193 of 299 bytes, and no error). */
export class ShortWrite extends Error {
  readonly code = 'ENOSPC'
}

/** Writes all of `bytes` or throws. A partial write is continued once, for then the system says what is wrong. */
export async function writeFully(file: OpenFile, bytes: Uint8Array, position: number): Promise<void> {
  let done = await file.write(bytes, position)
  if (done < bytes.byteLength) done += await file.write(bytes.subarray(done), position + done)
  if (done < bytes.byteLength)
    throw new ShortWrite(`${String(done)} of ${String(bytes.byteLength)} bytes were written`)
}

/** Between tries of a rename that Windows refuses for a moment: 20 ms, ten times. */
const PATIENCE_MS = 20
const TRIES = 10

export async function renamePatiently(disk: Disk, from: string, to: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await disk.rename(from, to)
      return
    } catch (error) {
      if (!disk.renameNeedsPatience || tries >= TRIES || !isCode(error, 'EPERM', 'EACCES', 'EBUSY'))
        throw error
      await wait(PATIENCE_MS)
    }
  }
}

let temporaries = 0

const WRITE_BYTES = 1 << 20

/** Small pieces together, up to a megabyte at a time. */
function* joined(chunks: readonly Uint8Array[]): Generator<Uint8Array> {
  let some: Uint8Array[] = []
  let bytes = 0
  for (const chunk of chunks) {
    some.push(chunk)
    bytes += chunk.byteLength
    if (bytes < WRITE_BYTES) continue
    yield some.length === 1 ? chunk : Buffer.concat(some)
    some = []
    bytes = 0
  }
  if (bytes > 0) yield Buffer.concat(some)
}

/**
 * Replaces a whole file: temp file in the same folder, checked write, fsync, rename, fsync of the folder.
 * `before`: awaited between the two halves; the new content counts only when it resolves.
 */
export async function writeWhole(
  disk: Disk,
  file: string,
  chunks: readonly Uint8Array[],
  before?: () => Promise<void>,
): Promise<void> {
  const folder = dirname(file)
  const temporary = join(folder, `.${basename(file)}.${String(process.pid)}-${String(++temporaries)}.tmp`)
  try {
    const open = await disk.open(temporary, 'new')
    try {
      let position = 0
      for (const chunk of joined(chunks)) {
        await writeFully(open, chunk, position)
        position += chunk.byteLength
      }
      await open.sync()
    } finally {
      await open.close()
    }
    await before?.()
    await renamePatiently(disk, temporary, file)
  } catch (error) {
    await disk.remove(temporary).catch(() => undefined)
    throw error
  }
  await disk.syncFolder(folder)
}

export const isTemporary = (name: string): boolean => name.startsWith('.') && name.endsWith('.tmp')

/** What a person is told of a system's error. */
export function diskError(error: unknown): SwitchboardError {
  if (error instanceof SwitchboardError) return error
  if (isCode(error, 'ENOSPC', 'EDQUOT')) return new SwitchboardError('disk_full', {}, { cause: error })
  const reason = error instanceof Error ? error.message : String(error)
  return new SwitchboardError('disk_failed', { reason }, { cause: error })
}
