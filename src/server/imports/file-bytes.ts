import { basename } from 'node:path'
import { SwitchboardError } from '../../shared/errors.ts'
import type { Disk } from '../store/disk.ts'
import type { ImportFile } from './types.ts'

/** Bytes read at a time. */
const CHUNK = 256 * 1024

/** A file on the disk as an import reads it. Throws SwitchboardError `file_unreadable`. */
export async function importFile(disk: Disk, path: string): Promise<ImportFile> {
  const facts = await disk.facts(path)
  if (!facts) throw new SwitchboardError('file_unreadable', { file: path, reason: 'there is no such file' })
  if (facts.folder) throw new SwitchboardError('file_unreadable', { file: path, reason: 'it is a folder' })
  return { name: basename(path), bytes: facts.size, open: () => chunksOf(disk, path) }
}

async function* chunksOf(disk: Disk, path: string): AsyncGenerator<Uint8Array> {
  const file = await disk.open(path, 'read').catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SwitchboardError('file_unreadable', { file: path, reason }, { cause: error })
  })
  try {
    for (let position = 0; ;) {
      const chunk = new Uint8Array(CHUNK)
      const count = await file.read(chunk, position)
      if (count === 0) return
      position += count
      yield chunk.subarray(0, count)
    }
  } finally {
    await file.close()
  }
}
