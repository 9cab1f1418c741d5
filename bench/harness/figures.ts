import type { Goal, Line } from './row.ts'

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2
}

export interface Verdict {
  ours: number
  against: number
  /** Ours divided by the other's; NaN where there is none. */
  ratio: number
  /** What `goal.of` asks for; the ratio where nothing is to be reached. */
  compared: number
  met: boolean | undefined
}

/**
 * Medians, and the comparison. The machine's speed changes from round to round, and neighbouring rounds share it: so
 * rounds are compared in pairs, and the median of that is what counts.
 */
export function judge({ ours, against, goal }: Line): Verdict {
  const pairs = ours.map((own, i) => [own, against[i]] as const)
  const compared = compare(goal?.of ?? 'ratio', median(ours), pairs)
  return {
    ours: median(ours),
    against: median(against),
    ratio: compare('ratio', median(ours), pairs),
    compared,
    met: goal && compared >= (goal.atLeast ?? -Infinity) && compared <= (goal.atMost ?? Infinity),
  }
}

function compare(
  how: Goal['of'],
  ours: number,
  pairs: readonly (readonly [number, number | undefined])[],
): number {
  const of = (each: (own: number, other: number) => number): number =>
    median(pairs.flatMap(([own, other]) => (other === undefined ? [] : [each(own, other)])))
  switch (how) {
    case 'ours':
      return ours
    case 'ratio':
      return of((own, other) => own / other)
    case 'times less':
      return of((own, other) => other / own)
    case 'difference':
      return of((own, other) => own - other)
  }
}
