import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'

/** A program in the command's place: says that it runs, and what ends it. */
const program = `
process.on('SIGTERM', () => { console.log('asked to stop'); process.exit(7) })
console.log('runs with', process.argv.slice(2).join(' '))
if (process.argv[2] === 'serve') setInterval(() => {}, 1000)
else process.exitCode = 2
`
/** Always starts a second process, as bin/switchboard.js does on a Node older than 24. */
const launcher = `
import { become } from './launch.js'
await become(process.execPath, [new URL('switchboard.js', import.meta.url).pathname, ...process.argv.slice(2)])
`
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchboard-launch-'))
  cpSync(join(import.meta.dirname, '..', 'bin'), join(folder, 'bin'), { recursive: true })
  mkdirSync(join(folder, 'src', 'server', 'cli'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'src', 'server', 'cli', 'main.ts'), program)
  writeFileSync(join(folder, 'bin', 'launcher.js'), launcher)
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('before the install it says in one sentence what to do', async () => {
  const child = start(process.execPath, ['bin/switchboard.js', 'serve'])

  expect(await text(child.stderr)).toMatch(
    /^Switchboard's packages are not installed yet: run `npm ci` in .+ first\.\n$/,
  )
  expect(await ended(child)).toBe(1)
})

test.each(['bin/switchboard.js', 'bin/launcher.js'])(
  '%s passes arguments and exit code through',
  async (script) => {
    install()
    const child = start(process.execPath, [script, 'sessions', '--limit', '3'])

    expect(await text(child.stdout)).toBe('runs with sessions --limit 3\n')
    expect(await ended(child)).toBe(2)
  },
)

test('a SIGTERM to the launcher stops the program, whose exit code it keeps', async () => {
  install()
  const child = start(process.execPath, ['bin/launcher.js', 'serve'])
  await firstOutput(child)
  child.kill('SIGTERM')

  expect(await text(child.stdout)).toBe('asked to stop\n')
  expect(await ended(child)).toBe(7)
})

test('a launcher killed outright leaves no program behind', async () => {
  install()
  const child = start(process.execPath, ['bin/launcher.js', 'serve'])
  await firstOutput(child)
  child.kill('SIGKILL')

  // The program holds the same stdout: it ends only when the program does.
  expect(await text(child.stdout)).toBe('')
})

test('a shell of npm that dies of a SIGTERM takes the program along', async () => {
  install()
  const child = start('sh', ['-c', `'${process.execPath}' bin/switchboard.js serve; true`], {
    npm_command: 'exec',
  })
  await firstOutput(child)
  child.kill('SIGTERM')

  expect(await text(child.stdout)).toBe('asked to stop\n')
})

function install(): void {
  mkdirSync(join(folder, 'node_modules'))
  writeFileSync(join(folder, 'node_modules', '.package-lock.json'), '{}')
}

function start(file: string, args: string[], env: Record<string, string> = {}) {
  const { npm_command: _, ...ours } = process.env
  return spawn(file, args, { cwd: folder, env: { ...ours, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
}

function firstOutput(child: ReturnType<typeof start>): Promise<void> {
  return new Promise((resolve) => child.stdout.once('data', () => resolve()))
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) resolve(child.exitCode)
    else child.once('exit', resolve)
  })
}
