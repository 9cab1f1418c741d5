/** The composition of the desktop app: which of Electron's objects meets which of our modules, and in what order. */
import { join, resolve } from 'node:path'
import { app, dialog, net, protocol, safeStorage, session, shell } from 'electron'
import { RealDisk } from '../server/store/disk.ts'
import { systemClock } from '../server/system/clock.ts'
import { SwitchboardError } from '../shared/errors.ts'
import type { AccountKeeper } from '../server/account.ts'
import { accountKeeper } from './account.ts'
import { createAppProtocol } from './app-protocol.ts'
import { APP_SCHEME } from './console-address.ts'
import { ConsoleWindows } from './console-windows.ts'
import { openLink } from './external-links.ts'
import type { ConsoleHost, OpenHost } from './host.ts'
import { tellLauncher } from './launch-word.ts'
import { startsHidden } from './login-item.ts'
import { ownFile, pageFiles } from './own-files.ts'
import { Preferences } from './preferences.ts'
import { Secrets } from './secrets.ts'
import { APP_PRIVILEGES, denyPermissions, guardNavigation } from './security.ts'
import { startServices } from './services.ts'
import { quitWhenFinished } from './shutdown.ts'

const NAME = 'Switchboard'
const PAGE = join(import.meta.dirname, '..', 'renderer')
/** The same on every system, and electron-builder's appId: Windows groups windows and notifications by it. */
const APP_ID = 'app.switchboard.console'

/** Runs until the app quits. Everything that must precede `ready` is done before the first await. */
export async function startDesktop(openHost: OpenHost): Promise<void> {
  protocol.registerSchemesAsPrivileged([APP_PRIVILEGES])
  app.enableSandbox()
  app.setName(NAME)
  app.setAppUserModelId(APP_ID)
  const disk = new RealDisk()
  const userData = app.commandLine.getSwitchValue('user-data-dir') || join(app.getPath('appData'), NAME)
  await disk.makeFolder(userData)
  app.setPath('userData', userData)

  // Two processes on one data folder would be two writers: the second hands over and ends.
  if (!app.requestSingleInstanceLock()) {
    tellLauncher({ event: 'handed-over' }, process.env, process.stdout)
    app.quit()
    return
  }
  guardNavigation(app, (address) => void openLink(shell, address))
  // Starting again while the window is not there yet: it is on its way.
  let showWindow = (): void => undefined
  app.on('second-instance', () => showWindow())
  app.on('activate', () => showWindow())

  await app.whenReady()
  denyPermissions(session.defaultSession)
  const preferences = await Preferences.load(ownFile(disk, userData, 'desktop.json'))
  const secrets = new Secrets(safeStorage, ownFile(disk, userData, 'account.json'), process.platform)
  await secrets.load()

  const host = await openOrExplain(openHost, userData, accountKeeper(process.env, secrets))
  if (!host) return
  protocol.handle(
    APP_SCHEME,
    createAppProtocol({
      page: pageFiles(disk, PAGE),
      media: (path) => host.media(path),
    }),
  )
  const windows = new ConsoleWindows({
    preload: join(import.meta.dirname, '..', 'preload', 'index.cjs'),
    preferences,
    clock: systemClock,
    log: host.log,
  })
  showWindow = () => windows.show()
  const services = await startServices({ host, preferences, windows, fetch: (address) => net.fetch(address) })

  app.on(
    'before-quit',
    quitWhenFinished(
      app,
      async () => {
        windows.letClose()
        services.stop()
        await host.close()
      },
      (ms, task) => systemClock.after(ms, task),
    ),
  )
  // The tray keeps the app; without a tray to come back from, an app without windows would be lost.
  app.on('window-all-closed', () => undefined)
  windows.show({ hidden: startsHidden(app, process.platform, process.argv) })
}

/** Null when the data folder can't be opened: the person has been told why, and the app ends. */
async function openOrExplain(
  openHost: OpenHost,
  userData: string,
  account: AccountKeeper,
): Promise<ConsoleHost | null> {
  const { commandLine } = app
  const port = commandLine.getSwitchValue('webhook-port')
  const publicUrl = commandLine.getSwitchValue('public-url')
  try {
    return await openHost({
      userData,
      // Whole, for the screen shows it in commands that are typed elsewhere.
      dataFolder: resolve(commandLine.getSwitchValue('data') || join(userData, 'data')),
      webhookPort: /^\d+$/.test(port) ? Number(port) : null,
      pageFolder: PAGE,
      publicUrl: publicUrl === '' ? null : publicUrl,
      tunnel: commandLine.getSwitchValue('tunnel'),
      account,
      version: app.getVersion(),
    })
  } catch (error) {
    if (!(error instanceof SwitchboardError)) throw error
    tellLauncher({ event: 'refused', because: error.message }, process.env, process.stdout)
    dialog.showErrorBox('Switchboard can’t start', error.message)
    app.exit(1)
    return null
  }
}
