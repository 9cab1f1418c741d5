import type { Reason } from '../../shared/documents.ts'
import type { ActIndex } from './acts.ts'
import { breakBetween, type Item, type RunEnd } from './boundary.ts'
import type { GapAt } from './gap.ts'
import { comparePositions } from './order.ts'

/** A session as the rule sees it: a run of a key's items. */
export interface Run<T extends Item = Item> {
  items: T[]
  reason: Reason
  /** Ended by a close that nothing has taken back. */
  closed: boolean
}

/**
 * The oracle: all items of one key, in order, broken at cuts and at silences greater than the gap outside spans.
 * Whatever the incremental resolver does must end in exactly these runs.
 */
export function fold<T extends Item>(items: readonly T[], acts: ActIndex, gapAt: GapAt): Run<T>[] {
  const runs = runsBehind(undefined, items, acts, gapAt)
  return runs.map((run, i) => ({
    items: run.items,
    reason: run.reason ?? FIRST,
    closed: acts.between(run.last, runs[i + 1]?.first).closed,
  }))
}

/** A run while it is being made. Without a reason it goes on from the run it was started behind. */
export interface OpenRun<T extends Item> extends RunEnd {
  items: T[]
  first: T
  reason: Reason | undefined
}

/** Folds the items of a key that lie behind a run which ended with `end`; undefined: there is none. */
export function runsBehind<T extends Item>(
  end: RunEnd | undefined,
  items: readonly T[],
  acts: ActIndex,
  gapAt: GapAt,
): OpenRun<T>[] {
  const runs: OpenRun<T>[] = []
  for (const item of [...items].sort(comparePositions)) {
    const run = runs.at(-1)
    const behind = run ?? end
    const reason = behind ? breakBetween(behind, item, acts, gapAt) : FIRST
    const until = behind && !reason ? Math.max(behind.until, item.until) : item.until
    if (run && !reason) {
      run.items.push(item)
      run.last = item
      run.until = until
    } else {
      runs.push({ items: [item], first: item, last: item, until, reason })
    }
  }
  return runs
}

export const FIRST: Reason = { kind: 'first' }
