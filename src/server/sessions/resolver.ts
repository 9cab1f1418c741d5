import type { Reason } from '../../shared/documents.ts'
import type { ActIndex } from './acts.ts'
import { breakBetween, type Item } from './boundary.ts'
import { fold } from './fold.ts'
import type { GapAt } from './gap.ts'
import { comparePositions, lastNotAfter, type Position } from './order.ts'

/** A session of a key as an interval of its time line. */
export interface Interval {
  id: string
  first: Position
  last: Position
  /** Latest end of anything in it, ms. */
  until: number
}

/** A key's sessions in order, found by index; no two overlap. */
export interface TimeLine {
  readonly size: number
  interval(index: number): Interval
}

/** What a session is after a change. */
export interface SessionChange {
  /** The session that goes on; undefined: a new one. */
  id: string | undefined
  /** Sessions whose messages are all in this one now. */
  absorbed: string[]
  first: Position
  last: Position
  until: number
  reason: Reason
  closed: boolean
}

export interface Placement {
  /** How the item's own session came about. */
  outcome: 'created' | 'extended' | 'merged'
  /** The session that holds the item. */
  home: SessionChange
  /** The sessions before and behind it, as they are now: their reason or their being closed may have changed. */
  beside: SessionChange[]
  /** Milliseconds between the item and the end of the message before it in the key; undefined for the first. */
  silence: number | undefined
}

/**
 * Places one item in its key's time line by seeking, whatever the order of arrival: it creates a session, extends one,
 * or bridges neighbours into one.
 *
 * Returns `unfold` with a session's id where the intervals do not suffice: the item falls inside a session across which
 * the gap changed, so that it may part it. Then `refold` decides from that session's items.
 */
export function place(line: TimeLine, item: Item, acts: ActIndex, gapAt: GapAt, gapIsConstant: (from: number, to: number) => boolean): Placement | { unfold: string } {
  const before = lastNotAfter(line.size, (i) => line.interval(i).first, item)
  const previous = before >= 0 ? line.interval(before) : undefined

  if (previous && comparePositions(item, previous.last) < 0) {
    if (!gapIsConstant(item.at, previous.last.at)) return { unfold: previous.id }
    return grow(line, before, item, acts, gapAt)
  }

  const reason = previous ? breakBetween(previous, item, acts, gapAt) : FIRST
  const joins = previous !== undefined && reason === undefined
  const home: SessionChange = joins
    ? change(previous, { last: positionOf(item), until: Math.max(previous.until, item.until) }, reasonAt(line, before, acts, gapAt))
    : {
        id: undefined,
        absorbed: [],
        first: positionOf(item),
        last: positionOf(item),
        until: item.until,
        reason: reason ?? FIRST,
        closed: false,
      }
  const placement = finish(line, home, before + 1, joins, silenceBefore(previous, item), acts, gapAt)
  if (previous && !joins && acts.acts.length > 0) {
    const closed = acts.between(previous.last, item).closed
    placement.beside.unshift({ ...change(previous, {}, reasonAt(line, before, acts, gapAt)), closed })
  }
  return placement
}

/** A call that is already placed has gone on: its session reaches further, and may now touch those behind it. */
export function prolong(line: TimeLine, item: Item, acts: ActIndex, gapAt: GapAt): Placement {
  const index = lastNotAfter(line.size, (i) => line.interval(i).first, item)
  if (index < 0 || comparePositions(item, line.interval(index).last) > 0) throw new RangeError('the call is not in any session')
  return grow(line, index, item, acts, gapAt)
}

function grow(line: TimeLine, index: number, item: Item, acts: ActIndex, gapAt: GapAt): Placement {
  const within = line.interval(index)
  const home = change(within, { until: Math.max(within.until, item.until) }, reasonAt(line, index, acts, gapAt))
  return finish(line, home, index + 1, true, undefined, acts, gapAt)
}

/** Takes in whatever follows without a break, then says how the first that does not follow begins. */
function finish(line: TimeLine, home: SessionChange, from: number, joined: boolean, silence: number | undefined, acts: ActIndex, gapAt: GapAt): Placement {
  let index = from
  let following: SessionChange | undefined
  let held = joined
  let bridged = false
  for (; index < line.size; index++) {
    const next = line.interval(index)
    const reason = breakBetween(home, { ...next.first, until: next.until }, acts, gapAt)
    if (reason) {
      following = { ...change(next, {}, reason), closed: closedAt(line, index, next.last, acts) }
      break
    }
    if (held) {
      home.absorbed.push(next.id)
      bridged = true
    } else {
      home.id = next.id
      held = true
    }
    home.last = next.last
    home.until = Math.max(home.until, next.until)
  }
  home.closed = acts.between(home.last, following?.first).closed
  return { outcome: bridged ? 'merged' : held ? 'extended' : 'created', home, beside: following ? [following] : [], silence }
}

/**
 * Groups the sessions `from` … `to` of a time line anew from all their items: after an act, a regrouping, or where
 * `place` asked for it. Sessions beside them are taken in when no break is left between.
 *
 * The run with the earliest message of a session keeps that session's id (of several, the earliest one's).
 * Returns each session as it is now with the items of `items` in it; those beside come with none.
 */
export function refold<T extends Item>(line: TimeLine, from: number, to: number, items: readonly T[], acts: ActIndex, gapAt: GapAt): { change: SessionChange; items: T[] }[] {
  const owners: Interval[] = []
  for (let i = from; i <= to; i++) owners.push(line.interval(i))
  const runs = fold(items, acts, gapAt).map((run) => {
    const first = run.items[0]
    const last = run.items.at(-1)
    if (!first || !last) throw new RangeError('a run without items')
    const ids = owners.filter((o) => comparePositions(o.first, first) >= 0 && comparePositions(o.first, last) <= 0).map((o) => o.id)
    const until = Math.max(...run.items.map((i) => i.until))
    const change: SessionChange = { id: ids[0], absorbed: ids.slice(1), first: positionOf(first), last: positionOf(last), until, reason: run.reason, closed: run.closed }
    return { change, items: run.items }
  })
  const head = runs[0]
  if (!head) return []
  if (from > 0) joinBackward(line, from - 1, runs, acts, gapAt)
  joinForward(line, to + 1, runs, acts, gapAt)
  return runs
}

function joinBackward<T>(line: TimeLine, index: number, runs: { change: SessionChange; items: T[] }[], acts: ActIndex, gapAt: GapAt): void {
  const head = runs[0]
  if (!head) return
  const previous = line.interval(index)
  const reason = breakBetween(previous, { ...head.change.first, until: head.change.until }, acts, gapAt)
  if (reason) {
    head.change.reason = reason
    const closed = acts.between(previous.last, head.change.first).closed
    runs.unshift({ change: { ...change(previous, {}, reasonAt(line, index, acts, gapAt)), closed }, items: [] })
    return
  }
  const own = head.change.id
  head.change = {
    ...head.change,
    id: previous.id,
    absorbed: own === undefined ? head.change.absorbed : [own, ...head.change.absorbed],
    first: previous.first,
    until: Math.max(previous.until, head.change.until),
    reason: reasonAt(line, index, acts, gapAt),
  }
}

function joinForward<T>(line: TimeLine, start: number, runs: { change: SessionChange; items: T[] }[], acts: ActIndex, gapAt: GapAt): void {
  const tail = runs.at(-1)
  if (!tail) return
  const placement = finish(line, tail.change, start, true, undefined, acts, gapAt)
  for (const change of placement.beside) runs.push({ change, items: [] })
}

function change(interval: Interval, to: Partial<Pick<SessionChange, 'first' | 'last' | 'until'>>, reason: Reason): SessionChange {
  return { id: interval.id, absorbed: [], first: interval.first, last: interval.last, until: interval.until, closed: false, ...to, reason }
}

function reasonAt(line: TimeLine, index: number, acts: ActIndex, gapAt: GapAt): Reason {
  if (index === 0) return { kind: 'first' }
  const own = line.interval(index)
  // Neighbours are apart, so there is a reason; should the settings have changed under them, silence is what shows.
  const end = line.interval(index - 1)
  return (
    breakBetween(end, { ...own.first, until: own.until }, acts, gapAt) ?? {
      kind: 'silence',
      silence_ms: own.first.at - end.until,
      gap_ms: gapAt(own.first.at),
    }
  )
}

function closedAt(line: TimeLine, index: number, last: Position, acts: ActIndex): boolean {
  return acts.between(last, index + 1 < line.size ? line.interval(index + 1).first : undefined).closed
}

function silenceBefore(previous: Interval | undefined, item: Item): number | undefined {
  return previous ? item.at - previous.until : undefined
}

const FIRST: Reason = { kind: 'first' }

const positionOf = ({ at, sid }: Position): Position => ({ at, sid })
