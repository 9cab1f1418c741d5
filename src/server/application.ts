import { join } from 'node:path'
import type { Handlers } from '../shared/contract.ts'
import { twilioCarrier } from './carrier/twilio.ts'
import { type ConsoleEnd, createConsole } from './console/console.ts'
import { openOnFirstFree } from './first-free.ts'
import type { Clock, Ids, Log } from './ports.ts'
import { REAL_DEFAULTS, rules } from './replies/index.ts'
import { type Simulation, simulationFolder, startSimulation } from './simulation.ts'
import { settingOf } from './settings/catalogue.ts'
import { createLogFolder, RealDisk, startControl } from './store/index.ts'
import {
  createSwitchboard,
  type Credentials,
  type Switchboard,
  type SwitchboardOptions,
} from './switchboard.ts'
import { createIds, createLog, createLogFile, type LogSink, systemClock } from './system/index.ts'
import { startWebConsole, type WebConsole } from './web/web-console.ts'

export interface ApplicationOptions {
  folder: string
  webhookPorts: readonly number[]
  /** Ports for the browser console; none: it is off until switched on. */
  consolePorts: readonly number[]
  /** Folder of the built page. */
  pageFolder: string
  publicUrl?: string
  tunnel?: 'none' | 'localtunnel'
  /** The whole program is a simulation, in `folder`. */
  simulator?: boolean
  credentials?: () => Credentials | undefined
  /** Where Twilio's REST API is, when elsewhere (TWILIO_API_BASE_URL). */
  apiBaseUrl?: string
  version: string
  /** Log lines go to the folder's logs, and to these. */
  logSinks?: readonly LogSink[]
  handlers?: Partial<Handlers>
  clock?: Clock
  ids?: Ids
  store?: SwitchboardOptions['store']
}

/** A running Switchboard: the real world, a simulation while one is wanted, screens, and the port for commands. */
export interface Application {
  readonly main: Switchboard
  readonly console: ConsoleEnd
  readonly log: Log
  readonly logFolder: string
  /** The address of the browser console, token included; empty while it is off. */
  readonly consoleUrl: string
  readonly simulation: Simulation | undefined
  /** Switches the browser console on or off; resolves with its address, or empty. */
  setBrowserConsole(on: boolean): Promise<string>
  close(): Promise<void>
}

/** Starts everything. Throws SwitchboardError when the folder can't be opened or no port is free. */
export async function startApplication(options: ApplicationOptions): Promise<Application> {
  const { folder, webhookPorts, version, clock = systemClock } = options
  const ids = options.ids ?? createIds(clock)
  const logFolder = join(folder, 'logs')
  const logFile = createLogFile({ folder: createLogFolder(options.store?.disk ?? new RealDisk(), logFolder) })
  const sinks = [logFile.sink, ...(options.logSinks ?? [])]
  let settings: () => ReadonlyMap<string, unknown> = () => new Map()
  const privacy = (): { numbers: boolean; bodies: boolean } => ({
    numbers: settingOf('privacy.log_numbers', settings()) !== false,
    bodies: settingOf('privacy.log_bodies', settings()) !== false,
  })
  const log = createLog({ clock, sinks, privacy })

  let simulation: Simulation | undefined
  let starting: Promise<Simulation> | undefined
  const begin = (where: string, ports: readonly number[]): Promise<Simulation> =>
    startSimulation({
      folder: where,
      webhookPorts: ports,
      version,
      logSinks: sinks,
      ...(options.store && { store: options.store }),
    })

  /** The simulation beside the real world, which goes on undisturbed. */
  const simulationHandlers: Partial<Handlers> = {
    'simulation.start': async () => {
      starting ??= begin(simulationFolder(folder), [0])
      try {
        simulation = await starting
      } finally {
        starting = undefined
      }
      main.truth.set({ simulationRunning: true })
      return simulation.phones.view()
    },
    'simulation.stop': async () => {
      const ended = simulation
      simulation = undefined
      main.truth.set({ simulationRunning: false })
      await ended?.close()
      return {}
    },
  }

  const main = options.simulator ? await simulated() : await real()
  settings = () => main.store.settings()
  const console = createConsole({ real: main.end, simulation: () => simulation?.switchboard.end, log })
  const control = await startControl(main.commands, ids.secret(24))
  await main.store.announce(control.port, control.secret)

  let web: WebConsole | undefined
  const openWeb = async (ports: readonly number[]): Promise<string> => {
    web ??= await openOnFirstFree(
      (port) => startWebConsole({ console, pageFolder: options.pageFolder, port, ids, log }),
      ports,
    )
    return web.url
  }
  if (options.consolePorts.length > 0) await openWeb(options.consolePorts)

  return {
    main,
    console,
    log,
    logFolder,
    get consoleUrl() {
      return web?.url ?? ''
    },
    get simulation() {
      return simulation
    },
    async setBrowserConsole(on) {
      if (on) return openWeb([0])
      const closing = web
      web = undefined
      await closing?.close()
      return ''
    },
    async close() {
      await control.close()
      await main.close()
      await web?.close()
      // In the simulation it is the same world, closed already.
      if (simulation && simulation.switchboard !== main) await simulation.close()
      else await simulation?.simulator.close()
      await logFile.flush()
    },
  }

  async function simulated(): Promise<Switchboard> {
    simulation = await begin(folder, webhookPorts)
    return simulation.switchboard
  }

  async function real(): Promise<Switchboard> {
    const credentials = options.credentials ?? (() => undefined)
    const { apiBaseUrl } = options
    const carriers = new Map<string, ReturnType<typeof twilioCarrier>>()
    return createSwitchboard({
      world: 'real',
      folder,
      clock,
      ids,
      log,
      credentials,
      webhookPorts,
      version,
      tunnel: options.tunnel ?? 'none',
      ...(options.publicUrl !== undefined && { publicUrl: options.publicUrl }),
      carrier: () => {
        const set = credentials()
        if (set?.accountSid === undefined) return undefined
        const name = `${set.accountSid} ${set.authToken}`
        const carrier =
          carriers.get(name) ??
          twilioCarrier({ accountSid: set.accountSid, authToken: set.authToken, baseUrl: apiBaseUrl })
        carriers.set(name, carrier)
        return carrier
      },
      replies: { responder: rules, defaults: REAL_DEFAULTS },
      handlers: { ...simulationHandlers, ...options.handlers },
      ...(options.store && { store: options.store }),
    })
  }
}
