import type { Command } from 'commander'
import { number, time } from '../values.ts'
import { change, type Common, common, type Context, outputFor } from './context.ts'

interface Options extends Common {
  from: string
  to?: string
  body: string
  at?: number
}

const KINDS = {
  sms: 'a text',
  whatsapp: 'a WhatsApp message',
  voice: 'a call; the body is what is said',
} as const

/** The console that runs on the folder signs a webhook and posts it to itself: the whole way, without Twilio. */
export function simulateCommands(program: Command, context: Context): void {
  const { terminal } = context
  const simulate = program
    .command('simulate')
    .summary('send the running console a message, as Twilio would')
    .description('Sends the running console a signed webhook, as Twilio would when somebody writes or calls.')
  for (const [kind, what] of Object.entries(KINDS)) {
    const command = simulate
      .command(kind)
      .summary(what)
      .description(`Sends ${what}.`)
      .requiredOption('--from <number>', 'who writes', number)
      .option('--to <number>', 'which number of yours (default: the first there is)', number)
      .requiredOption('--body <text>', 'what is written')
      .option('--at <time>', 'when (in a simulation only)', time)
    common(command, terminal, [
      [`simulate ${kind} --from +1234567890 --body "Hello"`, 'then look: switchboard sessions'],
    ]).action(async (options: Options) => {
      const args = {
        type: kind,
        from: options.from,
        body: options.body,
        ...(options.to !== undefined && { to: options.to }),
        ...(options.at !== undefined && { at: options.at }),
      }
      const result = await change(context, options, 'simulate', args, undefined, 'onlyRunning')
      await outputFor(terminal, options).result(result ?? {}, () => `Sent: ${kind} from ${options.from}.`)
    })
  }
}
