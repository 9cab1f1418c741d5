import type { Found } from './types.ts'

/** Characters of one record: a message is a few hundred, and no broken file may fill the memory. */
export const LONGEST_RECORD = 4 * 1024 * 1024

/** Decodes UTF-8 as it comes, a byte order mark taken off. */
export async function* textOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true })
  yield decoder.decode()
}

/** Lines with their numbers from 1; empty ones left out. One that is too long is told of, not kept. */
export async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<Found<string>[]> {
  let line = 1
  let rest = ''
  let isTooLong = false
  const found = (value: string): Found<string>[] => {
    const at = line++
    if (isTooLong) {
      isTooLong = false
      return [{ line: at, reason: 'the line is longer than 4 MB' }]
    }
    return value.trim() === '' ? [] : [{ line: at, value }]
  }
  for await (const chunk of text) {
    const pieces = (rest + chunk).split('\n')
    rest = pieces.pop() ?? ''
    yield pieces.flatMap((piece) => found(piece.endsWith('\r') ? piece.slice(0, -1) : piece))
    if (rest.length > LONGEST_RECORD) {
      isTooLong = true
      rest = ''
    }
  }
  yield found(rest)
}
