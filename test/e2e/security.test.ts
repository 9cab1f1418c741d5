/** electron.md's numbered list, on the running app. What a window can't show (5, 10, 11 in part) is in test/main. */
import { readFileSync } from 'node:fs'
import type { ElectronApplication, Page } from 'playwright/test'
import type { Result } from '../../src/shared/contract.ts'
import { CONTENT_SECURITY_POLICY } from '../../src/main/app-protocol.ts'
import { minimal as test, expect } from './fixtures.ts'
import './minimal/main-types.ts'

interface Asked {
  method?: string
  body?: string
  headers?: Record<string, string>
}

interface Answer {
  status: number
  headers: Record<string, string>
  body: string
}

/** Asks for an address of the app's scheme as the main process sees it: the page's own CSP would stop most of these. */
function ask(app: ElectronApplication, url: string, init: Asked = {}): Promise<Answer> {
  return app.evaluate(
    async ({ net }, [address, options]) => {
      const response = await net.fetch(address, options)
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: await response.text(),
      }
    },
    [url, init] as const,
  )
}

test.describe('1. the page and its attachments', () => {
  test('the page is app://console, its requests are answered by the app alone', async ({ desktop }) => {
    const { app, page } = desktop
    expect(await pageUrl(app)).toBe('app://console/index.html')
    expect(await page.evaluate(() => window.isSecureContext)).toBe(true)
    expect(await page.evaluate(() => fetch('/page.css').then((answer) => answer.status))).toBe(200)
    expect(await page.getByRole('heading').evaluate((heading) => getComputedStyle(heading).color)).toBe(
      'rgb(1, 2, 3)',
    )
  })

  test('only GET, only our hosts, nothing outside the folder', async ({ desktop: { app } }) => {
    expect(await ask(app, 'app://console/index.html', { method: 'POST', body: 'x' })).toMatchObject({
      status: 405,
    })
    expect(await ask(app, 'app://elsewhere/index.html')).toMatchObject({ status: 404 })
    expect(await ask(app, 'app://console/%2e%2e%2fpackage.json')).toMatchObject({ status: 403 })
    expect(await ask(app, 'app://console/..%5cpackage.json')).toMatchObject({ status: 403 })
    expect(await ask(app, 'app://console/assets//etc/passwd')).toMatchObject({ status: 403 })
    expect(await ask(app, 'app://console/nothing.js')).toMatchObject({ status: 404 })
  })

  test('attachments have the type of their bytes, and come in parts', async ({ desktop: { app } }) => {
    await app.evaluate(() => {
      const gif = [0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 2, 3, 4]
      __host.files.set('ab/photo.html', new Uint8Array(gif))
      __host.files.set('ab/page.png', new TextEncoder().encode('<html><script>'))
    })
    const whole = await ask(app, 'app://media/ab/photo.html')
    expect(whole).toMatchObject({
      status: 200,
      headers: { 'content-type': 'image/gif', 'x-content-type-options': 'nosniff' },
    })
    const part = await ask(app, 'app://media/ab/photo.html', { headers: { range: 'bytes=8-9' } })
    expect(part).toMatchObject({
      status: 206,
      headers: { 'content-range': 'bytes 8-9/12' },
      body: '\u0001\u0002',
    })
    // What is no picture, sound or film is never shown, only saved.
    expect(await ask(app, 'app://media/ab/page.png')).toMatchObject({
      headers: {
        'content-type': 'application/octet-stream',
        'content-disposition': expect.stringContaining('attachment') as unknown,
      },
    })
    expect(await ask(app, 'app://media/ab/none')).toMatchObject({ status: 404 })
  })
})

test('2. the page has nothing of Node', async ({ desktop: { page } }) => {
  const kinds = await page.evaluate(() => {
    const names = ['require', 'process', 'module', 'Buffer', 'global', 'electron']
    return names.map((name) => typeof (window as unknown as Record<string, unknown>)[name])
  })
  expect(new Set(kinds)).toEqual(new Set(['undefined']))
})

test('3. the window has exactly the four preferences, in the sandbox', async ({
  desktop: { app },
  isStandin,
}) => {
  test.skip(
    !isStandin,
    'Electron does not say which preferences a window was given; test/main/security.test.ts does.',
  )
  const told = await app.evaluate(() => {
    const { __standin } = globalThis as unknown as {
      __standin: { calls: [string, { webPreferences?: object }][]; isSandboxed: boolean }
    }
    const [, options] = __standin.calls.find(([name]) => name === 'BrowserWindow') ?? []
    return { preferences: options?.webPreferences, isSandboxed: __standin.isSandboxed }
  })
  expect(told).toEqual({
    isSandboxed: true,
    preferences: {
      preload: expect.stringMatching(/preload[\\/]index\.cjs$/),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
    },
  })
})

test('4. every permission is denied', async ({ desktop: { page } }) => {
  const told = await page.evaluate(async () => {
    const states = ['notifications', 'geolocation', 'camera', 'microphone', 'clipboard-read'].map(
      async (name) => {
        const { state } = await navigator.permissions.query({ name: name as PermissionName })
        return state
      },
    )
    const camera = await navigator.mediaDevices.getUserMedia({ video: true }).then(
      () => 'given',
      (error: unknown) => (error as Error).name,
    )
    return [...(await Promise.all(states)), await Notification.requestPermission(), camera]
  })
  expect(told.slice(0, -1)).toEqual(['denied', 'denied', 'denied', 'denied', 'denied', 'denied'])
  expect(told.at(-1)).toMatch(/NotAllowedError|NotFoundError/)
})

test.describe('5. the content security policy', () => {
  test('is on every answer, errors too', async ({ desktop: { app } }) => {
    for (const url of [
      'app://console/',
      'app://console/page.js',
      'app://console/none.js',
      'app://media/none',
      'app://x/',
    ]) {
      const { headers } = await ask(app, url)
      expect(headers['content-security-policy'], url).toBe(CONTENT_SECURITY_POLICY)
    }
  })

  test('is the one that is written down', () => {
    expect(CONTENT_SECURITY_POLICY).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: app://media; media-src app://media; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
  })

  test('holds: no eval, no inline script, nothing from elsewhere, and a page of ours offends nowhere', async ({
    desktop: { page },
  }) => {
    expect(await page.evaluate(() => (window as unknown as { violations: string[] }).violations)).toEqual([])
    const told = await page.evaluate(async () => {
      const inline = document.createElement('script')
      inline.textContent = 'window.inlineRan = true'
      document.body.append(inline)
      const away = await fetch('https://example.com/').then(
        () => 'reached',
        () => 'refused',
      )
      return {
        inline: 'inlineRan' in window,
        away,
        evaluated: await (window as unknown as { tryEval(): Promise<string> }).tryEval(),
      }
    })
    expect(told).toEqual({ inline: false, away: 'refused', evaluated: 'EvalError' })
    const violations = await page.evaluate(() => (window as unknown as { violations: string[] }).violations)
    expect(violations.some((line) => line.startsWith('connect-src'))).toBe(true)
  })
})

test.describe('6. the page stays where it is', () => {
  for (const address of [
    'https://example.org/',
    'http://example.invalid/?next=app://console',
    'app://console.example.org/',
    'data:text/html,<h1>elsewhere</h1>',
  ]) {
    test(`no way to ${address}`, async ({ desktop }) => {
      const { app, page } = desktop
      await page.evaluate((to) => {
        location.href = to
      }, address)
      await page.waitForTimeout(300)
      expect(await pageUrl(app)).toBe('app://console/index.html')
      await expect(page.getByRole('heading')).toHaveText('Minimal')
    })
  }

  test('no window, and links go to the person’s browser', async ({ desktop }) => {
    const { app, page } = desktop
    await recordLinks(app)
    await page.getByRole('link', { name: 'outside', exact: true }).click()
    await page.getByRole('link', { name: 'outside in a window' }).click()
    await expect
      .poll(() => links(app))
      .toEqual(['https://example.com/help?a=1', 'https://example.com/window'])
    await page.evaluate(() => void window.open('file:///etc/passwd'))
    await page.evaluate(() => void window.open('app://console/index.html'))
    await page.waitForTimeout(200)
    expect(app.windows()).toHaveLength(1)
    expect(await links(app)).toHaveLength(2)
  })
})

test('7. only https and mailto, without credentials, are opened outside', async ({ desktop }) => {
  const { app, page } = desktop
  await recordLinks(app)
  const open = (url: string) => request(page, 'app.open_link', { url })
  expect(await open('https://example.com/a b')).toMatchObject({ ok: true })
  expect(await open('mailto:help@example.com')).toMatchObject({ ok: true })
  for (const url of [
    'http://example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'https://a:b@example.com/',
    'smb://x/y',
  ]) {
    expect(await open(url), url).toMatchObject({ ok: false, error: { code: 'not_possible' } })
  }
  expect(await links(app)).toEqual(['https://example.com/a%20b', 'mailto:help@example.com'])
})

test.describe('8. requests', () => {
  test('are parsed, and what goes wrong is a value', async ({ desktop: { page } }) => {
    expect(await request(page, 'app.open_link', { url: 7 })).toMatchObject({
      ok: false,
      error: { code: 'bad_request' },
    })
    expect(await request(page, 'phone.get', {})).toEqual({
      ok: false,
      error: { code: 'internal', message: expect.stringContaining('RangeError') },
    })
    // What is no envelope at all is the console's to refuse: the contract test over IPC has it.
  })

  test('of a frame in the page are not taken', async ({ desktop: { page, app } }) => {
    const before = await app.evaluate(() => __host.asked.length)
    await page.evaluate(() => {
      const frame = document.createElement('iframe')
      frame.src = '/index.html'
      document.body.append(frame)
    })
    await page.waitForTimeout(300)
    expect(await app.evaluate(() => __host.asked.length)).toBe(before)
  })
})

test('9. the page is given two functions, and callbacks get what happened', async ({
  desktop: { page, app },
}) => {
  expect(
    await page.evaluate(() => [
      Object.keys(bridge()).sort(),
      Object.isFrozen(bridge()),
      Object.keys(window).filter((key) => /electron|standin|ipc/i.test(key)),
    ]),
  ).toEqual([['request', 'subscribe'], true, []])
  await page.evaluate(() => {
    const seen: unknown[] = []
    Object.assign(window, { seen })
    bridge().subscribe((...args: unknown[]) => void seen.push(args))
  })
  await app.evaluate(() => __host.emit({ kind: 'reset', world: 'real', seq: 5 }))
  await expect
    .poll(() => page.evaluate(() => (window as unknown as { seen: unknown[] }).seen))
    .toEqual([[{ kind: 'reset', world: 'real', seq: 5 }]])
})

test('11. no secret leaves the main process', async ({ desktop: { app, page, userData } }) => {
  const credentials = await app.evaluate(() => __host.options.account.current())
  expect(credentials?.authToken).toContain('e2e-')
  const answers = await page.evaluate(async () => {
    const names = ['settings.get', 'truth.get', 'sessions.list', 'channels.list']
    return JSON.stringify(
      await Promise.all(names.map((name) => bridge().request({ world: 'real', name, input: {} }))),
    )
  })
  expect(answers).not.toContain('e2e-')
  expect(JSON.stringify(await app.evaluate(() => __host.lines))).not.toContain('e2e-')
  await expect
    .poll(() => readFileSync(`${userData}/desktop.json`, { encoding: 'utf8', flag: 'a+' }))
    .not.toContain('e2e-')
})

test('12. a second start brings the first to the front, and ends', async ({ desktop, launcher }) => {
  const { app, userData } = desktop
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize())
  const second = await launcher.start(userData)
  expect(second).toMatchObject({ code: 0, output: expect.stringContaining('{"event":"handed-over"}') })
  expect(second.output).not.toContain('painted')
  const state = () =>
    app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows()
      return [window?.isMinimized(), window?.isVisible(), window?.isFocused()]
    })
  await expect.poll(state).toEqual([false, true, true])
})

// ---- how these tests ask

declare global {
  function bridge(): {
    request(envelope: unknown): Promise<Result<unknown>>
    subscribe(listener: (...args: unknown[]) => void): () => void
  }
}

test.beforeEach(async ({ desktop: { page } }) => {
  await page.evaluate(() => Object.assign(window, { bridge: () => window.switchboard }))
})

function request(page: Page, name: string, input: object): Promise<Result<unknown>> {
  return page.evaluate(([to, what]) => bridge().request({ world: 'real', name: to, input: what }), [
    name,
    input,
  ] as const)
}

function pageUrl(app: ElectronApplication): Promise<string> {
  return app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL() ?? '')
}

async function recordLinks(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ shell }) => {
    const opened: string[] = []
    Object.assign(globalThis, { opened })
    shell.openExternal = (url) => {
      opened.push(url)
      return Promise.resolve()
    }
  })
}

function links(app: ElectronApplication): Promise<string[]> {
  return app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)
}
