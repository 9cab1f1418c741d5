import { type Disk, isCode } from './disk.ts'
import { DamagedDocument, decodeDocument } from './document.ts'
import type { Paths } from './paths.ts'
import type { SetAside } from './set-aside.ts'
import { Slices } from './slices.ts'
import { SMALL, type State } from './state.ts'

export interface Renewed {
  disk: Disk
  paths: Paths
  state: State
  aside: SetAside
  repairSegment(number: number): Promise<void>
}

/**
 * Reads every document; sets aside those that are damaged and sees to it that they are written anew: segments from
 * journals and backups, all else from memory with the next checkpoint. A backup must never hold damage and then let
 * go of the journals that could mend it. True when there was any.
 */
export async function renewDamaged(store: Renewed): Promise<boolean> {
  const { paths, state } = store
  const slices = new Slices()
  let damaged = false
  const check = async (
    file: string,
    kind: string,
    document: { changed: number; written: number },
  ): Promise<void> => {
    await slices.pause()
    if (document.written === 0 || (await isSound(store, file, kind))) return
    damaged = true
    if (await store.disk.facts(file)) await store.aside.file(file)
    store.aside.report(
      file,
      'the document is damaged or gone',
      'it is written anew from memory; what was damaged is kept in set-aside',
    )
    document.changed = document.written + 1
  }
  for (const segment of [...state.segments.segments]) {
    await slices.pause()
    const file = paths.segment(segment.number)
    if (segment.written === 0 || (await isSound(store, file, 'messages'))) continue
    damaged = true
    if (segment.rows) segment.changed = segment.written + 1
    else await store.repairSegment(segment.number)
  }
  for (const [i, page] of state.sessions.pages.entries()) await check(paths.sessions(i + 1), 'sessions', page)
  for (const [i, shard] of state.acts.shards.entries()) await check(paths.acts(i + 1), 'acts', shard)
  for (const kind of SMALL) await check(paths.small(kind), kind, state.small[kind])
  return damaged
}

async function isSound({ disk }: Renewed, file: string, kind: string): Promise<boolean> {
  try {
    return decodeDocument(file, await disk.readFile(file)).header.kind === kind
  } catch (error) {
    if (error instanceof DamagedDocument || isCode(error, 'ENOENT')) return false
    throw error
  }
}
