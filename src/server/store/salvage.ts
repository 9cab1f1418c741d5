import { relative } from 'node:path'
import type { Message } from '../../shared/documents.ts'
import { type Disk, isCode } from './disk.ts'
import {
  DamagedDocument,
  decodeDocument,
  type DocumentBody,
  parseLines,
  salvageLines,
  SCHEMA,
  writeDocument,
} from './document.ts'
import { quickHash } from './hash-table.ts'
import { listJournals } from './journal-files.ts'
import type { Paths } from './paths.ts'
import { records } from './replay.ts'
import type { Segment } from './segment-table.ts'
import type { SetAside } from './set-aside.ts'
import type { State } from './state.ts'

/** Where lost documents may still be. */
export interface Sources {
  /** The document as the newest backup has it; undefined when none has it. */
  fromBackup(file: string, kind: string): Promise<DocumentBody | undefined>
}

/**
 * Makes a segment's document anew: from the newest backup, then all journals that are kept, and for what neither has
 * from the rows of the damaged document that still can be read. The damaged one is set aside.
 */
export async function gatherSegment(
  options: { disk: Disk; paths: Paths; aside: SetAside; sources: Sources },
  state: State,
  segment: Segment,
): Promise<void> {
  const { disk, paths, aside, sources } = options
  const file = paths.segment(segment.number)
  const damaged = await readIfThere(disk, file)
  // Somebody else has mended it meanwhile.
  if (damaged && (await bodyOf(file, 'messages', damaged))) return
  if (damaged) await aside.file(file)
  const backup = await sources.fromBackup(file, 'messages')
  const rows = new Map<string, Message>()
  let seq = backup?.header.seq ?? 0
  for (const message of (backup?.rows ?? []) as Message[]) rows.set(message._id, message)
  // Rows of the damaged document say what belongs here, should the index not: but any of them may be the damaged one,
  // so that what a journal says of it counts.
  const readable = (damaged ? salvageLines(damaged) : []).filter(isMessage)
  const named = new Set(readable.flatMap((row) => [row._id, row.sid]))
  for await (const { seq: q, commit } of records(disk, paths, await listJournals(disk, paths.folder))) {
    for (const message of commit.messages ?? []) {
      const ours =
        rows.has(message._id) ||
        named.has(message._id) ||
        named.has(message.sid) ||
        state.claims.all(quickHash(message._id)).includes(segment.number)
      if (!ours || state.isErased(message.sid)) continue
      rows.set(message._id, message)
      seq = Math.max(seq, q)
    }
  }
  const sure = rows.size
  const sids = new Set([...rows.values()].map((row) => row.sid))
  for (const row of readable) if (!rows.has(row._id) && !sids.has(row.sid)) rows.set(row._id, row)
  // What the index counts and nobody has any more is a loss that must be said.
  const missing = Math.max(0, segment.count - rows.size)
  const read = rows.size - sure
  const parts = [`${String(sure)} messages rebuilt from backup and journals`]
  if (read > 0) parts.push(`${String(read)} read from the damaged document itself`)
  if (missing > 0) parts.push(`${String(missing)} could not be found`)
  aside.report(
    file,
    damaged ? 'the document is damaged' : 'the document is gone',
    `${damaged ? 'it was set aside; ' : ''}${parts.join(', ')}`,
  )
  const all = [...rows.values()]
  for (const message of all) {
    const at = Date.parse(message.createdAt)
    segment.from = Math.min(segment.from, at)
    segment.to = Math.max(segment.to, at)
  }
  state.note(all, segment.number)
  segment.count = Math.max(all.length, 1)
  segment.written = segment.changed = Math.max(seq, 1)
  const bounds =
    all.length > 0
      ? { from: new Date(segment.from).toISOString(), to: new Date(segment.to).toISOString() }
      : {}
  await writeDocument(disk, file, {
    header: { kind: 'messages', schema: SCHEMA, seq: Math.max(seq, 1), ...bounds },
    rows: all,
  })
}

function isMessage(row: Record<string, unknown>): row is Record<string, unknown> & Message {
  return ['_id', 'session_id', 'sid', 'createdAt', 'content'].every((name) => typeof row[name] === 'string')
}

async function readIfThere(disk: Disk, file: string): Promise<Buffer | undefined> {
  try {
    return await disk.readFile(file)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** A document out of bytes, for sources. Undefined when it is not whole. */
export async function bodyOf(file: string, kind: string, bytes: Buffer): Promise<DocumentBody | undefined> {
  try {
    const { header, lines } = decodeDocument(file, bytes)
    return header.kind === kind ? { header, rows: await parseLines(file, lines) } : undefined
  } catch (error) {
    if (error instanceof DamagedDocument) return undefined
    throw error
  }
}

/** A document's name inside a backup. */
export const nameInBackup = (paths: Paths, file: string): string =>
  relative(paths.folder, file).replaceAll('\\', '/')
