import { join } from 'node:path'
import { type BackupThere, newestBackup } from './backup.ts'
import type { Disk } from './disk.ts'
import type { Paths } from './paths.ts'

/** How much the data take, how much more fits, and the newest backup beside them. Bytes. */
export interface Room {
  used: number
  free: number
  backup: BackupThere | null
  /** Why the backup that was last due could not be made; empty when it could. */
  backupProblem: string
}

export async function roomOf(disk: Disk, paths: Paths, backupProblem: string): Promise<Room> {
  const [used, free, backup] = await Promise.all([
    sizeOf(disk, paths.folder),
    disk.free(paths.folder),
    newestBackup(disk, paths),
  ])
  return { used, free, backup, backupProblem }
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
