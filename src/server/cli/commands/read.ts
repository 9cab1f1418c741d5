import { type Command, Option } from 'commander'
import { MEDIA_TYPES, type Medium, type Message, type Session } from '../../../shared/documents.ts'
import { SwitchboardError } from '../../../shared/errors.ts'
import type { ReadQuery } from '../../store/index.ts'
import type { Output } from '../io.ts'
import { localTime, shortened, table } from '../table.ts'
import { limit, number, time } from '../values.ts'
import { type Common, common, type Context, dataFolder, outputFor } from './context.ts'

/** Rows aligned together in a table for people. */
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

export function readCommands(program: Command, { terminal, backstage }: Context): void {
  const open = (options: Common, output: Output): ReturnType<typeof backstage.read> =>
    backstage.read(dataFolder(terminal, options), (text) => output.note(text))

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
  ]).action(async (options: SessionOptions) => {
    const output = outputFor(terminal, options)
    const reader = await open(options, output)
    const found = reader.sessions(queryOf(options))
    if (output.isJson) return output.values(found)
    await tables(output, found, SESSION_HEAD, sessionRow, 'No session matches.')
  })

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
  ]).action(async (options: MessageOptions) => {
    const output = outputFor(terminal, options)
    const reader = await open(options, output)
    if (options.session !== undefined && !(await reader.session(options.session))) {
      throw new SwitchboardError('no_such_session', { id: options.session })
    }
    const found = reader.messages(queryOf(options))
    if (output.isJson) return output.values(found)
    await tables(output, found, MESSAGE_HEAD, messageRow, 'No message matches.')
  })
}

function queryOf({ json: _json, data: _data, ...query }: SessionOptions & MessageOptions): ReadQuery {
  return query
}

/** Rows as they come, the head once, each page aligned by itself. */
async function tables<T>(
  output: Output,
  found: AsyncIterable<T>,
  head: readonly string[],
  row: (value: T) => string[],
  none: string,
): Promise<void> {
  let page: string[][] = []
  let count = 0
  const print = async (): Promise<void> => {
    const text = table(head, page)
    await output.words(count === page.length ? text : text.slice(text.indexOf('\n') + 1))
    page = []
  }
  for await (const value of found) {
    count += 1
    page.push(row(value))
    if (page.length === PAGE) await print()
  }
  if (page.length > 0) await print()
  if (count === 0) output.note(none)
}

const SESSION_HEAD = ['LAST MESSAGE', 'TITLE', 'TO', 'COUNT', 'STATUS', 'ID', 'LAST WORDS']
const MESSAGE_HEAD = ['TIME', 'CONTACT', 'SENDER', 'STATUS', 'TEXT']

function sessionRow(session: Session & { channel_number: string }): string[] {
  const { last_message_at, title, channel_number, message_count, status, _id, metadata } = session
  const words = shortened(metadata.preview, 40)
  return [localTime(last_message_at), title, channel_number, String(message_count), status, _id, words]
}

function messageRow({ createdAt, contact, sender, status, content, media }: Message): string[] {
  const files = media.length === 0 ? '' : ` [${media.length} file${media.length > 1 ? 's' : ''}]`
  return [localTime(createdAt), contact, sender, status, content + files]
}
