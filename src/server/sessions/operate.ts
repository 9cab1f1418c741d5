import type { Act } from '../../shared/documents.ts'
import { type ActIndex, extentOf } from './acts.ts'
import { beginOf, indexAt, type Interval, type TimeLine } from './line.ts'
import { comparePositions, type Position } from './order.ts'
import type { Placement } from './resolver.ts'

/** An act as the domain decides it; who calls adds id, key and order. Positions are those of items: a call's, not its parts'. */
export type ActDraft = Pick<Act, 'kind' | 'at' | 'from' | 'to'>

/**
 * Closing ends a session at this instant. One that others already follow is ended right behind its last message,
 * for a cut at a later instant would fall behind them; where the next begins within that same instant, before the next.
 */
export function closeAct(line: TimeLine, index: number, now: number): ActDraft {
  const { last } = line.interval(index)
  const next = beginOf(line, index + 1)
  if (!next) return { kind: 'close', at: iso(Math.max(now, last.at)) }
  const at = iso(last.at)
  return next.at === last.at ? { kind: 'close', at, from: message(next) } : { kind: 'close', at }
}

/**
 * Reopening lifts the cut only when nothing follows the session; otherwise it still cuts, and the session is active.
 * Returns the close acts as they are then.
 */
export function reopen(line: TimeLine, index: number, acts: ActIndex): Act[] {
  const next = beginOf(line, index + 1)
  return lift(acts.closesBetween(line.interval(index).last, next), next ? 'open' : 'removed')
}

/**
 * A late message of the contact makes the closed session it was placed in active again; the cut stays.
 * Returns the close acts as they are then; none when the session is not closed.
 */
export function wake({ home, beside }: Pick<Placement, 'home' | 'beside'>, acts: ActIndex): Act[] {
  if (!home.closed) return []
  const next = beside.find((b) => comparePositions(b.first, home.last) > 0)?.first
  return lift(acts.closesBetween(home.last, next), 'open')
}

/** Splitting cuts before a message; undefined when the message is the session's first or not in it. */
export function splitAct(within: Interval, before: Position, now: number): ActDraft | undefined {
  if (comparePositions(before, within.first) <= 0 || comparePositions(before, within.last) > 0)
    return undefined
  return { kind: 'split', at: iso(now), from: message(before) }
}

/** Merging carries the silence from the first message of a session to the last of the one behind it. */
export function mergeAct(line: TimeLine, index: number, now: number): ActDraft | undefined {
  if (index < 0 || index + 1 >= line.size) return undefined
  const from = message(line.interval(index).first)
  return { kind: 'merge', at: iso(now), from, to: message(line.interval(index + 1).last) }
}

/** A reply carries the silence from the message it answers to itself. */
export function replyAct(answered: Position, reply: Position, now: number): ActDraft {
  return { kind: 'reply', at: iso(now), from: message(answered), to: message(reply) }
}

/**
 * The sessions to `refold` after an act was done, undone or lifted: indexes, both included. Undefined: it bears on none.
 * A span that has just been drawn inside one session changes nothing, so that no refold is needed.
 */
export function sessionsTouched(line: TimeLine, act: ActDraft): { from: number; to: number } | undefined {
  const extent = extentOf(act)
  if (!extent) return undefined
  const to = indexAt(line, extent.to)
  return to < 0 ? undefined : { from: Math.max(0, indexAt(line, extent.from)), to }
}

const lift = (closes: readonly Act[], lifted: 'removed' | 'open'): Act[] =>
  closes.filter((act) => act.lifted === undefined).map((act) => ({ ...act, lifted }))

const message = ({ at, sid }: Position) => ({ at: iso(at), sid })

const iso = (ms: number): string => new Date(ms).toISOString()
