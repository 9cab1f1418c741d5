import { join } from 'node:path'
import { expect, test } from 'vitest'
import { RealDisk } from '../../src/server/store/index.ts'
import type { OpenFile } from '../../src/server/store/disk.ts'
import { Chance } from '../kill/random.ts'
import { inconsistencies } from '../kill/check.ts'
import { DiskError, MemoryDisk } from '../store/memory-disk.ts'
import { ANN, BEN, BUSINESS, newSid, running, type Running } from '../support/running.ts'
import { bed, everything, expectSound, freshFolder, SMALL } from './support.ts'

const textOf = (sid: string, from: string, body = 'hello'): Record<string, string> => ({
  MessageSid: sid,
  From: from,
  To: BUSINESS,
  Body: body,
})

/** Resolves when the store can be written again. */
function wellAgain(r: Running): Promise<void> {
  return new Promise((resolve) => {
    const stop = r.switchboard.store.onState(({ state }) => {
      if (state !== 'ok') return
      stop()
      resolve()
    })
  })
}

/** What the next start finds after the power failed; another boot, so that the lock is nobody's. */
function afterPowerCut(disk: MemoryDisk, folder: string, chance: () => number): MemoryDisk {
  const next = disk.afterCrash(chance)
  next.delete(join(folder, 'running.json'))
  return next
}

test.each([
  ['nothing fits any more', 0],
  ['a part of the record still fits', 100],
])('a full disk (%s): 503, said, nothing half-kept, and on by itself', async (_what, room) => {
  const disk = new MemoryDisk()
  const r = await bed({ store: { ...SMALL, disk } })
  await r.sms(ANN, 'before')
  const before = await everything(r)

  disk.room = room
  const [known, fresh] = [newSid(), newSid()]
  for (const params of [textOf(known, ANN), textOf(fresh, BEN)]) {
    const { status, body } = await r.post('/webhooks/sms', params)
    expect(status).toBe(503)
    expect(body).toContain('The disk is full')
  }
  expect(await everything(r)).toEqual(before)
  expect(r.switchboard.truth.view()).toMatchObject({ state: 'trouble', problems: [{ code: 'disk_full' }] })
  expect(r.lines.join('\n')).toContain('[error] The disk is full')

  // Looked at again and again, and still full.
  r.clock.advance(3_000)
  expect((await r.post('/webhooks/sms', textOf(known, ANN))).status).toBe(503)

  const well = wellAgain(r)
  disk.room = Infinity
  r.clock.advance(3_000)
  await well
  expect(r.switchboard.truth.view()).toMatchObject({ state: 'listening', problems: [] })
  for (const sid of [known, known, fresh])
    expect((await r.post('/webhooks/sms', textOf(sid, sid === known ? ANN : BEN))).status).toBe(200)
  const { messages } = await everything(r)
  expect(messages.map((m) => m.sid).sort()).toEqual([before.messages[0]?.sid, known, fresh].sort())

  const after = await everything(r)
  await r.restart()
  expect(await everything(r)).toEqual(after)
  expect(r.switchboard.store.problems()).toEqual([])
  await expectSound(r)
})

test('whoever waits when the disk is full hears of it, and what was durable before stays', async () => {
  const disk = new MemoryDisk()
  const r = await bed({ store: { disk } })
  disk.room = 20_000
  const sids = Array.from({ length: 60 }, () => newSid())
  const statuses = await Promise.all(
    sids.map(async (sid, n) => (await r.post('/webhooks/sms', textOf(sid, n % 2 ? ANN : BEN))).status),
  )
  expect(new Set(statuses)).toEqual(new Set([200, 503]))
  const taken = (): string[] => sids.filter((_, n) => statuses[n] === 200).sort()
  expect((await everything(r)).messages.map((m) => m.sid).sort()).toEqual(taken())
  // The power fails while it is full.
  const folder = join(r.folder, 'data')
  const next = await bed({ folder, store: { disk: afterPowerCut(disk, folder, () => 0) } })
  expect((await everything(next)).messages.map((m) => m.sid).sort()).toEqual(taken())
  await expectSound(next)
})

test('documents that find no room do not hold up webhooks: the journal has everything', async () => {
  const disk = new MemoryDisk()
  const r = await bed({ store: { ...SMALL, disk } })
  disk.interfere = (operation, file) => {
    if (operation === 'write' && !file.includes('/journal/')) throw new DiskError('ENOSPC', file)
  }
  for (let n = 0; n < 40; n++) await r.sms(n % 2 ? ANN : BEN, `number ${n}`)
  expect(r.lines.join('\n')).toContain('the journal has')
  disk.interfere = () => undefined
  const before = await everything(r)
  expect(before.messages).toHaveLength(40)
  await r.restart()
  expect(await everything(r)).toEqual(before)
  await expectSound(r)
})

test.each([20, 150])(
  'a full disk at the start (%i bytes are left) is said, not half-started',
  async (room) => {
    const disk = new MemoryDisk()
    disk.room = room
    await expect(running(undefined, { store: { disk } })).rejects.toMatchObject({ code: 'disk_full' })
    disk.room = Infinity
    const r = await bed({ store: { disk } })
    await r.sms(ANN, 'now there is room')
  },
)

/** A folder that may be read and not written: root may do everything, so permissions alone would not show it. */
class ReadOnlyDisk extends RealDisk {
  on = true

  override async open(file: string, how: 'read' | 'write' | 'new'): Promise<OpenFile> {
    this.#refuse(file, how !== 'read')
    const open = await super.open(file, how)
    return {
      write: async (bytes, position) => {
        this.#refuse(file)
        return open.write(bytes, position)
      },
      truncate: async (size) => {
        this.#refuse(file)
        return open.truncate(size)
      },
      read: (into, position) => open.read(into, position),
      sync: () => open.sync(),
      size: () => open.size(),
      close: () => open.close(),
    }
  }
  override async makeFolder(folder: string): Promise<void> {
    this.#refuse(folder)
    return super.makeFolder(folder)
  }
  override async rename(from: string, to: string): Promise<void> {
    this.#refuse(to)
    return super.rename(from, to)
  }
  override async link(from: string, to: string): Promise<void> {
    this.#refuse(to)
    return super.link(from, to)
  }
  override async remove(file: string): Promise<void> {
    this.#refuse(file)
    return super.remove(file)
  }

  #refuse(file: string, isChange = true): void {
    if (this.on && isChange) throw new DiskError('EACCES', `permission denied, ${file}`)
  }
}

test('a folder that may not be written: a clear refusal at the start, 503 later, and on when it may be again', async () => {
  const disk = new ReadOnlyDisk()
  const folder = await freshFolder()
  await expect(running(undefined, { folder, store: { disk } })).rejects.toMatchObject({
    code: 'disk_failed',
    message: expect.stringMatching(/cannot be written \(EACCES.*Check its permissions/) as unknown,
  })
  disk.on = false
  const r = await bed({ folder, store: { disk } })
  await r.sms(ANN, 'before')
  disk.on = true
  const sid = newSid()
  expect((await r.post('/webhooks/sms', textOf(sid, ANN))).status).toBe(503)
  expect(r.switchboard.truth.view()).toMatchObject({ state: 'trouble', problems: [{ code: 'disk_failed' }] })
  const well = wellAgain(r)
  disk.on = false
  r.clock.advance(3_000)
  await well
  expect((await r.post('/webhooks/sms', textOf(sid, ANN))).status).toBe(200)
  expect((await everything(r)).messages).toHaveLength(2)
})

/** `npm run soak` raises it with the rounds of the kill tests. */
const SEEDS = Array.from(
  { length: Number(process.env['SWITCHBOARD_KILL_ROUNDS'] ?? 20) / 4 },
  (_, i) => i + 1,
)

test.each(SEEDS)(
  'the power fails (%i): what was acknowledged is there once, though all that was not synced is gone',
  async (seed) => {
    const chance = new Chance(seed)
    const folder = await freshFolder()
    let disk = new MemoryDisk()
    const acknowledged = new Set<string>()
    for (let life = 0; life < 3; life++) {
      const at = new Date(Date.parse('2025-01-15T10:00:00Z') + life * 600_000).toISOString()
      const r = await bed({ folder, store: { ...SMALL, disk } }, at)
      const died = new Promise<'died'>((resolve) => {
        disk.died = () => resolve('died')
      })
      disk.dieAfter = chance.between(20, 500)
      const posting = Promise.all(
        Array.from({ length: 8 }, async () => {
          for (;;) {
            const sid = newSid()
            const from = chance.pick([ANN, BEN, '+15550001', '+15550002'])
            const { status } = await r.post('/webhooks/sms', textOf(sid, from))
            if (status === 200) acknowledged.add(sid)
            r.clock.advance(chance.pick([0, 0, 20_000, 301_000]))
          }
        }),
      ).catch(() => undefined)
      await Promise.race([died, posting])
      const certain = [...acknowledged]
      disk = afterPowerCut(disk, folder, () => chance.next())
      // The dead one answers nobody any more: its connections are cut.
      void r.switchboard.close()
      r.clock.advance(5_000)
      await posting
      const next = await bed({ folder, store: { ...SMALL, disk } }, at)
      const { messages, wrong } = await inconsistencies(next.switchboard.store)
      expect(wrong).toEqual([])
      const there = new Set(messages.map((m) => m.sid))
      expect(certain.filter((sid) => !there.has(sid))).toEqual([])
      expect(next.switchboard.store.problems().filter((p) => !p.what.includes('half a record'))).toEqual([])
      await expectSound(next)
      await next.switchboard.close()
    }
    expect(acknowledged.size).toBeGreaterThan(0)
  },
)
