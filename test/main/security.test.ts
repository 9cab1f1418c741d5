/** electron.md's list where no window is needed: 3, 4, 6, 7, 8 and 9. The running app: test/e2e/security.test.ts. */
import { EventEmitter } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron'
import { describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { isConsoleUrl } from '../../src/main/console-address.ts'
import { windowOptions } from '../../src/main/console-window.ts'
import { linkRefusal, openLink } from '../../src/main/external-links.ts'
import { FEED_CHANNEL, FEED_TAKEN_CHANNEL, REQUEST_CHANNEL } from '../../src/main/ipc-channels.ts'
import { handleRequests } from '../../src/main/ipc-handlers.ts'
import { APP_PRIVILEGES, denyPermissions, guardContents } from '../../src/main/security.ts'
import { isTrustedSender } from '../../src/main/trusted-sender.ts'
import { SwitchboardError } from '../../src/shared/errors.ts'

const source = join(import.meta.dirname, '..', '..', 'src')
const sources = ['main', 'preload'].flatMap((folder) =>
  readdirSync(join(source, folder)).map((file) => ({
    file: `${folder}/${file}`,
    // What a comment says does nothing.
    text: readFileSync(join(source, folder, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''),
  })),
)

function filesWith(pattern: RegExp): string[] {
  return sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file)
}

test('1. the scheme never steps around the policy, and nothing loads a file or a remote page', () => {
  expect(APP_PRIVILEGES).toEqual({
    scheme: 'app',
    privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true },
  })
  expect(filesWith(/loadFile|bypassCSP|webSecurity|allowRunningInsecureContent/)).toEqual([])
  expect(filesWith(/\bloadURL/)).toEqual(['main/console-window.ts'])
})

test('3. the window has exactly the four preferences', () => {
  const options = windowOptions({
    preload: '/p.cjs',
    bounds: {},
    maximized: false,
    hidden: false,
    dark: true,
  })
  expect(options.webPreferences).toEqual({
    preload: '/p.cjs',
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
  })
  expect(filesWith(/new BrowserWindow|webPreferences:/)).toEqual(['main/console-window.ts'])
  expect(filesWith(/app\.enableSandbox\(\)/)).toEqual(['main/desktop.ts'])
})

test('4. permission requests, checks and devices are refused; only the console itself may copy', () => {
  const given: Record<string, (...args: never[]) => unknown> = {}
  denyPermissions({
    setPermissionRequestHandler: (handler: never) => (given['request'] = handler),
    setPermissionCheckHandler: (handler: never) => (given['check'] = handler),
    setDevicePermissionHandler: (handler: never) => (given['device'] = handler),
  })
  const isGiven = (permission: string, url: string, isMainFrame = true) => {
    const answer = vi.fn()
    given['request']?.(...([{}, permission, answer, { requestingUrl: url, isMainFrame }] as never[]))
    const asked = given['check']?.(...([{}, permission, new URL(url).href, { isMainFrame }] as never[]))
    expect(answer).toHaveBeenCalledExactlyOnceWith(asked)
    return asked
  }
  const copying = 'clipboard-sanitized-write'
  expect(isGiven(copying, 'app://console/index.html#/settings')).toBe(true)
  expect(isGiven(copying, 'app://console/')).toBe(true)
  expect(isGiven(copying, 'app://console/', false)).toBe(false)
  expect(isGiven(copying, 'app://media/x')).toBe(false)
  expect(isGiven(copying, 'https://console/')).toBe(false)
  for (const permission of ['media', 'clipboard-read', 'notifications', 'geolocation'])
    expect(isGiven(permission, 'app://console/index.html')).toBe(false)
  expect(given['device']?.()).toBe(false)
})

describe('6. navigation', () => {
  test('is by parsed scheme and host', () => {
    expect(isConsoleUrl('app://console/index.html#/sessions')).toBe(true)
    for (const address of [
      'http://example.invalid/?next=app://console',
      'https://console/',
      'app://console.example.org/',
      'app://media/x',
      'app://user@console/',
      'app://console:80/',
      'app:console',
      '',
    ]) {
      expect(isConsoleUrl(address), address).toBe(false)
    }
  })

  test('is prevented in every way there is', () => {
    const contents = new EventEmitter() as unknown as WebContents
    const onLink = vi.fn()
    let open: Parameters<WebContents['setWindowOpenHandler']>[0] | undefined
    contents.setWindowOpenHandler = (handler) => (open = handler)
    guardContents(contents, onLink)
    for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
      const preventDefault = vi.fn()
      ;(contents as unknown as EventEmitter).emit(name, { preventDefault, url: 'https://example.org/' })
      expect(preventDefault, name).toHaveBeenCalledOnce()
    }
    expect(onLink).toHaveBeenCalledExactlyOnceWith('https://example.org/')
    expect(open?.({ url: 'https://example.com/' } as Electron.HandlerDetails)).toEqual({ action: 'deny' })
    expect(onLink).toHaveBeenLastCalledWith('https://example.com/')
  })
})

describe('7. links', () => {
  test('one module hands them to the system', () => {
    expect(filesWith(/\.openExternal\(/)).toEqual(['main/external-links.ts'])
  })
  test.each([
    'http://example.com',
    'file:///etc',
    'javascript:1',
    'https://a@example.com',
    'smb://h/s',
    'x',
    '',
  ])('refuses %s', async (address) => {
    const openExternal = vi.fn()
    expect(linkRefusal(address)).not.toBeNull()
    expect(await openLink({ openExternal }, address)).toBe(false)
    expect(openExternal).not.toHaveBeenCalled()
  })
  test('opens what was checked, not what was given', async () => {
    const openExternal = vi.fn()
    expect(await openLink({ openExternal }, ' https://EXAMPLE.com/a b ')).toBe(true)
    expect(openExternal).toHaveBeenCalledExactlyOnceWith('https://example.com/a%20b')
  })
})

describe('8. requests', () => {
  const frame = { url: 'app://console/index.html', parent: null }

  test('only the console’s own main frame is trusted', () => {
    const child = { url: frame.url, parent: frame }
    const away = { url: 'https://example.org/', parent: null }
    expect(isTrustedSender({ senderFrame: frame, sender: { mainFrame: frame } })).toBe(true)
    expect(isTrustedSender({ senderFrame: null, sender: { mainFrame: frame } })).toBe(false)
    expect(isTrustedSender({ senderFrame: child, sender: { mainFrame: frame } })).toBe(false)
    expect(isTrustedSender({ senderFrame: { ...frame }, sender: { mainFrame: frame } })).toBe(false)
    expect(isTrustedSender({ senderFrame: away, sender: { mainFrame: away } })).toBe(false)
  })

  test('every handler is registered through one function', () => {
    expect(filesWith(/ipcMain\s*\.\s*(handle|on|once|handleOnce|addListener)\b/)).toEqual([
      'main/ipc-handlers.ts',
    ])
    expect(filesWith(/\.ipc\b/)).toEqual([])
  })

  test('a refused sender, a wrong input and an error each come back as a value', async () => {
    const handlers = new Map<string, Parameters<IpcMain['handle']>[1]>()
    const ipcMain = {
      handle: (name: string, handler: Parameters<IpcMain['handle']>[1]) => void handlers.set(name, handler),
    }
    handleRequests(ipcMain, 'double', z.number(), (input) => {
      if (input === 1) throw new RangeError('secret detail')
      if (input === 2) throw new SwitchboardError('no_such_session', { id: 'x' })
      return { ok: true, value: input * 2 }
    })
    const call = async (input: unknown, senderFrame: object | null = frame): Promise<unknown> => {
      const event = { senderFrame, sender: { mainFrame: frame } } as unknown as IpcMainInvokeEvent
      return handlers.get('double')?.(event, input) as unknown
    }
    expect(await call(4)).toEqual({ ok: true, value: 8 })
    expect(await call(4, null)).toMatchObject({ ok: false, error: { code: 'bad_request' } })
    expect(await call('4')).toMatchObject({ ok: false, error: { code: 'bad_request' } })
    expect(await call(2)).toEqual({
      ok: false,
      error: { code: 'no_such_session', message: 'There is no session x.' },
    })
    const internal = await call(1)
    expect(internal).toMatchObject({ ok: false, error: { code: 'internal' } })
    expect(JSON.stringify(internal)).not.toContain('secret detail')
  })
})

describe('9. the preload', () => {
  const { text = '' } = sources.find(({ file }) => file === 'preload/index.ts') ?? {}

  test('names the three lines as the main process does, and no other', () => {
    expect([...text.matchAll(/'(switchboard:[^']+)'/g)].map(([, channel]) => channel)).toEqual([
      REQUEST_CHANNEL,
      FEED_CHANNEL,
      FEED_TAKEN_CHANNEL,
    ])
  })
  test('exposes once, and takes no channel from the page', () => {
    expect(text.match(/exposeInMainWorld/g)).toHaveLength(1)
    for (const [, channel] of text.matchAll(/ipcRenderer\.(?:invoke|on|send)\((\w+|'[^']*')/g)) {
      expect(channel).toMatch(/^[A-Z_]+$/)
    }
  })
})
