import type * as Electron from 'electron'
import { type IpcMain, ipcMain } from './ipc-main.ts'
import type { Codec } from './page-codec.ts'
import type { WebContents } from './web-contents.ts'

/** What a page's preload sends over the binding. */
export type CallMessage =
  { op: 'send'; channel: string; args: string } | { op: 'invoke'; id: number; channel: string; args: string }

/** Runs the app's handler for a page's call, and answers in Electron's words. */
export async function answerCall(
  message: CallMessage,
  contents: WebContents,
  codec: Codec,
  post: (answer: object) => void,
): Promise<void> {
  const { channel } = message
  const args = codec.decode(message.args) as unknown[]
  const own = contents.ipc as unknown as IpcMain
  const event = {
    sender: contents.asElectron,
    senderFrame: contents.mainFrame,
    frameId: 1,
    processId: contents.id,
    type: 'frame',
    ports: [],
    reply: (to: string, ...values: unknown[]) => contents.send(to, ...values),
  } as unknown as Electron.IpcMainInvokeEvent
  if (message.op === 'send') {
    contents.emit('ipc-message', event, channel, ...args)
    own.emit(channel, event, ...args)
    ipcMain.emit(channel, event, ...args)
    return
  }
  const { id } = message
  try {
    const handler = own.find(channel) ?? ipcMain.find(channel)
    if (!handler) throw new Error(`No handler registered for '${channel}'`)
    const answer: unknown = await handler(event, ...args)
    post({ op: 'reply', id, ok: true, value: codec.encode(answer) })
  } catch (error) {
    console.error(`Error occurred in handler for '${channel}':`, error)
    post({ op: 'reply', id, channel, ok: false, value: String(error) })
  }
}
