// Starts the desktop app for `npm start`, or finds out why it can't be started here. What is decided is in desktop.mjs.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { commandOf, root } from '../setup.mjs'
import { desktopArgs, explainInstall, Handshake, HANDSHAKE_MS, needsBuild, StallWatch } from './desktop.mjs'

/** @import { Outcome } from './desktop.mjs' */

const electron = join(root, 'node_modules', 'electron')

/**
 * Resolves when the desktop app has ended, or when it is clear that it can't be had.
 * @param {readonly string[]} given what followed `npm start --`
 * @returns {Promise<Exclude<Outcome, { kind: 'running' }>>}
 */
export async function runDesktop(given) {
  // The browser console shows the same page.
  const unbuilt = build(given.includes('--json'))
  const wanted = desktopArgs(given)
  if ('because' in wanted)
    return { kind: 'browser', because: `The desktop window is not opened (${wanted.because})` }
  if (unbuilt) return { kind: 'browser', because: unbuilt }
  const missing = executable() ? null : await install()
  const file = executable()
  if (!file) {
    return {
      kind: 'browser',
      because: `The desktop window can’t be opened (${missing ?? 'Electron’s binary is missing'})`,
    }
  }
  return start(file, wanted.args)
}

/**
 * Builds what is out of date. Returns what is wrong, if anything is.
 * @param {boolean} isJson stdout is for programs
 */
function build(isJson) {
  const outputs = ['main/index.js', 'preload/index.cjs', 'renderer/index.html'].map((file) =>
    timeOf(join(root, 'out', file)),
  )
  if (!needsBuild(timesIn(join(root, 'src')), outputs)) return null
  if (isJson) console.error('Building the console …')
  else console.log('Building the console …')
  const args = [join(root, 'scripts', 'build.mjs'), '--logLevel', 'warn']
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ['inherit', isJson ? process.stderr.fd : 'inherit', 'inherit'],
  })
  return status === 0 ? null : 'The desktop window can’t be opened (the console could not be built)'
}

/** Electron's executable, when it is there. ELECTRON_OVERRIDE_DIST_PATH names another place, as for the package itself. */
function executable() {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  const pathFile = join(electron, 'path.txt')
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : override ? 'electron' : null
  if (name === null) return null
  const file = join(override ?? join(electron, 'dist'), name)
  return existsSync(file) ? file : null
}

/**
 * Fetches the binary by the package's own script, as long as bytes come in. Returns what went wrong, if anything did.
 * @returns {Promise<string | null>}
 */
function install() {
  console.log('Fetching Electron (once, about 120 MB) …')
  // A folder of its own for what is under way, so that its growth can be seen.
  const underWay = join(root, 'node_modules', '.cache', 'switchboard', 'electron-download')
  mkdirSync(underWay, { recursive: true })
  const child = spawn(process.execPath, [commandOf('electron', 'install-electron')], {
    cwd: root,
    env: { ...process.env, TMPDIR: underWay, TEMP: underWay, TMP: underWay },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (part) => (output += String(part)))
  child.stderr.on('data', (part) => (output += String(part)))
  const watch = new StallWatch()
  let isStalled = false
  const timer = setInterval(() => {
    if (!watch.isStuck(bytesIn(underWay) + bytesIn(join(electron, 'dist')), Date.now())) return
    isStalled = true
    child.kill('SIGKILL')
  }, 1000)
  return new Promise((resolve) => {
    const end = (/** @type {boolean} */ isDone) => {
      clearInterval(timer)
      rmSync(underWay, { recursive: true, force: true })
      resolve(isDone ? null : explainInstall(isStalled ? 'stalled' : 'failed', output))
    }
    child.on('error', () => end(false))
    child.on('close', (code) => end(code === 0))
  })
}

/**
 * @param {string} file
 * @param {string[]} args
 * @returns {Promise<Exclude<Outcome, { kind: 'running' }>>}
 */
function start(file, args) {
  const { ELECTRON_RUN_AS_NODE: _asNode, ...env } = process.env
  const child = spawn(file, [root, ...args], {
    env: { ...env, SWITCHBOARD_LAUNCH: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const handshake = new Handshake()
  const quit = () => child.kill('SIGTERM')
  process.on('SIGTERM', quit)
  process.on('SIGINT', quit)

  return new Promise((resolve) => {
    /** @param {Parameters<Handshake['decide']>[0]} event */
    const tell = (event) => {
      const outcome = handshake.decide(event)
      if (outcome === null) return
      clearTimeout(timer)
      if (outcome.kind === 'running') {
        console.log('The console is open. Ctrl-C ends it.')
        return
      }
      process.off('SIGTERM', quit)
      process.off('SIGINT', quit)
      if (outcome.kind === 'browser') child.kill('SIGKILL')
      resolve(outcome)
    }
    const timer = setTimeout(() => tell({ kind: 'late' }), HANDSHAKE_MS)
    createInterface({ input: child.stdout }).on('line', (text) => tell({ kind: 'line', text }))
    child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      process.stderr.write(text)
      tell({ kind: 'stderr', text })
    })
    child.on('error', (error) => {
      tell({ kind: 'stderr', text: error.message })
      tell({ kind: 'exit', code: null, signal: null })
    })
    child.on('close', (code, signal) => tell({ kind: 'exit', code, signal }))
  })
}

/** @param {string} file */
function timeOf(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs
}

/** @param {string} folder */
function timesIn(folder) {
  return filesIn(folder).map((file) => timeOf(file) ?? 0)
}

/** @param {string} folder */
function bytesIn(folder) {
  return filesIn(folder).reduce(
    (sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0),
    0,
  )
}

/** @param {string} folder */
function filesIn(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}
