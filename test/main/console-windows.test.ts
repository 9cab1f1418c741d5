/** The console's window: how it comes up, what stands in its title, and what is remembered of it. */
import { expect, test, vi } from 'vitest'
import { ConsoleWindows } from '../../src/main/console-windows.ts'
import { Preferences } from '../../src/main/preferences.ts'
import { createLog, manualClock } from '../../src/server/system/index.ts'

const FakeWindow = await vi.hoisted(async () => {
  const { EventEmitter } = await import('node:events')
  class FakeWindow extends EventEmitter {
    static readonly made: FakeWindow[] = []
    title = ''
    isShown = false
    isLarge = false
    webContents = Object.assign(new EventEmitter(), { setZoomFactor: () => undefined })
    constructor() {
      super()
      FakeWindow.made.push(this)
    }
    loadURL = () => Promise.resolve()
    isDestroyed = () => false
    isMinimized = () => false
    isFullScreen = () => false
    isVisible = () => this.isShown
    isMaximized = () => this.isLarge
    getNormalBounds = () => ({ x: 0, y: 0, width: 800, height: 600 })
    focus = () => undefined
    setTitle(title: string): void {
      this.title = title
    }
    show(): void {
      if (this.isShown) return
      this.isShown = true
      this.emit('show')
    }
    /** Shows it too, as Electron's does. */
    maximize(): void {
      this.isLarge = true
      this.show()
    }
  }
  return FakeWindow
})

vi.mock('electron', () => ({
  BrowserWindow: FakeWindow,
  dialog: {},
  nativeTheme: { shouldUseDarkColors: false },
  screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
}))

async function opened({ hidden = false, title = '' } = {}) {
  FakeWindow.made.length = 0
  const bounds = { x: 0, y: 0, width: 800, height: 600 }
  const file = { text: JSON.stringify({ window: { bounds, maximized: true } }) }
  const preferences = await Preferences.load({
    read: () => Promise.resolve(file.text),
    write: (text) => Promise.resolve(void (file.text = text)),
  })
  const clock = manualClock(0)
  const windows = new ConsoleWindows({
    preload: '',
    preferences,
    clock,
    log: createLog({ clock, sinks: [] }),
  })
  if (title !== '') windows.setTitle(title)
  windows.show({ hidden })
  const [window] = FakeWindow.made
  if (!window) throw new Error('there is no window')
  window.emit('ready-to-show')
  return { windows, window, preferences }
}

test('a window that was maximized stays in the tray where it comes up there, and is large once it is shown', async () => {
  const { windows, window } = await opened({ hidden: true })
  expect(window.isShown).toBe(false)
  windows.show()
  expect([window.isShown, window.isLarge]).toEqual([true, true])
  expect((await opened()).window.isLarge).toBe(true)
})

test('of one that was never shown nothing new is remembered', async () => {
  const { windows, window, preferences } = await opened({ hidden: true })
  windows.letClose()
  window.emit('close', { preventDefault: () => undefined })
  expect(preferences.values.window?.maximized).toBe(true)
})

test('what was unread before it was opened stands in its title', async () => {
  const { windows, window } = await opened({ title: '(3) Switchboard' })
  expect(window.title).toBe('(3) Switchboard')
  windows.setTitle('Switchboard')
  expect(window.title).toBe('Switchboard')
})
