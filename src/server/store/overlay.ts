import type { Message, Session } from '../../shared/documents.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import { type Disk, isCode } from './disk.ts'
import { DamagedDocument } from './document.ts'
import { listJournals } from './journal-files.ts'
import type { Paths } from './paths.ts'
import { records } from './replay.ts'
import { SMALL, type SmallKind } from './state.ts'
import { readStoreFile } from './store-file.ts'
import type { Commit } from './types.ts'

/** What the journals hold that documents may lack: the latest of each, at the moment of reading. */
export interface Overlay {
  messages: Map<string, Message>
  sessions: Map<string, Session>
  /** Per collection: rows put, and undefined for those removed. */
  small: Record<SmallKind, Map<string, { _id: string } | undefined>>
  /** Newest sequence number. */
  seq: number
}

/** How often reading begins anew because the writer moved on underneath. */
const TRIES = 8

/** Reads the journals beside whoever writes them. Throws SwitchboardError no_data. */
export async function readOverlay(disk: Disk, paths: Paths): Promise<Overlay> {
  for (let tries = 1; ; tries++) {
    const generation = await generationOf(disk, paths)
    try {
      const overlay = await readOnce(disk, paths, generation)
      if ((await generationOf(disk, paths)) === generation || tries >= TRIES) return overlay
    } catch (error) {
      // A journal was compressed or covered by a checkpoint between being listed and being opened.
      if (!isCode(error, 'ENOENT') || tries >= TRIES) throw error
    }
  }
}

/** First journal file that counts; 0 when only the journals know. */
async function generationOf(disk: Disk, paths: Paths): Promise<number> {
  try {
    return (await readStoreFile(disk, paths))?.journal ?? 0
  } catch (error) {
    if (error instanceof DamagedDocument) return 0
    throw error
  }
}

async function readOnce(disk: Disk, paths: Paths, generation: number): Promise<Overlay> {
  const journals = await listJournals(disk, paths.folder)
  if (journals.length === 0 && generation === 0) throw new SwitchboardError('no_data', { data: paths.folder })
  const overlay: Overlay = {
    messages: new Map(),
    sessions: new Map(),
    small: {
      channels: new Map(),
      contacts: new Map(),
      gaps: new Map(),
      settings: new Map(),
      outbox: new Map(),
      erased: new Map(),
      downloads: new Map(),
    },
    seq: 0,
  }
  const wanted = journals.filter((j) => j.number >= generation)
  for await (const { seq, commit } of records(disk, paths, wanted)) {
    apply(overlay, commit)
    overlay.seq = seq
  }
  return overlay
}

function apply(overlay: Overlay, commit: Commit): void {
  for (const message of commit.messages ?? []) overlay.messages.set(message._id, message)
  for (const session of commit.sessions ?? []) overlay.sessions.set(session._id, session)
  for (const kind of SMALL) {
    if (kind === 'erased') for (const id of commit.erased ?? []) overlay.small.erased.set(id, { _id: id })
    else for (const row of commit[kind] ?? []) overlay.small[kind].set(row._id, row)
  }
  for (const { collection, _id } of commit.removed ?? []) overlay.small[collection].set(_id, undefined)
}
