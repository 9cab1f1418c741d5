import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'

/** Builds nothing, but says so, and leaves what is looked for. */
const build = `
import { mkdirSync, writeFileSync } from 'node:fs'
for (const part of ['main/index.js', 'preload/index.cjs', 'renderer/index.html']) {
  const file = new URL('../out/' + part, import.meta.url)
  mkdirSync(new URL('.', file), { recursive: true })
  writeFileSync(file, '')
}
console.log('built')
`
/** In the server's place: says whether there is a page, and ends. */
const serve = `
import { existsSync } from 'node:fs'
const page = existsSync(new URL('../../../out/renderer/index.html', import.meta.url))
console.log(JSON.stringify({ event: 'ready', page, with: process.argv.slice(2).join(' ') }))
`

test('npm start with what only the browser console takes builds its page first, and keeps its words out of the JSON', async () => {
  const root = join(import.meta.dirname, '..')
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-start-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const part of ['bin', 'scripts/start.mjs', 'scripts/setup.mjs', 'scripts/lib'])
    cpSync(join(root, part), join(folder, part), { recursive: true })
  const put = (file: string, content: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), content)
  }
  put('package.json', '{ "type": "module" }')
  put('node_modules/.package-lock.json', '{}')
  put('scripts/build.mjs', build)
  put('src/server/cli/main.ts', serve)

  const child = spawn(process.execPath, ['scripts/start.mjs', '--json', '--simulator'], {
    cwd: folder,
    env: { ...process.env, SWITCHBOARD_NO_OPEN: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, told] = await Promise.all([text(child.stdout), text(child.stderr)])
  expect(JSON.parse(out)).toEqual({ event: 'ready', page: true, with: 'serve --json --simulator' })
  expect(told).toContain('Building the console …\nbuilt\n')
})
