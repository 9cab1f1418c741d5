import { ValueScanner } from './value-scanner.ts'
import { linesOf } from './text.ts'
import type { Found } from './types.ts'

/**
 * How JSON lies in a file. `lines`: one value a line, so that a broken line spoils itself alone. `whole`: an array, or
 * objects `{"messages":[…]}` as Twilio's REST API returns them, over any number of lines.
 */
export type JsonLayout = 'lines' | 'whole'

/** @param head the file's first characters */
export function jsonLayout(head: string): JsonLayout {
  const start = head.trimStart()
  if (start.startsWith('[')) return 'whole'
  if (!start.startsWith('{')) return 'lines'
  const scanner = new ValueScanner()
  const end = start.indexOf('\n')
  scanner.read(end < 0 ? start : start.slice(0, end))
  if (scanner.isInPage || scanner.sawPage) return 'whole'
  // A value that goes on over the line's end is pretty-printed, unless the next line begins one of its own: then it is torn.
  const isOpen = end >= 0 && scanner.isOpen && !scanner.isInText
  return isOpen && !start.slice(end + 1).startsWith('{') ? 'whole' : 'lines'
}

/** The values of a file in batches, each with the line it begins on. */
export async function* jsonValues(
  text: AsyncIterable<string>,
  layout: JsonLayout,
): AsyncGenerator<Found<unknown>[]> {
  if (layout === 'lines') {
    for await (const lines of linesOf(text)) yield lines.map(parsed)
    return
  }
  const scanner = new ValueScanner()
  for await (const chunk of text) yield scanner.read(chunk).map(parsed)
  yield scanner.end().map(parsed)
}

function parsed(found: Found<string>): Found<unknown> {
  if (!('value' in found)) return found
  try {
    return { line: found.line, value: JSON.parse(found.value) as unknown }
  } catch {
    return { line: found.line, reason: 'this is not JSON' }
  }
}
