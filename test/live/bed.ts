import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RequestInput, RequestName, Results } from '../../src/shared/contract.ts'
import type { LiveView } from '../../src/shared/live.ts'
import { type Application, type ApplicationOptions, startApplication } from '../../src/server/application.ts'
import { createSimulator, type SimNumber, type Simulator } from '../../src/server/carrier/simulator/index.ts'
import { systemClock } from '../../src/server/system/index.ts'

export interface Bed {
  folder: string
  simulator: Simulator
  application: Application
  /** What the log said. */
  lines: string[]
  ask<N extends RequestName>(name: N, input: RequestInput<N>): Promise<Results[N]>
  /** Resolves with the first view that is as wanted. */
  until(wanted: (view: LiveView) => boolean): Promise<LiveView>
  /** The first of the account's numbers, or this one, as the company has it. */
  number(which?: string): SimNumber
  /** Where the console takes webhooks. */
  own(): string
  /** Enters the simulator's account. */
  enter(): Promise<LiveView>
  /** The account entered and all its numbers chosen, it goes live at its own address. */
  goLive(voice?: 'leave' | 'here'): Promise<LiveView>
  /** Has another address of its own, and is done with all that follows. */
  moveTo(url: string): Promise<LiveView>
  /** Closes the console, and opens another on the same folder and account. */
  restart(options?: Partial<ApplicationOptions>): Promise<void>
  close(): Promise<void>
}

/** A console beside a telephone company, with no account entered yet; `beside`: another one's company. */
export async function bed(numbers?: string[], beside?: Bed): Promise<Bed> {
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-live-'))
  const simulator =
    beside?.simulator ?? (await createSimulator({ clock: systemClock, ...(numbers && { numbers }) }))
  const lines: string[] = []
  const start = (options: Partial<ApplicationOptions> = {}): Promise<Application> =>
    startApplication({
      folder: join(folder, 'data'),
      webhookPorts: [0],
      consolePorts: [],
      pageFolder: folder,
      apiBaseUrl: simulator.api,
      version: 'test',
      logSinks: [(line) => lines.push(line)],
      ...options,
    })
  const self: Bed = {
    folder,
    simulator,
    lines,
    application: await start(),
    async ask<N extends RequestName>(name: N, input: RequestInput<N>): Promise<Results[N]> {
      const client = { id: 'test', send: () => undefined, backlog: () => 0, onDrained: () => undefined }
      const result = await self.application.console.handle({ world: 'real', name, input }, client)
      if (!result.ok) throw Object.assign(new Error(result.error.message), { code: result.error.code })
      return result.value as Results[N]
    },
    until: (wanted) =>
      new Promise((resolve, reject) => {
        const { main } = self.application
        const client = {
          id: `until-${String(Math.random())}`,
          backlog: () => 0,
          onDrained: () => undefined,
          send: (event: { kind: string; live?: LiveView }) => {
            if (event.kind === 'live' && event.live) look(event.live)
          },
        }
        const look = (view: LiveView): void => {
          if (!wanted(view)) return
          main.end.feed.leave(client.id)
          resolve(view)
        }
        main.end.feed.start(client, undefined)
        self.ask('live.get', {}).then(look, reject)
      }),
    number(which) {
      const all = [...simulator.account.numbers.values()]
      const found = which === undefined ? all[0] : all.find((one) => one.phone_number === which)
      if (!found) throw new Error('the simulator has no such number')
      return found
    },
    own: () => self.application.main.webhooks,
    enter: () =>
      self.ask('live.account', { account_sid: simulator.accountSid, auth_token: simulator.authToken }),
    async goLive(voice = 'leave') {
      await self.enter()
      const chosen = [...simulator.account.numbers.keys()].map((sid) => ({ sid, voice }))
      await self.ask('live.choose', { numbers: chosen })
      await self.ask('live.way', { kind: 'address', url: self.own() })
      await self.ask('live.go', {})
      return self.until(({ live }) => live)
    },
    async moveTo(url) {
      await self.ask('live.way', { kind: 'address', url })
      return self.until(({ tunnel, doing }) => tunnel.state === 'up' && tunnel.url === url && doing === '')
    },
    async restart(options) {
      await self.application.close()
      self.application = await start(options)
    },
    async close() {
      await self.application.close()
      if (!beside) await simulator.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
  return self
}
