import { type Command, Option } from 'commander'
import { MEDIA_TYPES, type Medium, type Message, type Session } from '../../../shared/documents.ts'
import { SwitchboardError } from '../../../shared/errors.ts'
import type { Reader } from '../backstage.ts'
import { messagesInOrder } from '../messages-in-order.ts'
import { localTime, shortened, table } from '../table.ts'
import { limit, number, time } from '../values.ts'
import { type Common, common, type Context, dataFolder, outputFor } from './context.ts'

/** Rows a person gets to see as one aligned table; beyond them each page is aligned by itself. */
const PAGE = 500

interface SessionOptions extends Common {
  type?: Medium
  from?: string
  channel?: string
  status?: 'active' | 'closed'
  since?: number
  until?: number
  limit?: number
}

interface MessageOptions extends Common {
  session?: string
  from?: string
  since?: number
  until?: number
}

export function readCommands(program: Command, context: Context): void {
  const { terminal, backstage } = context

  const withReader = async (options: Common, use: (reader: Reader) => Promise<void>): Promise<void> => {
    const reader = await backstage.read(dataFolder(terminal, options))
    try {
      await use(reader)
    } finally {
      await reader.close()
    }
  }

  const sessions = program
    .command('sessions')
    .summary('list sessions, newest first')
    .description(
      'Lists sessions, newest first, beside a running console too. Times: 2025-01-15 (here), or ISO 8601.',
    )
    .addOption(new Option('--type <type>', 'only these').choices(MEDIA_TYPES))
    .option('--from <number>', 'only with this contact', number)
    .option('--channel <number>', 'only to this number of yours', number)
    .addOption(new Option('--status <status>', 'only these').choices(['active', 'closed']))
    .option('--since <time>', 'only what goes on at or after it', time)
    .option('--until <time>', 'only what began before it', time)
    .option('--limit <n>', 'at most so many', limit)
  common(sessions, terminal, [
    ['sessions --limit 20', 'the twenty newest'],
    ['sessions --type whatsapp --since 2025-01-15', 'WhatsApp since that day'],
    [
      'sessions --from +1234567890 --json',
      'every session with this person, as documents with `channel_number`',
    ],
  ]).action((options: SessionOptions) =>
    withReader(options, async (reader) => {
      const output = outputFor(terminal, options)
      let count = 0
      for (const page of sessionPages(reader, options)) {
        count += page.length
        if (output.isJson)
          for (const session of page)
            await output.value({ ...session, channel_number: numberOf(reader, session) })
        else await output.words(sessionTable(reader, page))
      }
      if (!output.isJson && count === 0) output.note('No session matches.')
    }),
  )

  const messages = program
    .command('messages')
    .summary('list messages, oldest first')
    .description(
      'Lists messages, oldest first, beside a running console too. Times: 2025-01-15 (here), or ISO 8601.',
    )
    .option('--session <id>', 'only of this session')
    .option('--from <number>', 'only with this contact, both sides', number)
    .option('--since <time>', 'only at or after it', time)
    .option('--until <time>', 'only before it', time)
  common(messages, terminal, [
    ['messages --session 68ef67d33c2b4a54409a10cc', 'one session, as a conversation'],
    ['messages --from +1234567890 --json', 'all there ever was with this person, as documents'],
  ]).action((options: MessageOptions) =>
    withReader(options, async (reader) => {
      const output = outputFor(terminal, options)
      let count = 0
      for await (const batch of messagesInOrder(reader, sessionsFor(reader, options), options)) {
        count += batch.length
        if (output.isJson) for (const message of batch) await output.value(message)
        else if (batch.length > 0) await output.words(messageTable(batch, count === batch.length))
      }
      if (!output.isJson && count === 0) output.note('No message matches.')
    }),
  )
}

function* sessionPages(reader: Reader, options: SessionOptions): Generator<Session[]> {
  const channel = reader.channels().find((c) => c.number === options.channel)
  if (options.channel !== undefined && !channel) return
  const most = options.limit ?? Infinity
  for (let offset = 0; offset < most; offset += PAGE) {
    const { sessions } = reader.sessions({
      ...queryOf(options),
      ...(channel && { channel_id: channel._id }),
      offset,
      limit: Math.min(PAGE, most - offset),
    })
    if (sessions.length > 0) yield sessions
    if (sessions.length < PAGE) return
  }
}

function queryOf({ type, from, status, since, until }: SessionOptions): Parameters<Reader['sessions']>[0] {
  return {
    ...(type !== undefined && { type }),
    ...(from !== undefined && { from }),
    ...(status !== undefined && { status }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    order: 'latest',
  }
}

function* sessionsFor(reader: Reader, { session, from, since, until }: MessageOptions): Generator<Session> {
  if (session !== undefined) {
    const found = reader.session(session)
    if (!found) throw new SwitchboardError('no_such_session', { id: session })
    if (from === undefined || found.metadata.fromNumber === from) yield found
    return
  }
  for (const page of sessionPages(reader, {
    ...(from !== undefined && { from }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  }))
    yield* page
}

const numberOf = (reader: Reader, session: Session): string | null =>
  reader.channels().find((c) => c._id === session.channel_id)?.number ?? null

function sessionTable(reader: Reader, sessions: readonly Session[]): string {
  return table(
    ['LAST MESSAGE', 'TITLE', 'TO', 'COUNT', 'STATUS', 'ID', 'LAST WORDS'],
    sessions.map((s) => [
      localTime(s.last_message_at),
      s.title,
      numberOf(reader, s) ?? '',
      String(s.message_count),
      s.status,
      s._id,
      shortened(s.metadata.preview, 40),
    ]),
  )
}

function messageTable(messages: readonly Message[], isFirst: boolean): string {
  const rows = messages.map((m) => [
    localTime(m.createdAt),
    m.contact,
    m.sender,
    m.status,
    m.content + (m.media.length > 0 ? ` [${m.media.length} file${m.media.length > 1 ? 's' : ''}]` : ''),
  ])
  const text = table(['TIME', 'CONTACT', 'SENDER', 'STATUS', 'TEXT'], rows)
  return isFirst ? text : text.slice(text.indexOf('\n') + 1)
}
