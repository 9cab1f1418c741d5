/** What goes on around the window for as long as the app runs: menu, tray, notifications, badge, power, requests. */
import {
  app,
  dialog,
  ipcMain,
  Menu,
  type MenuItemConstructorOptions,
  nativeImage,
  nativeTheme,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  shell,
  Tray,
} from 'electron'
import { createAppRequests } from './app-requests.ts'
import { readSettings } from './console-settings.ts'
import { watchConsole } from './console-watch.ts'
import type { ConsoleWindows } from './console-windows.ts'
import { openLink } from './external-links.ts'
import type { ConsoleHost } from './host.ts'
import { IpcTransport } from './ipc-transport.ts'
import { tellLauncher } from './launch-word.ts'
import { menuTemplate, nextZoom } from './menu.ts'
import { createNotifier } from './notifications.ts'
import { isLive, watchPower } from './power.ts'
import type { Preferences } from './preferences.ts'
import { createTray } from './tray.ts'
import { trayIcon } from './tray-icon.ts'
import { showUnread } from './unread.ts'
import { checkForUpdate } from './updates.ts'

const buildMenu = (template: MenuItemConstructorOptions[]) => Menu.buildFromTemplate(template)

/** Set at build time by whoever publishes; without it the notice says that it does not know. */
const RELEASES = String(import.meta.env['MAIN_VITE_RELEASES'] ?? '')

export interface ServicesOptions {
  host: ConsoleHost
  preferences: Preferences
  windows: ConsoleWindows
  fetch: (address: string) => Promise<Response>
}

export async function startServices(options: ServicesOptions): Promise<{ stop(): void }> {
  const { host, preferences, windows } = options
  const { platform } = process
  let settings = readSettings({})
  let live = false

  const setZoom = (factor: number) => {
    windows.current?.webContents.setZoomFactor(factor)
    void preferences.set({ zoom: factor })
  }
  const browserConsole = preferences.values.browser_console ? await host.setBrowserConsole(true) : null
  const transport = new IpcTransport({
    ipcMain,
    console: host.console,
    appRequests: createAppRequests({
      app,
      nativeTheme,
      shell,
      platform,
      host,
      preferences,
      setZoom,
      browserConsole,
      painted: () => tellLauncher({ event: 'painted' }, process.env, process.stdout),
    }),
  })
  const openSession = (id: string) => {
    windows.show()
    transport.tell({ kind: 'open', world: 'real', session: id })
  }
  windows.onOpened = (window) => transport.attach(window.webContents)
  windows.onQuit = () => app.quit()

  nativeTheme.themeSource = preferences.values.theme
  Menu.setApplicationMenu(
    buildMenu(
      menuTemplate({
        platform,
        isDevelopment: !app.isPackaged,
        contents: () => windows.current?.webContents ?? null,
        zoom: (direction) => setZoom(nextZoom(preferences.values.zoom, direction)),
        openFolder: (what) => void shell.openPath(host.folders[what]),
        checkForUpdates: () => void tellOfUpdates(options.fetch),
      }),
    ),
  )
  const tray = createTray({
    Tray,
    buildMenu,
    icon: trayIcon(nativeImage, platform),
    open: () => windows.show(),
    quit: () => app.quit(),
  })
  const notifier = createNotifier({
    create: (notification) => new Notification(notification),
    settings: () => settings,
    now: () => new Date(),
    isLookedAt: () => windows.isLookedAt,
    open: openSession,
  })
  const power = watchPower(powerMonitor, powerSaveBlocker, host)
  const leave = await watchConsole(host.console, {
    counts: ({ unread }) => showUnread(unread, app, tray, windows, platform),
    message: (message, session) => notifier.received(message, session),
    session: (session) => {
      if (session.unread_count === 0) notifier.read(session._id)
    },
    settings: ({ values }) => {
      settings = readSettings(values)
      power.update({ live, allowed: settings.keepAwake })
    },
    truth: (truth) => {
      live = isLive(truth)
      power.update({ live, allowed: settings.keepAwake })
    },
  })

  return {
    stop() {
      leave()
      power.stop()
      tray.destroy()
    },
  }
}

async function tellOfUpdates(get: ServicesOptions['fetch']): Promise<void> {
  const notice = await checkForUpdate(RELEASES, app.getVersion(), get)
  if (notice.kind !== 'newer') {
    const message = notice.kind === 'current' ? 'This is the newest Switchboard.' : notice.why
    await dialog.showMessageBox({ type: 'info', message, buttons: ['OK'] })
    return
  }
  const { response } = await dialog.showMessageBox({
    type: 'info',
    message: `Switchboard ${notice.version} is out; this is ${app.getVersion()}.`,
    detail: 'Nothing is downloaded by itself.',
    buttons: ['Show where to get it', 'Later'],
    defaultId: 0,
    cancelId: 1,
  })
  if (response === 0) await openLink(shell, notice.page)
}
