import { onTestFinished } from 'vitest'
import type { Message, Session } from '../../src/shared/documents.ts'
import {
  createSimulator,
  manualClock,
  type Simulator,
  type SimulationClock,
} from '../../src/server/carrier/simulator/index.ts'
import type { Carrier, Outcome, Sent } from '../../src/server/carrier/carrier.ts'
import type { ListingCarrier } from '../../src/server/carrier/lists.ts'
import { type Activity, createActivity } from '../../src/server/carrier/simulator/activity.ts'
import { twilioCarrier } from '../../src/server/carrier/twilio.ts'
import { rules, SIMULATION_DEFAULTS } from '../../src/server/replies/index.ts'
import { createSwitchboard, type Switchboard, type SwitchboardOptions } from '../../src/server/switchboard.ts'
import { createIds, createLog } from '../../src/server/system/index.ts'
import { DiskError, MemoryDisk } from '../store/memory-disk.ts'

export const ANN = '+1234567890'
export const BEN = '+1987654321'
export const BUSINESS = '+15703251809'
export const MORNING = '2025-01-15T10:00:00.000Z'
const MINUTE = 60_000
const FOLDER = '/office/data'

export interface Bed {
  clock: SimulationClock
  simulator: Simulator
  /** The console that runs now; throws while it is closed. */
  readonly console: Switchboard
  lines: string[]
  open(more?: Partial<SwitchboardOptions>): Promise<Switchboard>
  close(): Promise<void>
  /** As a SIGKILL would: what is on the disk now is all that the next one finds, and this one reaches nobody any more. */
  kill(): Promise<void>
  /** Webhooks arrive, or nothing does. */
  tunnel(up: boolean): void
  text(from: string, body: string, more?: { media?: number; medium?: 'sms' | 'whatsapp' }): Promise<string>
  /** Long enough for webhooks to have had their time; then reads the lists to the end. */
  caughtUp(): Promise<void>
  /** The real client of the simulated company. */
  carrier: ListingCarrier
  /** Resolves when none of its requests is under way. */
  answered(): Promise<void>
  /** How many there were. */
  readonly asked: number
  sessions(): Session[]
  /** Every message, by session in the order of time: what each says. */
  told(): Promise<string[][]>
  messages(): Promise<Message[]>
}

/** A console and the telephone company, over real HTTP, with one clock that the test moves. Automatic answers are on. */
export async function bed(at = MORNING, more: Partial<SwitchboardOptions> = {}): Promise<Bed> {
  const clock = manualClock(Date.parse(at))
  const simulator = await createSimulator({ clock, numbers: [BUSINESS] })
  const lines: string[] = []
  const log = createLog({ clock, sinks: [(line) => lines.push(line.slice(25).trimEnd())] })
  let disk = new MemoryDisk()
  let running: { switchboard: Switchboard; reach: Reach } | undefined
  let up = true
  const { accountSid, authToken, api } = simulator
  const asking = createActivity()
  let asked = 0
  const carrier = tracked(twilioCarrier({ accountSid, authToken, baseUrl: api }), (request) => {
    asked += 1
    return asking.track(request)
  })

  const point = (): void => {
    const base = running?.switchboard.webhooks
    const urls = up && base !== undefined
    simulator.point({
      sms: urls ? `${base}/webhooks/sms` : '',
      voice: urls ? `${base}/webhooks/voice` : '',
      status: urls ? `${base}/webhooks/voice/status` : '',
    })
  }

  const b: Bed = {
    clock,
    simulator,
    lines,
    carrier,
    answered: () => asking.idle(),
    get asked() {
      return asked
    },
    get console() {
      if (!running) throw new Error('no console is open')
      return running.switchboard
    },
    async open(now = {}) {
      const reach: Reach = { cut: false, onCut: [] }
      const switchboard = await createSwitchboard({
        world: 'real',
        folder: FOLDER,
        clock,
        ids: createIds(clock),
        log,
        credentials: () => ({ accountSid, authToken }),
        webhookPorts: [0],
        version: 'test',
        replies: { responder: rules, defaults: SIMULATION_DEFAULTS },
        catchUp: { pause: 0 },
        store: { disk },
        ...more,
        ...now,
        carrier: () => cutOff(now.carrier?.() ?? carrier, reach),
      })
      running = { switchboard, reach }
      point()
      return switchboard
    },
    async close() {
      const was = running
      running = undefined
      point()
      await was?.switchboard.close()
    },
    async kill() {
      if (!running) throw new Error('no console is open')
      const { reach } = running
      reach.cut = true
      const dead = disk
      disk = dead.afterCrash(Math.random)
      // It names this very process, which lives.
      disk.delete(`${FOLDER}/running.json`)
      dead.interfere = (_operation, file) => {
        throw new DiskError('EIO', file)
      }
      for (const tell of reach.onCut) tell()
      await b.close().catch(() => undefined)
    },
    tunnel(wanted) {
      up = wanted
      point()
    },
    async text(from, body, { media = 0, medium = 'sms' } = {}) {
      const { message } = await simulator.text({ from, body, medium, media })
      return message.sid
    },
    async caughtUp() {
      await b.console.catchUp.idle()
      await clock.advance(MINUTE / 2 + 1_000)
      b.console.catchUp.now()
      await b.console.catchUp.idle()
      await b.console.idle()
    },
    sessions: () => b.console.store.sessions({}).sessions.toReversed(),
    async told() {
      const messages = await Promise.all(b.sessions().map((s) => b.console.store.messages([s._id])))
      return messages.map((of) => of.map(({ content }) => content))
    },
    messages: () => b.console.store.messages(b.sessions().map(({ _id }) => _id)),
  }
  onTestFinished(async () => {
    await b.close().catch(() => undefined)
    await simulator.close()
  })
  await b.open()
  await b.console.catchUp.idle()
  return b
}

/** The same, with what is asked for counted. */
function tracked(carrier: ListingCarrier, track: Activity['track']): ListingCarrier {
  const { lists } = carrier
  return {
    ...carrier,
    send: (message) => track(carrier.send(message)),
    fetchMessage: (sid) => track(carrier.fetchMessage(sid)),
    lists: {
      messages: (range, next) => track(lists.messages(range, next)),
      calls: (range, next) => track(lists.calls(range, next)),
      recordings: (range, next) => track(lists.recordings(range, next)),
      call: (sid) => track(lists.call(sid)),
      transcripts: (sid) => track(lists.transcripts(sid)),
      mediaOf: (sid) => track(lists.mediaOf(sid)),
      numbers: () => track(lists.numbers()),
      heardAt: () => lists.heardAt(),
    },
  }
}

/** Whether a console is dead, and how to be told. */
interface Reach {
  cut: boolean
  onCut: (() => void)[]
}

/** A carrier a dead console gets no answer of and can ask nothing more; what it asked may still be done. */
function cutOff<C extends Carrier>(carrier: C, reach: Reach): C {
  const lost: Outcome<Sent> = {
    ok: false,
    error: { kind: 'unknown', code: 0, status: 0, sentence: 'This console is dead.' },
  }
  return {
    ...carrier,
    async send(message) {
      if (reach.cut) return lost
      const dead = new Promise<typeof lost>((resolve) => reach.onCut.push(() => resolve(lost)))
      return Promise.race([carrier.send(message), dead])
    },
  }
}

/** A carrier whose answer to a request to send never comes: the request was lost, or was taken. */
export function hangingCarrier(b: Bed, when: 'before' | 'after', isStuck: () => void): () => ListingCarrier {
  return () => ({
    ...b.carrier,
    async send(message) {
      if (when === 'after') await b.carrier.send(message)
      isStuck()
      return new Promise(() => undefined)
    },
  })
}
