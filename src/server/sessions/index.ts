/** The domain: sessions and the gap rule. Pure; it imports nothing but itself (and the names of the documents). */
export { ActIndex } from './acts.ts'
export { breakBetween, type Item, type RunEnd } from './boundary.ts'
export { fold, type Run } from './fold.ts'
export { constantGap, DEFAULT_GAP_MS, formatGap, type GapAt, GapHistory, gapKeys, MAX_GAP_MS, MIN_GAP_MS, parseGap } from './gap.ts'
export { closeAct, mergeAct, reopen, replyAct, splitAct, type ActDraft } from './operate.ts'
export { comparePositions, lastNotAfter, type Position } from './order.ts'
export { type Interval, place, type Placement, prolong, refold, type SessionChange, type TimeLine } from './resolver.ts'
