import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { callControl, RealDisk, startControl } from '../../src/server/store/index.ts'
import { Lock } from '../../src/server/store/lock.ts'
import { identifyOn } from '../../src/server/store/process-identity.ts'
import { freshFolder, openStore } from './support.ts'

const disk = new RealDisk()

async function lockIn(folder: string, pid: number, alive: ReadonlySet<number>): Promise<Lock> {
  const identify = (p: number) => Promise.resolve(alive.has(p) ? `run ${p}` : undefined)
  return Lock.acquire({ disk, file: join(folder, 'running.json'), folder, identify, pid })
}

async function folderMade(): Promise<string> {
  const folder = await freshFolder()
  await mkdir(folder)
  return folder
}

test('a second writer is refused while the first lives, and told who has it', async () => {
  const folder = await folderMade()
  const first = await lockIn(folder, 1, new Set([1, 2]))
  await expect(lockIn(folder, 2, new Set([1, 2]))).rejects.toMatchObject({
    code: 'data_locked',
    details: { pid: 1 },
  })
  await first.release()
  await (await lockIn(folder, 2, new Set([1, 2]))).release()
  expect(await readdir(folder)).toEqual([])
})

test('who comes while the first clears its folder of what a crash left is told who has it, too', async () => {
  const folder = await folderMade()
  const first = await lockIn(folder, 1, new Set([1, 2]))
  let isSwept = false
  const sweeping = new Proxy(disk, {
    get: (of, name: keyof RealDisk) =>
      name === 'link'
        ? async (from: string, to: string) => {
            if (!isSwept) await of.remove(from)
            isSwept = true
            await of.link(from, to)
          }
        : of[name],
  })
  const identify = (pid: number) => Promise.resolve(`run ${pid}`)
  const second = { disk: sweeping, file: join(folder, 'running.json'), folder, identify, pid: 2 }
  await expect(Lock.acquire(second)).rejects.toMatchObject({ code: 'data_locked', details: { pid: 1 } })
  await first.release()
  expect(await readdir(folder)).toEqual([])
})

test('a stale lock is taken over; so is one whose pid another process has now, and one that is no JSON', async () => {
  const folder = await folderMade()
  await lockIn(folder, 1, new Set([1]))
  const second = await lockIn(folder, 2, new Set([2]))
  await writeFile(
    join(folder, 'running.json'),
    JSON.stringify({ pid: 3, started: 'long ago', port: 0, secret: '' }),
  )
  // Whoever lost it does not take it away from its new owner.
  await second.release()
  expect(await readdir(folder)).toEqual(['running.json'])
  await lockIn(folder, 4, new Set([3, 4]))
  await writeFile(join(folder, 'running.json'), 'half a li')
  await (await lockIn(folder, 5, new Set([5]))).release()
  expect(await readdir(folder)).toEqual([])
})

test('of many contenders for a stale lock one gets it, also when one died while taking it over', async () => {
  for (let round = 0; round < 10; round++) {
    const folder = await folderMade()
    await lockIn(folder, 99, new Set([99]))
    if (round % 2 === 1) {
      // A contender that died holding the claim.
      const { createHash } = await import('node:crypto')
      const stale = await readFile(join(folder, 'running.json'))
      await writeFile(
        join(folder, `takeover-${createHash('sha256').update(stale).digest('hex').slice(0, 32)}`),
        JSON.stringify({ pid: 98, started: 'run 98', port: 0, secret: '' }),
      )
    }
    const alive = new Set([1, 2, 3, 4, 5, 6])
    const results = await Promise.allSettled([...alive].map((pid) => lockIn(folder, pid, alive)))
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1)
    for (const r of results)
      if (r.status === 'rejected') expect(r.reason).toMatchObject({ code: 'data_locked' })
    expect(await readdir(folder)).toEqual(['running.json'])
  }
})

test('of several processes one gets a stale lock', async () => {
  const folder = await folderMade()
  await lockIn(folder, 99, new Set([99]))
  const script = `
    import { Lock } from ${JSON.stringify(join(import.meta.dirname, '../../src/server/store/lock.ts'))}
    import { RealDisk } from ${JSON.stringify(join(import.meta.dirname, '../../src/server/store/disk.ts'))}
    import { identifyOn } from ${JSON.stringify(join(import.meta.dirname, '../../src/server/store/process-identity.ts'))}
    const disk = new RealDisk()
    const folder = ${JSON.stringify(folder)}
    Lock.acquire({ disk, file: folder + '/running.json', folder, identify: identifyOn(disk), pid: process.pid })
      .then(() => 'got', (e) => e.code).then((said) => { console.log(said); process.stdin.resume() })`
  const children = [1, 2, 3].map(() =>
    spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] }),
  )
  // Nobody ends before all have spoken, so that no lock turns stale meanwhile.
  const said = await Promise.all(
    children.map(async (child) => String(((await once(child.stdout, 'data')) as [Buffer])[0]).trim()),
  )
  for (const child of children) child.kill()
  expect(said.sort()).toEqual(['data_locked', 'data_locked', 'got'])
})

test('a process is known by its pid and when it began', async () => {
  const identify = identifyOn(disk)
  const own = await identify(process.pid)
  expect(own).toBeTruthy()
  expect(await identify(process.pid)).toBe(own)
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  expect(await identify(child.pid ?? 0)).toBeUndefined()
})

test('commands reach the console that has the folder, and nobody without its secret does', async () => {
  const folder = await freshFolder()
  const identify = (pid: number) => Promise.resolve(pid > 0 ? `run ${pid}` : undefined)
  const store = await openStore(folder, { disk, identify })
  await expect(callControl(folder, 'add', {}, undefined, { identify })).rejects.toMatchObject({
    code: 'not_running',
  })
  const control = await startControl(
    {
      add: async (args, progress) => {
        progress('half')
        const { a, b } = args as { a: number; b: number }
        return a + b
      },
      settle: async () => {
        await store.settle()
        throw new Error('boom')
      },
    },
    'secret',
  )
  await store.announce(control.port, control.secret)
  const seen: unknown[] = []
  expect(await callControl(folder, 'add', { a: 1, b: 2 }, (p) => seen.push(p), { identify })).toBe(3)
  expect(seen).toEqual(['half'])
  await expect(callControl(folder, 'settle', {}, undefined, { identify })).rejects.toMatchObject({
    code: 'internal',
  })
  await expect(callControl(folder, 'nothing', {}, undefined, { identify })).rejects.toMatchObject({
    code: 'not_possible',
  })
  const url = `http://127.0.0.1:${control.port}/add`
  const authorization = 'Bearer secret'
  expect((await fetch(url, { method: 'POST' })).status).toBe(403)
  expect((await fetch(url, { method: 'POST', headers: { authorization: 'Bearer no' } })).status).toBe(403)
  expect((await fetch(url, { headers: { authorization } })).status).toBe(405)
  expect(
    (await fetch(url, { method: 'POST', headers: { authorization, origin: 'http://evil.example' } })).status,
  ).toBe(403)
  expect((await fetch(url, { method: 'POST', headers: { authorization }, body: '{"a":' })).status).toBe(400)
  await control.close()
  await store.close()
  await expect(callControl(folder, 'add', {}, undefined, { identify })).rejects.toMatchObject({
    code: 'not_running',
  })
})
