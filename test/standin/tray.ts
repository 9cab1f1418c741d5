import { EventEmitter } from 'node:events'
import type * as Electron from 'electron'
import { host, note } from './host.ts'
import { type Impl, strict, type NoMore } from './strict.ts'

export class Tray extends EventEmitter implements Impl<Electron.Tray> {
  #menu: Electron.Menu | null = null
  #isDestroyed = false
  /** What it says when the pointer rests on it: read by tests. */
  toolTip = ''

  constructor(_image: Electron.NativeImage | string) {
    super()
    host.trays.add(this)
  }
  setToolTip(text: string): void {
    this.toolTip = text
  }
  setTitle(text: string): void {
    note('Tray.setTitle', text)
  }
  setContextMenu(menu: Electron.Menu | null): void {
    this.#menu = menu
  }
  popUpContextMenu(menu?: Electron.Menu): void {
    ;(menu ?? this.#menu)?.popup()
  }
  /** For tests: what a click on an item of its menu does. */
  choose(id: string): void {
    this.#menu?.getMenuItemById(id)?.click()
  }
  setImage(): void {
    this.emit('image')
  }
  destroy(): void {
    this.#isDestroyed = true
    host.trays.delete(this)
  }
  isDestroyed(): boolean {
    return this.#isDestroyed
  }
}

export class Notification extends EventEmitter implements Impl<Electron.Notification> {
  title: string
  body: string
  subtitle: string
  silent: boolean
  isShown = false

  constructor({
    title = '',
    body = '',
    subtitle = '',
    silent = false,
  }: Electron.NotificationConstructorOptions = {}) {
    super()
    this.title = title
    this.body = body
    this.subtitle = subtitle
    this.silent = silent
    host.notifications.push(this)
  }
  static isSupported(): boolean {
    return true
  }
  show(): void {
    this.isShown = true
    this.emit('show', {})
  }
  close(): void {
    this.isShown = false
    this.emit('close', {})
  }
}

function createImage(): Electron.NativeImage {
  const image = strict('nativeImage', {
    isEmpty: () => true,
    getSize: () => ({ width: 0, height: 0 }),
    setTemplateImage: () => undefined,
    addRepresentation: () => undefined,
  } satisfies Impl<Electron.NativeImage>)
  return image as unknown as Electron.NativeImage
}
export const nativeImage = strict('nativeImage', {
  createEmpty: createImage,
  createFromDataURL: createImage,
} satisfies Impl<typeof Electron.nativeImage>)

const _trayIsElectrons: NoMore<Omit<Tray, 'toolTip' | 'choose'>, Electron.Tray> = true
const _notificationIsElectrons: NoMore<Omit<Notification, 'isShown'>, Electron.Notification> = true
