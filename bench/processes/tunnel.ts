// A console behind a tunnel: the real Switchboard, its supervisor and the localtunnel client, and a real server beside it.
import { createSwitchboard, type Switchboard } from '../../src/server/switchboard.ts'
import { createIds, createLog, systemClock } from '../../src/server/system/index.ts'
import type { TunnelView } from '../../src/shared/live.ts'
import { startTunnelServer, type TunnelServer } from '../../test/tunnel/server.ts'
import { answer } from '../harness/worker.ts'
import type { StoreSetting } from './console.ts'

const NO_BACKUPS: StoreSetting = { withoutBackups: true }

let server: TunnelServer
let switchboard: Switchboard

function reached(state: TunnelView['state']): Promise<void> {
  const { tunnel } = switchboard
  return new Promise((resolve) => {
    if (tunnel.view().state === state) return resolve()
    const stop = tunnel.onChange((view) => {
      if (view.state !== state) return
      stop()
      resolve()
    })
  })
}

async function timed(task: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await task()
  return performance.now() - start
}

const openNow = async (): Promise<void> => {
  switchboard.tunnel.open({ kind: 'localtunnel', url: server.url })
  await reached('up')
}

const answers = {
  async open({ folder }: { folder: string }): Promise<void> {
    server = await startTunnelServer()
    switchboard = await createSwitchboard({
      world: 'real',
      folder,
      clock: systemClock,
      ids: createIds(systemClock),
      log: createLog({ clock: systemClock, sinks: [] }),
      credentials: () => ({ authToken: 'bench' }),
      webhookPorts: [0],
      version: 'bench',
      store: NO_BACKUPS,
    })
    await openNow()
  },
  /** The server is killed and runs again at once: ms until the console has proved that it is reached from outside. */
  async killed(): Promise<number> {
    const down = reached('down')
    return timed(async () => {
      await server.restart()
      await down
      await reached('up')
    })
  },
  /** The server stands still with its connections open: ms until the console knows. */
  async silent(): Promise<number> {
    const ms = await timed(async () => {
      server.freeze()
      await reached('down')
    })
    server.thaw()
    await reached('up')
    return ms
  },
  /** What opening a way takes where nothing has died: ms. */
  async anew(): Promise<number> {
    const { url } = switchboard.tunnel.view()
    switchboard.tunnel.close()
    await server.isFree(new URL(url ?? '').hostname.split('.')[0] ?? '')
    return timed(openNow)
  },
  async close() {
    await switchboard.close()
    await server.kill()
  },
}
export type TunnelProcess = typeof answers
answer(answers)
