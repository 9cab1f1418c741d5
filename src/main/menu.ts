import type { KeyboardInputEvent, MenuItemConstructorOptions, WebContents } from 'electron'

export interface MenuActions {
  platform: NodeJS.Platform
  /** Reload and the developer tools are a developer's: not in what people install. */
  isDevelopment: boolean
  /** The window the person is using. */
  contents: () => Pick<WebContents, 'sendInputEvent'> | null
  zoom: (direction: 'in' | 'out' | 'reset') => void
  openFolder: (what: 'data' | 'logs') => void
  checkForUpdates: () => void
}

/**
 * The application menu. The page owns its keys: an item that names one of them is not registered with the system
 * (macOS asks the page first by itself), and choosing it types that key, so that each act has one way.
 */
export function menuTemplate(actions: MenuActions): MenuItemConstructorOptions[] {
  const { platform } = actions
  const isMac = platform === 'darwin'
  const main = isMac ? ('meta' as const) : ('control' as const)
  const turn = (label: string, keyCode: string) => pageKey(actions, label, keyCode, ['control'])

  return [
    ...(isMac ? [{ role: 'appMenu' as const }] : []),
    {
      label: '&File',
      submenu: [
        { id: 'file.data', label: 'Show Data Folder', click: () => actions.openFolder('data') },
        { id: 'file.logs', label: 'Show Logs', click: () => actions.openFolder('logs') },
        { type: 'separator' },
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        pageKey(actions, 'Command Palette', 'K', [main]),
        // By Control on a Mac too, as in its browsers: with ⌘ the page knows them not.
        turn('Next Tab', 'PageDown'),
        turn('Previous Tab', 'PageUp'),
        { type: 'separator' },
        pageKey(actions, 'Back', isMac ? '[' : 'Left', [isMac ? main : 'alt']),
        pageKey(actions, 'Forward', isMac ? ']' : 'Right', [isMac ? main : 'alt']),
        { type: 'separator' },
        {
          id: 'zoom.in',
          label: 'Zoom In',
          accelerator: 'CommandOrControl+Plus',
          click: () => actions.zoom('in'),
        },
        {
          id: 'zoom.out',
          label: 'Zoom Out',
          accelerator: 'CommandOrControl+-',
          click: () => actions.zoom('out'),
        },
        {
          id: 'zoom.reset',
          label: 'Actual Size',
          accelerator: 'CommandOrControl+0',
          click: () => actions.zoom('reset'),
        },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...(actions.isDevelopment
          ? [{ type: 'separator' as const }, { role: 'reload' as const }, { role: 'toggleDevTools' as const }]
          : []),
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        pageKey(actions, 'Keyboard Shortcuts', '?', []),
        { id: 'help.updates', label: 'Check for Updates …', click: () => actions.checkForUpdates() },
      ],
    },
  ]
}

function pageKey(
  { contents, platform }: MenuActions,
  label: string,
  keyCode: string,
  modifiers: ('meta' | 'control' | 'alt')[],
): MenuItemConstructorOptions {
  const names = {
    alt: 'Alt',
    control: platform === 'darwin' ? 'Control' : 'CommandOrControl',
    meta: 'CommandOrControl',
  }
  const press = (type: KeyboardInputEvent['type']): KeyboardInputEvent => ({ type, keyCode, modifiers })
  return {
    id: `key.${keyCode}`,
    label,
    accelerator: [...modifiers.map((one) => names[one]), keyCode].join('+'),
    registerAccelerator: false,
    click: () => {
      const page = contents()
      page?.sendInputEvent(press('keyDown'))
      page?.sendInputEvent(press('keyUp'))
    },
  }
}

const ZOOM_STEP = 1.1
const ZOOM_LEAST = 0.5
const ZOOM_MOST = 3

/** The next zoom factor, 1 being actual size. */
export function nextZoom(current: number, direction: 'in' | 'out' | 'reset'): number {
  if (direction === 'reset') return 1
  const next = direction === 'in' ? current * ZOOM_STEP : current / ZOOM_STEP
  return Math.min(ZOOM_MOST, Math.max(ZOOM_LEAST, Math.round(next * 100) / 100))
}
