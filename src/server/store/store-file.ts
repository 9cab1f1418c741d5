import { SwitchboardError } from '../../shared/errors.ts'
import { type Disk, isCode } from './disk.ts'
import { DamagedDocument, decodeDocument, parseHeader, SCHEMA } from './document.ts'
import type { Paths } from './paths.ts'

/** What a store is, for as long as it lives. */
export interface Identity {
  store: string
  /** Goes into the hashes of SIDs. */
  salt: string
}

/** The one row of `store.json`; its header's `seq` says up to where the documents hold everything. */
export interface StoreFile extends Identity {
  format: 'switchboard'
  /** Replay begins with this journal file. Rises with every checkpoint: the generation. */
  journal: number
  /** Documents of one file that have been written: from then on their absence is a loss. */
  small: string[]
}

/**
 * Reads `store.json`; undefined when there is none. Throws SwitchboardError data_newer, or DamagedDocument.
 */
export async function readStoreFile(
  disk: Disk,
  paths: Paths,
): Promise<(StoreFile & { seq: number }) | undefined> {
  let bytes: Buffer
  try {
    bytes = await disk.readFile(paths.store)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
  // A newer format may differ in all but its first line; look at that before anything else.
  const text = bytes.toString('utf8')
  refuseNewer(paths, parseHeader(paths.store, text.slice(0, text.indexOf('\n'))).schema)
  const { header, lines } = decodeDocument(paths.store, bytes)
  const row: unknown = JSON.parse(lines[0] ?? 'null')
  if (typeof row !== 'object' || row === null || !('salt' in row))
    throw new DamagedDocument(paths.store, 'it says nothing of the store')
  return { ...(row as StoreFile), seq: header.seq }
}

export function refuseNewer(paths: Paths, found: number): void {
  if (found > SCHEMA) throw new SwitchboardError('data_newer', { data: paths.folder, found, known: SCHEMA })
}
