/** Tests get `desktop` (the built app in Electron or its stand-in) and `browser console` alike, each on fresh folders. */
import { type ChildProcess, spawn } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import {
  _electron,
  chromium,
  type ElectronApplication,
  expect,
  type Page,
  test as base,
} from 'playwright/test'
import { testChromium } from '../standin/chromium.ts'
import { electronExecutable, hasElectron, root } from './electron.ts'
import { minimalApp } from './minimal/build.ts'
import { slowLine } from './line.ts'
import { TEST_ACCOUNT } from './webhooks.ts'

export interface LaunchOptions {
  /** Keeps a folder over several starts. */
  userData?: string
  args?: string[]
  env?: Record<string, string>
}

export interface Desktop {
  app: ElectronApplication
  page: Page
  userData: string
  /** Everything the app wrote to stdout so far. */
  output(): string
}

export interface Launcher {
  /** Starts the app; it is closed after the test. */
  launch(options?: LaunchOptions): Promise<Desktop>
  /** Starts it as a person's second click would, without a debugger, and waits until it ends by itself. */
  start(userData: string, args?: string[]): Promise<{ code: number | null; output: string }>
  newFolder(): string
}

interface Fixtures {
  /** The folder of the app that is launched: the built one, or the minimal one. */
  appFolder: string
  launcher: Launcher
  desktop: Desktop
  /** Which of the two `consolePage` is. */
  shape: 'browser' | 'desktop'
  /** The console's page in either shape, for what is to be the same in both. */
  consolePage: Page
  /** The same screens in a browser, over `switchboard serve`. */
  browserConsole: BrowserConsole
  /** From now on an error of this page, or a violation of its policy, fails the test. */
  complaints: (page: Page) => void
  consoles: Consoles
  isStandin: boolean
}

export interface ConsoleOptions {
  /** A folder that holds data already, or is to be kept over several starts. */
  data?: string
  env?: Record<string, string>
  args?: string[]
  /** Before the page is opened. */
  prepare?: (page: Page) => Promise<void>
}

export interface Consoles {
  open(options?: ConsoleOptions): Promise<BrowserConsole>
  /** A browser at an address. */
  browse(address: string): Promise<Page>
}

export interface BrowserConsole {
  page: Page
  /** The data folder. */
  data: string
  /** Another window of the same browser on the same console. */
  second(prepare?: (page: Page) => Promise<void>): Promise<Page>
  /** Ends the console, as Ctrl C does; the page stays. */
  stop(): Promise<void>
  /** Ends it as a power cut does. */
  kill(): Promise<void>
  /** Base address of the webhooks; take it with `postText`. */
  webhooks: string
}

export const test = base.extend<Fixtures>({
  appFolder: [root, { option: true }],

  isStandin: async ({}, use) => {
    await use(!hasElectron())
  },

  launcher: async ({ appFolder }, use) => {
    const folders: string[] = []
    const running: ElectronApplication[] = []
    const newFolder = () => {
      const folder = mkdtempSync(join(tmpdir(), 'switchboard-e2e-'))
      folders.push(folder)
      return folder
    }
    await use({
      newFolder,
      start: (userData, args = []) => start(appFolder, userData, args),
      launch: async (options = {}) => {
        const userData = options.userData ?? newFolder()
        const desktop = await launch(appFolder, userData, options)
        running.push(desktop.app)
        return desktop
      },
    })
    for (const app of running) await app.close()
    // A simulation lies beside the data.
    for (const folder of folders.flatMap((one) => [one, `${one}-simulation`]))
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  },

  complaints: async ({}, use) => {
    const heard: string[] = []
    await use((page) => {
      page.on('pageerror', ({ message }) => heard.push(message))
      page.on('console', (message) => {
        if (message.text().includes('Content Security Policy')) heard.push(message.text())
      })
    })
    expect(heard, 'what the pages of this test complained of').toEqual([])
  },

  consoles: async ({ launcher, complaints }, use) => {
    const { executable, env } = await testChromium()
    const browser = await chromium.launch({
      executablePath: executable,
      args: ['--no-sandbox', '--disable-gpu'],
      env: { ...inherited(), ...env },
    })
    const running: (() => Promise<void>)[] = []
    const newPage = async () => {
      const context = await browser.newContext()
      await slowLine(context)
      return context.newPage()
    }
    await use({
      async browse(address) {
        const page = await newPage()
        complaints(page)
        await page.goto(address)
        return page
      },
      async open({ data = launcher.newFolder(), env = {}, args = [], prepare } = {}) {
        const served = await serve(data, args, env)
        running.push(served.stop)
        const page = await newPage()
        complaints(page)
        await prepare?.(page)
        await page.goto(served.console)
        return {
          page,
          data,
          webhooks: served.webhooks,
          stop: served.stop,
          kill: served.kill,
          async second(prepare) {
            const other = await page.context().newPage()
            complaints(other)
            await prepare?.(other)
            await other.goto(new URL('/', page.url()).href)
            return other
          },
        }
      },
    })
    await browser.close()
    for (const stop of running) await stop()
  },

  browserConsole: async ({ consoles }, use) => {
    await use(await consoles.open())
  },

  desktop: async ({ launcher, complaints }, use) => {
    const desktop = await launcher.launch()
    complaints(desktop.page)
    await use(desktop)
  },

  shape: ['browser', { option: true }],

  consolePage: async ({ shape, consoles, launcher, complaints }, use) => {
    if (shape === 'browser') return use((await consoles.open()).page)
    const { page } = await launcher.launch()
    complaints(page)
    await use(page)
  },
})

/** Both shapes of the console, for `test.use`. */
export const SHAPES = ['browser', 'desktop'] as const

/** Tests of the desktop app's own: on the minimal app, where nothing of the server's or the screen's can hide a fault. */
export const minimal = test.extend({
  appFolder: minimalApp,
  // Its tests offend on purpose, and look at what came of it themselves.
  complaints: async ({}, use) => {
    await use(() => undefined)
  },
})

async function launch(
  folder: string,
  userData: string,
  { args = [], env = {} }: LaunchOptions,
): Promise<Desktop> {
  const executable = electronExecutable()
  let output = ''
  let errors = ''
  // From its first byte: the app can have painted before Playwright's launch returns, and said so to nobody.
  const listen = (spawned: unknown) => {
    const { process: child } = spawned as { process: ChildProcess }
    child.once('spawn', () => {
      if (child.spawnfile !== executable.path) return
      child.stdout?.on('data', (part: Buffer) => (output += part.toString('utf8')))
      child.stderr?.on('data', (part: Buffer) => (errors += part.toString('utf8')))
    })
  }
  subscribe('child_process', listen)
  const app = await _electron
    .launch({
      executablePath: executable.path,
      args: [folder, `--user-data-dir=${userData}`, '--webhook-port=0', ...args],
      env: {
        ...inherited(),
        ...executable.env,
        TWILIO_ACCOUNT_SID: TEST_ACCOUNT.accountSid,
        TWILIO_AUTH_TOKEN: TEST_ACCOUNT.authToken,
        SWITCHBOARD_LAUNCH: '1',
        ...env,
      },
    })
    .finally(() => unsubscribe('child_process', listen))
  const page = await app.firstWindow().catch((cause: unknown) => {
    throw new Error(`The app ended before it had a window:\n${output}${errors}`, { cause })
  })
  await page.waitForFunction(() => location.href !== 'about:blank' && document.readyState === 'complete')
  return { app, page, userData, output: () => output }
}

function start(
  folder: string,
  userData: string,
  args: string[],
): Promise<{ code: number | null; output: string }> {
  const executable = electronExecutable()
  const child = spawn(
    executable.path,
    [
      ...(process.platform === 'linux' ? ['--no-sandbox'] : []),
      folder,
      `--user-data-dir=${userData}`,
      ...args,
    ],
    {
      env: { ...inherited(), ...executable.env, SWITCHBOARD_LAUNCH: '1' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let output = ''
  child.stdout.on('data', (part: Buffer) => (output += part.toString('utf8')))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}

/** `switchboard serve` on free ports; resolves when it says that it is ready. */
async function serve(
  data: string,
  more: string[],
  env: Record<string, string>,
): Promise<{ console: string; webhooks: string; stop: () => Promise<void>; kill: () => Promise<void> }> {
  const command = join(root, 'bin', 'switchboard.js')
  const args = ['serve', '--json', '--console-port', '0', '--webhook-port', '0', '--data', data, ...more]
  const child = spawn(process.execPath, [command, ...args], {
    env: {
      ...inherited(),
      TWILIO_ACCOUNT_SID: TEST_ACCOUNT.accountSid,
      TWILIO_AUTH_TOKEN: TEST_ACCOUNT.authToken,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let errors = ''
  child.stderr.on('data', (part: Buffer) => (errors += part.toString('utf8')))
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  for await (const line of createInterface({ input: child.stdout })) {
    const told = JSON.parse(line) as { event?: string; console: string; webhooks: string }
    if (told.event !== 'ready') continue
    const end = async (signal: NodeJS.Signals) => {
      child.kill(signal)
      await ended
    }
    return {
      console: told.console,
      webhooks: told.webhooks,
      stop: () => end('SIGTERM'),
      kill: () => end('SIGKILL'),
    }
  }
  throw new Error(`\`switchboard serve\` ended before it was ready: ${errors}`)
}

function inherited(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

export { expect }
