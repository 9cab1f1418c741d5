import type { BrowserWindow, BrowserWindowConstructorOptions, Dialog, Rectangle } from 'electron'
import { CONSOLE_URL } from './console-address.ts'
import { webPreferences } from './security.ts'
import { SMALLEST } from './window-state.ts'

export interface WindowOptions {
  preload: string
  bounds: Partial<Rectangle>
  maximized: boolean
  /** Comes up in the tray: the person did not ask for a window now. */
  hidden: boolean
  dark: boolean
}

/** The page's own ground in both themes (tokens.css, plane-0), so that nothing flashes before the first paint. */
const GROUND = { light: '#f0efed', dark: '#0e0f11' }

export function windowOptions({ preload, bounds, dark }: WindowOptions): BrowserWindowConstructorOptions {
  return {
    ...bounds,
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    title: 'Switchboard',
    show: false,
    backgroundColor: dark ? GROUND.dark : GROUND.light,
    autoHideMenuBar: true,
    webPreferences: webPreferences(preload),
  }
}

export function openConsoleWindow(
  Window: new (options: BrowserWindowConstructorOptions) => BrowserWindow,
  options: WindowOptions,
): BrowserWindow {
  const window = new Window(windowOptions(options))
  // Maximizing shows a window as well: one that comes up in the tray grows when it is brought out of there.
  if (options.hidden && options.maximized) window.once('show', () => window.maximize())
  window.once('ready-to-show', () => {
    if (options.hidden) return
    if (options.maximized) window.maximize()
    else window.show()
  })
  // The count of unread sessions stands in the title; the page's own title would overwrite it.
  window.on('page-title-updated', (event) => event.preventDefault())
  return window
}

/** Resolves whether the page came; a page of ours that can't be loaded means a broken installation. */
export async function loadConsole(window: BrowserWindow): Promise<boolean> {
  try {
    await window.loadURL(CONSOLE_URL)
    return true
  } catch {
    return window.isDestroyed()
  }
}

/** Milliseconds within which a second crash is no accident any more. */
const AGAIN_MS = 60_000

/**
 * Brings a page back whose process died: once by itself, then only when the person says so, since a page that dies of
 * its content would go on dying.
 */
export function reviveOnCrash(
  window: BrowserWindow,
  dialog: Pick<Dialog, 'showMessageBox'>,
  now: () => number,
  log: (text: string) => void,
): void {
  let last = Number.NEGATIVE_INFINITY
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    log(`The screen's process ended (${reason}).`)
    const isAgain = now() - last < AGAIN_MS
    last = now()
    if (!isAgain) window.webContents.reload()
    else void askToReload(window, dialog)
  })
}

async function askToReload(window: BrowserWindow, dialog: Pick<Dialog, 'showMessageBox'>): Promise<void> {
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message: 'The screen has stopped twice.',
    detail: 'Messages go on being taken and stored. The log says more.',
    buttons: ['Open it again', 'Leave it closed'],
    defaultId: 0,
    cancelId: 1,
  })
  if (window.isDestroyed()) return
  if (response === 0) window.webContents.reload()
  else window.destroy()
}
