import { Command, CommanderError } from 'commander'
import { SwitchboardError } from '../../shared/errors.ts'
import type { Backstage } from './backstage.ts'
import { careCommands } from './commands/care.ts'
import { configCommands } from './commands/config.ts'
import { exportCommand } from './commands/export.ts'
import { importCommand } from './commands/import.ts'
import { readCommands } from './commands/read.ts'
import { serveCommand } from './commands/serve.ts'
import { simulateCommands } from './commands/simulate.ts'
import { isClosedPipe, Output, type Terminal } from './io.ts'

/** Exit codes (design §6). */
const DONE = 0
const REFUSED = 1
const WRONG_USAGE = 2

const ABOUT = `A console for small businesses that talk with customers by text, WhatsApp and phone.

Begin with:
  $ switchboard serve --simulator                                  run it without an account
  $ switchboard simulate sms --from +1234567890 --body "Hello"     (in another terminal)
  $ switchboard sessions

Every command ends with 0 when it did what was asked, 1 when it refuses and says why, 2 when it was called wrongly.
With --json a refusal is also {"error":{"code","message"}} on stdout.`

/** Runs a command line (without node and script) and resolves with the exit code. */
export async function run(
  argv: readonly string[],
  terminal: Terminal,
  backstage: Backstage,
  version: string,
): Promise<number> {
  const program = new Command('switchboard')
    .description('Switchboard')
    .version(version)
    .addHelpText('after', `\n${ABOUT}`)
    .showHelpAfterError('(add --help to see how it is used)')
    .exitOverride()
  const written: Promise<void>[] = []
  program.configureOutput({
    writeOut: (text) => written.push(terminal.stdout(text)),
    writeErr: (text) => terminal.stderr(text),
  })
  const context = { terminal, backstage }
  serveCommand(program, context)
  readCommands(program, context)
  configCommands(program, context)
  importCommand(program, context)
  exportCommand(program, context)
  careCommands(program, context)
  simulateCommands(program, context)

  try {
    await program.parseAsync([...argv], { from: 'user' })
    return program.getOptionValue('failed') === true ? REFUSED : DONE
  } catch (error) {
    try {
      return await codeFor(error, new Output(terminal, argv.includes('--json')))
    } catch (second) {
      if (isClosedPipe(second)) return DONE
      throw second
    }
  } finally {
    await Promise.allSettled(written)
  }
}

async function codeFor(error: unknown, output: Output): Promise<number> {
  // Commander has said what is wrong, or shown the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : WRONG_USAGE
  if (isClosedPipe(error)) return DONE
  if (error instanceof SwitchboardError) {
    await output.refusal(error)
    return REFUSED
  }
  const reason = error instanceof Error ? error.message : String(error)
  await output.refusal(new SwitchboardError('internal', { reason }))
  if (error instanceof Error) output.note(error.stack ?? '')
  return REFUSED
}
