import { BrowserWindow, dialog, nativeTheme, screen } from 'electron'
import type { Clock, Log } from '../server/ports.ts'
import { closingMeans } from './close-to-tray.ts'
import { loadConsole, openConsoleWindow, reviveOnCrash } from './console-window.ts'
import type { Preferences } from './preferences.ts'
import { openingBounds, watchBounds } from './window-state.ts'

export interface ConsoleWindowsOptions {
  preload: string
  preferences: Preferences
  clock: Clock
  log: Log
}

/** The console's window: one, opened, hidden in the tray and brought back. */
export class ConsoleWindows {
  readonly #options: ConsoleWindowsOptions
  #window: BrowserWindow | null = null
  #mayClose = false
  #isAsking = false
  #title = 'Switchboard'
  /** Called with each new window before its page loads. */
  onOpened: (window: BrowserWindow) => void = () => undefined
  /** The person chose that closing the window ends the app. */
  onQuit: () => void = () => undefined

  constructor(options: ConsoleWindowsOptions) {
    this.#options = options
  }

  get current(): BrowserWindow | null {
    return this.#window
  }
  get isLookedAt(): boolean {
    return this.#window?.isFocused() === true && this.#window.isVisible()
  }

  /** Brings the window to the front, opening it when there is none. */
  show({ hidden = false } = {}): void {
    if (this.#window === null) {
      this.#open(hidden)
    } else if (!hidden) {
      if (this.#window.isMinimized()) this.#window.restore()
      this.#window.show()
      this.#window.focus()
    }
  }

  /** Stands in the title of the window there is, and of each that is opened later. */
  setTitle(title: string): void {
    this.#title = title
    this.#window?.setTitle(title)
  }

  /** From now on closing is closing: the app is ending. */
  letClose(): void {
    this.#mayClose = true
  }

  #open(hidden: boolean): void {
    const { clock, log, preferences, preload } = this.#options
    const saved = preferences.values.window
    const areas = screen.getAllDisplays().map(({ workArea }) => workArea)
    const window = openConsoleWindow(BrowserWindow, {
      preload,
      bounds: openingBounds(saved, areas),
      maximized: saved?.maximized ?? false,
      hidden,
      dark: nativeTheme.shouldUseDarkColors,
    })
    this.#window = window
    window.setTitle(this.#title)
    watchBounds(
      window,
      (ms, task) => clock.after(ms, task),
      (state) => {
        preferences
          .set({ window: state })
          .catch((error: unknown) => log.warn(`The window's place is not kept: ${String(error)}`))
      },
    )
    reviveOnCrash(
      window,
      dialog,
      () => clock.now(),
      (text) => log.warn(text),
    )
    window.webContents.on('did-finish-load', () => {
      window.webContents.setZoomFactor(preferences.values.zoom)
    })
    window.on('close', (event) => {
      if (this.#mayClose) return
      event.preventDefault()
      void this.#closing(window)
    })
    window.on('closed', () => {
      if (this.#window === window) this.#window = null
    })
    this.onOpened(window)
    void loadConsole(window).then((isLoaded) => {
      if (!isLoaded) log.error('The console’s page could not be loaded.')
    })
  }

  async #closing(window: BrowserWindow): Promise<void> {
    if (this.#isAsking) return
    this.#isAsking = true
    try {
      const means = await closingMeans(dialog, this.#options.preferences)
      if (means === 'tray' && !window.isDestroyed()) window.hide()
      if (means === 'quit') this.onQuit()
    } finally {
      this.#isAsking = false
    }
  }
}
