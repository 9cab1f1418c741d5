import { SwitchboardError } from '../../shared/errors.ts'
import { isMessageLogHead } from './csv.ts'
import { plain } from './extended-json.ts'
import { isFields, type Fields } from './fields.ts'
import { type JsonLayout, jsonLayout, jsonValues } from './json.ts'
import { textOf } from './text.ts'
import type { ImportFile, ImportFormat } from './types.ts'

/** Characters looked at. A page of Twilio's names its messages early; a log names its columns first. */
const HEAD = 64 * 1024

export interface Shape {
  format: ImportFormat
  layout: JsonLayout
}

/** What a file is, by its beginning. Throws SwitchboardError `file_unreadable` when it looks like nothing known. */
export async function shapeOf(file: ImportFile, asked: ImportFormat | undefined): Promise<Shape> {
  let head = ''
  for await (const chunk of textOf(file.open())) {
    head += chunk
    if (head.length >= HEAD) break
  }
  const layout = jsonLayout(head)
  if (asked !== undefined) return { format: asked, layout }
  const firstLine = head.trimStart().split('\n', 1)[0] ?? ''
  if (isMessageLogHead(firstLine)) return { format: 'twilio-csv', layout }
  for await (const values of jsonValues(once(head), layout)) {
    for (const found of values) {
      const format = 'value' in found && isFields(found.value) ? formatOf(found.value) : undefined
      if (format !== undefined) return { format, layout }
    }
  }
  if (head.trim() === '')
    throw new SwitchboardError('file_unreadable', { file: file.name, reason: 'it is empty' })
  throw new SwitchboardError('file_unreadable', {
    file: file.name,
    reason: 'it looks like none of the formats known; say which it is with --format',
  })
}

function formatOf(value: Fields): ImportFormat | undefined {
  if (typeof value['sid'] === 'string' && !('session_id' in value)) return 'twilio'
  if (!('session_id' in value || 'communication_type' in value || '_id' in value)) return undefined
  // The documents are the same; ours have more fields and never MongoDB's wrapped values.
  const fields = plain(value)
  const isOurs =
    isFields(fields) &&
    value['_id'] === fields['_id'] &&
    ('channel_number' in fields || 'sid' in fields || 'unread_count' in fields)
  return isOurs ? 'switchboard' : 'mongoexport'
}

async function* once(text: string): AsyncGenerator<string> {
  await Promise.resolve()
  yield text
}
