import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openReader } from '../../src/server/store/index.ts'
import { type Slab, sweep } from '../../src/server/store/sweep.ts'
import { MemoryDisk } from './memory-disk.ts'
import {
  at,
  CHANNEL,
  contactNumber,
  fill,
  message,
  openStore,
  session,
  sessionId,
  sid,
  START,
} from './support.ts'

const FOLDER = '/data'
const SMALL = { recordsPerFile: 10, recordsPerCheckpoint: 35, segmentRows: 10 }
async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

test('a reader sees what is durable, beside a running console and when none runs', async () => {
  const disk = new MemoryDisk()
  await expect(openReader(FOLDER, { disk })).rejects.toMatchObject({ code: 'no_data' })
  const store = await openStore(FOLDER, { disk, ...SMALL })
  await store.commit({
    why: 'channel',
    channels: [{ _id: CHANNEL, number: '+15550001111', name: '', createdAt: at(0), updatedAt: at(0) }],
  })
  for (const count of [5, 28, 47, 90]) {
    await fill(store, Math.max(1, store.seq), count)
    const reader = await openReader(FOLDER, { disk })
    expect((await collect(reader.messages())).map((m) => m.sid)).toEqual(
      [...Array(count - 1).keys()].map((n) => sid(n + 1)),
    )
    const sessions = await collect(reader.sessions({ limit: 3 }))
    expect(sessions.map((s) => s._id)).toEqual([count - 1, count - 2, count - 3].map(sessionId))
    expect(sessions[0]?.channel_number).toBe('+15550001111')
  }
  await store.close()
  const reader = await openReader(FOLDER, { disk })
  expect(await collect(reader.sessions())).toHaveLength(89)
  expect(await collect(reader.sessions({ since: START + 85_000, until: START + 88_000 }))).toHaveLength(3)
  expect(await collect(reader.sessions({ type: 'voice' }))).toEqual([])
  expect(
    await collect(reader.sessions({ channel: '+15550001111', status: 'active', from: contactNumber(4) })),
  ).toHaveLength(1)
  expect((await collect(reader.messages({ from: contactNumber(4) }))).map((m) => m.sid)).toEqual([sid(4)])
  expect(
    (await collect(reader.messages({ since: START + 4_000, until: START + 6_000 }))).map((m) => m.sid),
  ).toEqual([sid(4), sid(5)])
  expect((await collect(reader.messages({ session: sessionId(7) }))).map((m) => m.sid)).toEqual([sid(7)])
})

test('messages of an emptied session are where they are now, in document and journal', async () => {
  const disk = new MemoryDisk()
  const store = await openStore(FOLDER, { disk, ...SMALL })
  await fill(store, 1, 15)
  const merge = {
    why: 'merge',
    sessions: [
      session(3, 3, 3_000, 4_000, { message_count: 2 }),
      session(4, 3, 4_000, 4_000, { merged_into: sessionId(3), message_count: 0 }),
    ],
  }
  await store.commit(merge)
  for (const settled of [false, true]) {
    if (settled) await store.settle()
    const reader = await openReader(FOLDER, { disk })
    const found = await collect(reader.messages({ session: sessionId(4) }))
    expect(found.map((m) => [m.sid, m.session_id])).toEqual([3, 4].map((n) => [sid(n), sessionId(3)]))
    expect(await collect(reader.sessions())).toHaveLength(13)
    expect(await store.messages([sessionId(3)])).toHaveLength(2)
    expect(await store.find(sid(4))).toMatchObject({ session_id: sessionId(3) })
    expect(store.session(sessionId(4))?._id).toBe(sessionId(3))
  }
})

test('readers during rotation, checkpoint and compression always see a whole', async () => {
  const disk = new MemoryDisk()
  const store = await openStore(FOLDER, { disk, recordsPerFile: 3, recordsPerCheckpoint: 7, segmentRows: 4 })
  let written = 0
  const writing = (async () => {
    for (let n = 1; n <= 150; n++) {
      await store.commit({
        why: 'message',
        sessions: [session(n, n, n * 1_000, n * 1_000)],
        messages: [message(n, n, n, n * 1_000)],
      })
      written = n
    }
  })()
  while (written < 150) {
    const atLeast = written
    if (atLeast === 0) {
      await new Promise(setImmediate)
      continue
    }
    const reader = await openReader(FOLDER, { disk })
    const seen = (await collect(reader.messages())).map((m) => m.sid)
    expect(seen.length).toBeGreaterThanOrEqual(atLeast)
    expect(seen).toEqual([...Array(seen.length).keys()].map((n) => sid(n + 1)))
    expect((await collect(reader.sessions())).length).toBeGreaterThanOrEqual(atLeast)
  }
  await writing
})

test('rows come in order, each once, however slabs overlap and however few may be held', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 12 }), { maxLength: 12 }),
      fc.integer({ min: 1, max: 30 }),
      async (times, held) => {
        let n = 0
        const slabs: Slab[] = times.map((list) => {
          const rows = list.map((t) => ({ at: at(t), sid: sid(++n), line: `${at(t)} ${sid(n)}` }))
          const sorted = rows.map((r) => r.at).sort()
          return { from: sorted[0] ?? '', to: sorted.at(-1) ?? '', rows: () => Promise.resolve(rows) }
        })
        const all = (await Promise.all(slabs.map((s) => s.rows()))).flat().map((r) => r.line)
        expect(await collect(sweep(slabs, held))).toEqual(all.sort())
      },
    ),
    { numRuns: 300 },
  )
})
