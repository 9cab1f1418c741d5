#!/usr/bin/env node
// The `switchboard` command. Plain JavaScript for any Node ≥ 18; what it starts wants the Node 24 that came with it.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { become, bundledNode, endWithLauncher, isInstalled, isNodeNewEnough } from './launch.js'

const here = fileURLToPath(import.meta.url)
const root = dirname(dirname(here))
const isCheckout = existsSync(join(root, 'src'))
const program = isCheckout
  ? join(root, 'src', 'server', 'cli', 'main.ts')
  : join(root, 'out', 'cli', 'main.js')
const node = bundledNode(root)

endWithLauncher()
if (isCheckout && !isInstalled(root)) {
  refuse(`Switchboard's packages are not installed yet: run \`npm ci\` in ${root} first.`)
} else if (isNodeNewEnough()) {
  await import(pathToFileURL(program).href)
} else if (node) {
  await become(node, [here, ...process.argv.slice(2)])
} else if (isCheckout) {
  refuse(`The Node that comes with Switchboard is missing: run \`npm ci\` in ${root} first.`)
} else {
  refuse(
    `Switchboard needs Node 24 or newer and this is ${process.versions.node}: get it from https://nodejs.org.`,
  )
}

/** @param {string} sentence */
function refuse(sentence) {
  console.error(sentence)
  process.exitCode = 1
}
