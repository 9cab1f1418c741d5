import { EventEmitter } from 'node:events'
import type * as Electron from 'electron'
import { app } from './app.ts'
import { host, note } from './host.ts'
import { type Impl, emitPreventable, strict, type NoMore } from './strict.ts'
import { allPages, openTarget } from './targets.ts'
import { themedPages, themeMedia } from './theme.ts'
import { WebContents } from './web-contents.ts'
import { windows } from './windows.ts'

let lastId = 0
let focusedId: number | null = null

export class BrowserWindow extends EventEmitter implements Impl<Electron.BrowserWindow> {
  readonly id = ++lastId
  readonly webContents: Electron.WebContents
  readonly #contents: WebContents
  readonly #showTheme = () => void this.#contents.raw('Emulation.setEmulatedMedia', themeMedia())
  #bounds: Electron.Rectangle
  #title: string
  #isVisible: boolean
  #isDestroyed = false
  #hasPainted = false
  #state: 'normal' | 'minimized' | 'maximized' | 'fullscreen' = 'normal'

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super()
    if (!host.isReady) throw new Error('Cannot create BrowserWindow before app is ready')
    const { x = 0, y = 0, width = 800, height = 600, title, show = true, webPreferences = {} } = options
    this.#title = title ?? app.getName()
    this.#isVisible = show
    this.#bounds = { x, y, width, height }
    this.#contents = new WebContents(this, webPreferences)
    this.webContents = this.#contents.asElectron
    note('BrowserWindow', options)
    void openTarget(this.#contents, width, height).catch(() => undefined)
    windows.add(this)
    themedPages.add(this.#showTheme)
    app.emit('browser-window-created', {}, this)
    app.emit('web-contents-created', {}, this.webContents)
  }

  static getAllWindows(): BrowserWindow[] {
    return [...windows] as BrowserWindow[]
  }
  static fromWebContents(contents: Electron.WebContents): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.webContents.id === contents.id) ?? null
  }
  static fromId(id: number): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.id === id) ?? null
  }
  static getFocusedWindow(): BrowserWindow | null {
    return focusedId === null ? null : BrowserWindow.fromId(focusedId)
  }

  painted(): void {
    if (this.#hasPainted) return
    this.#hasPainted = true
    this.emit('ready-to-show')
  }
  gone(): void {
    if (this.#isDestroyed) return
    this.#isDestroyed = true
    if (focusedId === this.id) focusedId = null
    windows.delete(this)
    themedPages.delete(this.#showTheme)
    this.emit('closed')
    if (windows.size === 0) app.lastWindowClosed()
  }
  get targetId(): string {
    return this.#contents.targetId
  }

  loadURL(url: string): Promise<void> {
    return this.#contents.loadURL(url)
  }
  close(): void {
    if (!this.#isDestroyed && emitPreventable(this, 'close')) this.destroy()
  }
  destroy(): void {
    void this.#contents.shut()
    this.#contents.gone()
  }
  show(): void {
    this.#isVisible = true
    this.emit('show')
    this.focus()
  }
  showInactive(): void {
    this.#isVisible = true
    this.emit('show')
  }
  hide(): void {
    this.#isVisible = false
    this.blur()
    this.emit('hide')
  }
  focus(): void {
    if (focusedId === this.id) return
    BrowserWindow.getFocusedWindow()?.blur()
    focusedId = this.id
    this.emit('focus')
  }
  blur(): void {
    if (focusedId !== this.id) return
    focusedId = null
    this.emit('blur')
  }
  minimize(): void {
    this.#turn('minimized', 'minimize')
  }
  maximize(): void {
    this.#isVisible = true
    this.#turn('maximized', 'maximize')
  }
  restore(): void {
    this.#turn('normal', 'restore')
  }
  unmaximize(): void {
    this.#turn('normal', 'unmaximize')
  }
  setFullScreen(isFull: boolean): void {
    this.#turn(isFull ? 'fullscreen' : 'normal', isFull ? 'enter-full-screen' : 'leave-full-screen')
  }
  #turn(state: 'normal' | 'minimized' | 'maximized' | 'fullscreen', event: string): void {
    this.#state = state
    this.emit(event)
  }
  isVisible(): boolean {
    return this.#isVisible
  }
  isFocused(): boolean {
    return focusedId === this.id
  }
  isMinimized(): boolean {
    return this.#state === 'minimized'
  }
  isMaximized(): boolean {
    return this.#state === 'maximized'
  }
  isFullScreen(): boolean {
    return this.#state === 'fullscreen'
  }
  isDestroyed(): boolean {
    return this.#isDestroyed
  }
  getBounds(): Electron.Rectangle {
    return { ...this.#bounds }
  }
  getNormalBounds(): Electron.Rectangle {
    return this.getBounds()
  }
  setBounds(bounds: Partial<Electron.Rectangle>): void {
    const { x, y } = this.#bounds
    Object.assign(this.#bounds, bounds)
    if (this.#bounds.x !== x || this.#bounds.y !== y) this.emit('move')
    this.#contents.resized()
    this.emit('resize')
  }
  getSize(): number[] {
    return [this.#bounds.width, this.#bounds.height]
  }
  setSize(width: number, height: number): void {
    this.setBounds({ width, height })
  }
  getTitle(): string {
    return this.#title
  }
  setTitle(title: string): void {
    this.#title = title
  }
  flashFrame(isOn: boolean): void {
    note('window.flashFrame', isOn)
  }
}

export const webContents = strict('webContents', {
  getAllWebContents: () => BrowserWindow.getAllWindows().map((window) => window.webContents),
  fromId: (id) => BrowserWindow.getAllWindows().find((window) => window.webContents.id === id)?.webContents,
  fromDevToolsTargetId: (id) => allPages().find((page) => page.targetId === id)?.asElectron,
} satisfies Impl<typeof Electron.webContents>)

const _isElectrons: NoMore<
  Omit<BrowserWindow, 'painted' | 'gone' | 'targetId'>,
  Electron.BrowserWindow
> = true
