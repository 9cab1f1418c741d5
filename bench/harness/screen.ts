import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright'
import { testChromium } from '../../test/standin/chromium.ts'
import type { Screen } from '../processes/screen.ts'
import { startWorker, type Worker } from './worker.ts'

const VIEWPORT = { width: 1240, height: 820 }
const BUILD = join(import.meta.dirname, '..', '..', 'scripts', 'build.mjs')

let built: Promise<void> | undefined

/** The Chromium the tests use, and the page built from what is here: once a run. */
export async function openBrowser(): Promise<Browser> {
  built ??= build()
  await built
  const { executable, env } = await testChromium()
  const inherited = Object.entries(process.env).filter((one): one is [string, string] => one[1] !== undefined)
  return chromium.launch({
    executablePath: executable,
    args: ['--no-sandbox', '--disable-gpu'],
    env: { ...Object.fromEntries(inherited), ...env },
  })
}

async function build(): Promise<void> {
  const child = spawn(process.execPath, [BUILD], { stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error('The page could not be built.')
}

/** A console on a folder and a page that shows it. */
export interface Shown {
  page: Page
  webhooks: string
  /** Ends both. */
  end: () => Promise<void>
}

/** `script` runs in the page before anything of its own does. */
export async function show(browser: Browser, folder: string, script?: () => void): Promise<Shown> {
  const server: Worker<Screen> = startWorker<Screen>('screen.ts')
  const { console, webhooks } = await server.ask('open', folder)
  const context = await browser.newContext({ viewport: VIEWPORT })
  const page = await context.newPage()
  if (script) await page.addInitScript(script)
  await page.goto(console)
  return {
    page,
    webhooks,
    async end() {
      await context.close()
      await server.ask('close')
      await server.end()
    },
  }
}
