import type { Message, Session } from '../../shared/documents.ts'
import type { Reader } from './backstage.ts'

/** Sessions whose messages are read at a time. */
const BATCH = 200

interface Range {
  /** Milliseconds; messages in [since, until). */
  since?: number
  until?: number
}

/**
 * Messages of many sessions by (createdAt, sid), in batches, without holding them all: sessions are opened in the order
 * they began, and a message is given out once no session to come can have an earlier one.
 */
export async function* messagesInOrder(
  reader: Reader,
  sessions: Iterable<Session>,
  { since, until }: Range,
): AsyncGenerator<Message[]> {
  const begun = Array.from(sessions, ({ _id, metadata }) => ({ id: _id, at: metadata.firstMessageAt })).sort(
    (a, b) => compare(a.at, b.at),
  )
  const from = since === undefined ? '' : new Date(since).toISOString()
  const end = until === undefined ? '~' : new Date(until).toISOString()
  let held: Message[] = []
  for (let i = 0; i < begun.length; i += BATCH) {
    const read = await reader.messages(begun.slice(i, i + BATCH).map(({ id }) => id))
    for (const message of read) if (message.createdAt >= from && message.createdAt < end) held.push(message)
    held.sort((a, b) => compare(a.createdAt, b.createdAt) || compare(a.sid, b.sid))
    const next = begun[i + BATCH]?.at
    const count = next === undefined ? held.length : countBefore(held, next)
    yield held.slice(0, count)
    held = held.slice(count)
  }
}

function countBefore(messages: readonly Message[], at: string): number {
  const first = messages.findIndex((m) => m.createdAt >= at)
  return first < 0 ? messages.length : first
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
