const DAY_MS = 86_400_000

/** Days read at once: a long absence is taken in pieces, each durable before the next is asked for. */
const DAYS_AT_ONCE = 7

/** A piece of the past, [from, to) in ms; the last has no end. */
export interface Window {
  from: number
  to: number | undefined
}

/** From `from` to `now`, the oldest first, cut at midnights (UTC). */
export function windowsOf(from: number, now: number): Window[] {
  const windows: Window[] = []
  let begin = from
  for (let end = dayOf(from) + DAYS_AT_ONCE * DAY_MS; end < now; end += DAYS_AT_ONCE * DAY_MS) {
    windows.push({ from: begin, to: end })
    begin = end
  }
  return [...windows, { from: begin, to: undefined }]
}

/**
 * What the carrier is asked for: from the UTC day before to the day behind, for its filter may be by whole day and leave
 * out the day that is named.
 */
export function askedFor({ from, to }: Window): { after: number; before?: number } {
  const after = dayOf(from) - DAY_MS
  return to === undefined ? { after } : { after, before: to + DAY_MS }
}

const dayOf = (ms: number): number => Math.floor(ms / DAY_MS) * DAY_MS
