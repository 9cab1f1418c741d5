import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import Koa from 'koa'
import sirv from 'sirv'
import { WebSocketServer } from 'ws'
import type { ConsoleEnd } from '../console/console.ts'
import type { Ids, Log } from '../ports.ts'
import { Admission } from './admission.ts'
import { PAGE_HEADERS } from './page-policy.ts'
import { connectScreen } from './screen-socket.ts'

export interface WebConsole {
  /** The address to open, token included. */
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

interface Options {
  console: ConsoleEnd
  /** Folder of the built page. */
  pageFolder: string
  /** Port to listen on, 0 = any. Rejects with Node's EADDRINUSE when it is taken. */
  port: number
  ids: Ids
  log: Log
}

/** The longest request a screen may send, bytes. */
const LONGEST_REQUEST = 256 * 1024

/**
 * The console in a browser: the built page and a WebSocket, on 127.0.0.1 only, on a listener of its own that the tunnel
 * never reaches. Nothing but the exchange of the token answers without the cookie.
 */
export async function startWebConsole({
  console: end,
  pageFolder,
  port: wanted,
  ids,
  log,
}: Options): Promise<WebConsole> {
  const admission = new Admission((bytes) => ids.secret(bytes))
  const page = sirv(pageFolder, {
    etag: false,
    setHeaders: (response) => {
      for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value)
    },
  })
  let port = 0

  const app = new Koa()
  app.on('error', (error: unknown) => {
    log.error('The browser console failed to answer', error)
  })
  app.use(async (ctx, next) => {
    for (const [name, value] of Object.entries(PAGE_HEADERS)) ctx.set(name, value)
    if (!admission.isOurHost(ctx.req) || !admission.isOurOrigin(ctx.req))
      return ctx.throw(403, 'This address is not the console’s.')
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return ctx.throw(405)
    const cookie = admission.cookieFor(ctx.path, port)
    if (cookie !== undefined) {
      ctx.set('set-cookie', cookie)
      ctx.redirect('/')
      return
    }
    if (!admission.isAdmitted(ctx.req, port))
      return ctx.throw(401, 'Open the console by the address that Switchboard printed when it started.')
    await next()
  })
  app.use(
    (ctx) =>
      new Promise<void>((resolve) => {
        ctx.respond = false
        ctx.res.statusCode = 200
        ctx.res.once('close', resolve)
        page(ctx.req, ctx.res, () => {
          ctx.res.statusCode = 404
          ctx.res.end(
            ctx.path === '/'
              ? 'The console’s page has not been built. Run `npm start`, or `npm run build` first.'
              : 'Not found',
          )
        })
      }),
  )

  const answerPage = app.callback()
  const server = createServer((request, response) => void answerPage(request, response))
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LONGEST_REQUEST })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const known =
      request.url === '/ws' &&
      request.headers.origin !== undefined &&
      admission.isOurHost(request) &&
      admission.isOurOrigin(request) &&
      admission.isAdmitted(request, port)
    if (!known) {
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (screen) => {
      connectScreen(screen, end, ids.next(), log)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(wanted, '127.0.0.1', () => {
      server.removeListener('error', reject)
      resolve()
    })
  })
  port = (server.address() as AddressInfo).port
  admission.listensOn(port)
  return {
    url: `http://127.0.0.1:${String(port)}${admission.path}`,
    port,
    close: async () => {
      for (const screen of sockets.clients) screen.terminate()
      sockets.close()
      server.closeAllConnections()
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve()
        })
      })
    },
  }
}
