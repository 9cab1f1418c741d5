/** The desktop app around the page, on the minimal app. What only the stand-in can press is skipped on real Electron. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ElectronApplication } from 'playwright/test'
import type { Host } from '../standin/host.ts'
import type { Message } from '../../src/shared/documents.ts'
import type { SessionView } from '../../src/shared/contract.ts'
import { expect, minimal as test } from './fixtures.ts'
import './minimal/main-types.ts'

declare global {
  /** The stand-in's own, in its main process. */
  var __standin: Host
}

const isVisible = (app: ElectronApplication) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isVisible()))

test('the window comes, paints and says so to whoever started it', async ({ desktop }) => {
  await expect(desktop.page.getByRole('heading')).toHaveText('Minimal')
  await expect.poll(() => desktop.output()).toContain('{"event":"painted"}')
  expect(await isVisible(desktop.app)).toEqual([true])
})

test('the page is told what happens, in order, and not what the last page was told', async ({ desktop }) => {
  const { app, page } = desktop
  // Between the last page and the next there is none to ask.
  const feed = () =>
    page.evaluate(() => (window as unknown as { feed: unknown[] }).feed).catch((): unknown[] => [])
  const tell = (...seqs: number[]) =>
    app.evaluate((_electron, told) => {
      for (const seq of told) {
        __host.emit({ kind: 'changes', world: 'real', changes: [{ seq }], counts: __host.counts })
      }
    }, seqs)
  const seqsOf = async () =>
    (await feed()).flatMap((event) => (event as { changes: { seq: number }[] }).changes.map(({ seq }) => seq))
  await tell(...Array.from({ length: 500 }, (_, index) => index + 1))
  await expect.poll(seqsOf).toEqual(Array.from({ length: 500 }, (_, index) => index + 1))
  expect((await feed()).length).toBeLessThan(100)

  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.reload())
  await expect.poll(() => app.evaluate(() => __host.left.length)).toBeGreaterThan(0)
  await expect
    .poll(() => app.evaluate(() => [...__host.clients.keys()].filter((id) => id !== 'desktop').length))
    .toBe(1)
  await tell(501)
  await expect.poll(seqsOf).toEqual([501])
})

test('a page that died comes back by itself', async ({ desktop: { app } }) => {
  const screens = () => app.evaluate(() => [...__host.clients.keys()].filter((id) => id !== 'desktop'))
  await expect.poll(async () => (await screens()).length).toBe(1)
  const [before] = await screens()
  await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
  )
  await expect.poll(() => app.evaluate(() => __host.lines.join())).toContain('process ended')
  await expect.poll(async () => (await screens()).filter((id) => id !== before).length).toBe(1)
})

test('closing the window asks once, then goes to the tray, from where it comes back', async ({
  desktop,
  isStandin,
}) => {
  test.skip(!isStandin, 'The question is the system’s own on real Electron.')
  const { app, userData } = desktop
  const close = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  const asked = () =>
    app.evaluate(() => __standin.calls.filter(([name]) => name === 'dialog.showMessageBox').length)
  await app.evaluate(() => void __standin.answers.push(0))
  await close()
  await expect.poll(() => isVisible(app)).toEqual([false])
  await app.evaluate(() => __standin.trays.forEach((tray) => tray.emit('click')))
  await expect.poll(() => isVisible(app)).toEqual([true])
  await close()
  await expect.poll(() => isVisible(app)).toEqual([false])
  expect(await asked()).toBe(1)
  expect(JSON.parse(readFileSync(join(userData, 'desktop.json'), 'utf8'))).toMatchObject({
    close_to_tray: 'tray',
  })
})

test('unread sessions are counted on the tray, the badge and the title', async ({
  desktop: { app },
  isStandin,
}) => {
  test.skip(!isStandin, 'A tray can not be read.')
  await app.evaluate(() => {
    __host.counts = { ...__host.counts, unread: 3 }
    __host.emit({ kind: 'changes', world: 'real', changes: [], counts: __host.counts })
  })
  const told = () =>
    app.evaluate(({ BrowserWindow }) => [
      __standin.badge,
      [...__standin.trays][0]?.toolTip,
      BrowserWindow.getAllWindows()[0]?.getTitle(),
    ])
  await expect.poll(told).toEqual([3, 'Switchboard: 3 unread sessions', '(3) Switchboard'])
})

test('a message makes a notification, and a click on it opens the session', async ({
  desktop,
  isStandin,
}) => {
  test.skip(!isStandin, 'A notification of the system’s can not be clicked.')
  const { app, page } = desktop
  const message = {
    session_id: 's1',
    sender: 'contact',
    content: 'Is it open?',
    communication_type: 'sms',
    media: [],
  }
  const session = {
    _id: 's1',
    title: 'SMS from +1',
    contact_name: 'Ann',
    unread_count: 1,
    metadata: { fromNumber: '+1' },
  }
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide())
  await app.evaluate(
    (_electron, [text, view]) => {
      const change = {
        seq: 1,
        messages: [text as unknown as Message],
        sessions: [view as unknown as SessionView],
      }
      __host.emit({ kind: 'changes', world: 'real', changes: [change], counts: __host.counts })
    },
    [message, session] as const,
  )
  await expect
    .poll(() =>
      app.evaluate(() => __standin.notifications.map(({ title, body, isShown }) => [title, body, isShown])),
    )
    .toEqual([['Ann', 'Is it open?', true]])
  await app.evaluate(() => __standin.notifications[0]?.emit('click'))
  await expect.poll(() => isVisible(app)).toEqual([true])
  await expect
    .poll(() => page.evaluate(() => (window as unknown as { feed: object[] }).feed.at(-1)))
    .toEqual({ kind: 'open', world: 'real', session: 's1' })
})

test('the menu zooms the page, and types the page’s own keys', async ({ desktop: { app, page } }) => {
  const choose = (id: string) =>
    app.evaluate(({ Menu }, wanted) => {
      Menu.getApplicationMenu()?.getMenuItemById(wanted)?.click()
    }, id)
  await choose('zoom.in')
  const zoom = () =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getZoomFactor())
  await expect.poll(zoom).toBeCloseTo(1.1)
  await choose('key.K')
  await expect
    .poll(() => page.evaluate(() => (window as unknown as { keys: string[] }).keys))
    .toContain('main+k')
})

test('the theme, the browser console and sleep go where they belong', async ({ desktop: { app, page } }) => {
  const set = (key: string, value: unknown) =>
    page.evaluate(
      ([name, to]) =>
        window.switchboard?.request({ world: 'real', name: 'app.set', input: { key: name, value: to } }),
      [key, value] as const,
    )
  expect(await set('theme', 'dark')).toEqual({ ok: true, value: {} })
  await expect.poll(() => page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(true)
  expect(await set('theme', 'pink')).toMatchObject({ ok: false })
  expect(await app.evaluate(() => __host.browserConsole)).toBe(false)
  expect(await set('browser_console', true)).toEqual({ ok: true, value: {} })
  expect(await app.evaluate(() => __host.browserConsole)).toBe(true)
  await app.evaluate(({ powerMonitor }) => {
    powerMonitor.emit('suspend')
    powerMonitor.emit('resume')
  })
  expect(await app.evaluate(() => __host.power)).toEqual(['sleep', 'wake'])
})

test('its place and its settings survive a restart', async ({ launcher, isStandin }) => {
  test.skip(!isStandin, 'A window manager may place a window as it likes.')
  const userData = launcher.newFolder()
  const first = await launcher.launch({ userData })
  await first.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.setBounds({ x: 40, y: 50, width: 900, height: 700 }),
  )
  await expect
    .poll(() => readFileSync(join(userData, 'desktop.json'), { encoding: 'utf8', flag: 'a+' }))
    .toContain('"width": 900')
  await first.app.close()
  const second = await launcher.launch({ userData })
  expect(
    await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds()),
  ).toEqual({
    x: 40,
    y: 50,
    width: 900,
    height: 700,
  })
})

test('quitting waits for the server', async ({ launcher }) => {
  const { app, output } = await launcher.launch()
  await app.evaluate(() => {
    __host.closing = 400
  })
  await app.close()
  expect(output()).toContain('the host has closed')
})

test('a data folder that can’t be opened is said, and nothing else is tried', async ({
  launcher,
  isStandin,
}) => {
  test.skip(!isStandin, 'The box waits for a click on real Electron.')
  const { code, output } = await launcher.start(launcher.newFolder(), ['--data=/in-use'])
  expect(code).toBe(1)
  expect(output).toMatch(/"event":"refused","because":"Another Switchboard \(process 1\)/)
})

test('started with the system it stays in the tray', async ({ launcher }) => {
  const { app } = await launcher.launch({ args: ['--hidden'] })
  expect(await isVisible(app)).toEqual([false])
})

test.describe('the account at rest', () => {
  // Written by the class itself in the app's main process: what Electron's key store does with it is what is asked.
  test('a key store by name, or none', async ({ launcher, isStandin }) => {
    test.skip(!isStandin, 'Which key store a machine has is the machine’s affair.')
    for (const backend of ['basic_text', 'gnome_libsecret'] as const) {
      const { app } = await launcher.launch({ args: [`--password-store=${backend}`] })
      const told = await app.evaluate(async ({ safeStorage }) => {
        const sealed = await safeStorage.encryptStringAsync('a secret')
        const { result } = await safeStorage.decryptStringAsync(sealed)
        return [safeStorage.getSelectedStorageBackend(), sealed.includes('a secret'), result]
      })
      expect(told).toEqual([backend, false, 'a secret'])
    }
  })
})

test('the stand-in names what it lacks', async ({ desktop: { app }, isStandin }) => {
  test.skip(!isStandin, 'About the stand-in.')
  const told = await app.evaluate((electron) => {
    const touch = (run: () => unknown) => {
      try {
        run()
        return 'there'
      } catch (error) {
        return (error as Error).message
      }
    }
    return [
      touch(() => electron.app.dock),
      touch(() => electron.BrowserWindow.getAllWindows()[0]?.webContents.debugger),
      touch(() => electron.protocol.registerSchemesAsPrivileged([])),
    ]
  })
  expect(told).toEqual([
    'Electron stand-in: app.dock is not there',
    'Electron stand-in: webContents.debugger is not there',
    'protocol.registerSchemesAsPrivileged should be called before app is ready',
  ])
})
