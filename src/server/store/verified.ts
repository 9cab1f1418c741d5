import type { Message } from '../../shared/documents.ts'
import type { Disk } from './disk.ts'
import type { Paths } from './paths.ts'
import type { State } from './state.ts'
import type { Commit } from './types.ts'

/** What verifying needs of the store; documents are not rewritten while it runs, changes may go on. */
export interface Verified {
  disk: Disk
  paths: Paths
  state: State
  commit(commit: Commit): Promise<number>
  messages(sessionIds: readonly string[]): Promise<Message[]>
  repairSegment(number: number): Promise<void>
  /** Makes a damaged document be written anew from memory. */
  setAside(file: string): Promise<void>
}
