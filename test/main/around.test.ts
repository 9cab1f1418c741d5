/** What goes on around the window: where it opens, what closing means, how it ends. */
import { EventEmitter } from 'node:events'
import type { PowerMonitor } from 'electron'
import { describe, expect, test, vi } from 'vitest'
import { closingMeans } from '../../src/main/close-to-tray.ts'
import { setLoginItem, startsHidden } from '../../src/main/login-item.ts'
import { menuTemplate, nextZoom } from '../../src/main/menu.ts'
import { isLive, watchPower } from '../../src/main/power.ts'
import { Preferences } from '../../src/main/preferences.ts'
import { quitWhenFinished } from '../../src/main/shutdown.ts'
import { trayWords } from '../../src/main/unread.ts'
import { checkForUpdate, isNewer } from '../../src/main/updates.ts'
import { openingBounds } from '../../src/main/window-state.ts'
import { manualClock } from '../../src/server/system/clock.ts'

const screen = { x: 0, y: 0, width: 1920, height: 1080 }

function preferences(text: string | null = null) {
  const file = {
    text,
    read: () => Promise.resolve(file.text),
    write: (given: string) => Promise.resolve(void (file.text = given)),
  }
  return Preferences.load(file).then((loaded) => ({ file, loaded }))
}

describe('where the window opens', () => {
  const saved = (x: number, y: number, width = 800, height = 600) => ({
    bounds: { x, y, width, height },
    maximized: false,
  })
  test('where it was', () => {
    expect(openingBounds(saved(100, 50), [screen])).toEqual({ x: 100, y: 50, width: 800, height: 600 })
  })
  test('in the middle when its display is gone, or there is nothing saved', () => {
    expect(openingBounds(saved(2500, 50), [screen])).toEqual({ width: 1240, height: 820 })
    expect(openingBounds(null, [screen])).toEqual({ width: 1240, height: 820 })
    expect(openingBounds(saved(1900, 50), [screen])).toEqual({ width: 1240, height: 820 })
  })
  test('on the second display, with its title bar in reach and no larger than it', () => {
    const second = { x: 1920, y: 0, width: 1280, height: 720 }
    expect(openingBounds(saved(2000, -40, 3000, 2000), [screen, second])).toEqual({
      x: 2000,
      y: 0,
      width: 1280,
      height: 720,
    })
  })
})

describe('preferences', () => {
  test('a bad value costs that value only; a bad file costs nothing', async () => {
    const text = JSON.stringify({ theme: 'dark', zoom: 99, close_to_tray: 'maybe', window: { bounds: 1 } })
    const { loaded } = await preferences(text)
    expect(loaded.values).toMatchObject({ theme: 'dark', zoom: 1, close_to_tray: 'ask', window: null })
    expect((await preferences('{"broken')).loaded.values.theme).toBe('system')
  })
})

describe('closing the window', () => {
  const box = (response: number) => ({
    showMessageBox: vi.fn(() => Promise.resolve({ response, checkboxChecked: false })),
  })
  test('is asked about once', async () => {
    const { loaded, file } = await preferences()
    const dialog = box(0)
    expect(await closingMeans(dialog, loaded)).toBe('tray')
    expect(await closingMeans(dialog, loaded)).toBe('tray')
    expect(dialog.showMessageBox).toHaveBeenCalledOnce()
    expect(file.text).toContain('"close_to_tray": "tray"')
  })
  test('cancelled, it keeps the window and the question', async () => {
    const { loaded } = await preferences()
    expect(await closingMeans(box(2), loaded)).toBe('stay')
    expect(await closingMeans(box(1), loaded)).toBe('quit')
  })
  test('closes also where the answer can’t be kept', async () => {
    const loaded = await Preferences.load({
      read: () => Promise.resolve(null),
      write: () => Promise.reject(new Error('no space left on device')),
    })
    expect(await closingMeans(box(1), loaded)).toBe('quit')
  })
})

describe('power', () => {
  test('awake only while live, allowed and on mains power; sleep is told', () => {
    let isOnBattery = false
    const monitor = Object.assign(new EventEmitter(), { isOnBatteryPower: () => isOnBattery })
    const held = new Set<number>()
    const blocker = { start: () => (held.add(1), 1), stop: (id: number) => held.delete(id) }
    const host = { sleep: vi.fn(), wake: vi.fn() }
    const power = watchPower(monitor as unknown as PowerMonitor, blocker, host)
    power.update({ live: true, allowed: false })
    expect(held.size).toBe(0)
    power.update({ live: true, allowed: true })
    expect(held.size).toBe(1)
    isOnBattery = true
    monitor.emit('on-battery')
    expect(held.size).toBe(0)
    isOnBattery = false
    monitor.emit('on-ac')
    expect(held.size).toBe(1)
    monitor.emit('suspend')
    monitor.emit('resume')
    expect([host.sleep.mock.calls.length, host.wake.mock.calls.length]).toEqual([1, 1])
    power.stop()
    expect(held.size).toBe(0)
    expect(monitor.eventNames()).toEqual([])
  })
  test('a way in that is lost, or being opened, is no reason to go to sleep: nobody would open it again', () => {
    for (const state of ['listening', 'trouble', 'starting'] as const)
      expect(isLive({ account: 'set', state }), state).toBe(true)
    expect(isLive({ account: 'set', state: 'stopped' })).toBe(false)
    expect(isLive({ account: 'none', state: 'trouble' })).toBe(false)
  })
})

describe('quitting', () => {
  test('waits for what is under way, once, then lets go', async () => {
    const clock = manualClock(0)
    const app = { quit: vi.fn() }
    const done = Promise.withResolvers<undefined>()
    const finish = vi.fn(async () => {
      await done.promise
    })
    const beforeQuit = quitWhenFinished(app, finish, (ms, task) => clock.after(ms, task))
    const event = { preventDefault: vi.fn() }
    beforeQuit(event)
    beforeQuit(event)
    expect([finish.mock.calls.length, event.preventDefault.mock.calls.length]).toEqual([1, 2])
    expect(app.quit).not.toHaveBeenCalled()
    done.resolve(undefined)
    await vi.waitFor(() => expect(app.quit).toHaveBeenCalledOnce())
    beforeQuit(event)
    expect(event.preventDefault).toHaveBeenCalledTimes(2)
    expect(clock.waiting).toBe(0)
  })
  test('does not wait for ever, nor for a failure', async () => {
    const clock = manualClock(0)
    const app = { quit: vi.fn() }
    quitWhenFinished(
      app,
      () => new Promise(() => undefined),
      (ms, task) => clock.after(ms, task),
      5000,
    )({ preventDefault: vi.fn() })
    clock.advance(4999)
    expect(app.quit).not.toHaveBeenCalled()
    clock.advance(1)
    expect(app.quit).toHaveBeenCalledOnce()

    const failing = { quit: vi.fn() }
    quitWhenFinished(
      failing,
      () => Promise.reject(new Error('disk')),
      () => () => undefined,
    )({ preventDefault: vi.fn() })
    await vi.waitFor(() => expect(failing.quit).toHaveBeenCalledOnce())
  })
})

describe('the menu', () => {
  const template = (isDevelopment: boolean, platform: NodeJS.Platform = 'linux', sendInputEvent = vi.fn()) =>
    menuTemplate({
      platform,
      isDevelopment,
      contents: () => ({ sendInputEvent }),
      zoom: vi.fn(),
      openFolder: vi.fn(),
      checkForUpdates: vi.fn(),
    })
  const items = (isDevelopment: boolean) => JSON.stringify(template(isDevelopment))

  test('reload and the developer tools are not in what people install', () => {
    expect(items(false)).not.toMatch(/"reload"|"forceReload"|"toggleDevTools"/)
    expect(items(true)).toMatch(/"reload".*"toggleDevTools"/)
  })
  test('an item that is the page’s types the page’s key', () => {
    const sendInputEvent = vi.fn()
    const view = template(false, 'linux', sendInputEvent).find(({ label }) => label === '&View')
    const [palette] = Array.isArray(view?.submenu) ? view.submenu : []
    expect(palette).toMatchObject({ accelerator: 'CommandOrControl+K', registerAccelerator: false })
    palette?.click?.({} as never, undefined, {})
    expect(sendInputEvent.mock.calls).toEqual([
      [{ type: 'keyDown', keyCode: 'K', modifiers: ['control'] }],
      [{ type: 'keyUp', keyCode: 'K', modifiers: ['control'] }],
    ])
  })
  test('back and forward are where the system has them', () => {
    const step = (platform: NodeJS.Platform) => {
      const view = template(false, platform).find(({ label }) => label === '&View')
      const entries = Array.isArray(view?.submenu) ? view.submenu : []
      return ['Back', 'Forward'].map((name) => entries.find(({ label }) => label === name)?.accelerator)
    }
    expect(step('win32')).toEqual(['Alt+Left', 'Alt+Right'])
    expect(step('darwin')).toEqual(['CommandOrControl+[', 'CommandOrControl+]'])
  })
  test('the tabs are turned by Control on every system: the page takes it there too', () => {
    for (const platform of ['linux', 'darwin'] as const) {
      const sendInputEvent = vi.fn()
      const view = template(false, platform, sendInputEvent).find(({ label }) => label === '&View')
      const entries = Array.isArray(view?.submenu) ? view.submenu : []
      const next = entries.find(({ label }) => label === 'Next Tab')
      expect(next?.accelerator).toBe(`${platform === 'darwin' ? '' : 'CommandOr'}Control+PageDown`)
      next?.click?.({} as never, undefined, {})
      expect(sendInputEvent).toHaveBeenCalledWith({
        type: 'keyDown',
        keyCode: 'PageDown',
        modifiers: ['control'],
      })
    }
  })
  test('zoom goes in steps, and not beyond what can be read', () => {
    expect(nextZoom(1, 'in')).toBe(1.1)
    expect(nextZoom(1.1, 'out')).toBe(1)
    expect(nextZoom(2.9, 'in')).toBe(3)
    expect(nextZoom(0.5, 'out')).toBe(0.5)
    expect(nextZoom(2, 'reset')).toBe(1)
  })
})

test('the login item is the system’s, where the system has one', () => {
  const setLoginItemSettings = vi.fn()
  expect(setLoginItem({ setLoginItemSettings }, 'darwin', true)).toBe(true)
  expect(setLoginItemSettings).toHaveBeenCalledExactlyOnceWith({ openAtLogin: true, args: ['--hidden'] })
  expect(setLoginItem({ setLoginItemSettings }, 'linux', true)).toBe(false)
})

test('started by the system it comes up in the tray; a Mac passes no switch, but says so', () => {
  const mac = (wasOpenedAtLogin: boolean) => ({ getLoginItemSettings: () => ({ wasOpenedAtLogin }) as never })
  expect(startsHidden(mac(false), 'win32', ['switchboard', '--hidden'])).toBe(true)
  expect(startsHidden(mac(true), 'darwin', ['switchboard'])).toBe(true)
  expect(startsHidden(mac(false), 'darwin', ['switchboard'])).toBe(false)
  expect(startsHidden(mac(true), 'linux', ['switchboard'])).toBe(false)
})

test('the tray counts in words', () => {
  expect([0, 1, 2].map(trayWords)).toEqual([
    'Switchboard: nothing unread',
    'Switchboard: 1 unread session',
    'Switchboard: 2 unread sessions',
  ])
})

describe('updates', () => {
  const release = (tag: string) => () =>
    Promise.resolve(Response.json({ tag_name: tag, html_url: 'https://example.com/releases/1' }))
  test('are told of, never fetched', async () => {
    const get = vi.fn(release('v1.2.0'))
    expect(await checkForUpdate('https://example.com/latest', '1.1.9', get)).toEqual({
      kind: 'newer',
      version: '1.2.0',
      page: 'https://example.com/releases/1',
    })
    expect(get.mock.calls).toEqual([['https://example.com/latest']])
    expect(await checkForUpdate('https://example.com/latest', '1.2.0', get)).toEqual({ kind: 'current' })
  })
  test('are unknown without an address, an answer or sense', async () => {
    expect(await checkForUpdate('', '1.0.0', release('v2.0.0'))).toMatchObject({ kind: 'unknown' })
    expect(await checkForUpdate('x', '1.0.0', () => Promise.reject(new Error('offline')))).toMatchObject({
      kind: 'unknown',
    })
    expect(
      await checkForUpdate('x', '1.0.0', () => Promise.resolve(new Response('', { status: 404 }))),
    ).toMatchObject({ kind: 'unknown' })
    expect(isNewer('2.0.0-beta', '1.0.0')).toBe(false)
    expect(isNewer('1.10.0', '1.9.9')).toBe(true)
    expect(isNewer('1.0.0', '1.0.1')).toBe(false)
  })
})
