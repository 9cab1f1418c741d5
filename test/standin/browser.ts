/** Starts the Chromium behind the stand-in, and ends with it. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { app } from './app.ts'
import { Cdp } from './cdp.ts'
import { testChromium } from './chromium.ts'
import { host } from './host.ts'
import { watchTargets } from './targets.ts'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-extensions',
  '--disable-popup-blocking',
  '--disable-dev-shm-usage',
  '--disable-renderer-backgrounding',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--password-store=basic',
  '--use-mock-keychain',
  '--disable-features=HttpsUpgrades,PaintHolding',
  '--no-startup-window',
]

/** Returns at once; `ready` follows when Chromium answers. */
export function startChromium(): void {
  void connect().catch((error: unknown) => {
    console.error(error)
    host.stop(1)
  })
}

async function connect(): Promise<void> {
  const { executable, env } = await testChromium()
  const profile = mkdtempSync(join(tmpdir(), 'standin-'))
  const port = host.switches.get('remote-debugging-port') ?? '0'
  const mode = process.env['STANDIN_HEADED'] === '1' ? [] : ['--headless']
  const child = spawn(
    executable,
    [...mode, ...FLAGS, `--remote-debugging-port=${port}`, `--user-data-dir=${profile}`],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env } },
  )
  process.on('exit', () => {
    child.kill('SIGKILL')
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 })
  })
  child.on('error', (error) => {
    console.error(error)
    host.stop(1)
  })
  child.on('exit', (code) => {
    console.error(`Chromium ended (${code ?? 'by a signal'})`)
    host.stop(1)
  })
  let isStopping = false
  host.stop = (code) => {
    if (isStopping) return
    isStopping = true
    const end = () => process.exit(code)
    child.removeAllListeners('exit')
    if (child.exitCode !== null || child.signalCode !== null) end()
    child.once('exit', end)
    child.kill('SIGKILL')
  }
  createInterface({ input: child.stderr }).on('line', (line) => {
    const url = /^DevTools listening on (ws:\S+)/.exec(line)?.[1]
    if (url === undefined) {
      if (process.env['STANDIN_DEBUG']) console.error(line)
      return
    }
    // Playwright waits for this line when it asked for the port.
    if (host.switches.has('remote-debugging-port')) console.error(line)
    Cdp.connect(url).then(begin, (error: unknown) => {
      if (isStopping) return
      console.error(error)
      host.stop(1)
    })
  })
}

async function begin(cdp: Cdp): Promise<void> {
  cdp.onClosed = () => host.stop(1)
  await watchTargets(cdp)
  host.cdp.resolve(cdp)
  app.becameReady()
}
