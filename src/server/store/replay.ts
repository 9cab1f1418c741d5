import type { Message } from '../../shared/documents.ts'
import type { Disk } from './disk.ts'
import { quickHash } from './hash-table.ts'
import { type JournalFile, readJournal } from './journal-files.ts'
import type { Paths } from './paths.ts'
import type { JournalHeader, JournalRecord } from './record.ts'
import type { SetAside } from './set-aside.ts'
import { PAGE_ROWS } from './session-page.ts'
import { Slices } from './slices.ts'
import { ACT_ROWS } from './act-table.ts'
import type { State } from './state.ts'
import { refuseNewer } from './store-file.ts'
import type { Commit } from './types.ts'

/** Header of a journal file; undefined when its first line can't be trusted. */
export async function headerOf(disk: Disk, journal: JournalFile): Promise<JournalHeader | undefined> {
  for await (const entry of readJournal(disk, journal))
    return entry.kind === 'header' ? entry.header : undefined
  return undefined
}

/**
 * Records that count, oldest first. What a file holds from the number on with which the next file begins was refused
 * to whoever asked (the disk failed) and is left out. With `aside`, bad records are set aside and torn ends cut.
 */
export async function* records(
  disk: Disk,
  paths: Paths,
  journals: readonly JournalFile[],
  aside?: SetAside,
): AsyncGenerator<JournalRecord> {
  for (const [i, journal] of journals.entries()) {
    const next = journals[i + 1]
    const end = (next && (await headerOf(disk, next))?.from) ?? Infinity
    for await (const entry of readJournal(disk, journal)) {
      if (entry.kind === 'header') refuseNewer(paths, entry.header.schema)
      else if (entry.kind === 'record') {
        if (entry.record.seq < end) yield entry.record
      } else if (entry.kind === 'bad') {
        if (!aside) continue
        await aside.piece(journal.file, entry.line.text)
        aside.report(
          journal.file,
          `the record at byte ${String(entry.line.at)} is damaged (${entry.why})`,
          'it was set aside and the rest goes on',
        )
      } else if (aside && !journal.compressed) {
        await cut(disk, journal.file, entry.line.at)
        aside.report(
          journal.file,
          `its last ${String(entry.line.bytes)} bytes are half a record`,
          'it was cut; nobody had been told it was kept',
        )
      }
    }
  }
}

async function cut(disk: Disk, file: string, size: number): Promise<void> {
  const open = await disk.open(file, 'write')
  try {
    await open.truncate(size)
    await open.sync()
  } finally {
    await open.close()
  }
}

/** Up to which sequence number a session, message … is in memory already. */
export interface Bases {
  /** All that the index holds. */
  index: number
  /** Of sessions read from documents, by number. */
  sessions: readonly number[]
}

/** Applies what is newer than what memory holds. Returns the greatest sequence number seen. */
export async function replay(
  state: State,
  entries: AsyncIterable<JournalRecord>,
  bases: Bases,
): Promise<{ seq: number; records: number }> {
  const slices = new Slices()
  let seq = 0
  let count = 0
  for await (const { seq: q, commit } of entries) {
    state.apply(newer(state, commit, q, bases), q)
    seq = Math.max(seq, q)
    count++
    if (count % 50 === 0) await slices.pause()
  }
  return { seq, records: count }
}

function newer(state: State, commit: Commit, q: number, bases: Bases): Commit {
  const fresh: Commit = { why: commit.why }
  const { small } = state
  if (commit.sessions) {
    fresh.sessions = commit.sessions.filter((s) => {
      const number = state.sessions.find(s._id)
      return (
        number === undefined ||
        q >
          Math.max(
            bases.index,
            bases.sessions[number] ?? 0,
            state.sessions.pages[Math.floor(number / PAGE_ROWS)]?.written ?? 0,
          )
      )
    })
  }
  if (commit.messages) fresh.messages = commit.messages.filter((m) => isNewer(state, m, q))
  if (commit.acts) fresh.acts = commit.acts.filter((a) => q > actBase(state, a._id, bases.index))
  if (commit.channels && q > small.channels.written) fresh.channels = commit.channels
  if (commit.contacts && q > small.contacts.written) fresh.contacts = commit.contacts
  if (commit.gaps && q > small.gaps.written) fresh.gaps = commit.gaps
  if (commit.settings && q > small.settings.written) fresh.settings = commit.settings
  if (commit.outbox && q > small.outbox.written) fresh.outbox = commit.outbox
  if (commit.erased && q > small.erased.written) fresh.erased = commit.erased
  if (commit.downloads && q > small.downloads.written) fresh.downloads = commit.downloads
  if (commit.removed) fresh.removed = commit.removed.filter((r) => q > small[r.collection].written)
  return fresh
}

function actBase(state: State, id: string, index: number): number {
  const number = state.acts.find(id)
  return number === undefined
    ? 0
    : Math.max(index, state.acts.shards[Math.floor(number / ACT_ROWS)]?.written ?? 0)
}

function isNewer(state: State, message: Message, q: number): boolean {
  if (state.isErased(message.sid)) return false
  for (const number of state.claims.all(quickHash(message._id))) {
    const segment = state.segments.segments[number - 1]
    if (!segment || q > segment.written) continue
    if (!segment.rows || segment.byId?.has(message._id)) return false
  }
  return true
}
