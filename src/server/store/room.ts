import { join } from 'node:path'
import type { Disk } from './disk.ts'
import type { Paths } from './paths.ts'

/** How much the data take, how much more fits, and the newest backup beside them. Bytes. */
export interface Room {
  used: number
  free: number
  backup: { file: string; at: number; bytes: number } | null
}

export async function roomOf(disk: Disk, paths: Paths): Promise<Room> {
  const [used, free, names] = await Promise.all([
    sizeOf(disk, paths.folder),
    disk.free(paths.folder),
    disk.list(paths.backups),
  ])
  // Names begin with the day: the last is the newest.
  const newest = names.findLast((name) => name.endsWith('.tar.gz'))
  const file = newest === undefined ? undefined : join(paths.backups, newest)
  const facts = file === undefined ? undefined : await disk.facts(file)
  return {
    used,
    free,
    backup: file === undefined || !facts ? null : { file, at: facts.modified, bytes: facts.size },
  }
}

/** Everything below; what goes meanwhile counts nothing. */
async function sizeOf(disk: Disk, folder: string): Promise<number> {
  let sum = 0
  for (const name of await disk.list(folder)) {
    const path = join(folder, name)
    const facts = await disk.facts(path)
    if (facts?.folder) sum += await sizeOf(disk, path)
    else sum += facts?.size ?? 0
  }
  return sum
}
