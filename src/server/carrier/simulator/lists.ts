import { createHash } from 'node:crypto'
import type { ListManner } from './faults.ts'

/** Lists as Twilio gives them: newest first, filtered, in pages that new entries don't shift. */

export interface Listed {
  sid: string
  created: number
}

/** `all` (oldest first) in the order the list is given in. */
export function inOrder<T extends Listed>(all: Iterable<T>, { order, lagMs }: ListManner, now: number): T[] {
  const listed = [...all].filter(({ created }) => created <= now - lagMs)
  if (order === 'oldest') return listed
  if (order === 'newest') return listed.reverse()
  const place = ({ sid }: T): string => createHash('sha1').update(sid).digest('hex')
  return listed.sort((a, b) => (place(a) < place(b) ? -1 : 1))
}

const USUAL_PAGE = 50
const LONGEST_PAGE = 1000

/**
 * One page of `all`. The next one begins behind the last SID of this one, named in its PageToken, so
 * that what arrives meanwhile moves nothing.
 */
export function pageOf<T extends Listed>(
  all: readonly T[],
  key: string,
  path: string,
  query: URLSearchParams,
  write: (entry: T) => unknown,
): Record<string, unknown> {
  const size = Math.min(Math.max(1, Number(query.get('PageSize')) || USUAL_PAGE), LONGEST_PAGE)
  const page = Math.max(0, Number(query.get('Page')) || 0)
  const token = query.get('PageToken')?.slice(2)
  const start = token === undefined ? page * size : all.findIndex(({ sid }) => sid === token) + 1
  const entries = all.slice(start, start + size)
  const last = entries.at(-1)
  const link = (changes: Record<string, string>, removed: string[] = []): string => {
    const params = new URLSearchParams(query)
    params.set('PageSize', String(size))
    for (const name of removed) params.delete(name)
    for (const [name, value] of Object.entries(changes)) params.set(name, value)
    return `${path}?${params.toString()}`
  }
  const hasMore = start + size < all.length && last !== undefined
  return {
    [key]: entries.map(write),
    page,
    page_size: size,
    start,
    end: start + Math.max(0, entries.length - 1),
    first_page_uri: link({ Page: '0' }, ['PageToken']),
    next_page_uri: hasMore ? link({ Page: String(page + 1), PageToken: `PA${last.sid}` }) : null,
    previous_page_uri: null,
    uri: link({ Page: String(page) }),
  }
}

const DAY_MS = 86_400_000

/**
 * Twilio's date filters: `Name` (that day), `Name>` and `Name<` (on or after, on or before), each a day
 * (YYYY-MM-DD, UTC) or an instant. What has no date yet passes none of them.
 */
export function passesDate(
  query: URLSearchParams,
  name: string,
  time: number | null,
  { wholeDays }: Pick<ListManner, 'wholeDays'>,
): boolean {
  const on = query.get(name)
  const after = query.get(`${name}>`)
  const before = query.get(`${name}<`)
  if (on === null && after === null && before === null) return true
  if (time === null) return false
  const second = Math.floor(time / 1000) * 1000
  if (on !== null && Math.floor(second / DAY_MS) !== Math.floor(Date.parse(on) / DAY_MS)) return false
  const begin = (date: string): number => (wholeDays ? dayOf(Date.parse(date)) : Date.parse(date))
  if (after !== null && second < begin(after)) return false
  return before === null || second <= begin(before) + (wholeDays || isDay(before) ? DAY_MS - 1 : 0)
}

const dayOf = (ms: number): number => Math.floor(ms / DAY_MS) * DAY_MS

function isDay(value: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(value)
}

/** A filter by equality; an absent one passes all. */
export function passes(query: URLSearchParams, name: string, value: string): boolean {
  const wanted = query.get(name)
  return wanted === null || wanted === value
}
