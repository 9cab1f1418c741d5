// Plain JavaScript for any Node ≥ 18: it runs before the Node this project brings along does.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isatty } from 'node:tty'

const MAJOR_NEEDED = 24

/** How often a program started by npm looks whether npm's shell still lives, in milliseconds. */
const LOOK_EVERY_MS = 200

/** Whether this process can run the TypeScript sources itself. */
export function isNodeNewEnough() {
  return Number.parseInt(process.versions.node, 10) >= MAJOR_NEEDED
}

/**
 * The Node 24 that `npm ci` puts beside the other packages.
 * @param {string} root the project's folder
 * @returns {string | undefined} its path, or undefined when it is not there
 */
export function bundledNode(root) {
  const file = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  return existsSync(file) ? file : undefined
}

/**
 * Whether an install has run to its end here; npm writes this file last.
 * @param {string} root the project's folder
 */
export function isInstalled(root) {
  return existsSync(join(root, 'node_modules', '.package-lock.json'))
}

/**
 * Starts a script of ours that ends with this process (it calls `endWithLauncher`): our SIGTERM and SIGINT reach it,
 * and it doesn't outlive us when we are killed.
 * @param {string} node
 * @param {string[]} args the script and what it gets
 * @param {'inherit' | 'pipe'} output what becomes of its stdout
 */
export function launch(node, args, output) {
  const child = spawn(node, args, {
    stdio: ['inherit', output, 'inherit', 'ipc'],
    env: { ...process.env, SWITCHBOARD_LAUNCHER: String(process.pid) },
  })
  const terminate = () => child.kill('SIGTERM')
  // Ctrl-C at a terminal reaches the whole foreground group by itself; sent on as well, it would count twice.
  const interrupt = () => isatty(0) || child.kill('SIGINT')
  process.on('SIGTERM', terminate)
  process.on('SIGINT', interrupt)
  child.on('exit', () => {
    process.off('SIGTERM', terminate)
    process.off('SIGINT', interrupt)
  })
  return child
}

/**
 * Runs a script of ours in this process's place and ends as it ends.
 * @param {string} node
 * @param {string[]} args the script and what it gets
 * @returns {Promise<never>}
 */
export function become(node, args) {
  return new Promise((_resolve, reject) => {
    const child = launch(node, args, 'inherit')
    child.on('error', reject)
    child.on('exit', (code, signal) => endAs(code, signal))
  })
}

/**
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
export function endAs(code, signal) {
  if (signal) process.kill(process.pid, signal)
  else process.exit(code ?? 1)
}

/** Makes this process end when what started it does; without it `kill -9` or npx would leave a server behind. */
export function endWithLauncher() {
  if (process.env['SWITCHBOARD_LAUNCHER'] === String(process.ppid)) {
    // The launcher stands for this process, and ends before it only when it is killed outright.
    process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
    process.channel?.unref()
  } else if (process.env['npm_command']) {
    endWithShell()
  }
}

/** npm passes a SIGTERM only to the shell between it and us; the shell dies of it and tells nobody. */
function endWithShell() {
  const shell = process.ppid
  const watch = setInterval(() => {
    if (process.ppid !== shell) process.kill(process.pid, 'SIGTERM')
  }, LOOK_EVERY_MS).unref()
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT'])) {
    process.once(signal, () => {
      clearInterval(watch)
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
    })
  }
}
