import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import Koa from 'koa'
import sirv from 'sirv'
import { WebSocketServer } from 'ws'
import type { ConsoleEnd } from '../console/console.ts'
import type { MediaAnswer } from '../media/answer.ts'
import type { Ids, Log } from '../ports.ts'
import { replyMedia } from '../reply-media.ts'
import { Admission } from './admission.ts'
import { PAGE_HEADERS } from './page-policy.ts'
import { refuseEntry } from './refusal.ts'
import { connectScreen } from './screen-socket.ts'

export interface WebConsole {
  /** The address to open, token included. */
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

interface Options {
  console: ConsoleEnd
  /** A stored file by its hash, whole or as the Range header asks; null when there is none, and by default. */
  media?: (hash: string, range: string | null) => Promise<MediaAnswer | null>
  /** Folder of the built page. */
  pageFolder: string
  /** Port to listen on, 0 = any. Rejects with Node's EADDRINUSE when it is taken. */
  port: number
  ids: Ids
  log: Log
}

/** The longest request a screen may send, bytes: a picture of 5 MB to be sent, as base64, and what is around it. */
const LONGEST_REQUEST = 7 * 1024 * 1024

/**
 * The console in a browser: the built page and a WebSocket, on 127.0.0.1 only, on a listener of its own that the tunnel
 * never reaches. Nothing but the exchange of the token answers without the cookie.
 */
export async function startWebConsole({
  console: end,
  media = () => Promise.resolve(null),
  pageFolder,
  port: wanted,
  ids,
  log,
}: Options): Promise<WebConsole> {
  const admission = new Admission((bytes) => ids.secret(bytes))
  const page = pageOf(pageFolder)
  let port = 0

  const app = new Koa()
  app.on('error', (error: unknown) => {
    log.error('The browser console failed to answer', error)
  })
  app.use(async (ctx, next) => {
    for (const [name, value] of Object.entries(PAGE_HEADERS)) ctx.set(name, value)
    // Refusals are answered, not thrown: Koa takes the headers away from what is thrown.
    const refuse = (status: number, why: string): void => {
      ctx.status = status
      ctx.body = why
    }
    if (!admission.isOurHost(ctx.req) || !admission.isOurOrigin(ctx.req))
      return refuse(403, 'This address is not the console’s.')
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') {
      ctx.set('allow', 'GET, HEAD')
      return refuse(405, 'Only GET is taken here.')
    }
    const cookie = admission.cookieFor(ctx.path, port)
    if (cookie !== undefined) {
      ctx.set('set-cookie', cookie)
      ctx.redirect('/')
      return
    }
    if (!admission.isAdmitted(ctx.req, port)) return refuseEntry(ctx)
    await next()
  })
  app.use(async (ctx, next) => {
    if (!ctx.path.startsWith('/media/')) {
      await next()
      return
    }
    const answer = await media(ctx.path.slice('/media/'.length), ctx.get('range') || null)
    if (answer) return replyMedia(ctx, answer)
    ctx.status = 404
    ctx.body = 'There is no such attachment.'
  })
  app.use(
    (ctx) =>
      new Promise<void>((resolve) => {
        ctx.respond = false
        ctx.res.statusCode = 200
        ctx.res.once('close', resolve)
        // A file that is gone since (the page is being built anew) ends its answer, not the program.
        ctx.res.once('pipe', (file) => file.once('error', () => ctx.res.destroy()))
        // The page is small: parts of it are not given, so that no range can be wrong.
        delete ctx.req.headers.range
        page(ctx.req, ctx.res, () => {
          ctx.res.statusCode = 404
          ctx.res.setHeader('content-type', 'text/plain; charset=utf-8')
          ctx.res.end(
            ctx.path === '/'
              ? 'The console’s page has not been built. Run `npm start`, or `npm run build` first.'
              : 'Not found',
          )
        })
      }),
  )

  const answerPage = app.callback()
  // Without a Host it is refused like any other that is not ours.
  const server = createServer(
    { requireHostHeader: false },
    (request, response) => void answerPage(request, response),
  )
  server.on('clientError', (_error, socket) => {
    turnAway(socket, '400 Bad Request')
  })
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LONGEST_REQUEST })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const known =
      request.url === '/ws' &&
      request.headers.origin !== undefined &&
      admission.isOurHost(request) &&
      admission.isOurOrigin(request) &&
      admission.isAdmitted(request, port)
    if (!known) {
      turnAway(socket, '403 Forbidden')
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

type Page = ReturnType<typeof sirv>

/** The built page; where it has not been built, nothing. */
function pageOf(folder: string): Page {
  try {
    return sirv(folder, { etag: false })
  } catch {
    return (_request, _response, next) => {
      void next?.()
    }
  }
}

/** Answers on a connection that is no request of HTTP's own (any more), and ends it. */
function turnAway(socket: Duplex, status: string): void {
  // Whoever is turned away may be gone already; nobody else listens for that.
  socket.on('error', () => socket.destroy())
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const headers = { ...PAGE_HEADERS, connection: 'close', 'content-length': '0' }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`)
}
