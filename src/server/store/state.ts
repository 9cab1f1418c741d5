import type { Channel, Contact, GapChange, Id, Message, Session } from '../../shared/documents.ts'
import { ActTable } from './act-table.ts'
import { HashTable, type Hash64, quickHash, saltedHash } from './hash-table.ts'
import { SegmentTable } from './segment-table.ts'
import { SessionPlaces } from './session-places.ts'
import { SessionTable } from './session-table.ts'
import type { Commit, Download, OutboxEntry, Setting } from './types.ts'

export const SMALL = ['channels', 'contacts', 'gaps', 'settings', 'outbox', 'erased', 'downloads'] as const
/** Collections that are one document each and wholly in memory. */
export type SmallKind = (typeof SMALL)[number]

/** A SID whose message is no more: 16 hex digits of its salted hash. */
export interface Erased {
  _id: string
}

interface SmallDocuments {
  channels: Channel
  contacts: Contact
  gaps: GapChange
  settings: Setting
  outbox: OutboxEntry
  erased: Erased
  downloads: Download
}

export class Collection<T extends { _id: string }> {
  readonly rows = new Map<string, T>()
  /** Sequence of the newest change, and of the newest the document on disk includes. */
  changed = 0
  written = 0
}

export type Small = { readonly [K in SmallKind]: Collection<SmallDocuments[K]> }

/** How to take a change back; run in reverse order. */
export type Undo = (() => void)[]

/** Everything the store knows, in memory; changed by commits only. */
export class State {
  readonly salt: string
  readonly sessions = new SessionTable()
  readonly places = new SessionPlaces(this.sessions)
  readonly segments: SegmentTable
  readonly acts = new ActTable()
  readonly small: Small = {
    channels: new Collection(),
    contacts: new Collection(),
    gaps: new Collection(),
    settings: new Collection(),
    outbox: new Collection(),
    erased: new Collection(),
    downloads: new Collection(),
  }
  /** Hashes of the sid and the _id of every message, to its segment's number. */
  claims = new HashTable()

  /** `segmentRows`: messages in a segment; other than the usual thousand only in tests. */
  constructor(salt: string, segmentRows?: number) {
    this.salt = salt
    this.segments = new SegmentTable(segmentRows)
  }

  sidHash(sid: string): Hash64 {
    return saltedHash(this.salt, sid)
  }

  isErased(sid: string): boolean {
    return this.small.erased.rows.size > 0 && this.small.erased.rows.has(hashText(this.sidHash(sid)))
  }

  /** Applies a commit, whatever part of it is there already; returns how to take it back, also when it throws. */
  apply(commit: Commit, seq: number, undo: Undo = []): Undo {
    for (const session of commit.sessions ?? []) this.putSession(session, seq, undo)
    for (const message of commit.messages ?? []) this.putMessage(message, seq, undo)
    for (const act of commit.acts ?? []) {
      const key = this.sessions.keys.ensure(act)
      const put = this.acts.put(act, key, seq)
      undo.push(() => {
        if (put.before) this.acts.put(put.before, key, seq)
        else this.acts.removeLast(put.number)
      })
    }
    for (const row of commit.channels ?? []) putSmall(this.small.channels, row, seq, undo)
    for (const row of commit.contacts ?? []) putSmall(this.small.contacts, row, seq, undo)
    for (const row of commit.gaps ?? []) putSmall(this.small.gaps, row, seq, undo)
    for (const row of commit.settings ?? []) putSmall(this.small.settings, row, seq, undo)
    for (const row of commit.outbox ?? []) putSmall(this.small.outbox, row, seq, undo)
    for (const id of commit.erased ?? []) putSmall(this.small.erased, { _id: id }, seq, undo)
    for (const row of commit.downloads ?? []) putSmall(this.small.downloads, row, seq, undo)
    for (const { collection, _id } of commit.removed ?? [])
      removeSmall(this.small[collection], _id, seq, undo)
    return undo
  }

  putSession(session: Session, seq: number, undo: Undo): void {
    const { number, before } = this.sessions.put(session, seq)
    this.places.adopt(session._id)
    undo.push(() => {
      if (before) {
        this.sessions.putBack(number, before)
        return
      }
      this.places.forget(number)
      this.sessions.removeLast(number)
    })
  }

  putMessage(message: Message, seq: number, undo: Undo): void {
    const idHash = quickHash(message._id)
    const sidHash = this.sidHash(message.sid)
    const put = this.segments.put(message, seq, this.claims.all(idHash))
    const segment = put.segment.number
    const newId = this.claims.add(idHash, segment)
    const newSid = this.claims.add(sidHash, segment)
    this.places.note(message.session_id, segment)
    undo.push(() => {
      if (newId) this.claims.remove(idHash, segment)
      if (newSid) this.claims.remove(sidHash, segment)
      this.segments.undo(put)
    })
  }

  /** Takes note of messages that are in a segment's document already. */
  note(messages: readonly Message[], segment: number): void {
    for (const message of messages) {
      this.claims.add(quickHash(message._id), segment)
      this.claims.add(this.sidHash(message.sid), segment)
      this.places.note(message.session_id, segment)
    }
  }

  /** Numbers of the segments that may hold a message of this sid or _id. */
  segmentsFor(name: string): number[] {
    return [...new Set([...this.claims.all(this.sidHash(name)), ...this.claims.all(quickHash(name))])]
  }

  hasMessages(channelId: Id): boolean {
    const number = this.sessions.keys.channelNumber(channelId)
    return number !== undefined && this.sessions.listing.hasSessions(number)
  }
}

export function hashText({ high, low }: Hash64): string {
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0')
}

function putSmall<T extends { _id: string }>(to: Collection<T>, row: T, seq: number, undo: Undo): void {
  const before = to.rows.get(row._id)
  to.rows.set(row._id, row)
  to.changed = seq
  undo.push(() => {
    if (before) to.rows.set(row._id, before)
    else to.rows.delete(row._id)
  })
}

function removeSmall(from: Collection<{ _id: string }>, id: string, seq: number, undo: Undo): void {
  const before = from.rows.get(id)
  if (!before) return
  // Taking it back keeps the order of the others, for the map is built anew.
  const all = [...from.rows]
  from.rows.delete(id)
  from.changed = seq
  undo.push(() => {
    from.rows.clear()
    for (const [key, row] of all) from.rows.set(key, row)
  })
}
