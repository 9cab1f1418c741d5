/** The domain: sessions and the gap rule. Pure; it imports nothing but itself (and the names of the documents). */
export { ActIndex } from './acts.ts'
export { breakBetween, type Item, type RunEnd } from './boundary.ts'
export { fold, type Run } from './fold.ts'
export {
  type ChannelRef,
  constantGap,
  DEFAULT_GAP_MS,
  formatGap,
  type GapAt,
  GapHistory,
  gapKeys,
  MAX_GAP_MS,
  MIN_GAP_MS,
  parseGap,
} from './gap.ts'
export { indexAt, type Interval, type TimeLine } from './line.ts'
export {
  type ActDraft,
  closeAct,
  mergeAct,
  reopen,
  replyAct,
  sessionsTouched,
  splitAct,
  wake,
} from './operate.ts'
export { comparePositions, endOfInstant, lastNotAfter, type Position } from './order.ts'
export { place, type Placement, prolong, refold, type Refolded, type SessionChange } from './resolver.ts'
