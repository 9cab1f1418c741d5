import type { Reason } from '../../shared/documents.ts'
import type { ActIndex } from './acts.ts'
import { breakBetween, type Item } from './boundary.ts'
import { FIRST, runsBehind } from './fold.ts'
import type { GapAt } from './gap.ts'
import { beginOf, indexAt, type Interval, type TimeLine } from './line.ts'
import { comparePositions, type Position } from './order.ts'

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
  /** Silence before the item, ms; undefined where no session lies before it or it falls inside one. */
  silence: number | undefined
}

/**
 * Places one item in its key's time line by seeking, whatever the order of arrival: it creates a session, extends one,
 * or bridges neighbours into one.
 *
 * Returns `unfold` with a session's id where the intervals do not suffice: the item falls inside a session across
 * which the gap changed, so that it may part it. Then `refold` that session, with its items and this one.
 */
export function place(
  line: TimeLine,
  item: Item,
  acts: ActIndex,
  gapAt: GapAt,
  gapIsConstant: (from: number, to: number) => boolean,
): Placement | { unfold: string } {
  const index = indexAt(line, item)
  if (index < 0) return settle(line, startedBy(item, FIRST), 0, acts, gapAt)

  const previous = line.interval(index)
  if (comparePositions(item, previous.last) <= 0) {
    if (!gapIsConstant(item.at, previous.last.at)) return { unfold: previous.id }
    return prolong(line, item, acts, gapAt)
  }

  const silence = Math.max(0, item.at - previous.until)
  const reason = breakBetween(previous, item, acts, gapAt)
  if (!reason) {
    const until = Math.max(previous.until, item.until)
    const home = { ...unchanged(line, index, acts, gapAt), last: positionOf(item), until }
    return { ...settle(line, home, index + 1, acts, gapAt), silence }
  }
  const placement = settle(line, startedBy(item, reason), index + 1, acts, gapAt)
  // Without acts nothing was closed, and nothing else of the session before can change.
  if (acts.acts.length > 0) {
    placement.beside.unshift({
      ...unchanged(line, index, acts, gapAt),
      closed: acts.between(previous.last, item).closed,
    })
  }
  return { ...placement, silence }
}

/** An item inside a session reaches further, as a call that has gone on: the session may now touch those behind it. */
export function prolong(line: TimeLine, item: Item, acts: ActIndex, gapAt: GapAt): Placement {
  const index = indexAt(line, item)
  const within = index >= 0 ? line.interval(index) : undefined
  if (!within || comparePositions(item, within.last) > 0)
    throw new RangeError('the item is not inside any session')
  const home = { ...unchanged(line, index, acts, gapAt), until: Math.max(within.until, item.until) }
  return settle(line, home, index + 1, acts, gapAt)
}

/** A session as `refold` leaves it. */
export interface Refolded<T extends Item> {
  change: SessionChange
  /** Those of the items given that are in it; of a session that was beside them, none. */
  items: T[]
}

/**
 * Groups the sessions `from` … `to` of a time line anew from all their items: after an act, a change of the gap, a
 * regrouping, or where `place` asked for it. Sessions beside them are taken in when no break is left between.
 *
 * The run with the earliest message of a session keeps that session's id (of several, the earliest one's).
 */
export function refold<T extends Item>(
  line: TimeLine,
  from: number,
  to: number,
  items: readonly T[],
  acts: ActIndex,
  gapAt: GapAt,
): Refolded<T>[] {
  const previous = from > 0 ? line.interval(from - 1) : undefined
  const runs = runsBehind(previous, items, acts, gapAt)
  const refolded: Refolded<T>[] = []
  let owner = from
  for (const [i, run] of runs.entries()) {
    const next = runs[i + 1]?.first
    const home: SessionChange =
      run.reason || !previous
        ? startedBy(run.first, run.reason ?? FIRST)
        : unchanged(line, from - 1, acts, gapAt)
    home.last = positionOf(run.last)
    home.until = run.until
    home.closed = acts.between(run.last, next).closed
    for (; owner <= to && comparePositions(line.interval(owner).first, run.last) <= 0; owner++) {
      takeIn(home, line.interval(owner).id)
    }
    refolded.push({ change: home, items: run.items })
  }

  const [head] = runs
  const tail = refolded.at(-1)
  if (!head || !tail) return []
  for (const change of settle(line, tail.change, to + 1, acts, gapAt).beside)
    refolded.push({ change, items: [] })
  if (previous && head.reason) {
    const closed = acts.between(previous.last, head.first).closed
    refolded.unshift({ change: { ...unchanged(line, from - 1, acts, gapAt), closed }, items: [] })
  }
  return refolded
}

/** Lets `home` take in whatever follows it without a break, from `index` on, then says how the first that stays begins. */
function settle(line: TimeLine, home: SessionChange, index: number, acts: ActIndex, gapAt: GapAt): Placement {
  let following: SessionChange | undefined
  for (; index < line.size && !following; index++) {
    const next = line.interval(index)
    const reason = breakBetween(home, next.first, acts, gapAt)
    if (reason) {
      following = {
        ...sessionOf(next, reason),
        closed: acts.between(next.last, beginOf(line, index + 1)).closed,
      }
    } else {
      takeIn(home, next.id)
      home.last = next.last
      home.until = Math.max(home.until, next.until)
    }
  }
  home.closed = acts.between(home.last, following?.first).closed
  const outcome = home.absorbed.length > 0 ? 'merged' : home.id === undefined ? 'created' : 'extended'
  return { outcome, home, beside: following ? [following] : [], silence: undefined }
}

/** The earliest session whose first message is in it gives it its id; the others end in it. */
function takeIn(home: SessionChange, id: string): void {
  if (home.id === undefined) home.id = id
  else home.absorbed.push(id)
}

const startedBy = (item: Item, reason: Reason): SessionChange =>
  sessionOf({ id: undefined, first: positionOf(item), last: positionOf(item), until: item.until }, reason)

/** The session as it stands, before `closed` is looked at. */
function unchanged(line: TimeLine, index: number, acts: ActIndex, gapAt: GapAt): SessionChange {
  const own = line.interval(index)
  if (index === 0) return sessionOf(own, FIRST)
  const before = line.interval(index - 1)
  const reason = breakBetween(before, own.first, acts, gapAt)
  // Neighbours are apart, so there is a reason; should the settings have changed under them, silence is what shows.
  const silence = {
    kind: 'silence',
    silence_ms: own.first.at - before.until,
    gap_ms: gapAt(own.first.at),
  } as const
  return sessionOf(own, reason ?? silence)
}

function sessionOf(
  interval: Omit<Interval, 'id'> & { id: string | undefined },
  reason: Reason,
): SessionChange {
  const { id, first, last, until } = interval
  return { id, absorbed: [], first, last, until, reason, closed: false }
}

const positionOf = ({ at, sid }: Position): Position => ({ at, sid })
