import type { Channel, Message } from '../../shared/documents.ts'

/** One row a message (RFC 4180, lines end in CR LF, UTF-8 with a mark at the beginning so that spreadsheets see it). */
const COLUMNS = [
  'time',
  'session',
  'medium',
  'your_number',
  'contact',
  'sender',
  'text',
  'status',
  'error_code',
  'files',
  'sid',
] as const

export const csvHead = (): string => `\uFEFF${line(COLUMNS)}`

export function csvRow(message: Message, channels: ReadonlyMap<string, Channel>): string {
  return line([
    message.createdAt,
    message.session_id,
    message.communication_type,
    channels.get(message.channel_id)?.number ?? '',
    message.contact,
    message.sender,
    harmless(message.content),
    message.status,
    String(message.error_code ?? ''),
    String(message.media.length),
    message.sid,
  ])
}

/** A spreadsheet runs a cell that begins like a formula; what a stranger wrote must not. It gets an apostrophe in front. */
const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)

const line = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\r\n`

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
