import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { type FolderStore, restore } from '../../src/server/store/index.ts'
import { NeededFiles } from '../../src/server/store/needed-files.ts'
import { DiskError, MemoryDisk } from './memory-disk.ts'
import { fill, message, openStore, session, sid, TestClock, testLog } from './support.ts'

const FOLDER = '/home/data'
const FILE = '/usb/backup.tar.gz'
const SMALL = { recordsPerFile: 10, segmentRows: 10 }
const DAY_MS = 24 * 3_600_000
const identify = () => Promise.resolve(undefined)

async function turnsUntil(done: () => boolean): Promise<void> {
  // The test's own time limit ends it when it never comes.
  while (!done()) await new Promise(setImmediate)
}

async function backedUp(): Promise<{ disk: MemoryDisk; clock: TestClock }> {
  const disk = new MemoryDisk()
  const store = await openStore(FOLDER, { disk, ...SMALL })
  await fill(store, 1, 26)
  const made = await store.backup(FILE)
  expect(made).toMatchObject({ file: FILE, seq: 25 })
  expect(made.bytes).toBe(disk.peek(FILE).length)
  // Later than the backup: gone after restoring it.
  await fill(store, 26, 31)
  await store.close()
  return { disk, clock: new TestClock() }
}

test('a backup brings back what was there when it was made, and keeps what it replaces', async () => {
  const { disk, clock } = await backedUp()
  const done = await restore(FILE, FOLDER, { disk, clock, identify })
  expect(done.seq).toBe(25)
  expect(disk.names(`${done.kept}/messages`)).toContain('000003.json')
  const store = await openStore(FOLDER, { disk, ...SMALL })
  expect(store.counts().all).toBe(25)
  expect(await store.find(sid(25))).toEqual({ ...message(25, 25, 25, 25_000), seq: 25 })
  expect(store.mayHave(sid(26))).toBe(false)
  expect(store.problems()).toEqual([])
  expect(await store.commit({ why: 'next', sessions: [session(99, 99, 0, 0)] })).toBe(26)
  await store.close()
})

test('a backup brings up a folder that is empty', async () => {
  const { disk, clock } = await backedUp()
  await restore(FILE, '/elsewhere/data', { disk, clock, identify })
  expect((await openStore('/elsewhere/data', { disk, ...SMALL })).counts().all).toBe(25)
})

test('a backup that is not whole is refused, and nothing is changed', async () => {
  const { disk, clock } = await backedUp()
  const whole = disk.peek(FILE)
  const before = disk
    .files()
    .filter((f) => f.startsWith(FOLDER))
    .sort()
  const spoilt = [
    whole.subarray(0, whole.length - 300),
    whole.subarray(0, 100),
    Buffer.from('not an archive'),
    Buffer.alloc(0),
  ]
  for (const share of [0.2, 0.5, 0.8]) {
    const flipped = Buffer.from(whole)
    const at = Math.floor(flipped.length * share)
    flipped[at] = (flipped[at] ?? 0) ^ 0x10
    spoilt.push(flipped)
  }
  for (const bytes of spoilt) {
    disk.put('/usb/spoilt.tar.gz', bytes)
    await expect(restore('/usb/spoilt.tar.gz', FOLDER, { disk, clock, identify })).rejects.toMatchObject({
      code: 'backup_damaged',
    })
    expect(
      disk
        .files()
        .filter((f) => f.startsWith(FOLDER))
        .sort(),
    ).toEqual(before)
  }
  await expect(restore('/usb/none.tar.gz', FOLDER, { disk, clock, identify })).rejects.toMatchObject({
    code: 'file_unreadable',
  })
  expect((await openStore(FOLDER, { disk, ...SMALL })).counts().all).toBe(30)
})

test('nothing is restored under a running console', async () => {
  const { disk, clock } = await backedUp()
  await openStore(FOLDER, { disk, ...SMALL, pid: 7, identify: () => Promise.resolve('here') })
  await expect(
    restore(FILE, FOLDER, { disk, clock, pid: 8, identify: () => Promise.resolve('here') }),
  ).rejects.toMatchObject({ code: 'not_while_running' })
})

test('a restore that the power cuts short is either not begun or finished at the next start', async () => {
  const sizes = new Set<number>()
  for (let dieAfter = 1; dieAfter < 600; dieAfter += 7) {
    const { disk, clock } = await backedUp()
    const died = new Promise<void>((resolve) => {
      disk.died = resolve
    })
    disk.dieAfter = dieAfter
    const ended = restore(FILE, FOLDER, { disk, clock, identify }).then(() => 'ended')
    const how = await Promise.race([ended, died])
    const after = disk.afterCrash(() => 0.4)
    const store = await openStore(FOLDER, { disk: after, ...SMALL })
    sizes.add(store.counts().all)
    expect([25, 30]).toContain(store.counts().all)
    expect(store.problems()).toEqual([])
    if (how === 'ended') break
    dieAfter += 20
  }
  expect(sizes).toEqual(new Set([25, 30]))
}, 60_000)

test('a backup a day, from the first data on; the closed journals it holds go only when it was verified', async () => {
  const disk = new MemoryDisk()
  const clock = new TestClock()
  const log = testLog()
  const store = await openStore(FOLDER, { disk, clock, log, ...SMALL })
  clock.advance(60_000)
  await new Promise(setImmediate)
  expect(disk.names(`${FOLDER}/backups`)).toEqual([])
  await fill(store, 1, 26)
  await store.settle()
  expect(disk.names(`${FOLDER}/journal/closed`).length).toBeGreaterThan(0)
  // What is read back differs from what was written: the backup does not count.
  disk.interfere = (operation, file) => {
    if (operation === 'read' && file.endsWith('.tar.gz.tmp')) throw new DiskError('EIO', file)
  }
  clock.advance(3_600_000)
  await turnsUntil(() => log.lines.some((l) => l.includes("Today's backup could not be made")))
  expect(disk.names(`${FOLDER}/backups`)).toEqual([])
  expect(disk.names(`${FOLDER}/journal/closed`).length).toBeGreaterThan(0)
  disk.interfere = () => undefined
  clock.advance(3_600_000)
  await turnsUntil(() => log.lines.some((l) => l.includes('Backed up')))
  expect(disk.names(`${FOLDER}/backups`)).toEqual(['switchboard-2025-01-15.tar.gz'])
  expect(disk.names(`${FOLDER}/journal/closed`)).toEqual([])
  await store.close()
  expect((await openStore(FOLDER, { disk, ...SMALL })).counts().all).toBe(25)
})

test('seven daily and four weekly backups are kept', async () => {
  const disk = new MemoryDisk()
  const clock = new TestClock()
  const log = testLog()
  const store = await openStore(FOLDER, { disk, clock, log, ...SMALL })
  await fill(store, 1, 3)
  clock.advance(60_000)
  for (let day = 1; day <= 60; day++) {
    await turnsUntil(() => log.lines.filter((l) => l.includes('Backed up')).length >= day)
    await new Promise(setImmediate)
    await new Promise(setImmediate)
    if (day < 60) clock.advance(DAY_MS)
  }
  const kept = disk.names(`${FOLDER}/backups`)
  expect(kept.length).toBeLessThanOrEqual(11)
  expect(kept.slice(-7)).toEqual(
    ['09', '10', '11', '12', '13', '14', '15'].map((d) => `switchboard-2025-03-${d}.tar.gz`),
  )
  expect(kept.length).toBe(11)
}, 60_000)

describe('files of messages', () => {
  const PICTURES = ['a photo of a wheel', 'a voicemail', 'a bill']
  const put = (store: FolderStore, text: string) => store.blobs.put([Buffer.from(text)], 1_000)
  const nameOf = (hash: string): string => `${hash.slice(0, 2)}/${hash}`

  /** Messages with a file each, and the backup of that day; `hashes` in their order. */
  async function withPictures(): Promise<{ disk: MemoryDisk; daily: string; hashes: string[] }> {
    const disk = new MemoryDisk()
    const clock = new TestClock()
    const store = await openStore(FOLDER, { disk, clock, ...SMALL })
    const hashes: string[] = []
    for (const [n, text] of PICTURES.entries()) {
      const { hash, size } = await put(store, text)
      hashes.push(hash)
      const media = [
        {
          url: 'https://example.com/1',
          content_type: 'image/png',
          file: { hash, size, content_type: 'image/png' },
        },
      ]
      await store.commit({
        why: 'message',
        sessions: [session(n + 1, n + 1, 0, 0)],
        // What somebody wrote is no file, whatever it looks like.
        messages: [message(n + 1, n + 1, n + 1, 0, { media, content: `"hash":"${'0'.repeat(64)}"` })],
      })
    }
    const daily = `${FOLDER}/backups/switchboard-2025-01-15.tar.gz`
    clock.advance(60_000)
    await turnsUntil(() => disk.files().includes(daily))
    await store.close()
    return { disk, daily, hashes }
  }
  const restored = (disk: MemoryDisk, file: string, folder: string) =>
    restore(file, folder, { disk, clock: new TestClock(), identify })

  test('going back on the same computer finds all of them where they are', async () => {
    const { disk, daily, hashes } = await withPictures()
    expect((await restored(disk, daily, FOLDER)).media).toEqual({ needed: 3, fetched: 0, missing: [] })
    for (const hash of hashes) expect(disk.files()).toContain(`${FOLDER}/media/${nameOf(hash)}`)
  })

  test('on another computer they come from beside the backup, each compared with its name', async () => {
    const { disk, daily, hashes } = await withPictures()
    const [wheel = '', voicemail = '', bill = ''] = hashes
    // One lies beside the backup, one is not what its name says, and one was not copied.
    for (const file of disk.files()) if (file.startsWith(`${FOLDER}/media/`)) disk.delete(file)
    disk.put(`/usb/media/${nameOf(wheel)}`, Buffer.from(PICTURES[0] ?? ''))
    disk.put(`/usb/media/${nameOf(bill)}`, Buffer.from('spoilt'))
    disk.put('/usb/backups/daily.tar.gz', disk.peek(daily))
    const done = await restored(disk, '/usb/backups/daily.tar.gz', '/new/data')
    expect(done.media).toEqual({ needed: 3, fetched: 1, missing: [voicemail, bill].sort() })
    const after = disk.afterCrash(() => 0.9)
    expect(after.peek(`/new/data/media/${nameOf(wheel)}`).toString()).toBe(PICTURES[0])
    expect(after.files().filter((file) => file.startsWith('/new/data/media/'))).toHaveLength(1)
    const store = await openStore('/new/data', { disk: after, ...SMALL })
    const gone = (await store.verify()).problems.filter(({ what }) => what === 'a file of it is gone')
    expect(gone).toHaveLength(2)
    await store.close()
  })

  test('one that was asked for brings them along', async () => {
    const { disk } = await withPictures()
    const store = await openStore(FOLDER, { disk, ...SMALL })
    await store.backup(FILE)
    await store.close()
    const done = await restored(disk, FILE, '/new/data')
    expect(done.media).toEqual({ needed: 3, fetched: 0, missing: [] })
    expect(disk.files().filter((file) => file.startsWith('/new/data/media/'))).toHaveLength(3)
  })

  test('a hash is found wherever two chunks meet', async () => {
    const text = Buffer.from(`{"file":{"hash":"${'ab'.repeat(32)}","size":1}}`)
    for (let cut = 0; cut <= text.length; cut++) {
      const needed = new NeededFiles()
      const passed: Buffer[] = []
      const chunks = Readable.from([text.subarray(0, cut), text.subarray(cut)]) as AsyncIterable<Buffer>
      for await (const chunk of needed.reading(chunks)) passed.push(chunk)
      expect([...needed.hashes]).toEqual(['ab'.repeat(32)])
      expect(Buffer.concat(passed).equals(text)).toBe(true)
    }
  })
})
