import { join } from 'node:path'
import { writeFully } from './atomic.ts'
import type { Disk } from './disk.ts'

/** The folder of the logs on the one disk: append, learn the size, and put full files aside. */
export interface LogFolder {
  append(name: string, bytes: Uint8Array): Promise<number>
  rename(from: string, to: string): Promise<void>
  /** The end of a file, from the beginning of a line on; nothing where it is not there. */
  newest(name: string, bytes: number): Promise<string>
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
    async newest(name, bytes) {
      const path = join(folder, name)
      if (!(await disk.facts(path))) return ''
      const file = await disk.open(path, 'read')
      try {
        const size = await file.size()
        const from = Math.max(0, size - bytes)
        const into = new Uint8Array(size - from)
        let read = 0
        while (read < into.byteLength) {
          const count = await file.read(into.subarray(read), from + read)
          if (count === 0) break
          read += count
        }
        const text = Buffer.from(into.subarray(0, read)).toString('utf8')
        return from === 0 ? text : text.slice(text.indexOf('\n') + 1)
      } finally {
        await file.close()
      }
    },
    async rename(from, to) {
      if (await disk.facts(join(folder, from))) await disk.rename(join(folder, from), join(folder, to))
    },
  }
}
