import type { Medium } from '../../shared/documents.ts'
import type { Source } from '../intake/types.ts'
import { isAnswerable, type Ours } from './ours.ts'

/** What tells how something of a number of the account is taken. Times in ms, by the carrier's clock. */
export interface Belonging {
  ours: Ours
  /** What another answers: until when, and that something of it came. */
  others: {
    upTo: (number: string, medium: Medium) => number | undefined
    note: (number: string, medium: Medium, at: number) => void
  }
  /** What happened before is history; what came since was missed. */
  since: number
  /** When a person asked for these days (ms): then also what came while another answered is taken, as history. */
  askedAt?: number
}

/** How it is taken, what came at `at`; `others` where another has it, `unknown` while whose it is can't be known. */
export async function sourceOf(
  at: number,
  number: string,
  medium: Medium,
  belonging: Belonging,
): Promise<Source | 'others' | 'unknown'> {
  const isOurs = await belonging.ours(number, medium)
  if (isOurs === undefined) return 'unknown'
  if (!isOurs) {
    if (isAnswerable(number)) belonging.others.note(number, medium, at)
    return 'others'
  }
  const source = timed(at, number, medium, belonging)
  const cameMeanwhile = source.kind === 'history' && at >= belonging.since
  return cameMeanwhile && belonging.askedAt === undefined ? 'others' : source
}

/** What came before the account, or while another answered the number, is history. */
export function timed(at: number, number: string, medium: Medium, { since, others }: Belonging): Source {
  const isHistory = at < since || at <= (others.upTo(number, medium) ?? -1)
  return { kind: isHistory ? 'history' : 'list', at }
}
