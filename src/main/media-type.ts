const ascii = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to))

/**
 * What a file is by its first bytes (64 are enough), of the types a page of ours may show or play.
 *
 * The sender of a message chooses the type it claims, so the claim is worth nothing. SVG and HTML carry script and
 * are never served.
 */
export function sniffMediaType(head: Uint8Array): string | null {
  const [a, b, c] = head
  if (a === 0xff && b === 0xd8 && c === 0xff) return 'image/jpeg'
  if (a === 0x89 && ascii(head, 1, 4) === 'PNG') return 'image/png'
  if (/^GIF8[79]a/.test(ascii(head, 0, 6))) return 'image/gif'
  if (ascii(head, 0, 4) === 'RIFF') {
    const kind = ascii(head, 8, 12)
    return kind === 'WEBP' ? 'image/webp' : kind === 'WAVE' ? 'audio/wav' : null
  }
  if (ascii(head, 0, 4) === 'OggS') return 'audio/ogg'
  if (ascii(head, 0, 3) === 'ID3' || (a === 0xff && b !== undefined && (b & 0xe6) === 0xe2))
    return 'audio/mpeg'
  if (ascii(head, 0, 6) === '#!AMR\n') return 'audio/amr'
  if (ascii(head, 4, 8) === 'ftyp') return /^(M4A|M4B)/.test(ascii(head, 8, 12)) ? 'audio/mp4' : 'video/mp4'
  if (a === 0x1a && b === 0x45 && c === 0xdf) return 'video/webm'
  return null
}

export type Range = { start: number; end: number } | 'whole' | 'unsatisfiable'

/** One byte range of a Range header, both ends included. Several ranges, or none that can be read, mean the whole. */
export function parseRange(header: string | null, size: number): Range {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '')
  if (!match) return 'whole'
  const [, from = '', to = ''] = match
  if (from === '' && to === '') return 'whole'
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (start >= size || end < start || (from === '' && Number(to) === 0)) return 'unsatisfiable'
  return { start, end }
}
