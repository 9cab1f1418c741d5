import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { DiskError, MemoryDisk } from './memory-disk.ts'
import {
  contactNumber,
  fill,
  message,
  messageId,
  openStore,
  session,
  sessionId,
  sid,
  TestClock,
  testLog,
} from './support.ts'

const FOLDER = '/data'
const PROBE_MS = 3_000
const SMALL = { recordsPerFile: 10, segmentRows: 10 }

/** Turns of the event loop, for what goes on behind a commit. */
async function turns(): Promise<void> {
  for (let i = 0; i < 50; i++) await new Promise(setImmediate)
}

test('a full disk: what does not fit is refused and undone, and it goes on by itself when there is room', async () => {
  const disk = new MemoryDisk()
  const clock = new TestClock()
  const states: string[] = []
  const store = await openStore(FOLDER, { disk, clock })
  store.onState((s) => states.push(s.state))
  await fill(store, 1, 4)
  disk.room = 700
  const many = await Promise.allSettled(
    [1, 2, 3, 4, 5].map((n) =>
      store.commit({
        why: 'message',
        sessions: [session(10 + n, n, 50_000, 50_000)],
        messages: [message(10 + n, 10 + n, n, 50_000)],
      }),
    ),
  )
  expect(many.map((m) => (m.status === 'rejected' ? (m.reason as { code: string }).code : 'ok'))).toEqual(
    Array(5).fill('disk_full'),
  )
  expect(store.state().state).toBe('full')
  expect(store.seq).toBe(3)
  expect(store.counts().all).toBe(3)
  expect(store.session(sessionId(11))).toBeUndefined()
  expect(store.mayHave(sid(11))).toBe(false)
  await expect(store.commit({ why: 'x' })).rejects.toMatchObject({ code: 'disk_full' })
  clock.advance(PROBE_MS)
  await turns()
  expect(store.state().state).toBe('full')
  disk.room = Infinity
  clock.advance(PROBE_MS)
  await turns()
  expect(states).toEqual(['full', 'ok'])
  expect(
    await store.commit({
      why: 'message',
      sessions: [session(20, 20, 0, 0)],
      messages: [message(20, 20, 20, 0)],
    }),
  ).toBe(4)
  const again = await openStore(FOLDER, { disk })
  expect(again.counts().all).toBe(4)
  expect(again.session(sessionId(20))).toBeDefined()
  expect(again.problems()).toEqual([])
})

test('a flush that fails after the bytes were written: refused records do not come back', async () => {
  const disk = new MemoryDisk()
  const clock = new TestClock()
  const store = await openStore(FOLDER, { disk, clock })
  await fill(store, 1, 3)
  disk.interfere = (operation, file) => {
    if ((operation === 'sync' || operation === 'truncate') && file.endsWith('000001.ndjson'))
      throw new DiskError('EIO', file)
  }
  await expect(
    store.commit({ why: 'message', sessions: [session(9, 9, 0, 0)], messages: [message(9, 9, 9, 0)] }),
  ).rejects.toMatchObject({ code: 'disk_failed' })
  expect(store.state().state).toBe('failed')
  clock.advance(PROBE_MS)
  await turns()
  expect(store.state().state).toBe('ok')
  expect(
    await store.commit({ why: 'message', sessions: [session(8, 8, 0, 0)], messages: [message(8, 8, 8, 0)] }),
  ).toBe(3)
  disk.interfere = () => undefined
  const again = await openStore(FOLDER, { disk })
  expect(again.session(sessionId(9))).toBeUndefined()
  expect(again.session(sessionId(8))).toBeDefined()
})

test('undoing leaves what other commits made of the same documents', async () => {
  const disk = new MemoryDisk()
  const store = await openStore(FOLDER, { disk, ...SMALL })
  await fill(store, 1, 30)
  await store.settle()
  disk.interfere = (operation, file) => {
    if (operation === 'write' && file.includes('/journal/')) throw new DiskError('ENOSPC', file)
  }
  const changes = [
    store.commit({
      why: 'a',
      sessions: [session(5, 5, 5_000, 99_000, { unread_count: 3 })],
      messages: [message(5, 5, 5, 5_000, { status: 'read' })],
    }),
    store.commit({
      why: 'b',
      sessions: [session(5, 5, 5_000, 99_500, { status: 'closed' }), session(40, 5, 99_600, 99_600)],
      messages: [message(5, 5, 5, 5_000, { status: 'failed' }), message(40, 40, 5, 99_600)],
    }),
    store.commit({
      why: 'c',
      sessions: [session(40, 5, 99_600, 99_600, { merged_into: sessionId(5) })],
      settings: [{ _id: 'x', value: 1 }],
    }),
  ]
  expect(store.session(sessionId(40))?._id).toBe(sessionId(5))
  expect((await Promise.allSettled(changes)).every((c) => c.status === 'rejected')).toBe(true)
  expect(store.session(sessionId(5))).toEqual(session(5, 5, 5_000, 5_000))
  expect(store.session(sessionId(40))).toBeUndefined()
  expect(await store.find(sid(5))).toMatchObject({ status: 'received' })
  expect(await store.find(sid(40))).toBeUndefined()
  expect(store.settings().size).toBe(0)
  expect(store.counts()).toMatchObject({ all: 29, closed: 0, unread: 0 })
  expect(
    store.key({ channel_id: 'c'.repeat(24), communication_type: 'sms', contact: contactNumber(5) }).line.size,
  ).toBe(1)
})

test('a folder that cannot be written says so', async () => {
  const disk = new MemoryDisk()
  disk.interfere = (operation, file) => {
    if (operation === 'open' || operation === 'makeFolder') throw new DiskError('EACCES', file)
  }
  await expect(openStore(FOLDER, { disk })).rejects.toMatchObject({ code: 'disk_failed' })
})

test('a torn last line is cut and reported; one that is whole but for its newline counts', async () => {
  const disk = new MemoryDisk()
  const store = await openStore(FOLDER, { disk })
  await fill(store, 1, 6)
  const file = `${FOLDER}/journal/000001.ndjson`
  const whole = disk.peek(file)
  disk.put(file, whole.subarray(0, whole.length - 20))
  const log = testLog()
  const again = await openStore(FOLDER, { disk, log })
  expect(again.seq).toBe(4)
  expect(again.counts().all).toBe(4)
  expect(again.problems()).toMatchObject([{ file: 'journal/000001.ndjson' }])
  expect(log.lines.some((l) => l.startsWith('[warn]') && l.includes('half a record'))).toBe(true)
  await again.close()
  const second = new MemoryDisk()
  const other = await openStore(FOLDER, { disk: second })
  await fill(other, 1, 6)
  second.put(file, second.peek(file).subarray(0, second.peek(file).length - 1))
  const reopened = await openStore(FOLDER, { disk: second })
  expect(reopened.seq).toBe(5)
  expect(reopened.problems()).toEqual([])
})

test('a bad record in the middle is set aside alone', async () => {
  const disk = new MemoryDisk()
  const store = await openStore(FOLDER, { disk })
  await fill(store, 1, 6)
  const file = `${FOLDER}/journal/000001.ndjson`
  const bytes = Buffer.from(disk.peek(file))
  const at = bytes.indexOf('text 3 ')
  bytes[at] = 'T'.charCodeAt(0)
  disk.put(file, bytes)
  const again = await openStore(FOLDER, { disk })
  expect(again.counts().all).toBe(4)
  expect(await again.find(sid(3))).toBeUndefined()
  expect(await again.find(sid(5))).toBeDefined()
  expect(again.problems()).toHaveLength(1)
  const kept = disk.names(`${FOLDER}/set-aside`)
  expect(kept).toHaveLength(1)
  expect(disk.peek(`${FOLDER}/set-aside/${kept[0] ?? ''}`).toString()).toContain('Text 3 ')
})

/** Three segments of ten, a session document, acts, small ones, and an index; all journals still there. */
async function filled(disk: MemoryDisk): Promise<void> {
  const store = await openStore(FOLDER, { disk, ...SMALL })
  await fill(store, 1, 31)
  await store.commit({
    why: 'rest',
    acts: [
      {
        _id: messageId(1),
        kind: 'close',
        channel_id: 'c'.repeat(24),
        communication_type: 'sms',
        contact: contactNumber(1),
        order: 1,
        at: '2025-01-15T10:00:01.000Z',
      },
    ],
    settings: [{ _id: 'a', value: 1 }],
    contacts: [
      {
        _id: 'k'.repeat(24),
        numbers: [],
        name: 'Ann',
        notes: '',
        tags: [],
        consent: [],
        createdAt: '',
        updatedAt: '',
      },
    ],
  })
  await store.close()
}

const DOCUMENTS = [
  'messages/000001.json',
  'messages/000003.json',
  'sessions/000001.json',
  'acts/000001.json',
  'settings.json',
  'contacts.json',
  'store.json',
  'index/index.bin',
]

async function expectAll(disk: MemoryDisk): Promise<void> {
  const store = await openStore(FOLDER, { disk, ...SMALL })
  expect(store.counts().all).toBe(30)
  for (const n of [1, 7, 15, 25, 30])
    expect(await store.find(sid(n))).toEqual({ ...message(n, n, n, n * 1_000), seq: n })
  expect(store.session(sessionId(7))).toEqual(session(7, 7, 7_000, 7_000))
  expect(
    store.key({ channel_id: 'c'.repeat(24), communication_type: 'sms', contact: contactNumber(1) }).acts.acts,
  ).toHaveLength(1)
  expect(store.settings().get('a')).toBe(1)
  expect(store.contacts()).toHaveLength(1)
  await store.close()
  // What no start needs to read is found by verify, and by each backup.
  const again = await openStore(FOLDER, { disk, ...SMALL })
  await again.verify({ repair: true })
  const verdict = await again.verify()
  expect(verdict.problems.filter((p) => !p.what.includes('channel'))).toEqual([])
}

for (const name of DOCUMENTS) {
  test(`a flipped byte in ${name} is noticed, and all of it rebuilt`, async () => {
    const disk = new MemoryDisk()
    await filled(disk)
    const bytes = Buffer.from(disk.peek(`${FOLDER}/${name}`))
    expect(bytes.length).toBeGreaterThan(0)
    const at = Math.floor(bytes.length * 0.6)
    bytes[at] = (bytes[at] ?? 0) ^ 1
    disk.put(`${FOLDER}/${name}`, bytes)
    await expectAll(disk)
  })

  test(`${name} deleted is rebuilt`, async () => {
    const disk = new MemoryDisk()
    await filled(disk)
    disk.delete(`${FOLDER}/${name}`)
    await expectAll(disk)
  })

  test(`${name} and the index spoilt together, with only the backup and no older journals`, async () => {
    const disk = new MemoryDisk()
    await filled(disk)
    const store = await openStore(FOLDER, { disk, ...SMALL })
    await store.backup()
    await store.commit({ why: 'later', settings: [{ _id: 'later', value: 2 }] })
    await store.close()
    disk.delete(`${FOLDER}/index/index.bin`)
    disk.put(`${FOLDER}/${name}`, Buffer.from('{"nonsense'))
    await expectAll(disk)
  })
}

test('a document that is damaged while the console runs is repaired when it is read', async () => {
  const disk = new MemoryDisk()
  await filled(disk)
  const store = await openStore(FOLDER, { disk, ...SMALL })
  disk.put(`${FOLDER}/messages/000001.json`, Buffer.from('{}'))
  expect(await store.find(sid(4))).toMatchObject({ _id: messageId(4) })
  expect(store.problems()).toHaveLength(1)
})

test('a backup never holds a damaged document', async () => {
  const disk = new MemoryDisk()
  await filled(disk)
  const store = await openStore(FOLDER, { disk, ...SMALL })
  for (const name of ['messages/000002.json', 'sessions/000001.json', 'acts/000001.json', 'settings.json'])
    disk.put(`${FOLDER}/${name}`, Buffer.from('{}'))
  await store.backup()
  expect(store.problems()).toHaveLength(4)
  expect((await store.verify()).problems.filter((p) => !p.what.includes('channel'))).toEqual([])
})

test('a store of a newer version is refused and left alone', async () => {
  const disk = new MemoryDisk()
  await filled(disk)
  const file = `${FOLDER}/store.json`
  disk.put(file, Buffer.from(disk.peek(file).toString().replace('"schema":1', '"schema":2')))
  const before = new Map(disk.files().map((name) => [name, disk.peek(name).toString('hex')]))
  await expect(openStore(FOLDER, { disk })).rejects.toMatchObject({ code: 'data_newer' })
  expect(new Map(disk.files().map((name) => [name, disk.peek(name).toString('hex')]))).toEqual(before)
})

test('verify finds what was spoilt by hand, and repairs it', async () => {
  const disk = new MemoryDisk()
  await filled(disk)
  const store = await openStore(FOLDER, { disk, ...SMALL })
  disk.put(`${FOLDER}/messages/000002.json`, Buffer.from('{}'))
  disk.delete(`${FOLDER}/sessions/000001.json`)
  await store.commit({ why: 'wrong', sessions: [session(3, 3, 3_000, 3_000, { message_count: 7 })] })
  const found = await store.verify()
  expect(found.ok).toBe(false)
  expect(found.problems.map((p) => p.where)).toEqual(
    expect.arrayContaining(['messages/000002.json', `session ${sessionId(3)}`]),
  )
  const repaired = await store.verify({ repair: true })
  expect(repaired.problems.filter((p) => !p.repaired && !p.what.includes('channel'))).toEqual([])
  const after = await store.verify()
  expect(after.problems.filter((p) => !p.what.includes('channel'))).toEqual([])
  expect(store.session(sessionId(3))?.message_count).toBe(1)
})

test('a rename that Windows refuses for a moment is tried again', async () => {
  const disk = new MemoryDisk()
  disk.renameNeedsPatience = true
  const store = await openStore(FOLDER, { disk })
  await fill(store, 1, 3)
  let refusals = 3
  disk.interfere = (operation, file) => {
    if (operation === 'rename' && refusals-- > 0) throw new DiskError('EPERM', file)
  }
  await store.close()
  expect(refusals).toBeLessThan(0)
})

test('a compressed journal is what the plain one was', async () => {
  const disk = new MemoryDisk()
  const store = await openStore(FOLDER, { disk, recordsPerFile: 10 })
  await fill(store, 1, 12)
  await store.settle()
  const text = gunzipSync(disk.peek(`${FOLDER}/journal/closed/000001.ndjson.gz`)).toString()
  expect(text.split('\n')).toHaveLength(13)
  expect(gzipSync(text).length).toBeGreaterThan(0)
})
