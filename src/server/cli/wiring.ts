import { join } from 'node:path'
import about from '../../../package.json' with { type: 'json' }
import type { World } from '../../shared/contract.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import type { Application } from '../application.ts'
import type { CommandName } from '../commands.ts'
import { callControl, openReader, RealDisk, saveFile } from '../store/index.ts'
import { accountInMemory, type Credentials, fixedAccount } from '../account.ts'
import { type GivenNumber, givenNumbers } from '../given-numbers.ts'
import { createIds, createLog, stderrSink, systemClock } from '../system/index.ts'
import type { Backstage, Serving, ServeOptions, Writer } from './backstage.ts'

export const { version } = about

/** Folder of the built page. */
const PAGE_FOLDER = join(import.meta.dirname, '..', '..', '..', 'out', 'renderer')
/** A page that says how to build it: a console without screens still takes messages. */
const UNBUILT_PAGE = join(import.meta.dirname, 'unbuilt-page')

/** The commands joined to the rest of Switchboard. */
export function backstage(): Backstage {
  return {
    read: (data, warn) => openReader(data, { warn }),
    save: (file, text) => saveFile(file, text),
    now: () => new Date(systemClock.now()),
    write,
    serve,
    restore: restoreFrom,
  }
}

async function serve(options: ServeOptions): Promise<Serving> {
  const { data, webhookPorts, consolePorts, publicUrl, tunnel, simulator, env } = options
  const credentials = credentialsFrom(env)
  const numbers = givenNumbers(env['SWITCHBOARD_NUMBERS'])
  if (numbers && !simulator) mayGoLive(numbers, options, credentials)
  const apiBaseUrl = env['TWILIO_API_BASE_URL']
  if (apiBaseUrl && !/^https?:$/.test(URL.parse(apiBaseUrl)?.protocol ?? ''))
    throw new SwitchboardError('bad_environment', {
      name: 'TWILIO_API_BASE_URL',
      why: `“${apiBaseUrl}” is no web address such as http://127.0.0.1:4010`,
    })
  // Loaded where it is needed: a command that only reads should not wait for a web server it doesn't use.
  const { startApplication } = await import('../application.ts')
  const application = await startApplication({
    folder: data,
    webhookPorts,
    consolePorts,
    pageFolder: (await new RealDisk().facts(join(PAGE_FOLDER, 'index.html'))) ? PAGE_FOLDER : UNBUILT_PAGE,
    tunnel,
    simulator,
    version,
    logSinks: [stderrSink()],
    // A browser console can't keep a secret on the disk: what is entered there lasts as long as this process.
    account: credentials ? fixedAccount(credentials) : accountInMemory(),
    ...(publicUrl !== undefined && { publicUrl }),
    ...(numbers && { numbers }),
    ...(apiBaseUrl !== undefined && { apiBaseUrl }),
  })
  return {
    ready: readyOf(application, data),
    hasToken: simulator || credentials !== undefined,
    close: () => application.close(),
  }
}

function readyOf({ main, consoleUrl, simulation }: Application, data: string): Serving['ready'] {
  if (!simulation) return { webhooks: main.webhooks, console: consoleUrl, data }
  const { api, accountSid, authToken } = simulation.simulator
  return { webhooks: main.webhooks, console: consoleUrl, data, simulator: { api, accountSid, authToken } }
}

function credentialsFrom(env: ServeOptions['env']): Credentials | undefined {
  const { TWILIO_AUTH_TOKEN: authToken, TWILIO_ACCOUNT_SID: accountSid } = env
  const isEmpty = authToken === undefined || authToken === ''
  if (isEmpty && accountSid)
    throw new SwitchboardError('bad_environment', {
      name: 'TWILIO_ACCOUNT_SID',
      why: 'it is set without TWILIO_AUTH_TOKEN. Set both, or neither',
    })
  if (isEmpty) return undefined
  return { authToken, ...(accountSid !== undefined && accountSid !== '' && { accountSid }) }
}

/** Numbers can be pointed only by who may, and only at something. */
function mayGoLive(
  numbers: readonly GivenNumber[],
  { publicUrl, tunnel }: ServeOptions,
  credentials: Credentials | undefined,
): void {
  const why =
    credentials?.accountSid === undefined
      ? 'to point numbers here, TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are needed too'
      : publicUrl === undefined && tunnel === 'none'
        ? `${String(numbers.length)} can’t be pointed at this machine alone. Give --tunnel localtunnel, or --public-url with an address of yours`
        : undefined
  if (why !== undefined) throw new SwitchboardError('bad_environment', { name: 'SWITCHBOARD_NUMBERS', why })
}

/** By the console that runs on the folder; where none does, this process opens the folder, at the first call. */
async function write(data: string, who: 'anyone' | 'onlyRunning'): Promise<Writer> {
  let own: Awaited<ReturnType<typeof openHere>> | undefined
  return {
    async call(command, args, progress) {
      try {
        return await callControl(data, command, args, progress)
      } catch (error) {
        if (who === 'onlyRunning' || !(error instanceof SwitchboardError) || error.code !== 'not_running')
          throw error
      }
      own ??= await openHere(data)
      return own.commands[command as CommandName](args, progress)
    },
    close: async () => {
      await own?.close()
    },
  }
}

/** The folder opened for writing, with nothing that listens. What it logs of each message would only be in the way. */
async function openHere(data: string) {
  const { createSwitchboard } = await import('../switchboard.ts')
  const log = createLog({ clock: systemClock, sinks: [stderrSink()], level: 'warn' })
  return createSwitchboard({
    world: await worldOf(data),
    folder: data,
    clock: systemClock,
    ids: createIds(systemClock),
    log,
    credentials: () => undefined,
    version,
  })
}

async function worldOf(data: string): Promise<World> {
  try {
    const reader = await openReader(data)
    return reader.settings().get('data.world') === 'simulation' ? 'simulation' : 'real'
  } catch (error) {
    if (error instanceof SwitchboardError && error.code === 'no_data') return 'real'
    throw error
  }
}

async function restoreFrom(data: string, file: string): Promise<unknown> {
  const { restoreBackup } = await import('../restoring.ts')
  return restoreBackup(file, data, systemClock)
}
