import type { Act } from '../../shared/documents.ts'
import type { ActIndex } from './acts.ts'
import { comparePositions, type Position } from './order.ts'
import type { Interval, TimeLine } from './resolver.ts'

/** An act as the domain decides it; who calls adds id, key and order. */
export type ActDraft = Pick<Act, 'kind' | 'at' | 'from' | 'to'>

/**
 * Closing ends a session at this instant. One that others already follow is ended right behind its last message,
 * for a cut at a later instant would fall behind them.
 */
export function closeAct(line: TimeLine, index: number, now: number): ActDraft {
  const { last } = line.interval(index)
  const followed = index + 1 < line.size
  return { kind: 'close', at: iso(followed ? last.at : Math.max(now, last.at)) }
}

/**
 * Reopening lifts the cut only when nothing follows the session; otherwise it still cuts, and the session is active.
 * Returns the close acts as they are then.
 */
export function reopen(line: TimeLine, index: number, acts: ActIndex): Act[] {
  const own = line.interval(index)
  const next = index + 1 < line.size ? line.interval(index + 1).first : undefined
  return acts
    .closesBetween(own.last, next)
    .filter((act) => act.lifted === undefined)
    .map((act) => ({ ...act, lifted: next ? 'open' : 'removed' }))
}

/** Splitting cuts before a message; undefined when the message is the session's first or not in it. */
export function splitAct(within: Interval, before: Position, now: number): ActDraft | undefined {
  if (comparePositions(before, within.first) <= 0 || comparePositions(before, within.last) > 0) return undefined
  return { kind: 'split', at: iso(now), from: { at: iso(before.at), sid: before.sid } }
}

/** Merging carries the silence from the first message of a session to the last of the one behind it. */
export function mergeAct(line: TimeLine, index: number, now: number): ActDraft | undefined {
  if (index < 0 || index + 1 >= line.size) return undefined
  return spanAct('merge', line.interval(index).first, line.interval(index + 1).last, now)
}

/** A reply carries the silence from the message it answers to itself. */
export function replyAct(answered: Position, reply: Position, now: number): ActDraft {
  return spanAct('reply', answered, reply, now)
}

function spanAct(kind: 'reply' | 'merge', from: Position, to: Position, now: number): ActDraft {
  return { kind, at: iso(now), from: { at: iso(from.at), sid: from.sid }, to: { at: iso(to.at), sid: to.sid } }
}

const iso = (ms: number): string => new Date(ms).toISOString()
