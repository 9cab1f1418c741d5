import { Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { LONGEST_RECORD } from './text.ts'
import type { Found } from './types.ts'

/** The names of the console's columns, and of a message resource's fields. Matched without case, spaces and signs. */
const FIELD_OF: Readonly<Record<string, string>> = {
  sid: 'sid',
  messagesid: 'sid',
  from: 'from',
  to: 'to',
  body: 'body',
  status: 'status',
  direction: 'direction',
  sentdate: 'date_sent',
  datesent: 'date_sent',
  datecreated: 'date_created',
  errorcode: 'error_code',
  errormessage: 'error_message',
  accountsid: 'account_sid',
  messagingservicesid: 'messaging_service_sid',
  numsegments: 'num_segments',
  nummedia: 'num_media',
  price: 'price',
  priceunit: 'price_unit',
}

/** Whether a line can be the head of a message log: it names who wrote, to whom, and which message. */
export function isMessageLogHead(line: string): boolean {
  const fields = new Set(line.split(/[,;\t]/).map(fieldOf))
  return fields.has('sid') && fields.has('from') && fields.has('to')
}

const fieldOf = (column: string): string => FIELD_OF[column.toLowerCase().replace(/[^a-z]/g, '')] ?? column

interface Row {
  record: unknown
  info: { lines: number }
}

/** The rows of a message log as Twilio's console exports it, as message resources; each with the line it ends on. */
export async function* csvValues(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Found<unknown>[]> {
  const bad: Found<unknown>[] = []
  const records = Readable.from(bytes).pipe(
    parse({
      bom: true,
      columns: (head: string[]) => head.map(fieldOf),
      delimiter: [',', ';', '\t'],
      info: true,
      max_record_size: LONGEST_RECORD,
      skip_empty_lines: true,
      skip_records_with_error: true,
      on_skip: (error) => {
        // A misplaced quotation mark is told of a second time, as a row of too few columns.
        if (error && bad.at(-1)?.line !== lineOf(error))
          bad.push({ line: lineOf(error), reason: reasonOf(error) })
        return undefined
      },
    }),
  )
  try {
    for await (const { record, info } of records as AsyncIterable<Row>) {
      yield [...bad.splice(0), { line: info.lines, value: record }]
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    bad.push({ line: lineOf(error), reason: reasonOf(error) })
  }
  yield bad
}

const lineOf = (error: CsvError): number => (typeof error['lines'] === 'number' ? error['lines'] : 0)

function reasonOf(error: CsvError): string {
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quotation mark is never closed'
    case 'CSV_RECORD_INCONSISTENT_COLUMNS':
    case 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH':
      return 'the row has more or fewer columns than the first line'
    case 'CSV_MAX_RECORD_SIZE':
      return 'the row is longer than 4 MB'
    default:
      return 'the quotation marks are misplaced'
  }
}
