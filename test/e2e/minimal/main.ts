import type { CountsView, FeedEvent, Result } from '../../../src/shared/contract.ts'
import { SwitchboardError } from '../../../src/shared/errors.ts'
import { startDesktop } from '../../../src/main/desktop.ts'
import type { ConsoleClient, ConsoleHost, HostOptions } from '../../../src/main/host.ts'

const NONE = { waiting: 0, unread: 0, closed: 0 }

/** What tests read and drive, as `__host` in the main process. */
export class MemoryHost implements ConsoleHost {
  readonly options: HostOptions
  readonly clients = new Map<string, ConsoleClient>()
  readonly left: string[] = []
  readonly asked: unknown[] = []
  readonly power: string[] = []
  readonly lines: string[] = []
  readonly files = new Map<string, Uint8Array>()
  counts: CountsView = {
    all: 0,
    sms: 0,
    whatsapp: 0,
    voice: 0,
    ...NONE,
    by: { sms: NONE, whatsapp: NONE, voice: NONE },
  }
  settings: Record<string, unknown> = {}
  browserConsole = false
  /** Milliseconds that closing takes. */
  closing = 0
  readonly folders: { data: string; logs: string }
  readonly log = {
    debug: () => undefined,
    info: (text: string) => void this.lines.push(text),
    warn: (text: string) => void this.lines.push(text),
    error: (text: string) => void this.lines.push(text),
    person: (value: string) => value,
    body: (value: string) => value,
  }
  readonly console = {
    handle: (envelope: unknown, client: ConsoleClient) => Promise.resolve(this.#answer(envelope, client)),
    leave: (id: string) => {
      this.clients.delete(id)
      this.left.push(id)
    },
  }

  constructor(options: HostOptions) {
    this.options = options
    this.folders = { data: options.dataFolder, logs: `${options.userData}/logs` }
  }

  emit(event: FeedEvent): void {
    for (const client of this.clients.values()) client.send(event)
  }

  #answer(envelope: unknown, client: ConsoleClient): Result<unknown> {
    const { name } = envelope as { name: string }
    this.asked.push(envelope)
    switch (name) {
      case 'feed.start':
        this.clients.set(client.id, client)
        return { ok: true, value: { seq: 0, world: 'real', of: 'minimal', fresh: true } }
      case 'sessions.list':
        return { ok: true, value: { sessions: [], total: 0, counts: this.counts, seq: 0 } }
      case 'settings.get':
        return { ok: true, value: { gaps: {}, gap_default: '5m', values: this.settings, channels: [] } }
      case 'truth.get':
        return { ok: true, value: { world: 'real', state: 'listening', account: 'set' } }
      case 'sessions.get':
        return { ok: false, error: { code: 'no_such_session', message: 'There is no session.' } }
      case 'phone.get':
        throw new RangeError('a defect')
      default:
        return { ok: true, value: envelope }
    }
  }

  media(path: string) {
    const bytes = this.files.get(path)
    if (!bytes) return Promise.resolve(null)
    const read = (start: number, end: number) => Promise.resolve(bytes.slice(start, end + 1))
    return Promise.resolve({ size: bytes.byteLength, read })
  }
  sleep(): void {
    this.power.push('sleep')
  }
  wake(): void {
    this.power.push('wake')
  }
  setBrowserConsole(on: boolean): Promise<string | null> {
    this.browserConsole = on
    return Promise.resolve(on ? 'http://127.0.0.1:1/' : null)
  }
  async close(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, this.closing))
    process.stdout.write('the host has closed\n')
  }
}

await startDesktop((options) => {
  if (options.dataFolder.endsWith('in-use')) {
    throw new SwitchboardError('data_locked', { pid: 1, data: options.dataFolder })
  }
  const host = new MemoryHost(options)
  Object.assign(globalThis, { __host: host })
  return Promise.resolve(host)
})
