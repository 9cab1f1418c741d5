import type { CountsView, RequestInput, SessionView } from '../../../shared/contract.ts'
import type { Medium } from '../../../shared/documents.ts'

export type Filter = 'all' | 'waiting' | 'unread' | 'closed'
export type Order = 'latest' | 'longest_waiting'

/** What the session list shows. */
export interface Query {
  type: Medium | 'all'
  filter: Filter
  order: Order
}

export const asInput = (query: Query): RequestInput<'sessions.list'> => ({
  ...(query.type === 'all' ? {} : { type: query.type }),
  filter: query.filter,
  order: query.order,
})

const NONE = { waiting: 0, unread: 0, closed: 0 }
export const NO_COUNTS: CountsView = {
  ...NONE,
  all: 0,
  sms: 0,
  whatsapp: 0,
  voice: 0,
  by: { sms: NONE, whatsapp: NONE, voice: NONE },
}

/** How many sessions a filter holds, of one medium or of all. */
export function countOf(counts: CountsView, type: Query['type'], filter: Filter): number {
  if (filter === 'all') return counts[type]
  return type === 'all' ? counts[filter] : counts.by[type][filter]
}

/** The console's own count of a query; -1 where it keeps none. By longest wait stand only those who wait. */
export function totalOf({ type, filter, order }: Query, counts: CountsView): number {
  if (order === 'latest' || filter === 'waiting') return countOf(counts, type, filter)
  return filter === 'all' ? countOf(counts, type, 'waiting') : -1
}

/** Whether the list of this query holds the session. By longest wait stand only those who wait, as the console lists it. */
export function matches(session: SessionView, { type, filter, order }: Query): boolean {
  if (session.merged_into !== undefined || session.message_count === 0) return false
  if (type !== 'all' && session.communication_type !== type) return false
  if (order === 'longest_waiting' && session.metadata.waitingSince === undefined) return false
  switch (filter) {
    case 'all':
      return true
    case 'waiting':
      return session.metadata.waitingSince !== undefined
    case 'unread':
      return session.unread_count > 0
    case 'closed':
      return session.status === 'closed'
  }
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Which of two sessions stands above the other. Those who wait stand before those who do not. */
export function compare(a: SessionView, b: SessionView, order: Order): number {
  if (order === 'longest_waiting') {
    const waitA = a.metadata.waitingSince
    const waitB = b.metadata.waitingSince
    if (waitA !== undefined && waitB !== undefined && waitA !== waitB) return byText(waitA, waitB)
    if ((waitA === undefined) !== (waitB === undefined)) return waitA === undefined ? 1 : -1
  }
  return byText(b.last_message_at, a.last_message_at) || byText(b._id, a._id)
}
