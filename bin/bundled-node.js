// Plain JavaScript for any Node ≥ 18: it runs before the Node this project brings along does.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const MAJOR_NEEDED = 24

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
 * Runs a program in this one's place: its streams are ours, our SIGTERM and SIGINT reach it, and we end as it ends.
 * @param {string} file
 * @param {string[]} args
 * @returns {Promise<never>}
 */
export function become(file, args) {
  return new Promise((_resolve, reject) => {
    const child = spawn(file, args, { stdio: 'inherit' })
    // Ctrl-C at a terminal reaches the whole foreground group by itself; sent on as well, it would count twice.
    const forwarded = {
      SIGTERM: () => child.kill('SIGTERM'),
      SIGINT: () => process.stdin.isTTY || child.kill('SIGINT'),
    }
    process.on('SIGTERM', forwarded.SIGTERM)
    process.on('SIGINT', forwarded.SIGINT)
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      process.off('SIGTERM', forwarded.SIGTERM)
      process.off('SIGINT', forwarded.SIGINT)
      if (signal) process.kill(process.pid, signal)
      else process.exit(code ?? 1)
    })
  })
}
