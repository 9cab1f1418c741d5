import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { openReader } from '../../src/server/store/index.ts'
import { ConsoleProcess } from '../kill/process.ts'
import { ANN, BEN, newSid } from '../support/running.ts'
import { bed, everything, expectSound, freshFolder } from './support.ts'

const COMMAND = join(import.meta.dirname, '..', '..', 'bin', 'switchboard.js')

async function switchboard(...args: string[]): Promise<{ code: number | null; out: string }> {
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const exit = once(child, 'exit') as Promise<[number | null]>
  const [out, , [code]] = await Promise.all([text(child.stdout), text(child.stderr), exit])
  return { code, out }
}

test('a second writer is refused, and the first goes on undisturbed', async () => {
  const r = await bed()
  const { folder } = r.switchboard.store
  await r.sms(ANN, 'before')
  const lock = await readFile(join(folder, 'running.json'), 'utf8')

  const ports = ['--webhook-port', '0', '--console-port', '0']
  const second = await switchboard('serve', '--json', '--data', folder, ...ports)
  expect(second.code).toBe(1)
  expect(JSON.parse(second.out)).toMatchObject({
    error: {
      code: 'data_locked',
      message: expect.stringContaining(`(process ${process.pid}) is using ${folder}`) as unknown,
    },
  })

  expect(await readFile(join(folder, 'running.json'), 'utf8')).toBe(lock)
  await r.sms(ANN, 'behind')
  expect((await everything(r)).messages).toHaveLength(2)
  await expectSound(r)
}, 60_000)

test('the lock of a living process holds; that of a killed one is nobody’s', async () => {
  const folder = await freshFolder()
  const first = new ConsoleProcess(folder)
  onTestFinished(() => first.kill())
  await first.start({ folder, at: Date.parse('2025-01-15T10:00:00Z'), death: undefined })
  await expect(bed({ folder })).rejects.toMatchObject({ code: 'data_locked', details: { pid: first.pid } })
  await first.kill()
  const r = await bed({ folder })
  await r.sms(ANN, 'it is ours now')
}, 60_000)

test.skipIf(process.platform === 'win32')(
  'a pid that was given to another process since holds nothing',
  async () => {
    const folder = await freshFolder()
    const r = await bed({ folder })
    await r.sms(ANN, 'before')
    await r.switchboard.close()
    const lock = { pid: process.pid, started: 'another time', port: 1, secret: 'x' }
    await writeFile(join(folder, 'running.json'), JSON.stringify(lock))
    const next = await bed({ folder })
    expect((await everything(next)).messages).toHaveLength(1)
  },
)

test('whoever reads beside a console that rotates sees each message once', async () => {
  const r = await bed()
  const { folder } = r.switchboard.store
  const acknowledged: string[] = []
  const state = { isOver: false }
  const writing = (async () => {
    for (let n = 0; n < 60; n++) {
      await Promise.all(
        [ANN, BEN, '+15550001', '+15550002', '+15550003'].map(async (from) => {
          const sid = newSid()
          await r.sms(from, `number ${n}`, sid)
          acknowledged.push(sid)
        }),
      )
      r.clock.advance(n % 4 === 3 ? 301_000 : 10_000)
    }
    state.isOver = true
  })()

  let readings = 0
  while (!state.isOver) {
    const certain = [...acknowledged]
    if (certain.length === 0) {
      await new Promise(setImmediate)
      continue
    }
    const warnings: string[] = []
    const reader = await openReader(folder, { warn: (text) => warnings.push(text) })
    const seen: string[] = []
    let last = ''
    for await (const message of reader.messages()) {
      seen.push(message.sid)
      expect(message.createdAt >= last).toBe(true)
      last = message.createdAt
    }
    expect(new Set(seen).size).toBe(seen.length)
    const there = new Set(seen)
    expect(certain.filter((sid) => !there.has(sid))).toEqual([])
    const sessions: string[] = []
    for await (const session of reader.sessions()) sessions.push(session._id)
    expect(new Set(sessions).size).toBe(sessions.length)
    expect(warnings).toEqual([])
    readings++
  }
  await writing
  expect(readings).toBeGreaterThan(2)
  await expectSound(r)
}, 60_000)
