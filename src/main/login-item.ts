import type { App } from 'electron'

/** Given to the app when the system starts it, so that it comes up in the tray without a window in the way. */
const HIDDEN_SWITCH = '--hidden'

/** Whether it was the system that started the app: a Mac passes no switch along, but tells. */
export const startsHidden = (
  app: Pick<App, 'getLoginItemSettings'>,
  platform: NodeJS.Platform,
  argv: readonly string[],
): boolean =>
  argv.includes(HIDDEN_SWITCH) || (platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin)

/** Linux has no such setting that Electron can make. */
export const canSetLoginItem = (platform: NodeJS.Platform): boolean => platform !== 'linux'

/** Starts the app with the person's session, or no longer. False where that can't be set. */
export function setLoginItem(
  app: Pick<App, 'setLoginItemSettings'>,
  platform: NodeJS.Platform,
  isOn: boolean,
): boolean {
  if (!canSetLoginItem(platform)) return false
  app.setLoginItemSettings({ openAtLogin: isOn, args: [HIDDEN_SWITCH] })
  return true
}
