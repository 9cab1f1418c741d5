import { EventEmitter } from 'node:events'
import { mkdirSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import type * as Electron from 'electron'
import { host, note } from './host.ts'
import { InstanceLock } from './lock.ts'
import { emitPreventable, type Impl, strict } from './strict.ts'
import { windows } from './windows.ts'

const ready = Promise.withResolvers<undefined>()
const paths = new Map<string, string>()
const emitter = new EventEmitter()
const lock = new InstanceLock()
let isQuitting = false

function getName(): string {
  return host.pkg.productName ?? host.pkg.name
}

function getPath(name: string): string {
  const given = paths.get(name)
  if (given !== undefined) return given
  const appData = process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config')
  switch (name) {
    case 'home':
      return homedir()
    case 'appData':
      return appData
    case 'temp':
      return tmpdir()
    case 'exe':
      return process.argv[0] ?? ''
    case 'userData':
    case 'sessionData': {
      const folder = host.switches.get('user-data-dir') ?? join(appData, getName())
      mkdirSync(folder, { recursive: true })
      return folder
    }
    case 'logs':
      return join(getPath('userData'), 'logs')
    default:
      return join(homedir(), name)
  }
}

const impl = {
  isPackaged: false,
  get name() {
    return getName()
  },
  getName,
  setName(name) {
    host.pkg.productName = name
  },
  getVersion: () => host.pkg.version,
  getAppPath: () => host.appPath,
  getLocale: () => 'en-US',
  isReady: () => host.isReady,
  whenReady: async () => {
    await ready.promise
  },
  getPath,
  setPath(name, path) {
    paths.set(name, path)
  },
  enableSandbox() {
    if (host.isReady) throw new Error('app.enableSandbox() can only be called before app is ready')
    host.isSandboxed = true
  },
  setAppUserModelId(id) {
    note('app.setAppUserModelId', id)
  },
  setLoginItemSettings(settings) {
    note('app.setLoginItemSettings', settings)
  },
  setBadgeCount(count = 0) {
    host.badge = count
    return true
  },
  requestSingleInstanceLock(data) {
    const start = { argv: process.argv, cwd: process.cwd(), data: data ?? {} }
    return lock.take(getPath('userData'), start, ({ argv, cwd, data: theirs }) => {
      emitter.emit('second-instance', {}, argv, cwd, theirs)
    })
  },
  hasSingleInstanceLock: () => lock.isHeld,
  releaseSingleInstanceLock: () => lock.release(),
  relaunch(options) {
    note('app.relaunch', options)
  },
  focus: () => undefined,
  exit(code = 0) {
    emitter.emit('quit', {}, code)
    host.stop(code)
  },
  quit() {
    if (isQuitting || !emitPreventable(emitter, 'before-quit')) return
    isQuitting = true
    for (const window of [...windows]) {
      window.close()
      if (!window.isDestroyed()) {
        isQuitting = false
        return
      }
    }
    if (!emitPreventable(emitter, 'will-quit')) {
      isQuitting = false
      return
    }
    emitter.emit('quit', {}, 0)
    host.stop(0)
  },
} satisfies Impl<Electron.App>

const commandLine = strict('app.commandLine', {
  appendSwitch: (name: string, value = '') => {
    host.switches.set(name, value)
  },
  hasSwitch: (name: string) => host.switches.has(name),
  getSwitchValue: (name: string) => host.switches.get(name) ?? '',
  appendArgument: () => undefined,
  removeSwitch: (name: string) => {
    host.switches.delete(name)
  },
} satisfies Impl<Electron.CommandLine>)

const inner = {
  commandLine,
  /** The last window is gone: an app that does not care ends. */
  lastWindowClosed(): void {
    if (isQuitting) return
    if (emitter.listenerCount('window-all-closed') > 0) emitter.emit('window-all-closed')
    else app.quit()
  },
  becameReady(): void {
    host.isReady = true
    emitter.emit('will-finish-launching')
    // Through `app`: Playwright holds this event back until it has attached.
    app.emit('ready', {}, {})
    ready.resolve(undefined)
  },
}

export const app = strict(
  'app',
  Object.defineProperties(inner, Object.getOwnPropertyDescriptors(impl)) as typeof inner & typeof impl,
  emitter,
)
