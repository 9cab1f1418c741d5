#!/usr/bin/env node
// The `switchboard` command. Plain JavaScript for any Node ≥ 18; what it starts wants the Node 24 that came with it.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { become, bundledNode, isInstalled, isNodeNewEnough } from './bundled-node.js'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const source = join(root, 'src', 'server', 'cli', 'main.ts')
const built = join(root, 'out', 'cli', 'main.js')
const isSource = existsSync(join(root, 'src'))
const node = bundledNode(root)

if (isSource && !isInstalled(root)) {
  refuse(`Switchboard's packages are not installed yet: run \`npm ci\` in ${root} first.`)
} else if (isNodeNewEnough()) {
  await import(pathToFileURL(isSource ? source : built).href)
} else if (node) {
  await become(node, [isSource ? source : built, ...process.argv.slice(2)])
} else {
  refuse(
    isSource
      ? `The Node that comes with Switchboard is missing: run \`npm ci\` in ${root} first.`
      : `Switchboard needs Node 24 or newer, and this is Node ${process.versions.node}: install it from https://nodejs.org.`,
  )
}

/** @param {string} sentence */
function refuse(sentence) {
  console.error(sentence)
  process.exitCode = 1
}
