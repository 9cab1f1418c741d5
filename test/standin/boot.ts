/** Behaves as the `electron` executable: reads its command line, starts Chromium, runs the app's main file. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import inspector from 'node:inspector'
import * as module from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { startChromium } from './browser.ts'
import { host } from './host.ts'

module.registerHooks({
  resolve: (specifier, context, next) =>
    /^electron(\/(main|common))?$/.test(specifier)
      ? { url: new URL('./electron.ts', import.meta.url).href, shortCircuit: true }
      : next(specifier, context),
})
const require = module.createRequire(import.meta.url)

// Electron's argv starts with its own path.
process.argv.splice(0, 1)
const required: string[] = []
let inspectPort: number | undefined
let appArg: string | undefined
const args = process.argv.slice(1).values()
for (const arg of args) {
  if (arg === '-r' || arg === '--require') required.push(String(args.next().value))
  else if (arg.startsWith('--inspect')) inspectPort = Number(arg.split('=')[1] ?? 9229)
  else if (arg.startsWith('--')) {
    const [name = '', value = ''] = arg.slice(2).split(/=(.*)/s)
    host.switches.set(name, value)
  } else appArg ??= arg
}

host.appPath = resolve(appArg ?? '.')
let entry = host.appPath
if (statSync(host.appPath).isDirectory()) {
  host.pkg = JSON.parse(readFileSync(join(host.appPath, 'package.json'), 'utf8')) as typeof host.pkg
  entry = resolve(host.appPath, host.pkg.main ?? 'index.js')
}
if (!existsSync(entry)) throw new Error(`Cannot find module ${entry}: run npm run build first`)
const { version } = require('electron/package.json') as { version: string }
host.versions = { electron: version, chrome: 'standin', node: process.versions.node }
Object.defineProperty(process, 'versions', { value: { ...process.versions, ...host.versions } })
Object.assign(process, { type: 'browser', defaultApp: true, resourcesPath: join(host.appPath, 'resources') })
// Prints "Debugger listening on ws://…", which Playwright waits for.
if (inspectPort !== undefined) inspector.open(inspectPort)

startChromium()
for (const file of required) require(file)
const { app } = await import('./app.ts')
// As Electron does: a SIGTERM asks the app to quit.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit())
// Electron shows a dialog; a test wants the exit.
process.on('uncaughtException', (error) => {
  console.error(error)
  host.stop(1)
})
await import('./electron.ts')
await import(pathToFileURL(entry).href)
