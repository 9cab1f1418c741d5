// npm run dist: installers for the system it runs on, into dist/. It needs Electron's binary, which it fetches.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { commandOf, fail, prepare, root } from './setup.mjs'

await prepare(import.meta.url)

const { fuses } = await import('../electron-builder.config.mjs')
const { wrongFuses } = await import('./lib/read-fuses.mjs')

run(join(root, 'scripts', 'build.mjs'), ['--logLevel', 'warn'], 'The console could not be built.')
run(
  commandOf('electron-builder'),
  ['--config', 'electron-builder.config.mjs', '--publish', 'never', ...process.argv.slice(2)],
  'The installers could not be made; what it says above is the reason. Without a way to Electron’s releases there are none.',
)

const packed = packedExecutables()
if (packed.length === 0) fail('No packed Electron was found in dist/, so its fuses can’t be checked.')
for (const executable of packed) {
  const wrong = await wrongFuses(executable, fuses)
  if (wrong.length > 0) fail(`${executable} must not be shipped: ${wrong.join(', ')}.`)
  console.log(`The fuses of ${executable} are as they should be.`)
}

/**
 * @param {string} script
 * @param {string[]} args
 * @param {string} otherwise
 */
function run(script, args, otherwise) {
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' })
  if (status !== 0) fail(otherwise)
}

/** In the unpacked folders that electron-builder leaves beside the installers. */
function packedExecutables() {
  const dist = join(root, 'dist')
  return readdirSync(dist)
    .flatMap((folder) => [
      join(dist, folder, 'switchboard'),
      join(dist, folder, 'Switchboard.exe'),
      join(dist, folder, 'Switchboard.app'),
    ])
    .filter((file) => existsSync(file))
}
