const DAY_MS = 86_400_000
/** Characters of HH:MM:SS.mmmZ. */
const TIME_LENGTH = 13

let day = NaN
let dayText = ''

/**
 * `new Date(ms).toISOString()`, six times as fast while the days asked for seldom change: a session read from its row
 * needs seven. Throws RangeError as that does.
 */
export function iso(ms: number): string {
  const whole = Math.trunc(ms)
  const of = Math.floor(whole / DAY_MS)
  if (of !== day) {
    dayText = new Date(of * DAY_MS).toISOString().slice(0, -TIME_LENGTH)
    day = of
  }
  const within = whole - of * DAY_MS
  const seconds = Math.floor(within / 1_000)
  const minutes = Math.floor(seconds / 60)
  const thousandths = String((within % 1_000) + 1_000).slice(1)
  return `${dayText}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}.${thousandths}Z`
}

const two = (n: number): string => (n < 10 ? `0${String(n)}` : String(n))
