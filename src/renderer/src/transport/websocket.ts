import type { FeedEvent, LineState, RequestEnvelope, Result, Transport } from '../../../shared/contract.ts'

/** From the page: an envelope with a number. Back: the answer with that number, or an event. */
type Outgoing = RequestEnvelope & { id: number }
type Incoming = { id: number; result: Result<unknown> } | { event: FeedEvent }

const FIRST_WAIT = 500
const LONGEST_WAIT = 8000
/** Only another page of this browser can get this one let in again: nothing is gained by asking often. */
const REFUSED_WAIT = 30_000

const lost: Result<never> = {
  ok: false,
  error: {
    code: 'not_running',
    message: 'The connection to Switchboard was lost before this was answered.',
  },
}

/**
 * Why the line closed: a WebSocket's refusal tells a page nothing, so the page's own address is asked. 401 is said by a
 * console started since, which no longer knows this page's cookie.
 */
async function whyClosed(socket: URL): Promise<LineState> {
  try {
    const page = new URL('/', socket.href.replace(/^ws/, 'http'))
    const { status } = await fetch(page, { method: 'HEAD', cache: 'no-store' })
    return status === 401 ? 'refused' : 'lost'
  } catch {
    return 'lost'
  }
}

/** Resolves once the socket is open, or is not going to be. */
const settled = (socket: WebSocket): Promise<void> =>
  new Promise((resolve) => {
    for (const event of ['open', 'close']) socket.addEventListener(event, () => resolve(), { once: true })
  })

/** The console over a WebSocket at the page's own origin. Reconnects by itself, for ever. */
export function webSocketTransport(url = new URL('/ws', location.href.replace(/^http/, 'ws'))): Transport {
  const listeners = new Set<(event: FeedEvent) => void>()
  const watchers = new Set<(line: LineState) => void>()
  const open = new Map<number, (result: Result<unknown>) => void>()
  let socket: WebSocket | null = null
  // Not known until the line first opened or failed.
  let state: LineState | null = null
  let last = 0
  let wait = FIRST_WAIT

  const say = (now: LineState) => {
    if (now === state) return
    state = now
    for (const watcher of watchers) watcher(now)
  }
  const again = async () => {
    const why = await whyClosed(url)
    say(why)
    if (why === 'refused') {
      wait = FIRST_WAIT
      setTimeout(connect, REFUSED_WAIT)
      return
    }
    setTimeout(connect, wait * (0.75 + Math.random() / 2))
    wait = Math.min(wait * 2, LONGEST_WAIT)
  }
  const connect = () => {
    const line = new WebSocket(url)
    socket = line
    line.addEventListener('open', () => {
      wait = FIRST_WAIT
      say('open')
    })
    line.addEventListener('message', ({ data }: MessageEvent<string>) => {
      const incoming = JSON.parse(data) as Incoming
      if ('event' in incoming) {
        for (const listener of listeners) listener(incoming.event)
        return
      }
      open.get(incoming.id)?.(incoming.result)
      open.delete(incoming.id)
    })
    line.addEventListener('close', () => {
      for (const answer of open.values()) answer(lost)
      open.clear()
      // A refusal stands until something else is known.
      if (state !== 'refused') say('lost')
      void again()
    })
  }
  connect()

  return {
    kind: 'websocket',
    request: async (world, name, input) => {
      // A page asks as soon as it is there, which may be before its line is.
      if (socket?.readyState === WebSocket.CONNECTING) await settled(socket)
      return new Promise((resolve) => {
        if (socket?.readyState !== WebSocket.OPEN) return resolve(lost)
        last += 1
        const envelope: Outgoing = { id: last, world, name, input }
        open.set(last, resolve as (result: Result<unknown>) => void)
        socket.send(JSON.stringify(envelope))
      })
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onConnection: (watcher) => {
      watchers.add(watcher)
      if (state === 'open') watcher('open')
      return () => watchers.delete(watcher)
    },
  }
}
