// npm run build: the desktop app's three bundles, into out/.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { commandOf, prepare, root } from './setup.mjs'

await prepare(import.meta.url)

if (existsSync(join(root, 'src', 'main'))) {
  const args = [commandOf('electron-vite'), 'build', ...process.argv.slice(2)]
  const done = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  process.exitCode = done.status ?? 1
} else {
  console.log('Nothing to build: the server runs from its sources, and there is no src/main.')
}
