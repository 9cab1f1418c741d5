import type { Id, Message } from '../../shared/documents.ts'

/** Messages in one segment, and in one document `messages/NNNNNN.json`. */
export const SEGMENT_ROWS = 1_000

/** A thousand messages in order of arrival. The rows are in memory until they are on disk and the segment is full. */
export interface Segment {
  readonly number: number
  count: number
  /** Earliest and latest createdAt, ms. */
  from: number
  to: number
  /** Sequence of the newest change, and of the newest the document on disk includes. */
  changed: number
  written: number
  rows: Message[] | undefined
  byId: Map<Id, number> | undefined
  /** Puts to a segment that is on disk only, until it is rewritten. */
  late: Map<Id, Message> | undefined
}

/** What a put changed, so that it can be taken back. */
export type MessagePut =
  | { kind: 'new'; segment: Segment }
  | { kind: 'replaced'; segment: Segment; at: number; before: Message }
  | { kind: 'late'; segment: Segment; id: Id; before: Message | undefined }

/** All segments, by number from 1. */
export class SegmentTable {
  /** Messages in one segment. */
  readonly rows: number
  readonly segments: Segment[] = []
  /** Late puts that wait to be written. */
  late = 0

  constructor(rows = SEGMENT_ROWS) {
    this.rows = rows
  }

  get(number: number): Segment {
    const segment = this.segments[number - 1]
    if (!segment) throw new RangeError(`no segment ${String(number)}`)
    return segment
  }

  get last(): Segment | undefined {
    return this.segments.at(-1)
  }

  get messages(): number {
    return this.segments.reduce((sum, s) => sum + s.count, 0)
  }

  /** Puts a message. `hits`: segments that hold a message with this hash of the _id, so perhaps this one. */
  put(message: Message, seq: number, hits: readonly number[]): MessagePut {
    const at = Date.parse(message.createdAt)
    // The index may be ahead of the documents after a crash.
    const candidates = hits.filter((n) => n <= this.segments.length)
    for (const number of candidates) {
      const segment = this.get(number)
      const row = segment.byId?.get(message._id)
      const before = row === undefined ? undefined : segment.rows?.[row]
      if (row === undefined || !before || !segment.rows) continue
      segment.rows[row] = message
      touch(segment, at, seq)
      return { kind: 'replaced', segment, at: row, before }
    }
    for (const number of candidates) {
      const segment = this.get(number)
      if (segment.rows) continue
      // A hash shared by two messages would bring a new one here: then it is a row more in this segment, and as findable.
      segment.late ??= new Map()
      const before = segment.late.get(message._id)
      if (!before) this.late++
      segment.late.set(message._id, message)
      touch(segment, at, seq)
      return { kind: 'late', segment, id: message._id, before }
    }
    let segment = this.last
    if (!segment?.rows || segment.count >= this.rows) segment = this.add([], 0)
    segment.byId?.set(message._id, segment.count)
    segment.rows?.push(message)
    segment.count++
    touch(segment, at, seq)
    return { kind: 'new', segment }
  }

  undo(put: MessagePut): void {
    const { segment } = put
    if (put.kind === 'replaced') {
      if (segment.rows) segment.rows[put.at] = put.before
      return
    }
    if (put.kind === 'late') {
      if (put.before) segment.late?.set(put.id, put.before)
      else if (segment.late?.delete(put.id)) this.late--
      return
    }
    const message = segment.rows?.pop()
    if (message) segment.byId?.delete(message._id)
    segment.count--
    if (segment.count === 0 && segment === this.last) this.segments.pop()
  }

  /** Segments whose rows are in memory: those that are full and not written yet, and the one being filled. */
  get inMemory(): number {
    let count = 0
    for (let i = this.segments.length - 1; i >= 0 && this.segments[i]?.rows; i--) count++
    return count
  }

  /** A segment behind the others with these rows in memory. */
  add(rows: Message[], seq: number): Segment {
    const segment: Segment = {
      number: this.segments.length + 1,
      count: rows.length,
      from: Infinity,
      to: -Infinity,
      changed: seq,
      written: seq,
      rows,
      byId: new Map(rows.map((m, i) => [m._id, i])),
      late: undefined,
    }
    for (const message of rows) touch(segment, Date.parse(message.createdAt), seq)
    this.segments.push(segment)
    return segment
  }

  /** A segment that is on disk. */
  addStored(facts: Pick<Segment, 'count' | 'from' | 'to' | 'changed' | 'written'>): Segment {
    const segment: Segment = {
      number: this.segments.length + 1,
      ...facts,
      rows: undefined,
      byId: undefined,
      late: undefined,
    }
    this.segments.push(segment)
    return segment
  }

  isSealed(segment: Segment): boolean {
    return segment !== this.last || segment.count >= this.rows
  }

  /** Lets go of rows that the disk has and nothing more will be appended to. */
  release(segment: Segment): void {
    if (!segment.rows || segment.changed > segment.written || !this.isSealed(segment)) return
    segment.rows = undefined
    segment.byId = undefined
  }
}

function touch(segment: Segment, at: number, seq: number): void {
  if (at < segment.from) segment.from = at
  if (at > segment.to) segment.to = at
  if (seq > segment.changed) segment.changed = seq
}
