import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Backstage, Progress, Writer } from '../backstage.ts'
import { defaultDataFolder } from '../data-folder.ts'
import { Output, type Terminal } from '../io.ts'

/** What every command takes: `--data` and `--json`. */
export interface Common {
  data?: string
  json?: boolean
}

/** What the commands work with. */
export interface Context {
  terminal: Terminal
  backstage: Backstage
}

/** A command's help shows where its data is and examples that can be typed as they stand. */
export function common(
  command: Command,
  terminal: Terminal,
  examples: readonly (readonly [string, string])[],
  more = '',
): Command {
  const shown = examples.map(([line, what]) => `  $ switchboard ${line}\n      ${what}`).join('\n')
  return command
    .option('--data <dir>', `the data folder (default: the desktop app's, ${defaultDataFolder(terminal)})`)
    .option('--json', 'one JSON value a line on stdout; everything else on stderr')
    .addHelpText('after', `\n${more === '' ? '' : `${more}\n\n`}Examples:\n${shown}`)
}

export function dataFolder(terminal: Terminal, { data }: Common): string {
  return data === undefined ? defaultDataFolder(terminal) : resolve(terminal.cwd, data)
}

export function outputFor(terminal: Terminal, { json }: Common): Output {
  return new Output(terminal, json === true)
}

/** Does one thing that changes data: by the console that runs on the folder, or itself. */
export async function change(
  { terminal, backstage }: Context,
  options: Common,
  command: string,
  args: Record<string, unknown>,
  progress: Progress = () => undefined,
  who: 'anyone' | 'onlyRunning' = 'anyone',
): Promise<unknown> {
  const writer: Writer = await backstage.write(dataFolder(terminal, options), who)
  try {
    return await writer.call(command, args, progress)
  } finally {
    await writer.close()
  }
}
