import { join } from 'node:path'
import { writeWhole } from '../server/store/atomic.ts'
import { type Disk, isCode } from '../server/store/disk.ts'

/** A small file of the desktop app's own, read once at the start and replaced whole. */
export interface OwnFile {
  /** The text, or null when there is none yet. */
  read(): Promise<string | null>
  /** Resolves when it is on the disk. Writes come one after the other. */
  write(text: string): Promise<void>
}

export function ownFile(disk: Disk, folder: string, name: string): OwnFile {
  let last: Promise<void> = Promise.resolve()
  return {
    read: async () => (await readIfThere(disk, join(folder, name)))?.toString('utf8') ?? null,
    write(text) {
      const write = async () => {
        await disk.makeFolder(folder)
        await writeWhole(disk, join(folder, name), [Buffer.from(text, 'utf8')])
      }
      last = last.then(write, write)
      return last
    },
  }
}

/** Reads the built page's files; the path was checked by the protocol, which lets none climb out. */
export function pageFiles(disk: Disk, folder: string): (path: string) => Promise<Uint8Array | null> {
  return (path) => readIfThere(disk, join(folder, ...path.split('/')))
}

async function readIfThere(disk: Disk, file: string): Promise<Buffer | null> {
  try {
    return await disk.readFile(file)
  } catch (error) {
    if (isCode(error, 'ENOENT', 'EISDIR', 'ENOTDIR')) return null
    throw error
  }
}
