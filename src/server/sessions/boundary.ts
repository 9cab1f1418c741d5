import type { Reason } from '../../shared/documents.ts'
import type { ActIndex } from './acts.ts'
import type { GapAt } from './gap.ts'
import type { Position } from './order.ts'

/**
 * What the rule places: a message, or a call with everything that belongs to its CallSid, placed where the call began.
 */
export interface Item extends Position {
  /** Time of its last message, ms; for a message its own time. Silence is measured from here. */
  until: number
}

/** The end of a run of items, as far as the next item is concerned. */
export interface RunEnd {
  last: Position
  /** Latest `until` of the run, ms. */
  until: number
}

/**
 * The rule itself: does `next` start a session of its own behind a run that ended with `end`, and why?
 * Undefined: it goes on.
 *
 * A silence strictly greater than the gap in force at the later message breaks, unless a span carries it; a cut breaks
 * unless a later span lies across it. Where a silence and a close coincide the silence is the reason: it would have
 * broken anyway.
 */
export function breakBetween(end: RunEnd, next: Position, acts: ActIndex, gapAt: GapAt): Reason | undefined {
  const { cut, carried } = acts.between(end.last, next)
  if (cut?.kind === 'split') return { kind: 'split', at: cut.at }
  const silence = next.at - end.until
  const allowed = gapAt(next.at)
  if (!carried && silence > allowed) return { kind: 'silence', silence_ms: silence, gap_ms: allowed }
  return cut && { kind: 'closed', at: cut.at }
}
