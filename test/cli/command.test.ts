import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { history } from '../../scripts/history.ts'
import { backstage } from '../../src/server/cli/wiring.ts'
import { runCommand } from './fake-terminal.ts'

const command = join(import.meta.dirname, '..', '..', 'bin', 'switchboard.js')
let home: string
let data: string
const started: ChildProcess[] = []

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'switchboard-cli-'))
  data = join(home, 'data')
})
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  }
  await rm(home, { recursive: true, force: true, maxRetries: 5 })
})

function start(args: string[], env: Record<string, string> = {}) {
  const clean = { PATH: process.env['PATH'] ?? '', HOME: home, ...env }
  const child = spawn(process.execPath, [command, ...args], { env: clean, stdio: ['ignore', 'pipe', 'pipe'] })
  started.push(child)
  return child
}

/** Most run in this process: what starting one does is seen where it counts. */
function switchboard(...args: string[]) {
  return runCommand([...args, '--data', data], backstage(), { cwd: home, home })
}

/** A running console, once it says that it is ready. */
async function serve(...args: string[]) {
  const child = start([
    'serve',
    '--json',
    '--webhook-port',
    '0',
    '--console-port',
    '0',
    '--data',
    data,
    ...args,
  ])
  let err = ''
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    once(child, 'exit').then(() => Promise.reject(new Error(`it ended: ${err}`))),
  ])) as [string]
  return { child, ready: JSON.parse(line) as Record<string, unknown>, log: () => err }
}

describe('the command', () => {
  it('works without a console: settings, import, lists, verify, backup and restore', async () => {
    expect(await switchboard('sessions')).toMatchObject({ code: 1, out: '' })
    expect((await switchboard('config', 'get', 'sessions.gap', '--json')).json).toMatchObject([
      { key: 'sessions.gap', value: '5m', set: false },
    ])
    expect((await switchboard('config', 'set', 'sessions.gap', '10m', '--json')).json).toMatchObject([
      { value: '10m', set: true },
    ])
    const file = join(home, 'history.jsonl')
    await writeFile(file, `${[...history({ messages: 300, sessions: 50, seed: 5 })].join('')}broken\n`)
    const imported = await switchboard('import', file, '--json')
    expect(imported).toMatchObject({ code: 0, json: [{ taken: 300, refused: 1, errors: [{ line: 301 }] }] })
    const messages = await switchboard('messages', '--json')
    expect(messages.json).toHaveLength(300)
    const times = messages.json.map((m) => String(m['createdAt']))
    expect(times).toEqual([...times].sort())
    const { json: sessions } = await switchboard('sessions', '--json')
    expect(sessions.reduce((sum, s) => sum + Number(s['message_count']), 0)).toBe(300)
    expect(sessions[0]).toHaveProperty('channel_number')
    const [first] = sessions
    const own = await switchboard('messages', '--session', String(first?.['_id']), '--json')
    expect(own.json).toHaveLength(Number(first?.['message_count']))
    expect(await switchboard('verify', '--json')).toMatchObject({
      code: 0,
      json: [{ ok: true, messages: 300 }],
    })
    const backup = join(home, 'b.tar.gz')
    expect(await switchboard('backup', '--out', backup)).toMatchObject({ code: 0 })
    await rm(data, { recursive: true })
    expect(await switchboard('restore', backup)).toMatchObject({ code: 0 })
    expect((await switchboard('sessions', '--json')).json).toEqual(sessions)
  }, 120_000)

  it.each<[string, Record<string, string>, string]>([
    ['an account half set', { TWILIO_ACCOUNT_SID: 'AC1' }, 'TWILIO_AUTH_TOKEN'],
    ['numbers and no account', { SWITCHBOARD_NUMBERS: '+15705550100' }, 'TWILIO_ACCOUNT_SID'],
    ['an API at no address', { TWILIO_API_BASE_URL: 'nonsense' }, 'http://127.0.0.1'],
    ['numbers that are none', { SWITCHBOARD_NUMBERS: 'mine' }, 'whatsapp:+15705550100'],
    [
      'numbers and no way in',
      { SWITCHBOARD_NUMBERS: '+15705550100', TWILIO_ACCOUNT_SID: 'AC1', TWILIO_AUTH_TOKEN: 't' },
      '--tunnel localtunnel',
    ],
  ])('does not start on %s, and says what is missing', async (_, env, words) => {
    const ran = await runCommand(['serve', '--data', data], backstage(), { cwd: home, home, env })
    expect(ran).toMatchObject({ code: 1, out: '' })
    expect(ran.err).toContain(words)
  })

  it('works beside a running console, which does the writing', async () => {
    const { child, ready, log } = await serve('--simulator')
    expect(Object.keys(ready)).toEqual(['event', 'webhooks', 'console', 'data', 'simulator'])
    expect(ready).toMatchObject({ event: 'ready', data })
    expect(await switchboard('simulate', 'sms', '--from', '+1234567890', '--body', 'Hello')).toMatchObject({
      code: 0,
    })
    expect(log()).toMatch(/^\S+ \[info\] SMS received from \+1234567890 to \+\d+: Hello$/m)
    expect((await switchboard('messages', '--from', '+1234567890', '--json')).json[0]).toMatchObject({
      content: 'Hello',
      sender: 'contact',
    })
    expect(await switchboard('config', 'set', 'sessions.gap', '7m')).toMatchObject({ code: 0 })
    expect(await switchboard('restore', 'nothing')).toMatchObject({ code: 1 })
    expect(await switchboard('backup', '--json')).toMatchObject({ code: 0 })
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(await switchboard('simulate', 'sms', '--from', '+1', '--body', 'x')).toMatchObject({
      code: 1,
      err: expect.stringContaining('(not_running)') as unknown,
    })
    expect((await switchboard('config', 'get', 'sessions.gap')).out).toBe('7m\n')
  }, 120_000)

  it('refuses a second console on the same data, and a port that is taken', async () => {
    const { ready } = await serve('--simulator')
    const second = await switchboard('serve', '--simulator', '--webhook-port', '0', '--console-port', '0')
    expect(second).toMatchObject({ code: 1, err: expect.stringContaining('(data_locked)') as unknown })
    const { port } = new URL(String(ready['webhooks']))
    data = join(home, 'other')
    const third = await switchboard('serve', '--simulator', '--webhook-port', port, '--console-port', '0')
    expect(third).toMatchObject({ code: 1, err: expect.stringContaining('(port_taken)') as unknown })
  }, 120_000)

  it('ends quietly when its reader has seen enough', async () => {
    const file = join(home, 'history.jsonl')
    await writeFile(file, [...history({ messages: 1_000, sessions: 500, seed: 5 })].join(''))
    await switchboard('import', file)
    const child = start(['messages', '--json', '--data', data])
    const err = text(child.stderr)
    await once(child.stdout, 'data')
    child.stdout.destroy()
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(await err).toBe('')
  }, 120_000)
})
