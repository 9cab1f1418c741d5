import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Clock } from '../ports.ts'
import type { Limits } from './limits.ts'

export interface OpenPort {
  port: number
  /** Stops taking connections, lets what is under way finish, and resolves when all are closed. */
  close(): Promise<void>
}

/** What is under way at close has this long, in milliseconds, before its connection is cut. */
const GRACE_MS = 5_000

/** How often Node looks for requests over their time, in milliseconds. */
const CHECK_MS = 500

/**
 * Opens the port on loopback, where the tunnel connects. Rejects with Node's error, e.g. EADDRINUSE.
 *
 * A slow sender holds nothing: headers and body have their time, and no request is begun for it before its headers are
 * whole. Nobody is late on a connection that has not said anything: tunnels open theirs ahead of the requests, so it is
 * kept without a word until it has been silent too long. `onMalformed` hears of what was not HTTP at all.
 */
export function openPort(
  port: number,
  listener: RequestListener,
  limits: Limits,
  clock: Clock,
  onMalformed: (status: number) => void,
): Promise<OpenPort> {
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: Math.min(CHECK_MS, limits.headersMs),
    },
    listener,
  )
  server.maxConnections = limits.connections
  server.timeout = limits.silentMs
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const answered = turnAway(error, socket)
    if (answered !== undefined) onMalformed(answered)
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      // A port gives its address; the other forms are those of pipes.
      const { port: given } = server.address() as AddressInfo
      resolve({ port: given, close: () => closePort(server, clock) })
    })
  })
}

const STATUS_LINES = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
} as const

/** Answers what Node could not read as HTTP, as Node itself would, and says with which status; nothing if it is gone. */
function turnAway(error: NodeJS.ErrnoException, socket: Socket): number | undefined {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return undefined
  }
  // A 408 would lie in the tunnel and become the answer to the next request.
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.bytesRead === 0) return undefined
  const [status, reason] =
    error.code !== undefined && error.code in STATUS_LINES
      ? STATUS_LINES[error.code as keyof typeof STATUS_LINES]
      : ([400, 'Bad Request'] as const)
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () =>
    socket.destroy(),
  )
  return status
}

function closePort(server: Server, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const stop = clock.after(GRACE_MS, () => server.closeAllConnections())
    server.close(() => {
      stop()
      resolve()
    })
    server.closeIdleConnections()
    // What is answered from now on is not kept open for a next request.
    server.keepAliveTimeout = 1
  })
}
