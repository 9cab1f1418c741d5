/** How a text is cut into SMS segments: GSM-7 160, then 153 each; UCS-2 70, then 67 (reference twilio.md §5). */

/** GSM 03.38, basic set: one place each. */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
/** Its extension: an escape and a place, two in all. */
const EXTENDED = new Set('\f^{}\\[~]|€')

/** The longest body Twilio takes. */
export const LONGEST = 1600

export interface Segments {
  encoding: 'GSM-7' | 'UCS-2'
  /** Places used: septets, or UTF-16 units. */
  used: number
  /** Places in this many segments. */
  room: number
  count: number
}

export function segmentsOf(text: string): Segments {
  const sizes: number[] = []
  let gsm = true
  for (const character of text) {
    if (!BASIC.has(character) && !EXTENDED.has(character)) gsm = false
    sizes.push(EXTENDED.has(character) ? 2 : 1)
  }
  if (gsm) return cut(sizes, 'GSM-7', 160, 153)
  // A character outside the basic plane takes two units, and both stay in one segment.
  return cut(
    Array.from(text, (character) => character.length),
    'UCS-2',
    70,
    67,
  )
}

function cut(
  sizes: readonly number[],
  encoding: Segments['encoding'],
  single: number,
  part: number,
): Segments {
  const used = sizes.reduce((sum, size) => sum + size, 0)
  if (used <= single) return { encoding, used, room: single, count: 1 }
  let count = 1
  let filled = 0
  for (const size of sizes) {
    if (filled + size > part) {
      count += 1
      filled = 0
    }
    filled += size
  }
  return { encoding, used, room: count * part, count }
}
