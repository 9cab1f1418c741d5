/** Country codes of one and two digits; all others have three (ITU E.164). */
const ONE = '17'
const TWO =
  '20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98'.split(
    ' ',
  )

function split(digits: string, sizes: readonly number[]): string {
  const parts: string[] = []
  let at = 0
  for (const size of sizes) {
    parts.push(digits.slice(at, at + size))
    at += size
  }
  return parts.join(' ')
}

const SIZES: Readonly<Record<number, readonly number[]>> = {
  7: [3, 4],
  8: [4, 4],
  9: [2, 3, 4],
  10: [2, 4, 4],
  11: [3, 4, 4],
  12: [4, 4, 4],
}

/** +16075550142 → +1 607 555 0142. What is not E.164 stays as it is. */
export function formatNumber(number: string): string {
  if (!/^\+\d{8,15}$/.test(number)) return number
  const digits = number.slice(1)
  const length = ONE.includes(digits.charAt(0)) ? 1 : TWO.includes(digits.slice(0, 2)) ? 2 : 3
  const rest = digits.slice(length)
  const sizes = length === 1 && rest.length === 10 ? [3, 3, 4] : SIZES[rest.length]
  return sizes ? `+${digits.slice(0, length)} ${split(rest, sizes)}` : `+${digits.slice(0, length)} ${rest}`
}
