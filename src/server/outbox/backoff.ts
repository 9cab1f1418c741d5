/** First and longest wait between two attempts, ms. */
const FIRST = 1_000
const LONGEST = 5 * 60_000
/** No wait between two attempts is longer (ms): the carrier's own hints are kept to five minutes (carrier/failures.ts). */
export const LONGEST_PUT_OFF = LONGEST + 1_000

/**
 * Milliseconds to wait before attempt number `attempts` + 1: doubling from `first`, half of it by chance, so that many
 * who were refused together don't come back together. `random` in [0, 1).
 */
export function backoff(attempts: number, random: () => number, first = FIRST, longest = LONGEST): number {
  const whole = Math.min(longest, first * 2 ** Math.max(0, attempts - 1))
  return Math.round(whole / 2 + (whole / 2) * random())
}

/** The server's own hint, and a little by chance on top: never earlier than it said. */
export function hinted(retryAfter: number, random: () => number): number {
  return Math.round(retryAfter + Math.min(1_000, retryAfter / 10) * random())
}
