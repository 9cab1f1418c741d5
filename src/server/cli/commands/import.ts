import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import {
  IMPORT_FORMATS,
  type ImportFormat,
  type ImportProgress,
  type ImportResult,
} from '../../imports/index.ts'
import { change, type Common, common, type Context, outputFor } from './context.ts'

interface Options extends Common {
  format?: ImportFormat
  dryRun?: boolean
}

const ABOUT = `Formats (guessed from the file when --format is not given):
  twilio        messages as Twilio's REST API returns them: {"messages":[…]}, an array, or one a line
  twilio-csv    the message log as Twilio's console exports it
  mongoexport   Session and Message documents, one a line
  switchboard   what \`switchboard messages --json\` and \`sessions --json\` print

Messages already there are known by their SID: an import can be repeated. Sessions are made by the gap rule from the
messages' times; those in the file say only whom a message belongs to. Which number of yours a document belongs to is
told by channel_number, by a channel document in the file, or by a channel of that id that is here already.
With --json the last line is the result: {"format","dry_run","read","taken","known","other","refused","errors":[{"line","reason"}]};
progress is on stderr. It ends with 0 also when single records were refused.`

export function importCommand(program: Command, context: Context): void {
  const { terminal } = context
  const command = program
    .command('import')
    .summary('put messages of a file in')
    .description('Puts the messages of a file in, each in the session it belongs to by its time.')
    .argument('<file>', 'the file')
    .addOption(new Option('--format <format>', 'what the file is').choices(IMPORT_FORMATS))
    .option('--dry-run', 'change nothing, say what would be taken')
  common(
    command,
    terminal,
    [
      ['import messages.json', 'what Twilio’s message list gave'],
      ['import log.csv --format twilio-csv --dry-run', 'see first what an export of the console would bring'],
    ],
    ABOUT,
  ).action(async (file: string, options: Options) => {
    const output = outputFor(terminal, options)
    const args = {
      file: resolve(terminal.cwd, file),
      ...(options.format !== undefined && { format: options.format }),
      dry_run: options.dryRun === true,
    }
    const result = await change(context, options, 'import', args, (progress) => {
      output.progress(progress, () => progressWords(progress as ImportProgress))
    })
    const { errors, refused } = result as ImportResult
    if (!output.isJson) {
      for (const { line, reason } of errors) output.note(`line ${line}: ${reason}`)
      if (refused > errors.length) output.note(`… and ${refused - errors.length} more`)
    }
    await output.result(result, () => resultWords(result as ImportResult))
  })
}

function progressWords({ read, bytes, total_bytes, refused }: ImportProgress): string {
  const share = total_bytes === 0 ? 100 : Math.floor((100 * bytes) / total_bytes)
  return `${share} %  ${read.toLocaleString('en')} read${refused > 0 ? `, ${refused.toLocaleString('en')} refused` : ''}`
}

function resultWords({ dry_run, format, taken, known, refused }: ImportResult): string {
  const count = (n: number): string => `${n.toLocaleString('en')} message${n === 1 ? '' : 's'}`
  const parts = [
    `${count(taken)} ${dry_run ? 'would be taken' : 'taken'}`,
    `${known.toLocaleString('en')} ${dry_run ? 'are' : 'were'} there already`,
    ...(refused > 0 ? [`${refused.toLocaleString('en')} could not be taken`] : []),
  ]
  return `${parts.join(', ')} (${format}).`
}
