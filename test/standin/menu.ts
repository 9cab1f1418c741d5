import { EventEmitter } from 'node:events'
import type * as Electron from 'electron'
import { app } from './app.ts'
import { BrowserWindow } from './browser-window.ts'
import { note } from './host.ts'
import type { Impl, NoMore } from './strict.ts'

type Template = readonly (Electron.MenuItemConstructorOptions | Electron.MenuItem)[]

export class MenuItem {
  readonly id: string
  readonly role: Electron.MenuItem['role']
  readonly type: Electron.MenuItem['type']
  readonly accelerator: NonNullable<Electron.MenuItem['accelerator']> | null
  readonly registerAccelerator: boolean
  readonly submenu: Menu | undefined
  label: string
  enabled: boolean
  visible: boolean
  checked: boolean
  readonly #click: Electron.MenuItemConstructorOptions['click']

  constructor(options: Electron.MenuItemConstructorOptions) {
    const { id, label, role, type, submenu, accelerator, registerAccelerator, click } = options
    this.id = id ?? ''
    this.role = role as Electron.MenuItem['role']
    this.label = label ?? role ?? ''
    this.type = type ?? (submenu ? 'submenu' : 'normal')
    this.accelerator = accelerator ?? null
    this.registerAccelerator = registerAccelerator ?? true
    this.submenu = Array.isArray(submenu) ? Menu.buildFromTemplate(submenu) : undefined
    this.enabled = options.enabled ?? true
    this.visible = options.visible ?? true
    this.checked = options.checked ?? false
    this.#click = click
  }
  click(): void {
    if (this.role === 'quit') app.quit()
    else if (this.role === 'close') BrowserWindow.getFocusedWindow()?.close()
    else {
      const window = BrowserWindow.getFocusedWindow() as unknown as Electron.BaseWindow | undefined
      this.#click?.(this as unknown as Electron.MenuItem, window, {})
    }
  }
}

let applicationMenu: Menu | null = null

export class Menu extends EventEmitter {
  items: MenuItem[] = []

  static buildFromTemplate(template: Template): Menu {
    const menu = new Menu()
    for (const item of template)
      menu.append(item instanceof MenuItem ? item : new MenuItem(item as Electron.MenuItemConstructorOptions))
    return menu
  }
  static setApplicationMenu(menu: Menu | null): void {
    applicationMenu = menu
  }
  static getApplicationMenu(): Menu | null {
    return applicationMenu
  }
  append(item: MenuItem): void {
    this.items.push(item)
  }
  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id)
      if (found) return found
    }
    return null
  }
  popup(): void {
    note(
      'Menu.popup',
      this.items.map(({ label }) => label),
    )
  }
}

const _menuIsElectrons: NoMore<Menu, Electron.Menu> = true
const _itemIsElectrons: NoMore<MenuItem, Electron.MenuItem> = true
/** Items and submenus are the stand-in's own classes; the rest of an item is typed as Electron's. */
const _itemIsTyped: Omit<MenuItem, 'submenu' | 'click' | 'role'> extends Impl<Electron.MenuItem>
  ? true
  : never = true
