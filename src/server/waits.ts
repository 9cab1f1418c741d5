/**
 * Whether a wait until `until` is over at `now` (ms by the clock). One that has more left than the longest there is was
 * begun before the clock was set back: it is over too, or a message would wait as many hours as the clock went back.
 */
export function isOver(until: number, now: number, longest: number): boolean {
  return until <= now || until - now > longest
}
