import type { Reason } from '../../shared/documents.ts'
import type { ActIndex } from './acts.ts'
import type { GapAt } from './gap.ts'
import type { Position } from './order.ts'

/** What the rule places: a message, or a call with everything that belongs to its CallSid, placed where the call began. */
export interface Item extends Position {
  /** Time of its last message, in ms; for a message its own time. Silence is measured from here. */
  until: number
}

/** The end of a run of items, as far as the next item is concerned. */
export interface RunEnd {
  last: Position
  /** Latest `until` of the run. */
  until: number
}

/**
 * The rule itself: does `next` start a session of its own behind a run that ended with `end`, and why?
 * Undefined: it goes on. A silence strictly greater than the gap in force at the later message breaks, unless a span
 * carries it; a cut breaks unless a later span lies across it.
 */
export function breakBetween(end: RunEnd, next: Item, acts: ActIndex, gapAt: GapAt): Reason | undefined {
  const { cut, carried } = acts.between(end.last, next)
  const silence = next.at - end.until
  const gap = gapAt(next.at)
  if (!carried && silence > gap && cut?.kind !== 'split') return { kind: 'silence', silence_ms: silence, gap_ms: gap }
  if (!cut) return undefined
  return { kind: cut.kind === 'split' ? 'split' : 'closed', at: cut.at }
}
