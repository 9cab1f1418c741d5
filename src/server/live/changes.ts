import type { Addresses } from '../../shared/live.ts'
import { addressOf, areSet, type Field, type Known, toPutBack } from './addresses.ts'

/**
 * The fields of those we set that somebody else has changed since. Twilio takes one change of ours whole or not at all,
 * so after a crash a number is as it was before, as we had set it then, or as we set it now, in every field. Of one that was seen here since (`wasHere`) that it is as before is somebody else's doing.
 */
export function changedSince(
  now: Addresses,
  { before, ours, was }: Known,
  wasHere = false,
): ReadonlySet<Field> {
  const names = Object.keys({ ...was, ...ours }) as Field[]
  const asBefore = toPutBack(before, { ...was, ...ours })
  if (!wasHere && areSet(now, asBefore)) return new Set()
  const known = [ours, ...(was ? [was] : [])].map((set) => ({ ...asBefore, ...set }))
  const isKnown = (name: Field): boolean => known.some((set) => set[name] === now[name])
  return new Set(names.filter((name) => !isKnown(name) || !isKnown(addressOf(name))))
}

/** What of ours leads here; the fallback of calls leads to somebody else, whoever set it. */
export const leading = (ours: Partial<Addresses>): Partial<Addresses> =>
  without(ours, ['voice_fallback_url', 'voice_fallback_method'])

export const without = (addresses: Partial<Addresses>, names: Iterable<string>): Partial<Addresses> => {
  const out = new Set(names)
  return Object.fromEntries(Object.entries(addresses).filter(([name]) => !out.has(name)))
}
