import type { Store } from '../store/types.ts'

/** What is remembered of catching up, as one setting outside the catalogue. Times are ISO 8601. */
export interface Kept {
  /** The account it is of: another one begins anew. */
  account: string
  /** Nothing from before is read unasked: the first time this account was caught up with. */
  since: string
  /** Everything before has been taken, by the carrier's clock. */
  read_to: string
  /** Asked for by hand and not at its end: how far it has come, and how many of them were new before the last break. */
  asked?: { from: string; found?: number }
  /** What came while nobody listened, until somebody has seen it. */
  away?: { messages: number; since: string }
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
  const { account, since, read_to } = value as Partial<Record<keyof Kept, unknown>>
  return typeof account === 'string' && isTime(since) && isTime(read_to)
}

const isTime = (value: unknown): boolean => typeof value === 'string' && !Number.isNaN(Date.parse(value))
