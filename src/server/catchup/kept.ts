import type { Store } from '../store/types.ts'

/** What is remembered of catching up, as one setting outside the catalogue. Times are ISO 8601. */
export interface Kept {
  /** The account it is of: another one begins anew. */
  account: string
  /** Nothing from before is read unasked: the first time this account was caught up with. */
  since: string
  /** Everything before has been taken, by the carrier's clock. */
  read_to: string
  /** How far the carrier's clock was ahead of ours when they were last compared, ms, to some seconds. */
  ahead?: number
  /** Asked for by hand and not at its end: how far it has come, and how many of them were new before the last break. */
  asked?: { from: string; found?: number }
  /** What came while nobody listened, until somebody has seen it. */
  away?: { messages: number; since: string }
}

/** The carrier's clock tells whole seconds: so much (ms) two readings of it may differ. */
const AS_GOOD_AS_SAME = 5_000

/** With how far the carrier's clock is ahead now; the very same while that has not changed to speak of. */
export function withAhead(kept: Kept, ahead: number | undefined): Kept {
  const isNews =
    ahead !== undefined && !(kept.ahead !== undefined && Math.abs(ahead - kept.ahead) <= AS_GOOD_AS_SAME)
  return isNews ? { ...kept, ahead } : kept
}

export const SETTING = 'catch_up.read_to'

export function readKept(settings: ReadonlyMap<string, unknown>, account: string): Kept | undefined {
  const value = settings.get(SETTING)
  return isKept(value) && value.account === account ? value : undefined
}

/** Resolves when durable. */
export async function keep(store: Pick<Store, 'commit'>, kept: Kept): Promise<void> {
  await store.commit({ why: 'caught up', settings: [{ _id: SETTING, value: kept }] })
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null) return false
  const { account, since, read_to, ahead } = value as Partial<Record<keyof Kept, unknown>>
  const isAhead = ahead === undefined || typeof ahead === 'number'
  return typeof account === 'string' && isTime(since) && isTime(read_to) && isAhead
}

const isTime = (value: unknown): boolean => typeof value === 'string' && !Number.isNaN(Date.parse(value))
