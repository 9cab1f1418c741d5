import { resolve } from 'node:path'
import type { FeedEvent, Handlers, PhoneView } from '../shared/contract.ts'
import { SwitchboardError } from '../shared/errors.ts'
import {
  BUSINESS_NUMBER,
  createPhones,
  createSimulator,
  movableClock,
  type Phones,
  type Simulator,
} from './carrier/simulator/index.ts'
import { fixedAccount } from './account.ts'
import { twilioMedia } from './carrier/twilio-media.ts'
import { twilioCarrier } from './carrier/twilio.ts'
import type { Log } from './ports.ts'
import { rules, SIMULATION_DEFAULTS } from './replies/index.ts'
import { settingOf } from './settings/catalogue.ts'
import { madeOf } from './scenario-made.ts'
import { type Disk, openReader, type Store } from './store/index.ts'
import { createSwitchboard, type Switchboard, type SwitchboardOptions } from './switchboard.ts'
import { resume } from './simulation-resume.ts'
import { createIds, createLog, type LogPrivacy, type LogSink } from './system/index.ts'
import { WORLD } from './world/data-folder.ts'

export interface SimulationOptions {
  folder: string
  webhookPorts: readonly number[]
  version: string
  logSinks: readonly LogSink[]
  /** What another part of the program answers, as in the real world. */
  handlers?: Partial<Handlers>
  newestLog?: SwitchboardOptions['newestLog']
  store?: SwitchboardOptions['store']
}

/** A whole console in a box: a telephone company, phones, a clock that can be moved, and a Switchboard between them. */
export interface Simulation {
  readonly switchboard: Switchboard
  readonly simulator: Simulator
  readonly phones: Phones
  readonly log: Log
  close(): Promise<void>
}

/**
 * Starts a simulation: a second Switchboard with an account of its own (random SID and token), a data folder of its own
 * and its own clock. The code is the same as with Twilio; only the address of the REST API differs.
 * Throws SwitchboardError not_possible when the folder holds real data.
 */
export async function startSimulation({
  folder,
  webhookPorts,
  version,
  logSinks,
  handlers,
  newestLog,
  store,
}: SimulationOptions): Promise<Simulation> {
  const clock = movableClock()
  let settings: () => ReadonlyMap<string, unknown> = () => new Map()
  const log = createLog({ clock, sinks: logSinks, privacy: () => privacyOf(settings()) })
  const simulator = await createSimulator({ clock })
  let opened: Switchboard | undefined
  try {
    const { accountSid, authToken, api } = simulator
    const carrier = twilioCarrier({ accountSid, authToken, baseUrl: api })
    const files = twilioMedia({ accountSid, authToken, baseUrl: api })
    const made: { phones?: Phones } = {}
    const phonesOf = (): Phones => {
      if (!made.phones)
        throw new SwitchboardError('not_possible', {
          what: 'The test phone is still starting. Try again in a moment.',
        })
      return made.phones
    }
    const switchboard: Switchboard = await createSwitchboard({
      world: 'simulation',
      folder,
      clock,
      ids: createIds(clock),
      log,
      credentials: () => ({ accountSid, authToken }),
      webhookPorts,
      version,
      carrier: () => carrier,
      live: {
        keeper: fixedAccount({ accountSid, authToken }),
        accountOf: () => carrier.account,
      },
      files: () => files,
      replies: { responder: rules, defaults: SIMULATION_DEFAULTS },
      handlers: { ...phoneHandlers(phonesOf, () => switchboard.store), ...handlers },
      setTime: async (at) => {
        if (at > clock.now()) await clock.advance(at - clock.now())
        const release = clock.hold()
        clock.set(at)
        return release
      },
      ...(newestLog && { newestLog }),
      ...(store && { store }),
    })
    opened = switchboard
    settings = () => switchboard.store.settings()
    // What was kept of an earlier run may lie ahead of now, its clock having been moved: an hour after it, time goes on.
    const [latest] = switchboard.store.sessions({ limit: 1 }).sessions
    const ahead = latest ? Date.parse(latest.last_message_at) - clock.now() : 0
    if (ahead > 0) await clock.advance(ahead + 3_600_000)
    simulator.point({
      sms: `${switchboard.webhooks}/webhooks/sms`,
      voice: `${switchboard.webhooks}/webhooks/voice`,
      status: `${switchboard.webhooks}/webhooks/voice/status`,
    })
    const settled = (): Promise<void> => switchboard.idle()
    const kept = await resume(switchboard.store, simulator.account)
    const phones = createPhones({
      simulator,
      clock,
      business: BUSINESS_NUMBER,
      settled,
      kept,
      spoken: async ({ call_sid, from, to, text, nth }) => {
        const line = { call_sid, event: `line-${nth}`, text, channel: to, contact: from, params: {} }
        await switchboard.intake.spoken(line, { kind: 'webhook' })
      },
    })
    made.phones = phones
    const stopTelling = phones.onChange(
      tellLater(phones, (event) => {
        switchboard.end.feed.tell(event)
      }),
    )
    return {
      switchboard,
      simulator,
      phones,
      log,
      async close() {
        stopTelling()
        // The telephone company last: what is being sent is finished.
        try {
          await switchboard.close()
        } finally {
          await simulator.close()
        }
      },
    }
  } catch (error) {
    // What was opened lets go of its folder, or no start after this one would get it.
    await opened?.close().catch((also: unknown) => {
      log.error('A simulation that could not be started could not be closed either', also)
    })
    await simulator.close()
    throw error
  }
}

/** Where a simulation beside a real data folder keeps its own. */
export const simulationFolder = (dataFolder: string): string => `${resolve(dataFolder)}-simulation`

/**
 * Sessions that an earlier simulation kept in the folder. Throws SwitchboardError not_possible when something that is
 * not a simulation's lies there, where one would be kept and removed.
 */
export async function keptSessions(disk: Disk, folder: string): Promise<number> {
  const names = await disk.list(folder)
  if (names.length === 0) return 0
  // One that was killed early has its journal alone.
  const isStore = ['store.json', 'journal'].some((name) => names.includes(name))
  const reader = isStore ? await openReader(folder, { disk }) : undefined
  let count = 0
  for await (const { merged_into } of reader?.allSessions() ?? []) if (merged_into === undefined) count += 1
  const world = reader?.settings().get(WORLD)
  // One that ended before it had begun kept nothing, not even whose it is.
  if (world === 'simulation' || (reader && world === undefined && count === 0)) return count
  const what = `The test phone keeps its data in ${folder}, and there is something else. Move it away first.`
  throw new SwitchboardError('not_possible', { what })
}

/** What the settings say of personal data in the log. */
export const privacyOf = (settings: ReadonlyMap<string, unknown>): LogPrivacy => ({
  numbers: settingOf('privacy.log_numbers', settings) !== false,
  bodies: settingOf('privacy.log_bodies', settings) !== false,
})

function phoneHandlers(phones: () => Phones, store: () => Store): Partial<Handlers> {
  const after = async (doing: Promise<void>): Promise<PhoneView> => {
    await doing
    return phones().view()
  }
  return {
    // It runs already, or nobody could ask.
    'simulation.start': () => phones().view(),
    'simulation.kept': () => ({ sessions: store().counts().all }),
    'phone.get': () => phones().view(),
    'phone.remove': ({ number }) => {
      phones().remove(number)
      return phones().view()
    },
    'phone.text': (text) => after(phones().text(text)),
    'phone.call': ({ from, lines, voicemail }) => {
      const said = lines.map((line) => line.trim()).filter((line) => line !== '')
      return after(phones().call({ from, lines: said, ...(voicemail !== undefined && { voicemail }) }))
    },
    'phone.advance': ({ ms }) => after(phones().advance(ms)),
    'phone.scenario': async ({ name }) => {
      const played = await phones().scenario(name)
      return { ...phones().view(), made: madeOf(store(), name, played) }
    },
  }
}

/** Phones change with every line; screens hear of it once a turn. */
function tellLater(phones: Phones, tell: (event: FeedEvent) => void): () => void {
  let told = true
  return () => {
    if (!told) return
    told = false
    setImmediate(() => {
      told = true
      tell({ kind: 'phone', world: 'simulation', phone: phones.view() })
    })
  }
}
