import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RequestInput, RequestName, Results } from '../../src/shared/contract.ts'
import type { LiveView } from '../../src/shared/live.ts'
import { type Application, type ApplicationOptions, startApplication } from '../../src/server/application.ts'
import { createSimulator, type Simulator } from '../../src/server/carrier/simulator/index.ts'
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
