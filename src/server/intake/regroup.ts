import type { Message, Session } from '../../shared/documents.ts'
import type { Ids } from '../ports.ts'
import { type ActIndex, type GapAt, refold, type SessionChange } from '../sessions/index.ts'
import type { Commit, Key, Store } from '../store/types.ts'
import type { ArrivalClock } from './arrival.ts'
import { itemsOf, type MessageItem } from './items.ts'
import {
  add,
  emptied,
  iso,
  isMuted,
  sessionDocument,
  type Summary,
  summaryOf,
  summaryOfMessage,
} from './session-document.ts'
import { intervalOrder, putWaiting } from './waiting.ts'

export interface RegroupParts {
  store: Pick<Store, 'key' | 'session' | 'messages'>
  ids: Ids
  arrival: ArrivalClock
}

/** Which sessions of a key are grouped anew: those at index `from` … `to` of its time line. */
export interface Regrouping {
  from: number
  to: number
  acts: ActIndex
  gapAt: GapAt
  /** A message that is placed with them. */
  added?: { message: Message; unread: boolean }
  /** Ids, by first SID, of sessions that are to be there again. */
  names?: ReadonlyMap<string, string>
}

/** Groups sessions anew from their messages, and says what to commit. */
export async function regroup(parts: RegroupParts, key: Key, regrouping: Regrouping): Promise<Commit> {
  const { store } = parts
  const { from, to, acts, gapAt, added } = regrouping
  const { line } = store.key(key)
  const loaded: string[] = []
  for (let i = from; i <= to; i++) loaded.push(line.interval(i).id)
  const stored = await store.messages(loaded)
  const messages = added ? [...stored, added.message] : stored
  const groups = refold(line, from, to, itemsOf(messages), acts, gapAt)
  const unread = unreadAmong(store, loaded, messages, added)
  const commit: Commit = { why: 'regroup', messages: [], sessions: [] }
  const now = parts.arrival.now()
  for (const { change, items } of groups) {
    if (items.length === 0) addBeside(store, commit, change, now)
    else await putGroup(parts, commit, { key, change, items, loaded, unread, regrouping, now })
  }
  settleWaiting(store, commit, loaded)
  return commit
}

interface Group {
  key: Key
  change: SessionChange
  items: readonly MessageItem[]
  /** Sessions whose messages were read. */
  loaded: readonly string[]
  /** Ids of messages that are. */
  unread: ReadonlySet<string>
  regrouping: Regrouping
  now: number
}

async function putGroup(
  { store, ids }: RegroupParts,
  commit: Commit,
  { key, change, items, loaded, unread, regrouping: { added, names }, now }: Group,
): Promise<void> {
  const id = change.id ?? names?.get(change.first.sid) ?? ids.next()
  const own = items.flatMap((item) => item.messages)
  const parts = own.map((m) => summaryOfMessage(m, unread.has(m._id)))
  // Neighbours that joined without having been unfolded bring what they already add up to, and their messages follow.
  const others = [change.id, ...change.absorbed].filter(
    (part): part is string => part !== undefined && !loaded.includes(part),
  )
  for (const other of others) parts.push(summaryOf(sessionOf(store, other)))
  const joining = await store.messages(others.filter((other) => other !== id))
  const [head, ...rest] = parts.toSorted((a, b) =>
    a.last_message_at < b.last_message_at ? -1 : a.last_message_at > b.last_message_at ? 1 : 0,
  )
  if (!head) return
  const summary: Summary = rest.reduce(add, head)
  const before = change.id === undefined ? undefined : sessionOf(store, change.id)
  const from = new Set([change.id, ...change.absorbed, ...own.map((m) => m.session_id)])
  const isFromMuted = [...from].some((one) => one !== undefined && isMuted(store.session(one)))
  commit.sessions?.push(sessionDocument(key, id, change, summary, before, now, isFromMuted))
  for (const absorbed of change.absorbed) commit.sessions?.push(emptied(sessionOf(store, absorbed), id, now))
  for (const message of [...own, ...joining]) {
    if (message.session_id !== id || message === added?.message)
      commit.messages?.push({ ...message, session_id: id })
  }
}

/** A session whose messages stay what they are, and of which something else has changed. */
export function addBeside(
  store: Pick<Store, 'session'>,
  commit: Commit,
  beside: SessionChange,
  now: number,
): void {
  if (beside.id === undefined || commit.sessions?.some((s) => s._id === beside.id)) return
  const before = store.session(beside.id)
  if (!before) return
  const status = beside.closed ? 'closed' : 'active'
  if (before.status === status && sameReason(before.metadata.reason, beside.reason)) return
  commit.sessions?.push({
    ...before,
    status,
    metadata: { ...before.metadata, reason: beside.reason },
    updatedAt: iso(now),
  })
}

/** Which messages are unread: sessions only count them, so the latest of the contact's are taken to be it. */
function unreadAmong(
  store: Pick<Store, 'session'>,
  ids: readonly string[],
  messages: readonly Message[],
  added: Regrouping['added'],
): Set<string> {
  const unread = new Set<string>()
  if (added?.unread) unread.add(added.message._id)
  for (const id of ids) {
    const count = sessionOf(store, id).unread_count
    const own = messages.filter((m) => m.session_id === id && m.sender === 'contact' && m !== added?.message)
    for (const message of count > 0 ? own.slice(-count) : []) unread.add(message._id)
  }
  return unread
}

/** After a regrouping: since when the contact waits stays on the newest session of the key. */
function settleWaiting(store: Pick<Store, 'session'>, commit: Commit, ids: readonly string[]): void {
  const since = ids.map((id) => sessionOf(store, id).metadata.waitingSince).find((s) => s !== undefined)
  if (since === undefined) return
  for (const session of commit.sessions ?? []) putWaiting(commit, session, undefined)
  const grouped = (commit.sessions ?? []).filter((s) => s.merged_into === undefined).toSorted(intervalOrder)
  const latestOf = (name: 'heardAt' | 'answeredAt'): string =>
    grouped.reduce((latest, { metadata: { [name]: at = '' } }) => (at > latest ? at : latest), '')
  const holder = grouped.at(-1)
  if (holder && latestOf('heardAt') > latestOf('answeredAt')) putWaiting(commit, holder, since)
}

/** A session that the time line names. */
export function sessionOf(store: Pick<Store, 'session'>, id: string): Session {
  const session = store.session(id)
  if (!session) throw new Error(`session ${id} is in the time line but not in the store`)
  return session
}

function sameReason(a: Session['metadata']['reason'], b: Session['metadata']['reason']): boolean {
  return a.kind === b.kind && JSON.stringify(a) === JSON.stringify(b)
}
