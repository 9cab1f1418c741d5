import type { Medium } from '../../shared/documents.ts'
import { iso } from '../iso.ts'
import type { Store } from '../store/types.ts'

/** What is remembered of catching up, as one setting outside the catalogue. Times are ISO 8601. */
export interface Kept {
  /** The account it is of: each has its own. */
  account: string
  /** Nothing from before is read unasked: when this account was first there to be caught up with. */
  since: string
  /** Everything before has been taken, by the carrier's clock. */
  read_to: string
  /** Its lists could not be read yet: the times are still by our own clock. */
  unread?: true
  /** How far the carrier's clock was ahead of ours when they were last compared, ms, to some seconds. */
  ahead?: number
  /**
   * Of each number and medium that another program answered: when the newest of it came. Chosen later, the number missed
   * nothing before.
   */
  others?: Record<string, string>
  /**
   * Asked for by hand and not at its end: how far it has come, when it was asked for, and how many of them were new before
   * the last break.
   */
  asked?: { from: string; at?: string; found?: number }
  /** What came while nobody listened, until somebody has seen it. */
  away?: { messages: number; since: string }
}

/** As it is once the lists can be read: by the carrier's clock, which is `ahead` ms of ours, and never later than `now`. */
export function begun({ unread: _, ...kept }: Kept, ahead: number, now: number): Kept {
  const onTheirs = (at: string): string => iso(Math.min(Date.parse(at) + ahead, now))
  return { ...kept, since: onTheirs(kept.since), read_to: onTheirs(kept.read_to) }
}

/** When the newest came that another answered (ms); undefined where none did. */
export function othersUpTo(kept: Kept | undefined, number: string, medium: Medium): number | undefined {
  const at = Date.parse(kept?.others?.[nameOf(number, medium)] ?? '')
  return Number.isNaN(at) ? undefined : at
}

/** With another one of that number which came at `at` (ms); the very same where a newer one is known. */
export function withOthers(kept: Kept, number: string, medium: Medium, at: number): Kept {
  if (at <= (othersUpTo(kept, number, medium) ?? -1)) return kept
  return { ...kept, others: { ...kept.others, [nameOf(number, medium)]: iso(at) } }
}

const nameOf = (number: string, medium: Medium): string => `${medium} ${number}`

/** The carrier's clock tells whole seconds: so much (ms) two readings of it may differ. */
const AS_GOOD_AS_SAME = 5_000

/** With how far the carrier's clock is ahead now; the very same while that has not changed to speak of. */
export function withAhead(kept: Kept, ahead: number | undefined): Kept {
  const isNews =
    ahead !== undefined && !(kept.ahead !== undefined && Math.abs(ahead - kept.ahead) <= AS_GOOD_AS_SAME)
  return isNews ? { ...kept, ahead } : kept
}

export const SETTING = 'catch_up.read_to'

/** So many accounts used before are remembered: who goes back to one misses nothing of the time between. */
const MOST_EARLIER = 20

export function readKept(settings: ReadonlyMap<string, unknown>, account: string): Kept | undefined {
  return allKept(settings).find((kept) => kept.account === account)
}

/** Resolves when durable. */
export async function keep(store: Pick<Store, 'commit' | 'settings'>, kept: Kept): Promise<void> {
  const earlier = allKept(store.settings())
    .filter(({ account }) => account !== kept.account)
    .slice(0, MOST_EARLIER)
  const value = { ...kept, ...(earlier.length > 0 && { earlier }) }
  await store.commit({ why: 'caught up', settings: [{ _id: SETTING, value }] })
}

/** Of the account in use, then those of the ones before it, the last one first. */
function allKept(settings: ReadonlyMap<string, unknown>): Kept[] {
  const value = settings.get(SETTING)
  if (!isKept(value)) return []
  const { earlier, ...newest } = value as Kept & { earlier?: unknown }
  return [newest, ...(Array.isArray(earlier) ? earlier.filter(isKept) : [])]
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null) return false
  const { account, since, read_to, ahead } = value as Partial<Record<keyof Kept, unknown>>
  const isAhead = ahead === undefined || typeof ahead === 'number'
  return typeof account === 'string' && isTime(since) && isTime(read_to) && isAhead
}

const isTime = (value: unknown): boolean => typeof value === 'string' && !Number.isNaN(Date.parse(value))
