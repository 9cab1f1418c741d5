import type { App, BrowserWindow, Tray } from 'electron'

/** Shows how many sessions are unread wherever this system has a place for it. */
export function showUnread(
  count: number,
  app: Pick<App, 'setBadgeCount'>,
  tray: Pick<Tray, 'setToolTip' | 'setTitle'> | null,
  windows: readonly Pick<BrowserWindow, 'setTitle'>[],
  platform: NodeJS.Platform,
): void {
  app.setBadgeCount(count)
  tray?.setToolTip(trayWords(count))
  // Only macOS has room for words beside the icon.
  if (platform === 'darwin') tray?.setTitle(count === 0 ? '' : String(count))
  for (const window of windows) window.setTitle(count === 0 ? 'Switchboard' : `(${count}) Switchboard`)
}

export function trayWords(count: number): string {
  if (count === 0) return 'Switchboard: nothing unread'
  return count === 1 ? 'Switchboard: 1 unread session' : `Switchboard: ${count} unread sessions`
}
