import { type Command, Option } from 'commander'
import type { ServeOptions } from '../backstage.ts'
import { portsFrom } from '../../first-free.ts'
import { ownAddress, port } from '../values.ts'
import type { Output } from '../io.ts'
import { type Common, common, type Context, dataFolder, outputFor } from './context.ts'

const WEBHOOK_PORT = 4400
const CONSOLE_PORT = 8080

interface Options extends Common {
  webhookPort?: number
  consolePort?: number
  publicUrl?: string
  tunnel: 'none' | 'localtunnel'
  simulator?: boolean
}

export function serveCommand(program: Command, context: Context): void {
  const { terminal, backstage } = context
  const command = program
    .command('serve')
    .summary('run the console: take webhooks, show it in the browser')
    .description(
      'Runs the console without a desktop window: takes what Twilio sends, and shows sessions and messages in the browser.\n' +
        'Ctrl-C ends it once what is under way is done.',
    )
    .option(
      '--webhook-port <port>',
      `where Twilio's webhooks come in (default: ${WEBHOOK_PORT}, or the next free one; 0: any)`,
      port,
    )
    .option(
      '--console-port <port>',
      `where the browser finds the console (default: ${CONSOLE_PORT}, or the next free one; 0: any)`,
      port,
    )
    .option(
      '--public-url <url>',
      'the address by which Twilio reaches the webhooks, when it is yours',
      ownAddress,
    )
    .addOption(
      new Option('--tunnel <kind>', 'how Twilio reaches this machine')
        .choices(['none', 'localtunnel'])
        .default('none'),
    )
    .option('--simulator', 'with a Twilio in a box: try everything out without an account')
  common(
    command,
    terminal,
    [
      ['serve --simulator', 'try it: then, in another terminal, switchboard simulate sms …'],
      ['serve --tunnel localtunnel', 'take real messages; account and SWITCHBOARD_NUMBERS are set'],
      [
        'serve --json --webhook-port 0 --console-port 0',
        'for programs: the first line says where it listens',
      ],
    ],
    'Environment:\n' +
      '  TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN   your account; without a token every webhook is refused\n' +
      '  SWITCHBOARD_NUMBERS                     goes live with these: +15705550100,+15705550101=voice,whatsapp:+15705550100\n' +
      '  TWILIO_API_BASE_URL                     sends every call of Twilio’s REST API elsewhere',
  ).action(async (options: Options) => {
    const output = outputFor(terminal, options)
    const serveOptions: ServeOptions = {
      data: dataFolder(terminal, options),
      webhookPorts: options.webhookPort === undefined ? portsFrom(WEBHOOK_PORT) : [options.webhookPort],
      consolePorts: options.consolePort === undefined ? portsFrom(CONSOLE_PORT) : [options.consolePort],
      ...(options.publicUrl !== undefined && { publicUrl: options.publicUrl }),
      tunnel: options.tunnel,
      simulator: options.simulator === true,
      env: terminal.env,
    }
    // Heard from now on: a stop while it starts ends it as soon as it has.
    const stopped = new Promise<void>((resolve) => terminal.onStop(resolve))
    const serving = await backstage.serve(serveOptions)
    try {
      tellMoved(output, options.webhookPort, WEBHOOK_PORT, serving.ready.webhooks)
      tellMoved(output, options.consolePort, CONSOLE_PORT, serving.ready.console)
      await output.result({ event: 'ready', ...serving.ready }, () =>
        welcome(serving.ready, serving.hasToken, serveOptions),
      )
      await stopped
      output.note('Finishing what is under way …')
    } finally {
      await serving.close()
    }
  })
}

function tellMoved(output: Output, asked: number | undefined, standard: number, address: string): void {
  const got = Number(new URL(address).port)
  if (asked === undefined && got !== standard)
    output.note(`Port ${standard} is taken: ${got} is used instead.`)
}

function welcome(
  ready: { webhooks: string; console: string; data: string; simulator?: { api: string } },
  hasToken: boolean,
  { tunnel, publicUrl, env }: ServeOptions,
): string {
  const lines = [
    'Switchboard is running.',
    '',
    `  Console    ${ready.console}`,
    `  Webhooks   ${ready.webhooks}/webhooks/sms, …/whatsapp, …/voice`,
    `  Data       ${ready.data}`,
    ...(ready.simulator ? [`  Simulator  ${ready.simulator.api}`] : []),
    '',
  ]
  if (ready.simulator) {
    lines.push(
      'This is a simulation. Send yourself a text from another terminal:',
      '',
      '  switchboard simulate sms --from +1234567890 --body "Hello"',
    )
  } else if (!hasToken) {
    lines.push(
      'No Twilio auth token is set, so every webhook is refused.',
      'Set TWILIO_AUTH_TOKEN and start again, or try it out with: switchboard serve --simulator',
    )
  } else if (tunnel === 'none' && publicUrl === undefined) {
    lines.push(
      'Twilio can’t reach this machine yet: start with --tunnel localtunnel, or with --public-url and an address of yours.',
      'To try it out: switchboard simulate sms --from +1234567890 --body "Hello"',
    )
  } else if (env['SWITCHBOARD_NUMBERS']) {
    lines.push(
      'The numbers in SWITCHBOARD_NUMBERS are being pointed here; the Status page says how they are.',
    )
  } else {
    lines.push(
      'Point your Twilio number’s webhooks at the public address, followed by /webhooks/sms, or name it in SWITCHBOARD_NUMBERS.',
    )
  }
  return [...lines, '', 'Ctrl-C ends it.'].join('\n')
}
