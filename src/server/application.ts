import { join } from 'node:path'
import type { Handlers } from '../shared/contract.ts'
import { SwitchboardError } from '../shared/errors.ts'
import { type AccountKeeper, accountInMemory, type Credentials } from './account.ts'
import { twilioMedia } from './carrier/twilio-media.ts'
import { type TwilioCarrier, twilioCarrier } from './carrier/twilio.ts'
import { type ConsoleEnd, createConsole } from './console/console.ts'
import { openOnFirstFree } from './first-free.ts'
import type { GivenNumber } from './given-numbers.ts'
import { answerMedia, type MediaAnswer, type StoredFile } from './media/index.ts'
import type { Clock, Ids, Log } from './ports.ts'
import { publicAddress } from './public-address.ts'
import { keptSessions, privacyOf, type Simulation, simulationFolder, startSimulation } from './simulation.ts'
import { type Control, createLogFolder, RealDisk, startControl } from './store/index.ts'
import { createSwitchboard, type Switchboard, type SwitchboardOptions } from './switchboard.ts'
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
  /** Where the account is kept; without one it is kept in memory when a screen enters it. */
  account?: AccountKeeper
  /** Numbers to go live with by itself (SWITCHBOARD_NUMBERS). */
  numbers?: readonly GivenNumber[]
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
  /** A stored file of either world by its hash; null when there is none. */
  file(hash: string): Promise<StoredFile | null>
  /** Switches the browser console on or off; resolves with its address, or empty. */
  setBrowserConsole(on: boolean): Promise<string>
  close(): Promise<void>
  /** The machine slept: time has passed that no timer has seen. */
  wake(): void
}

/**
 * Starts everything. Throws SwitchboardError when the folder can't be opened, no port is free, or the public address is
 * none that can be called; then nothing of it is left open.
 */
export async function startApplication(options: ApplicationOptions): Promise<Application> {
  const { folder, webhookPorts, version, clock = systemClock } = options
  const publicUrl = options.publicUrl === undefined ? undefined : publicAddress(options.publicUrl)
  const ids = options.ids ?? createIds(clock)
  const logFolder = join(folder, 'logs')
  const disk = options.store?.disk ?? new RealDisk()
  const logs = createLogFolder(disk, logFolder)
  const logFile = createLogFile({ folder: logs })
  const newestLog = async (): Promise<string> => {
    await logFile.flush()
    return logs.newest('switchboard.log', NEWEST_LOG_BYTES)
  }
  const sinks = [logFile.sink, ...(options.logSinks ?? [])]
  let settings: () => ReadonlyMap<string, unknown> = () => new Map()
  const log = createLog({ clock, sinks, privacy: () => privacyOf(settings()) })

  let simulation: Simulation | undefined
  let web: WebConsole | undefined
  let control: Control | undefined
  /** For commands given for the simulation's folder while it runs beside the real world. */
  let simulationControl: Control | undefined
  let closing: Promise<void> | undefined
  /** What opens or closes a part happens one after another: started twice it runs once, stopped while it starts it ends. */
  const inTurn = oneAfterAnother()

  async function openControl(of: Switchboard): Promise<Control> {
    const opened = await startControl(of.commands, ids.secret(24))
    await of.store.announce(opened.port, opened.secret).catch(async (error: unknown) => {
      await opened.close()
      throw error
    })
    return opened
  }

  const begin = (where: string, ports: readonly number[]): Promise<Simulation> =>
    startSimulation({
      folder: where,
      webhookPorts: ports,
      version,
      logSinks: sinks,
      newestLog,
      ...(options.handlers && { handlers: options.handlers }),
      ...(options.store && { store: options.store }),
    })

  /** The simulation beside the real world, which goes on undisturbed. */
  const simulationHandlers: Partial<Handlers> = {
    'simulation.kept': () =>
      inTurn(async () => ({
        sessions: simulation
          ? simulation.switchboard.store.counts().all
          : await keptSessions(disk, simulationFolder(folder)),
      })),
    'simulation.start': () =>
      inTurn(async () => {
        if (closing) throw new SwitchboardError('not_possible', { what: 'Switchboard is being closed.' })
        if (!simulation) await keptSessions(disk, simulationFolder(folder))
        simulation ??= await begin(simulationFolder(folder), [0])
        simulationControl ??= await openControl(simulation.switchboard)
        main.truth.set({ simulationRunning: true })
        return simulation.phones.view()
      }),
    'simulation.stop': () =>
      inTurn(async () => {
        main.truth.set({ simulationRunning: false })
        // Begun afresh at once, it would else never have been gone for the other windows.
        main.truth.tellNow()
        if (simulation) await endSimulation()
        else await keptSessions(disk, simulationFolder(folder))
        // Gone at one press: the next one begins with nothing. What is real lies in another folder.
        await disk.removeFolder(simulationFolder(folder))
        return {}
      }),
  }

  async function endSimulation(): Promise<void> {
    const [ended, itsControl] = [simulation, simulationControl]
    simulation = undefined
    simulationControl = undefined
    await itsControl?.close()
    await ended?.close()
  }

  async function endWeb(): Promise<void> {
    const ended = web
    web = undefined
    await ended?.close()
  }

  /** Everything that is open, each part whatever became of those before it; the first failure is thrown at the end. */
  async function closeAll(world: Switchboard | undefined): Promise<void> {
    const failures: unknown[] = []
    for (const close of [
      () => control?.close(),
      endWeb,
      // The simulation first: where the whole program is one, it is this very world.
      endSimulation,
      () => world?.close(),
      () => logFile.flush(),
    ]) {
      try {
        await close()
      } catch (error) {
        failures.push(error)
        log.error('A part of Switchboard could not be closed', error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }

  async function simulated(): Promise<Switchboard> {
    simulation = await begin(folder, webhookPorts)
    return simulation.switchboard
  }

  const main = await (options.simulator ? simulated() : real()).catch(async (error: unknown) => {
    await logFile.flush()
    throw error
  })
  settings = () => main.store.settings()
  const console = createConsole({ real: main.end, simulation: () => simulation?.switchboard.end, log })
  /** A file's name is its content: whichever world has it has the same. */
  const file = async (hash: string): Promise<StoredFile | null> =>
    (await main.store.attached.open(hash)) ??
    (await simulation?.switchboard.store.attached.open(hash)) ??
    null
  const media = async (hash: string, range: string | null): Promise<MediaAnswer | null> => {
    const found = await file(hash)
    return found && answerMedia(found, range)
  }
  const openWeb = async (ports: readonly number[]): Promise<string> => {
    web ??= await openOnFirstFree(
      (port) => startWebConsole({ console, media, pageFolder: options.pageFolder, port, ids, log }),
      ports,
    )
    return web.url
  }
  /** Where the whole program is a simulation it closes as one. */
  const world = options.simulator ? undefined : main
  try {
    control = await openControl(main)
    if (options.consolePorts.length > 0) await openWeb(options.consolePorts)
  } catch (error) {
    await closeAll(world).catch(() => undefined)
    throw error
  }

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
    file,
    setBrowserConsole: (on) =>
      inTurn(async () => {
        if (on && !closing) return openWeb([0])
        await endWeb()
        return ''
      }),
    wake() {
      main.wake()
    },
    close() {
      closing ??= inTurn(() => closeAll(world))
      return closing
    },
  }

  async function real(): Promise<Switchboard> {
    const keeper = options.account ?? accountInMemory()
    const credentials = () => keeper.current()
    const { apiBaseUrl } = options
    const carriers = new Map<string, TwilioCarrier>()
    let doubt = (): void => undefined
    const carrierOf = ({ accountSid, authToken }: Required<Credentials>): TwilioCarrier => {
      const name = `${accountSid} ${authToken}`
      // What a person tries out on the page says nothing of the account that is set.
      const onUnauthorized = (): void => {
        const set = credentials()
        if (set?.accountSid === accountSid && set.authToken === authToken) doubt()
      }
      const carrier =
        carriers.get(name) ?? twilioCarrier({ accountSid, authToken, baseUrl: apiBaseUrl, onUnauthorized })
      carriers.set(name, carrier)
      return carrier
    }
    return createSwitchboard({
      world: 'real',
      folder,
      clock,
      ids,
      log,
      credentials,
      webhookPorts,
      version,
      newestLog,
      tunnel: options.tunnel ?? 'none',
      ...(publicUrl !== undefined && { publicUrl }),
      carrier: () => {
        const set = credentials()
        return set?.accountSid === undefined
          ? undefined
          : carrierOf({ accountSid: set.accountSid, authToken: set.authToken })
      },
      live: {
        keeper,
        accountOf: (of) => carrierOf(of).account,
        onUnauthorized: (then) => {
          doubt = then
        },
        ...(options.numbers && { numbers: options.numbers }),
      },
      files: () => {
        const set = credentials()
        if (set?.accountSid === undefined) return undefined
        return twilioMedia({ accountSid: set.accountSid, authToken: set.authToken, baseUrl: apiBaseUrl })
      },
      handlers: { ...simulationHandlers, ...options.handlers },
      ...(options.store && { store: options.store }),
    })
  }
}

/** Of the log, what somebody who helps is given. */
const NEWEST_LOG_BYTES = 512 * 1024

/** Runs tasks one after another, each whatever became of the one before. */
function oneAfterAnother(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const done = last.then(task)
    last = done.catch(() => undefined)
    return done
  }
}
