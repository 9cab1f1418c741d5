/**
 * All that a page gets of Electron: two functions. Channel names stay in here, and a callback is given what happened,
 * never Electron's event, which would hand over the way back.
 */
import { contextBridge, ipcRenderer } from 'electron'
import type { FeedEvent, RequestEnvelope, Result } from '../shared/contract.ts'

// Said again instead of imported from src/main/ipc-channels.ts: the preload imports nothing of the main process's.
// The contract test over IPC (test/console/ipc-line.ts) holds the two to each other.
const REQUEST = 'switchboard:request'
const FEED = 'switchboard:feed'
const FEED_TAKEN = 'switchboard:feed-taken'

const bridge = {
  request: (envelope: RequestEnvelope): Promise<Result<unknown>> => ipcRenderer.invoke(REQUEST, envelope),

  subscribe: (listener: (event: FeedEvent) => void): (() => void) => {
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  },
}

const listeners = new Set<(event: FeedEvent) => void>()

ipcRenderer.on(FEED, (_event, batch: FeedEvent[]) => {
  try {
    for (const event of batch) for (const listener of listeners) listener(event)
  } finally {
    // Only now is the next batch sent: a page that is busy is not buried.
    void ipcRenderer.invoke(FEED_TAKEN)
  }
})

contextBridge.exposeInMainWorld('switchboard', bridge)
