// npm start: the console, from a fresh checkout on any Node ≥ 20.19: the desktop app, or the browser console where that
// can't be had. What follows `--` is for `switchboard serve`.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { endAs, launch } from '../bin/launch.js'
import { runDesktop } from './lib/launch-desktop.mjs'
import { fail, prepare, root } from './setup.mjs'

await prepare(import.meta.url)

const args = process.argv.slice(2)
const outcome = await runDesktop(args)
if (outcome.kind === 'ended') process.exitCode = outcome.exitCode
else startInBrowser(outcome.because)

/** @param {string} because why there is no window */
function startInBrowser(because) {
  const wantsJson = args.includes('--json')
  if (!wantsJson) console.log(`${because}: starting the console for the browser.`)
  const command = join(root, 'bin', 'switchboard.js')
  const serveArgs = ['serve', ...(wantsJson ? [] : ['--json']), ...args]
  const serve = launch(process.execPath, [command, ...serveArgs], 'pipe')
  if (!serve.stdout) throw new Error('a piped stdout is there')

  createInterface({ input: serve.stdout }).on('line', (line) => {
    if (wantsJson) console.log(line)
    const address = consoleAddress(line)
    if (!address) return
    if (!wantsJson) console.log(`The console: ${address}`)
    openBrowser(address)
  })
  serve.on('error', (error) => fail(`The server could not be started: ${error.message}`))
  serve.on('close', endAs)
}

/**
 * @param {string} line a line `serve --json` printed
 * @returns {string | undefined} where the console is, if this is the line that says so
 */
function consoleAddress(line) {
  try {
    const told = JSON.parse(line)
    return told.event === 'ready' && typeof told.console === 'string' ? told.console : undefined
  } catch {
    return undefined
  }
}

/** @param {string} address */
function openBrowser(address) {
  if (process.env['CI'] || process.env['SWITCHBOARD_NO_OPEN']) return
  const [file, args] =
    process.platform === 'darwin'
      ? ['open', [address]]
      : process.platform === 'win32'
        ? ['rundll32', ['url.dll,FileProtocolHandler', address]]
        : ['xdg-open', [address]]
  const opener = spawn(file, args, { stdio: 'ignore', detached: true })
  opener.on('error', () => console.error('No browser could be opened: open the address above in one.'))
  opener.unref()
}
