import { EventEmitter } from 'node:events'
import type * as Electron from 'electron'
import type { Impl, NoMore } from './strict.ts'

type Handler = Parameters<Electron.IpcMain['handle']>[1]

export class IpcMain extends EventEmitter implements Impl<Electron.IpcMain> {
  readonly #handlers = new Map<string, Handler>()

  handle(channel: string, handler: Handler): void {
    if (this.#handlers.has(channel)) {
      throw new Error(`Attempted to register a second handler for '${channel}'`)
    }
    this.#handlers.set(channel, handler)
  }
  handleOnce(channel: string, handler: Handler): void {
    this.handle(channel, (event, ...args: unknown[]): unknown => {
      this.removeHandler(channel)
      return handler(event, ...args)
    })
  }
  removeHandler(channel: string): void {
    this.#handlers.delete(channel)
  }
  find(channel: string): Handler | undefined {
    return this.#handlers.get(channel)
  }
}

export const ipcMain = new IpcMain()
const _isElectrons: NoMore<Omit<IpcMain, 'find'>, Electron.IpcMain> = true
