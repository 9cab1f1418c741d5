/** The workshop with everything the pages beside the sessions ask for, and a simulation beside it. */
import type {
  FeedEvent,
  LineState,
  RequestInput,
  RequestName,
  Result,
  Results,
  SettingsView,
  Template,
  Transport,
  World,
} from '../../../src/shared/contract.ts'
import { sentence } from '../../../src/shared/errors.ts'
import { MemoryWorld } from '../world/MemoryWorld.ts'
import { CHANNEL } from '../world/build.ts'
import { liveAt, type Stage } from '../world/live.ts'
import { type StatusName, truthAt } from '../world/statuses.ts'
import { PhoneWorld } from './PhoneWorld.ts'

export interface PagesOptions {
  /** No account and no messages. */
  empty?: boolean
  /** A console without any setting that is not a gap. */
  bare?: boolean
  /** As in the desktop app. */
  desktop?: boolean
  /** Nothing is ever answered: what loading looks like. */
  slow?: boolean
  extra?: number
  /** How far going live is; none: as in a console that has been live for long. */
  stage?: Stage
  /** What is not as it should be; none: all is well. */
  status?: StatusName
  /** Sessions that an earlier simulation left. */
  kept?: number
  /** Requests that are refused. */
  fails?: readonly string[]
}

const WORKSHOP = {
  ...CHANNEL,
  _id: 'c0ffee000000000000000002',
  number: '+15705550101',
  name: 'Workshop, spare parts and Lastenfahrradreparaturannahme',
}
const SETTINGS: SettingsView = {
  gaps: { 'channels.+15705550100.sessions.gap.whatsapp': '30m', 'channels.+15705550101.sessions.gap': '1h' },
  gap_default: '5m',
  values: {
    'privacy.log_bodies': true,
    'privacy.log_numbers': false,
    'replies.enabled': true,
    'replies.greeting': 'Hello! Thanks for writing to us. How can we help?',
    'replies.keywords': [
      { words: ['hours', 'open', 'closed'], answer: 'We are open Monday to Friday from 9 to 6.' },
      { words: ['عنوان', 'address'], answer: '12 Kettle Street. Parking is behind the house.' },
    ],
    'replies.hours': {
      time_zone: 'Europe/Berlin',
      days: { monday: [{ from: '09:00', to: '12:30' }] },
      closed: 'We are closed now.',
    },
    'replies.acknowledgement': '',
    'replies.limit': 30,
  },
  channels: [CHANNEL, WORKSHOP],
}
const TEMPLATES: readonly Template[] = [
  { _id: 't1', name: 'Hours', body: 'We’re open Monday to Friday, 9:00 to 18:00.' },
  { _id: 't2', name: 'Ready', body: 'Your bicycle is ready for collection. We’re open until 18:00.' },
]

const HELP = [
  'Switchboard 0.1.0, real, 2026-11-20T10:42:00.000Z',
  'Numbers, names, what people wrote and secrets were taken out.',
  '',
  '# Status',
  'Tunnel: well. kettle-street.loca.lt leads here, since 2026-11-20T10:32Z.',
  '',
  '# Log, the last 2 of 2 lines read',
  '2026-11-20T10:41:00.000Z [info] SMS received from +1••••142 to +1••••100: (12 characters)',
  '2026-11-20T10:41:00.001Z [info] Reusing existing session 65a1b2c3d4e5f60718293a4b (last message 42s ago)',
].join('\n')

export class PagesWorld implements Transport {
  readonly kind: Transport['kind']
  readonly real: MemoryWorld
  readonly simulation = new PhoneWorld()
  settings = SETTINGS
  templates = TEMPLATES
  channels = SETTINGS.channels
  readonly #options: PagesOptions
  readonly #undo = new Map<string, () => void>()

  constructor(options: PagesOptions = {}) {
    this.#options = options
    this.kind = options.desktop ? 'ipc' : 'memory'
    const { empty = false, extra = 0 } = options
    this.real = new MemoryWorld({
      empty,
      extra,
      truth: {
        ...truthAt(empty ? 'nothing' : (options.stage ?? 'live'), options.status),
        data_folder: '/home/kettle/Switchboard/data',
      },
    })
    if (options.bare) this.settings = { ...SETTINGS, values: {}, channels: [] }
    if (empty || options.bare) this.channels = []
    if (options.bare) this.templates = []
    this.#answerPages()
  }

  request<N extends RequestName>(world: World, name: N, input: RequestInput<N>): Promise<Result<Results[N]>> {
    const { fails = [], slow = false } = this.#options
    if (slow) return new Promise(() => undefined)
    if (fails.includes(name))
      return Promise.resolve({
        ok: false,
        error: { code: 'disk_failed', message: 'The data folder cannot be read (EIO).' },
      })
    return (world === 'real' ? this.real : this.simulation.world).request(world, name, input)
  }
  subscribe(listener: (event: FeedEvent) => void): () => void {
    const stops = [this.real.subscribe(listener), this.simulation.world.subscribe(listener)]
    return () => stops.forEach((stop) => stop())
  }
  onConnection(listener: (line: LineState) => void): () => void {
    return this.real.onConnection(listener)
  }

  #keep(done: string, back: () => void) {
    const undo = `pages ${this.#undo.size}`
    this.#undo.set(undo, back)
    return { undo, done, session: null }
  }

  #answerPages(): void {
    const { answers } = this.real
    const undo = answers['acts.undo']
    Object.assign(answers, {
      'acts.undo': (input: RequestInput<'acts.undo'>) => {
        this.#undo.get(input.undo)?.()
        return undo?.(input) ?? { done: 'Undone' }
      },
      'settings.get': () => this.settings,
      'settings.set': ({ key, value }: RequestInput<'settings.set'>) => this.#set(key, value),
      'channels.list': () => this.channels,
      'channels.save': ({ id, name }: RequestInput<'channels.save'>) => {
        const before = this.channels
        this.channels = before.map((one) => (one._id === id ? { ...one, name } : one))
        return this.#keep('Channel renamed', () => (this.channels = before))
      },
      'templates.list': () => this.templates,
      'templates.save': ({ id, name, body }: RequestInput<'templates.save'>) => {
        const template = { _id: id ?? `t${Date.now()}`, name, body }
        this.templates = [...this.templates.filter(({ _id }) => _id !== template._id), template]
        return template
      },
      'templates.remove': ({ id }: RequestInput<'templates.remove'>) => {
        const before = this.templates
        this.templates = before.filter(({ _id }) => _id !== id)
        return this.#keep('Template removed', () => (this.templates = before))
      },
      'simulation.kept': () => ({ sessions: this.#options.kept ?? 0 }),
      'simulation.start': () => {
        this.#run(true)
        return this.simulation.view()
      },
      'simulation.stop': () => {
        this.#run(false)
        return {}
      },
      'live.get': () => liveAt(this.#options.stage ?? 'live'),
      'support.log': () => ({ name: 'help.txt', text: HELP }),
      'app.set': () => ({}),
      'app.open_folder': () => ({}),
    })
    Object.assign(this.simulation.world.answers, { 'settings.get': () => SETTINGS })
  }

  #set(key: string, value: unknown) {
    const before = this.settings
    if (/gap(\.\w+)?$/.test(key)) {
      const text = typeof value === 'string' ? value : null
      if (text !== null && !/^\d+(ms|s|m|h)$/.test(text))
        throw new Error(sentence('bad_gap', { value: text }))
      const { [key]: _was, ...others } = before.gaps
      this.settings = { ...before, gaps: text === null ? others : { ...others, [key]: text } }
    } else this.settings = { ...before, values: { ...before.values, [key]: value } }
    return this.#keep('Setting changed', () => (this.settings = before))
  }

  #run(running: boolean): void {
    if (!running) this.simulation.forget()
    this.real.truth = { ...this.real.truth, simulation_running: running }
    this.real.emit({ kind: 'truth', world: 'real', truth: this.real.truth })
  }
}
