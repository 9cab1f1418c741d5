import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import { WebSocket as NodeWebSocket } from 'ws'
import { webSocketTransport } from '../../src/renderer/src/transport/websocket.ts'
import type { ConsoleEnd } from '../../src/server/console/console.ts'
import { createIds, createLog, systemClock } from '../../src/server/system/index.ts'
import { startWebConsole } from '../../src/server/web/web-console.ts'
import type { Result } from '../../src/shared/contract.ts'
import type { Carrier, Line } from './contract.ts'

/** What a browser would send along by itself: the page's cookie and its origin. */
const headers = new Map<string, { cookie: string; origin: string }>()
let opened: NodeWebSocket | undefined
const made = (socket: NodeWebSocket): void => {
  opened = socket
}
/** A transport connects again by itself, for ever: here only while a test wants it to. */
let mayConnect = false
export function mayReconnect(may: boolean): void {
  mayConnect = may
}

class PageSocket extends NodeWebSocket {
  constructor(url: URL) {
    const page = headers.get(url.host)
    super(mayConnect ? url : 'ws://127.0.0.1:1', page ? { headers: page } : {})
    this.on('error', () => undefined)
    made(this)
  }
}

/** The real web console with the renderer's own transport. */
export async function connectWebSocket(console: ConsoleEnd): Promise<Carrier> {
  vi.stubGlobal('WebSocket', PageSocket)
  const pageFolder = await mkdtemp(join(tmpdir(), 'switchboard-page-'))
  await writeFile(join(pageFolder, 'index.html'), '<!doctype html>')
  const left = new Map<string, () => void>()
  const started: { id: string } = { id: '' }
  const log = createLog({ clock: systemClock, sinks: [] })
  const web = await startWebConsole({
    console: {
      handle: (envelope, client) => {
        started.id = client.id
        return console.handle(envelope, client)
      },
      leave: (id) => {
        console.leave(id)
        left.get(id)?.()
      },
    },
    pageFolder,
    port: 0,
    ids: createIds(systemClock),
    log,
  })
  const { host } = new URL(web.url)
  const entered = await fetch(web.url, { redirect: 'manual' })
  const [cookie = ''] = (entered.headers.get('set-cookie') ?? '').split(';')
  headers.set(host, { cookie, origin: `http://${host}` })

  async function open(): Promise<Line> {
    mayReconnect(true)
    const transport = webSocketTransport(new URL(`ws://${host}/ws`))
    mayReconnect(false)
    const socket = opened
    if (!socket) throw new Error('no socket was opened')
    await new Promise<void>((resolve) => {
      transport.onConnection((line) => {
        if (line === 'open') resolve()
      })
    })
    // Whose client this is: the console says its id with the first request.
    await transport.request('real', 'app.painted', {})
    const { id } = started
    let last = 1_000_000
    return {
      transport,
      raw: (envelope) =>
        new Promise<Result<unknown>>((resolve) => {
          const number = (last += 1)
          const look = (data: Buffer): void => {
            const answer = JSON.parse(data.toString()) as { id?: number; result: Result<unknown> }
            if (answer.id !== number) return
            socket.off('message', look)
            resolve(answer.result)
          }
          socket.on('message', look)
          socket.send(JSON.stringify({ id: number, ...envelope }))
        }),
      leave: () =>
        new Promise<void>((resolve) => {
          left.set(id, resolve)
          socket.terminate()
        }),
    }
  }

  return {
    open,
    async close() {
      headers.delete(host)
      await web.close()
      await rm(pageFolder, { recursive: true, force: true })
    },
  }
}
