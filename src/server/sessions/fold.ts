import type { Reason } from '../../shared/documents.ts'
import { ActIndex } from './acts.ts'
import { breakBetween, type Item } from './boundary.ts'
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
  const runs: Run<T>[] = []
  let until = -Infinity
  for (const item of [...items].sort(comparePositions)) {
    const run = runs.at(-1)
    const last = run?.items.at(-1)
    const reason: Reason | undefined =
      run && last ? breakBetween({ last, until }, item, acts, gapAt) : { kind: 'first' }
    if (reason || !run) {
      runs.push({ items: [item], reason: reason ?? { kind: 'first' }, closed: false })
      until = item.until
    } else {
      run.items.push(item)
      until = Math.max(until, item.until)
    }
  }
  runs.forEach((run, i) => {
    const last = run.items.at(-1)
    if (last) run.closed = acts.between(last, runs[i + 1]?.items[0]).closed
  })
  return runs
}
