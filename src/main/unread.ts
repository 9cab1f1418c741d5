import type { App, Tray } from 'electron'
import type { ConsoleWindows } from './console-windows.ts'

/** Shows how many sessions are unread wherever this system has a place for it. */
export function showUnread(
  count: number,
  app: Pick<App, 'setBadgeCount'>,
  tray: Pick<Tray, 'setToolTip' | 'setTitle'> | null,
  windows: Pick<ConsoleWindows, 'setTitle'>,
  platform: NodeJS.Platform,
): void {
  app.setBadgeCount(count)
  tray?.setToolTip(trayWords(count))
  // Only macOS has room for words beside the icon.
  if (platform === 'darwin') tray?.setTitle(count === 0 ? '' : String(count))
  windows.setTitle(count === 0 ? 'Switchboard' : `(${count}) Switchboard`)
}

export function trayWords(count: number): string {
  if (count === 0) return 'Switchboard: nothing unread'
  return count === 1 ? 'Switchboard: 1 unread session' : `Switchboard: ${count} unread sessions`
}
