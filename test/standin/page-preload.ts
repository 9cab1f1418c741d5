/** Runs in the page, as text: see page-codec.ts. */
import type { Bridge } from './page-bridge.ts'
import type { Codec } from './page-codec.ts'

export interface PreloadWorld {
  receive(text: string): void
  process: object
  require(name: string): unknown
}

/** What a sandboxed preload script sees: `electron` and nothing of Node's. */
export function makePreload(
  codec: Codec,
  bridge: Bridge,
  send: (text: string) => void,
  info: { versions: Record<string, string>; platform: string; argv: string[] },
): PreloadWorld {
  type Listener = (event: object, ...args: unknown[]) => void
  type Incoming =
    | { op: 'event'; channel: string; value: string }
    | { op: 'reply'; id: number; ok: true; value: string }
    | { op: 'reply'; id: number; ok: false; channel: string; value: string }
  const listeners = new Map<string, { listener: Listener; isOnce: boolean }[]>()
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let last = 0

  const add = (isOnce: boolean) => (channel: string, listener: Listener) => {
    listeners.set(channel, [...(listeners.get(channel) ?? []), { listener, isOnce }])
    return ipcRenderer
  }
  const off = (channel: string, listener: Listener) => {
    const known = listeners.get(channel) ?? []
    const place = known.findLastIndex((one) => one.listener === listener)
    listeners.set(channel, known.toSpliced(place, place === -1 ? 0 : 1))
    return ipcRenderer
  }
  const ipcRenderer = {
    invoke: (channel: string, ...args: unknown[]): Promise<unknown> =>
      new Promise((resolve, reject) => {
        last += 1
        send(JSON.stringify({ op: 'invoke', id: last, channel, args: codec.encode(args) }))
        pending.set(last, { resolve, reject })
      }),
    send: (channel: string, ...args: unknown[]): void =>
      send(JSON.stringify({ op: 'send', channel, args: codec.encode(args) })),
    on: add(false),
    addListener: add(false),
    once: add(true),
    off,
    removeListener: off,
    removeAllListeners: (channel: string) => {
      listeners.delete(channel)
      return ipcRenderer
    },
    listenerCount: (channel: string) => listeners.get(channel)?.length ?? 0,
  }

  const receive = (text: string): void => {
    const message = JSON.parse(text) as Incoming
    if (message.op === 'event') {
      for (const { listener, isOnce } of listeners.get(message.channel) ?? []) {
        if (isOnce) off(message.channel, listener)
        listener({ sender: ipcRenderer, ports: [] }, ...(codec.decode(message.value) as unknown[]))
      }
      return
    }
    const waiting = pending.get(message.id)
    pending.delete(message.id)
    if (message.ok) waiting?.resolve(codec.decode(message.value))
    else waiting?.reject(new Error(`Error invoking remote method '${message.channel}': ${message.value}`))
  }

  const electron = {
    ipcRenderer,
    contextBridge: { exposeInMainWorld: (key: string, api: unknown) => bridge.expose(key, api) },
  }
  return {
    receive,
    process: {
      type: 'renderer',
      sandboxed: true,
      contextIsolated: true,
      platform: info.platform,
      versions: info.versions,
      argv: info.argv,
      env: {},
    },
    require: (name) => {
      if (name === 'electron' || name === 'electron/renderer') return electron
      // As in Electron's sandbox.
      throw new Error(`module not found: ${name}`)
    },
  }
}
