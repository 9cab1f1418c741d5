import type { Menu, MenuItemConstructorOptions, NativeImage, Tray } from 'electron'

export interface TrayOptions {
  Tray: new (image: NativeImage) => Tray
  buildMenu: (template: MenuItemConstructorOptions[]) => Menu
  icon: NativeImage
  open: () => void
  quit: () => void
}

/** The console's place beside the clock, from which it comes back when its window is closed. */
export function createTray({ Tray, buildMenu, icon, open, quit }: TrayOptions): Tray {
  const tray = new Tray(icon)
  tray.on('click', open)
  tray.setContextMenu(
    buildMenu([
      { id: 'tray.open', label: 'Open Switchboard', click: open },
      { type: 'separator' },
      { id: 'tray.quit', label: 'Quit: stop taking messages', click: quit },
    ]),
  )
  return tray
}
