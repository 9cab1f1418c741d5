/** What every page of ours is held to, set before the first one exists. electron.md's numbered list names the rules. */
import type { App, CustomScheme, Session, WebContents, WebPreferences } from 'electron'
import { APP_SCHEME, isConsoleUrl } from './console-address.ts'

/** No bypassCSP: the policy is the point. */
export const APP_PRIVILEGES: CustomScheme = {
  scheme: APP_SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true },
}

/** Exactly these: each is Electron's default by now, and a default that changes must not change us. */
export function webPreferences(preload: string): WebPreferences {
  return { preload, sandbox: true, contextIsolation: true, nodeIntegration: false }
}

/** Putting on the clipboard what a person pressed Copy for; Chromium wants a press for it, and reads nothing. */
const isCopying = (permission: string, address: string, isMainFrame: boolean): boolean =>
  permission === 'clipboard-sanitized-write' && isMainFrame && isConsoleUrl(address)

/** Beyond that the page needs nothing of the machine: notifications and links are the main process's own. */
export function denyPermissions(
  session: Pick<
    Session,
    'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
  >,
): void {
  session.setPermissionRequestHandler((_contents, permission, answer, { isMainFrame, requestingUrl }) =>
    answer(isCopying(permission, requestingUrl, isMainFrame)),
  )
  session.setPermissionCheckHandler((_contents, permission, origin, { isMainFrame }) =>
    isCopying(permission, origin, isMainFrame),
  )
  session.setDevicePermissionHandler(() => false)
}

/**
 * Keeps every page, whoever opened it, where it is. A link out of the console is given to `onLink`, which decides
 * whether the person's browser may have it.
 */
export function guardNavigation(app: Pick<App, 'on'>, onLink: (address: string) => void): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents, onLink))
}

export function guardContents(
  contents: Pick<WebContents, 'on' | 'setWindowOpenHandler'>,
  onLink: (address: string) => void,
): void {
  contents.on('will-navigate', (details) => {
    details.preventDefault()
    if (!isConsoleUrl(details.url)) onLink(details.url)
  })
  contents.on('will-frame-navigate', (details) => details.preventDefault())
  contents.on('will-redirect', (details) => details.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    onLink(url)
    return { action: 'deny' }
  })
}
