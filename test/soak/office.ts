import type { ListingCarrier } from '../../src/server/carrier/lists.ts'
import type { Simulator, SimulationClock } from '../../src/server/carrier/simulator/index.ts'
import { twilioCarrier } from '../../src/server/carrier/twilio.ts'
import { rules, SIMULATION_DEFAULTS } from '../../src/server/replies/index.ts'
import { createSwitchboard, type Switchboard } from '../../src/server/switchboard.ts'
import { createIds, createLog } from '../../src/server/system/index.ts'
import { DiskError, MemoryDisk } from '../store/memory-disk.ts'
import { Machine } from './machine.ts'

const FOLDER = '/office/data'

/** The desk of the business: a machine, its disk, and the console that runs on it, or doesn't. */
export class Office {
  readonly #world: SimulationClock
  readonly #simulator: Simulator
  readonly #chance: () => number
  #disk = new MemoryDisk()
  #machine: Machine
  #running: { switchboard: Switchboard; cut: () => void } | undefined
  #isTunnelUp = true
  readonly lines: string[] = []

  constructor(world: SimulationClock, simulator: Simulator, chance: () => number) {
    this.#world = world
    this.#simulator = simulator
    this.#chance = chance
    this.#machine = new Machine(world)
  }

  get console(): Switchboard | undefined {
    return this.#running?.switchboard
  }

  get machine(): Machine {
    return this.#machine
  }

  get isReached(): boolean {
    return this.#running !== undefined && this.#isTunnelUp && !this.#machine.asleep
  }

  async start(): Promise<Switchboard> {
    const { accountSid, authToken, api } = this.#simulator
    const real = twilioCarrier({ accountSid, authToken, baseUrl: api })
    const { carrier, cut } = cuttable(real)
    const machine = this.#machine
    const switchboard = await createSwitchboard({
      world: 'real',
      folder: FOLDER,
      clock: machine,
      ids: createIds(machine),
      log: createLog({
        clock: this.#world,
        sinks: [(line) => this.lines.push(line.trimEnd())],
      }),
      credentials: () => ({ accountSid, authToken }),
      webhookPorts: [0],
      version: 'soak',
      carrier: () => carrier,
      replies: { responder: rules, defaults: SIMULATION_DEFAULTS },
      catchUp: { pause: 0 },
      store: { disk: this.#disk, recordsPerFile: 40, recordsPerCheckpoint: 160 },
    })
    this.#running = { switchboard, cut }
    this.point()
    return switchboard
  }

  /** Somebody closes it. */
  async close(): Promise<void> {
    const running = this.#running
    this.#running = undefined
    this.point()
    await running?.switchboard.close()
  }

  /** The power fails, or somebody kills it: nothing is finished, and what was not synced is there or is not. */
  kill(): void {
    const running = this.#running
    if (!running) return
    this.#running = undefined
    this.point()
    const dead = this.#disk
    this.#disk = dead.afterCrash(this.#chance)
    // It names this very process, which lives.
    this.#disk.delete(`${FOLDER}/running.json`)
    dead.interfere = (_operation, file) => {
      throw new DiskError('EIO', file)
    }
    running.cut()
    this.#machine.die()
    this.#machine = new Machine(this.#world, this.#machine.offset)
    running.switchboard.close().catch(() => undefined)
  }

  tunnel(up: boolean): void {
    const opened = up && !this.#isTunnelUp
    this.#isTunnelUp = up
    this.point()
    if (opened) this.console?.catchUp.now()
  }

  sleep(): void {
    this.#machine.sleep()
    this.point()
  }

  /** `told`: the system says so; a server without a screen finds out by itself. */
  wake(told: boolean): void {
    this.#machine.wake()
    this.point()
    if (told) this.console?.wake()
  }

  /** Webhooks find the console, or a closed door. */
  point(): void {
    const base = this.isReached ? (this.console?.webhooks ?? '') : 'http://127.0.0.1:1'
    this.#simulator.point({
      sms: `${base}/webhooks/sms`,
      voice: `${base}/webhooks/voice`,
      status: `${base}/webhooks/voice/status`,
    })
  }
}

/** A dead console asks nothing more, and hears no answer. */
function cuttable(real: ListingCarrier): { carrier: ListingCarrier; cut: () => void } {
  const reach = { isCut: false }
  const ifAlive = <T>(answer: T): T | Promise<T> => (reach.isCut ? new Promise<T>(() => undefined) : answer)
  const alive = async <T>(ask: () => Promise<T>): Promise<T> => {
    await ifAlive(undefined)
    return ifAlive(await ask())
  }
  const { lists } = real
  return {
    cut: () => {
      reach.isCut = true
    },
    carrier: {
      send: (message) => alive(() => real.send(message)),
      fetchMessage: (sid) => alive(() => real.fetchMessage(sid)),
      listMessages: (query) => real.listMessages(query),
      lists: {
        messages: (...of) => alive(() => lists.messages(...of)),
        calls: (...of) => alive(() => lists.calls(...of)),
        recordings: (...of) => alive(() => lists.recordings(...of)),
        call: (sid) => alive(() => lists.call(sid)),
        transcripts: (sid) => alive(() => lists.transcripts(sid)),
        mediaOf: (sid) => alive(() => lists.mediaOf(sid)),
        numbers: () => alive(() => lists.numbers()),
        heardAt: () => lists.heardAt(),
      },
    },
  }
}
