import { EventEmitter } from 'node:events'
import type * as Electron from 'electron'
import { host, note } from './host.ts'
import { protocol } from './protocol.ts'
import { type Impl, strict } from './strict.ts'

type RequestHandler = NonNullable<Parameters<Electron.Session['setPermissionRequestHandler']>[0]>
type CheckHandler = NonNullable<Parameters<Electron.Session['setPermissionCheckHandler']>[0]>

let onRequest: RequestHandler | null = null
let onCheck: CheckHandler | null = null
const pages = new Set<Electron.WebContents>()

/** Chromium's names and Electron's. */
const PERMISSIONS = {
  notifications: 'notifications',
  geolocation: 'geolocation',
  camera: 'media',
  microphone: 'media',
  'clipboard-read': 'clipboard-read',
  'clipboard-write': 'clipboard-sanitized-write',
  midi: 'midi',
} as const

/** Chromium's permissions are set from what the app's handlers answer when asked ahead of time. Without any: granted. */
async function apply(contents: Electron.WebContents): Promise<void> {
  const cdp = await host.cdp.promise
  for (const [name, permission] of Object.entries(PERMISSIONS)) {
    let isGranted = true
    const details = { isMainFrame: true, requestingUrl: contents.getURL() }
    onRequest?.(contents, permission, (answer) => (isGranted = answer), details)
    const checked = { isMainFrame: true } as Electron.PermissionCheckHandlerHandlerDetails
    if (onCheck && !onCheck(contents, permission, contents.getURL(), checked)) isGranted = false
    const setting = isGranted ? 'granted' : 'denied'
    await cdp
      .send('Browser.setPermission', { permission: { name }, setting })
      .catch((error: unknown) => note('permission', name, String(error)))
  }
}

export async function applyPermissions(contents: Electron.WebContents): Promise<void> {
  pages.add(contents)
  contents.once('destroyed', () => pages.delete(contents))
  // The answer may depend on where the page is.
  contents.on('did-navigate', () => void apply(contents))
  await apply(contents)
}

function refresh(): void {
  for (const contents of pages) void apply(contents)
}

const defaultSession = strict(
  'session.defaultSession',
  {
    setPermissionRequestHandler(handler) {
      onRequest = handler
      refresh()
    },
    setPermissionCheckHandler(handler) {
      onCheck = handler
      refresh()
    },
    setDevicePermissionHandler(handler) {
      note('session.setDevicePermissionHandler', handler)
    },
    // Typed as the stand-in's: the part of Electron's that is there.
    protocol: protocol as unknown as Electron.Protocol,
  } satisfies Impl<Electron.Session>,
  new EventEmitter(),
)
export const session = strict('session', { defaultSession })
