// What every script here begins with. Plain JavaScript: it runs before anything is installed.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { become, bundledNode, endWithLauncher, isInstalled, isNodeNewEnough } from '../bin/launch.js'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/**
 * Installs the packages when they are missing, then goes on under Node 24: this process ends here if it is not one,
 * and the same script starts again under the Node that was installed.
 * @param {string} script the script's own import.meta.url
 */
export async function prepare(script) {
  endWithLauncher()
  if (!isInstalled(root)) install()
  if (isNodeNewEnough()) return
  const node = bundledNode(root)
  if (!node) fail('The Node that comes with the packages is missing: run `npm ci` and start again.')
  await become(node, [fileURLToPath(script), ...process.argv.slice(2)])
}

/**
 * Where a package's command is, to be run by this process's own Node.
 * @param {string} name the package
 * @param {string} [command] the command, when it is not called like the package
 */
export function commandOf(name, command = name) {
  const folder = join(root, 'node_modules', name)
  /** @type {{ bin?: string | Record<string, string> }} */
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = typeof bin === 'string' ? bin : bin?.[command]
  if (!file) throw new Error(`${name} has no command ${command}`)
  return join(folder, file)
}

/**
 * @param {string} sentence what is wrong and what to do
 * @returns {never}
 */
export function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}

function install() {
  console.log('Installing the packages (once) …')
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  // npm tells its scripts where it is; started without it, the one on the PATH has to do (npm.cmd needs a shell).
  const npm = process.env['npm_execpath']
  /** @type {import('node:child_process').SpawnSyncOptions} */
  const options = { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }
  const done = npm
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' })
  if (done.status !== 0) fail('`npm ci` failed; what it says above is the reason. Mend it and start again.')
}
