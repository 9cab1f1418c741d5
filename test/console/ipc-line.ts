import { EventEmitter } from 'node:events'
import type { IpcMain, IpcMainInvokeEvent, IpcRendererEvent, WebContents } from 'electron'
import { vi } from 'vitest'
import { IpcTransport } from '../../src/main/ipc-transport.ts'
import { type Bridge, ipcTransport } from '../../src/renderer/src/transport/ipc.ts'
import type { ConsoleEnd } from '../../src/server/console/console.ts'
import type { Carrier, Line } from './contract.ts'

type Handler = Parameters<IpcMain['handle']>[1]
type Taker = (event: IpcRendererEvent, ...args: unknown[]) => void

/** As much of a window as the transport sees; what is sent to it is copied, as Electron does. */
class Contents extends EventEmitter {
  readonly id: number
  readonly mainFrame = { url: 'app://console/index.html', parent: null }
  readonly takers = new Map<string, Taker>()
  #isGone = false

  constructor(id: number) {
    super()
    this.id = id
  }
  isDestroyed(): boolean {
    return this.#isGone
  }
  send(channel: string, ...args: unknown[]): void {
    this.takers.get(channel)?.({} as IpcRendererEvent, ...structuredClone(args))
  }
  close(): void {
    this.#isGone = true
    this.emit('destroyed')
  }
}

let windows = 0

/** The main process's half, the preload and the page's half, all real; Electron between them is two maps and a copy. */
export async function connectIpc(console: ConsoleEnd): Promise<Carrier> {
  const handlers = new Map<string, Handler>()
  const transport = new IpcTransport({
    ipcMain: {
      handle: (channel, handler) => {
        handlers.set(channel, handler)
      },
    },
    console,
    // What only the machine answers is asked of the console, which says that it can't.
    appRequests: () => null,
  })

  async function open(): Promise<Line> {
    const contents = new Contents((windows += 1))
    const window = contents as unknown as WebContents
    const invoke = async (channel: string, ...args: unknown[]): Promise<unknown> => {
      const event = { sender: window, senderFrame: contents.mainFrame } as unknown as IpcMainInvokeEvent
      const answer: unknown = await handlers.get(channel)?.(event, ...structuredClone(args))
      return structuredClone(answer)
    }
    transport.attach(window)
    const bridge = await preloaded(contents, invoke)
    return {
      transport: ipcTransport(bridge),
      raw: (envelope) => bridge.request(envelope as never),
      leave: () => {
        contents.close()
        return Promise.resolve()
      },
    }
  }
  return { open, close: () => Promise.resolve() }
}

/** The preload as a window runs it, each in a world of its own. */
async function preloaded(
  contents: Contents,
  invoke: (channel: string, ...args: unknown[]) => Promise<unknown>,
): Promise<Bridge> {
  let exposed: Bridge | undefined
  vi.doMock('electron', () => ({
    ipcRenderer: {
      invoke,
      on: (channel: string, taker: Taker) => contents.takers.set(channel, taker),
    },
    contextBridge: {
      exposeInMainWorld: (name: string, bridge: Bridge) => {
        if (name === 'switchboard') exposed = bridge
      },
    },
  }))
  vi.resetModules()
  await import('../../src/preload/index.ts')
  vi.doUnmock('electron')
  if (!exposed) throw new Error('the preload exposes nothing')
  return exposed
}
