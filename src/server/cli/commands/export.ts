import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { SwitchboardError } from '../../../shared/errors.ts'
import { EXPORT_FORMATS, exported, type ExportFormat } from '../../exports/export.ts'
import type { ReadQuery } from '../../store/index.ts'
import { time } from '../values.ts'
import { type Common, common, type Context, dataFolder, outputFor } from './context.ts'

interface Options extends Common {
  format: ExportFormat
  session?: string
  since?: number
  until?: number
  out?: string
}

/** Characters written at once. */
const WRITE_SIZE = 256 * 1024

export function exportCommand(program: Command, { terminal, backstage }: Context): void {
  const command = program
    .command('export')
    .summary('write messages for other programs, or to be read')
    .description(
      'Writes sessions and messages, beside a running console too. Times: 2025-01-15 (here), or ISO 8601.',
    )
    .addOption(new Option('--format <format>', 'json, csv or html').choices(EXPORT_FORMATS).default('json'))
    .option('--session <id>', 'only of this session')
    .option('--since <time>', 'only at or after it', time)
    .option('--until <time>', 'only before it', time)
    .option('--out <path>', 'the file to write (default: stdout)')
  common(
    command,
    terminal,
    [
      ['export --out everything.jsonl', 'the documents, one a line; `import` reads them again'],
      ['export --format csv --since 2025-01-01 --out 2025.csv', 'a table for a spreadsheet'],
      [
        'export --format html --session 68ef67d33c2b4a54409a10cc --out talk.html',
        'one conversation, to be printed',
      ],
    ],
    'With --json and --out the last line is the result: {"format","file","sessions","messages","bytes"}.',
  ).action(async (options: Options) => {
    const output = outputFor(terminal, options)
    const { format, session, since, until } = options
    if (output.isJson && options.out === undefined && format !== 'json')
      throw new SwitchboardError('bad_request', {
        what: `${format} is not one JSON value a line: give a file with --out, or leave --json out.`,
      })
    const query: ReadQuery = {
      ...(session !== undefined && { session }),
      ...(since !== undefined && { since }),
      ...(until !== undefined && { until }),
    }
    const reader = await backstage.read(dataFolder(terminal, options), (text) => output.note(text))
    if (session !== undefined && !(await reader.session(session)))
      throw new SwitchboardError('no_such_session', { id: session })
    const count = { sessions: 0, messages: 0 }
    const text = inPieces(exported(reader, format, query, count, backstage.now()))
    if (options.out === undefined) {
      for await (const piece of text) await terminal.stdout(piece)
      return
    }
    const file = resolve(terminal.cwd, options.out)
    const bytes = await backstage.save(file, text)
    await output.result(
      { format, file, ...count, bytes },
      () =>
        `Written: ${file} (${count.messages.toLocaleString('en')} messages of ${count.sessions.toLocaleString('en')} sessions).`,
    )
  })
}

/** The same text in pieces of a good size. */
async function* inPieces(text: AsyncIterable<string>): AsyncGenerator<string> {
  let some = ''
  for await (const part of text) {
    some += part
    if (some.length < WRITE_SIZE) continue
    yield some
    some = ''
  }
  if (some !== '') yield some
}
