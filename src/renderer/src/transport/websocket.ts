import type { FeedEvent, RequestEnvelope, Result, Transport } from '../../../shared/contract.ts'

/** From the page: an envelope with a number. Back: the answer with that number, or an event. */
type Outgoing = RequestEnvelope & { id: number }
type Incoming = { id: number; result: Result<unknown> } | { event: FeedEvent }

const FIRST_WAIT = 500
const LONGEST_WAIT = 8000

const lost: Result<never> = {
  ok: false,
  error: {
    code: 'not_running',
    message: 'The connection to Switchboard was lost before this was answered.',
  },
}

/** The console over a WebSocket at the page's own origin. Reconnects by itself, for ever. */
export function webSocketTransport(url = new URL('/ws', location.href.replace(/^http/, 'ws'))): Transport {
  const listeners = new Set<(event: FeedEvent) => void>()
  const watchers = new Set<(connected: boolean) => void>()
  const open = new Map<number, (result: Result<unknown>) => void>()
  let socket: WebSocket | null = null
  // Not known until the line first opened or failed.
  let connected: boolean | null = null
  let last = 0
  let wait = FIRST_WAIT

  const say = (now: boolean) => {
    if (now === connected) return
    connected = now
    for (const watcher of watchers) watcher(now)
  }
  const connect = () => {
    const line = new WebSocket(url)
    socket = line
    line.addEventListener('open', () => {
      wait = FIRST_WAIT
      say(true)
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
      say(false)
      setTimeout(connect, wait * (0.75 + Math.random() / 2))
      wait = Math.min(wait * 2, LONGEST_WAIT)
    })
  }
  connect()

  return {
    kind: 'websocket',
    request: (world, name, input) =>
      new Promise((resolve) => {
        if (socket?.readyState !== WebSocket.OPEN) return resolve(lost)
        last += 1
        const envelope: Outgoing = { id: last, world, name, input }
        open.set(last, resolve as (result: Result<unknown>) => void)
        socket.send(JSON.stringify(envelope))
      }),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onConnection: (watcher) => {
      watchers.add(watcher)
      if (connected) watcher(true)
      return () => watchers.delete(watcher)
    },
  }
}
