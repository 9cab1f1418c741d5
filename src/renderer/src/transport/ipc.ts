import type { FeedEvent, RequestEnvelope, Result, Transport } from '../../../shared/contract.ts'

/** What the preload gives the page: two functions, and nothing of Electron's. */
export interface Bridge {
  request<T>(envelope: RequestEnvelope): Promise<Result<T>>
  subscribe(listener: (event: FeedEvent) => void): () => void
}

declare global {
  interface Window {
    readonly switchboard?: Bridge
  }
}

/** The console runs in the same app: the line is never lost. */
export function ipcTransport(bridge: Bridge): Transport {
  return {
    kind: 'ipc',
    request: (world, name, input) => bridge.request({ world, name, input }),
    subscribe: (listener) => bridge.subscribe(listener),
    onConnection: (listener) => {
      listener('open')
      return () => undefined
    },
  }
}
