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
