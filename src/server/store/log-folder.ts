import { join } from 'node:path'
import { writeFully } from './atomic.ts'
import type { Disk } from './disk.ts'

/** The folder of the logs on the one disk: append, learn the size, and put full files aside. */
export interface LogFolder {
  append(name: string, bytes: Uint8Array): Promise<number>
  rename(from: string, to: string): Promise<void>
}

export function createLogFolder(disk: Disk, folder: string): LogFolder {
  return {
    async append(name, bytes) {
      await disk.makeFolder(folder)
      const file = await disk.open(join(folder, name), 'write')
      try {
        const size = await file.size()
        if (bytes.byteLength > 0) await writeFully(file, bytes, size)
        return size + bytes.byteLength
      } finally {
        await file.close()
      }
    },
    async rename(from, to) {
      if (await disk.facts(join(folder, from))) await disk.rename(join(folder, from), join(folder, to))
    },
  }
}
