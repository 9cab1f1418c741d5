/** The machine around the app: recorded, and good enough to be driven by a test. */
import { EventEmitter } from 'node:events'
import type * as Electron from 'electron'
import { host, note } from './host.ts'
import { handlerOf } from './protocol.ts'
import { type Impl, strict } from './strict.ts'

export const shell = strict('shell', {
  openExternal: (url) => {
    note('shell.openExternal', url)
    return Promise.resolve()
  },
  openPath: (path) => {
    note('shell.openPath', path)
    return Promise.resolve('')
  },
} satisfies Impl<Electron.Shell>)

export const dialog = strict('dialog', {
  showMessageBox: (
    ...args: [Electron.MessageBoxOptions] | [Electron.BaseWindow, Electron.MessageBoxOptions]
  ) => {
    const options = args.length === 1 ? args[0] : args[1]
    note('dialog.showMessageBox', options)
    const response = host.answers.shift() ?? options.cancelId ?? 0
    return Promise.resolve({ response, checkboxChecked: false })
  },
  showErrorBox: (title, content) => {
    note('dialog.showErrorBox', title, content)
    console.error(`${title}: ${content}`)
  },
} satisfies Impl<Electron.Dialog>)

export const powerMonitor = strict(
  'powerMonitor',
  { isOnBatteryPower: () => host.isOnBattery } satisfies Impl<Electron.PowerMonitor>,
  new EventEmitter(),
)

let lastBlocker = 0
export const powerSaveBlocker = strict('powerSaveBlocker', {
  start: () => {
    lastBlocker += 1
    host.blockers.add(lastBlocker)
    return lastBlocker
  },
  stop: (id) => host.blockers.delete(id),
  isStarted: (id) => host.blockers.has(id),
} satisfies Impl<Electron.PowerSaveBlocker>)

const area = { x: 0, y: 0, width: 1920, height: 1080 }
const display = strict('display', {
  id: 1,
  bounds: area,
  workArea: area,
  scaleFactor: 1,
} satisfies Impl<Electron.Display>)
export const screen = strict(
  'screen',
  {
    getAllDisplays: () => [display as unknown as Electron.Display],
    getPrimaryDisplay: () => display as unknown as Electron.Display,
  } satisfies Impl<Electron.Screen>,
  new EventEmitter(),
)

export const net = strict('net', {
  isOnline: () => true,
  /** Electron's goes through the app's own schemes too. */
  fetch: async (input, init) => {
    const request = new Request(input, init)
    const handler = handlerOf(new URL(request.url).protocol.slice(0, -1))
    return handler ? handler(request) : fetch(request)
  },
} satisfies Impl<typeof Electron.net>)
