import { keptThroughRestore } from './live/index.ts'
import type { Clock } from './ports.ts'
import { restore, type Restored } from './store/index.ts'

/**
 * Puts the data of a backup in place of what is in `folder`, save what says how things stand outside. Throws
 * SwitchboardError not_while_running, backup_damaged, data_newer, file_unreadable.
 */
export function restoreBackup(file: string, folder: string, clock: Clock): Promise<Restored> {
  return restore(file, folder, { clock, carryOver: keptThroughRestore })
}
