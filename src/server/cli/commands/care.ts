import { resolve } from 'node:path'
import type { Command } from 'commander'
import { formatGap } from '../../sessions/index.ts'
import type { BackupMade, Restored, Verdict } from '../../store/index.ts'
import { gap, number } from '../values.ts'
import { change, type Common, common, type Context, dataFolder, outputFor } from './context.ts'

/** What a restore could not bring back, and the next step. */
function lackingWords({ needed, missing }: Restored['media']): string {
  if (missing.length === 0) return ''
  const of = `${missing.length.toLocaleString('en')} of ${needed.toLocaleString('en')} pictures and other files`
  return ` ${of} of messages are neither in it nor beside it. \`switchboard verify --repair\` asks Twilio for those it still has.`
}

/** What a restore does not send again by itself, and what becomes of it. */
function doubtfulWords(count: number): string {
  if (count === 0) return ''
  const what = count === 1 ? 'One message' : `${count.toLocaleString('en')} messages`
  return ` ${what} waited to be sent when it was made and may have gone since: what Twilio doesn’t list is shown as unsure, and goes again only if you send it again.`
}

/** Looking after the data: backup, restore, verify, regroup. */
export function careCommands(program: Command, context: Context): void {
  const { terminal, backstage } = context

  const backup = program
    .command('backup')
    .summary('write a backup')
    .description(
      'Writes everything, the files of messages too, into one file, while a console is running too. One a day is kept in the data folder anyhow, without those files: they lie in media/ beside it.',
    )
    .option('--out <file>', 'where to (default: a dated file in the data folder’s backups)')
  common(backup, terminal, [['backup --out switchboard.backup', 'one file to keep elsewhere']]).action(
    async (options: Common & { out?: string }) => {
      const args = options.out === undefined ? {} : { out: resolve(terminal.cwd, options.out) }
      const result = (await change(context, options, 'backup', args)) as BackupMade
      await outputFor(terminal, options).result(
        result,
        () => `Written: ${result.file} (${result.bytes.toLocaleString('en')} bytes).`,
      )
    },
  )

  const restore = program
    .command('restore')
    .summary('put a backup back')
    .description(
      'Puts a backup in the place of the data. What is there now is kept beside it. No console may be running.',
    )
    .argument('<file>', 'a file that `switchboard backup` wrote')
  common(restore, terminal, [['restore switchboard.backup', 'go back to it']]).action(
    async (file: string, options: Common) => {
      const output = outputFor(terminal, options)
      const result = (await backstage.restore(
        dataFolder(terminal, options),
        resolve(terminal.cwd, file),
        (progress) => {
          output.progress(progress, () => 'Restoring …')
        },
      )) as Restored
      await output.result(
        result,
        () => `Restored from ${file}.${lackingWords(result.media)}${doubtfulWords(result.doubtful)}`,
      )
    },
  )

  const verify = program
    .command('verify')
    .summary('check that all data is whole')
    .description('Reads all data and checks it against its checksums. Ends with 1 when something is damaged.')
    .option('--repair', 'set what is damaged aside and rebuild it; nothing is deleted')
  common(
    verify,
    terminal,
    [
      ['verify', 'look'],
      ['verify --repair', 'mend'],
    ],
    'With --json the last line is the result: {"ok","documents","records","messages","sessions","problems":[{"where","what","repaired"}]}.',
  ).action(async (options: Common & { repair?: boolean }) => {
    const output = outputFor(terminal, options)
    const result = await change(
      context,
      options,
      'verify',
      { repair: options.repair === true },
      (progress) => {
        output.progress(progress, () => 'Checking …')
      },
    )
    const verdict = result as Verdict
    for (const { where, what, repaired } of output.isJson ? [] : verdict.problems) {
      output.note(`${where}: ${what}${repaired ? ' (repaired)' : ''}`)
    }
    await output.result(verdict, () => verdictWords(verdict))
    if (!verdict.ok) program.setOptionValue('failed', true)
  })

  const regroup = program
    .command('regroup')
    .summary('group the past by another gap')
    .description(
      'Groups all messages so far anew, as if this gap had always held. What is closed, split and merged by hand stays.',
    )
    .requiredOption('--gap <gap>', 'the gap: 5m, 300s, 1h', gap)
    .option('--channel <number>', 'only this number of yours', number)
    .option('--dry-run', 'change nothing, say how many sessions there would be')
  common(
    regroup,
    terminal,
    [['regroup --gap 30m --dry-run', 'how many sessions would there be?']],
    'With --json the last line is the result: {"gap","channel","dry_run","sessions_before","sessions_after"}.',
  ).action(async (options: Common & { gap: number; channel?: string; dryRun?: boolean }) => {
    const output = outputFor(terminal, options)
    const dryRun = options.dryRun === true
    const args = {
      gap: formatGap(options.gap),
      ...(options.channel !== undefined && { channel: options.channel }),
      dry_run: dryRun,
    }
    const result = (await change(context, options, 'regroup', args, (progress) => {
      output.progress(progress, () => 'Regrouping …')
    })) as { sessions_before: number; sessions_after: number }
    await output.result(
      result,
      () =>
        `${result.sessions_before} sessions ${dryRun ? 'would become' : 'became'} ${result.sessions_after}.`,
    )
  })
}

function verdictWords({ ok, messages, sessions, problems }: Verdict): string {
  const all = `${messages.toLocaleString('en')} messages in ${sessions.toLocaleString('en')} sessions`
  if (problems.length === 0) return `Everything is whole: ${all}.`
  return ok
    ? `Everything is whole again: ${all}.`
    : 'Something is damaged. Run `switchboard verify --repair`.'
}
