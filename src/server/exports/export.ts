import type { Channel, Id, Message } from '../../shared/documents.ts'
import type { ReadQuery, Reader } from '../store/index.ts'
import { csvHead, csvRow } from './csv.ts'
import { page, type SessionWithMessages } from './html.ts'

export const EXPORT_FORMATS = ['json', 'csv', 'html'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

export type Exported = Pick<Reader, 'channels' | 'contacts' | 'sessions' | 'messages'>

/** How much went into an export. */
export interface ExportCount {
  sessions: number
  messages: number
}

/**
 * The text of an export, bit by bit.
 *
 * json: the documents, one a line: channels and contacts, sessions, then messages; `import --format switchboard` reads
 * it. csv: one row a message. html: one page that needs nothing else; it alone holds all messages in memory.
 */
export async function* exported(
  data: Exported,
  format: ExportFormat,
  query: ReadQuery,
  count: ExportCount,
  made: Date,
): AsyncGenerator<string> {
  if (format === 'json') yield* asDocuments(data, query, count)
  else if (format === 'csv') yield* asTable(data, query, count)
  else yield* asPage(data, query, count, made)
}

async function* asDocuments(data: Exported, query: ReadQuery, count: ExportCount): AsyncGenerator<string> {
  const line = (value: unknown): string => `${JSON.stringify(value)}\n`
  for (const channel of data.channels()) yield line(channel)
  // One conversation is not everybody's address book.
  if (query.session === undefined) for (const contact of data.contacts()) yield line(contact)
  for await (const session of data.sessions(query)) {
    count.sessions += 1
    yield line(session)
  }
  for await (const message of data.messages(query)) {
    count.messages += 1
    yield line(message)
  }
}

async function* asTable(data: Exported, query: ReadQuery, count: ExportCount): AsyncGenerator<string> {
  const channels = new Map<Id, Channel>(data.channels().map((channel) => [channel._id, channel]))
  const seen = new Set<Id>()
  yield csvHead()
  for await (const message of data.messages(query)) {
    seen.add(message.session_id)
    count.messages += 1
    yield csvRow(message, channels)
  }
  count.sessions = seen.size
}

async function* asPage(
  data: Exported,
  query: ReadQuery,
  count: ExportCount,
  made: Date,
): AsyncGenerator<string> {
  const bySession = new Map<Id, Message[]>()
  for await (const message of data.messages(query)) {
    const own = bySession.get(message.session_id)
    if (own) own.push(message)
    else bySession.set(message.session_id, [message])
    count.messages += 1
  }
  const sessions: SessionWithMessages[] = []
  for await (const session of data.sessions(query)) {
    const messages = bySession.get(session._id)
    if (messages) sessions.push({ session, messages })
  }
  sessions.reverse()
  count.sessions = sessions.length
  yield* page(sessions, made)
}
