import { oneLine } from '../system/index.ts'

/**
 * Aligned columns for a terminal; what people wrote is escaped. Widths are counted in the cells a terminal uses, roughly:
 * East Asian wide characters and emoji take two.
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map(oneLine))
  const widths = head.map((_, column) => Math.max(...cells.map((row) => width(row[column] ?? ''))))
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - width(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const WIDE =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/u
const graphemes = new Intl.Segmenter()

export function width(text: string): number {
  let cells = 0
  for (const { segment } of graphemes.segment(text)) cells += WIDE.test(segment) ? 2 : 1
  return cells
}

/** The first so many characters, with an ellipsis where some are missing. */
export function shortened(text: string, most: number): string {
  const all = Array.from(graphemes.segment(text), ({ segment }) => segment)
  return all.length <= most ? text : `${all.slice(0, most - 1).join('')}…`
}

/** "2025-01-15 10:04:30" in local time, for people. */
export function localTime(iso: string): string {
  const time = new Date(iso)
  const two = (n: number): string => String(n).padStart(2, '0')
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
  return `${date} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`
}
