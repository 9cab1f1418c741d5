import { join } from 'node:path'
import type { Disk } from '../store/disk.ts'
import type { LogFolder } from './log-file.ts'

/** A folder of logs on the store's disk. One process writes in it: the one that has the data folder. */
export function logFolder(disk: Disk, folder: string): LogFolder {
  return {
    async append(name, bytes) {
      await disk.makeFolder(folder)
      const file = await disk.open(join(folder, name), 'write')
      try {
        const size = await file.size()
        let done = 0
        while (done < bytes.byteLength) {
          const count = await file.write(bytes.subarray(done), size + done)
          if (count === 0) throw new Error('nothing more could be written')
          done += count
        }
        return size + done
      } finally {
        await file.close()
      }
    },
    async rename(from, to) {
      // Looked for first: of a missing one there is nothing to rename.
      if (await disk.facts(join(folder, from))) await disk.rename(join(folder, from), join(folder, to))
    },
  }
}
