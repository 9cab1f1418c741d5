import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { get as httpGet } from 'node:http'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'

/** What the server saw so far, and the tunnel sockets open now. */
export interface Seen {
  /** Requests for a name. */
  asks: number
  /** Requests to a tunnel's address. */
  through: number
  sockets: number
}

export type Order = { id: number } & (
  | { do: 'treat'; as: 'grant' | 'refuse' | 'hold' }
  | { do: 'cut' | 'see' | 'await an ask' | 'await no sockets' }
)
export interface Answer {
  id: number
  seen: Seen
}
type Wish = Order extends infer O ? (O extends Order ? Omit<O, 'id'> : never) : never

/** The real localtunnel server on 127.0.0.1. */
export interface TunnelServer {
  readonly port: number
  /** What a client is told as its host. */
  readonly url: string
  /** The public address of a name. */
  addressOf(name: string): string
  /** What whoever asks for a name gets: one, a 403, or no answer until it is `grant` again. */
  treat(as: 'grant' | 'refuse' | 'hold'): Promise<void>
  /** Cuts every tunnel socket, and goes on. */
  cut(): Promise<void>
  see(): Promise<Seen>
  /** Resolves with the next request for a name; called before what causes it. */
  nextAsk(): Promise<Seen>
  noSockets(): Promise<Seen>
  /** Resolves when the server has let go of a name. */
  isFree(name: string): Promise<void>
  /** Takes a name as another client would; the function given back lets go of it. */
  take(name: string): Promise<() => void>
  /** Stopped as a machine that sleeps: connections stay open and nobody answers. */
  freeze(): void
  thaw(): void
  /** Gone at once; what it knew is forgotten. */
  kill(): Promise<void>
  /** Starts anew on the same port. */
  restart(): Promise<void>
}

export async function startTunnelServer(): Promise<TunnelServer> {
  let child = await start(0)
  const { port } = child
  const url = `http://127.0.0.1:${String(port)}`
  return {
    port,
    url,
    addressOf: (name) => `http://${name}.localhost:${String(port)}`,
    async treat(as) {
      await child.tell({ do: 'treat', as })
    },
    async cut() {
      await child.tell({ do: 'cut' })
    },
    see: () => child.tell({ do: 'see' }),
    nextAsk: () => child.tell({ do: 'await an ask' }),
    noSockets: () => child.tell({ do: 'await no sockets' }),
    async take(name) {
      const grant = JSON.parse(await textOf(`${url}/${name}`)) as { id: string; port: number }
      if (grant.id !== name) throw new Error(`${name} is taken already`)
      const socket: Socket = connect(grant.port, '127.0.0.1')
      socket.on('error', () => undefined)
      await once(socket, 'connect')
      return () => socket.destroy()
    },
    async isFree(name) {
      while ((await statusOf(`${url}/api/tunnels/${name}/status`)) !== 404);
    },
    freeze: () => child.signal('SIGSTOP'),
    thaw: () => child.signal('SIGCONT'),
    kill: () => child.kill(),
    async restart() {
      await child.kill()
      child = await start(port)
    },
  }
}

interface Running {
  port: number
  tell(wish: Wish): Promise<Seen>
  signal(signal: NodeJS.Signals): void
  kill(): Promise<void>
}

async function start(wanted: number): Promise<Running> {
  const child: ChildProcess = fork(join(import.meta.dirname, 'server-process.ts'), [String(wanted)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let errors = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const gone = once(child, 'exit')
  const first = await Promise.race([once(child, 'message'), gone.then(() => undefined)])
  if (!first) throw new Error(`the localtunnel server did not start: ${errors}`)
  const [{ port }] = first as [{ port: number }]
  const waiting = new Map<number, { resolve: (seen: Seen) => void; reject: (error: Error) => void }>()
  let told = 0
  child.on('message', ({ id, seen }: Answer) => {
    waiting.get(id)?.resolve(seen)
    waiting.delete(id)
  })
  child.on('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error(`the localtunnel server is gone: ${errors}`))
  })
  return {
    port,
    tell: (wish) =>
      new Promise((resolve, reject) => {
        const id = (told += 1)
        waiting.set(id, { resolve, reject })
        child.send({ ...wish, id } satisfies Order, (error) => error && reject(error))
      }),
    signal: (signal) => child.kill(signal),
    async kill() {
      // SIGKILL ends a stopped process too; one that has ended is no error.
      child.kill('SIGKILL')
      await gone
    },
  }
}

function textOf(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    httpGet(url, { agent: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (part: string) => (text += part))
      answer.on('end', () => resolve(text))
      answer.on('error', reject)
    }).on('error', reject)
  })
}

function statusOf(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    httpGet(url, { agent: false }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    }).on('error', reject)
  })
}
