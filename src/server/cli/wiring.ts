import { join } from 'node:path'
import about from '../../../package.json' with { type: 'json' }
import type { World } from '../../shared/contract.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import { type Application, startApplication } from '../application.ts'
import type { CommandName } from '../commands.ts'
import { REAL_DEFAULTS, rules } from '../replies/index.ts'
import { callControl } from '../store/index.ts'
import { restore } from '../store/restore.ts'
import { createSwitchboard, type Credentials } from '../switchboard.ts'
import { createIds, createLog, stderrSink, systemClock } from '../system/index.ts'
import { openReader } from './interim-reader.ts'
import type { Backstage, Reader, Serving, ServeOptions, Writer } from './backstage.ts'
import type { Terminal } from './io.ts'

export const { version } = about

/** Folder of the built page, in a checkout and where the command is built into out/cli. */
const PAGE_FOLDER = join(import.meta.dirname, '..', '..', '..', 'out', 'renderer')

/** The commands joined to the rest of Switchboard. */
export function backstage(_terminal: Terminal): Backstage {
  return { read, write, serve, restore: restoreFrom }
}

function read(data: string): Promise<Reader> {
  return openReader(data)
}

async function serve(options: ServeOptions): Promise<Serving> {
  const { data, webhookPorts, consolePorts, publicUrl, tunnel, simulator, env } = options
  const credentials = credentialsFrom(env)
  const apiBaseUrl = env['TWILIO_API_BASE_URL']
  const application = await startApplication({
    folder: data,
    webhookPorts,
    consolePorts,
    pageFolder: PAGE_FOLDER,
    tunnel,
    simulator,
    version,
    logSinks: [stderrSink()],
    credentials: () => credentials,
    ...(publicUrl !== undefined && { publicUrl }),
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
  if (authToken === undefined || authToken === '') return undefined
  return { authToken, ...(accountSid !== undefined && accountSid !== '' && { accountSid }) }
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
  const log = createLog({ clock: systemClock, sinks: [stderrSink()], level: 'warn' })
  return createSwitchboard({
    world: await worldOf(data),
    folder: data,
    clock: systemClock,
    ids: createIds(systemClock),
    log,
    credentials: () => undefined,
    replies: { responder: rules, defaults: REAL_DEFAULTS },
    version,
  })
}

async function worldOf(data: string): Promise<World> {
  try {
    const reader = await openReader(data)
    const world = reader.settings().get('data.world')
    await reader.close()
    return world === 'simulation' ? 'simulation' : 'real'
  } catch (error) {
    if (error instanceof SwitchboardError && error.code === 'no_data') return 'real'
    throw error
  }
}

function restoreFrom(data: string, file: string): Promise<unknown> {
  return restore(file, data, { clock: systemClock })
}
