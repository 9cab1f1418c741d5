import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Commit, FolderStore } from '../../src/server/store/index.ts'
import { MemoryDisk } from './memory-disk.ts'
import { CHANNEL, contactNumber, message, messageId, openStore, session, sessionId } from './support.ts'

const FOLDER = '/data'
const SESSIONS = 12
const MESSAGES = 60

/** What is to be true after so many commits: the latest of every document. */
class Model {
  readonly documents = new Map<string, unknown>()

  apply(commit: Commit): void {
    const put = (kind: string, rows: readonly { _id: string }[] | undefined): void => {
      for (const row of rows ?? []) this.documents.set(`${kind} ${row._id}`, row)
    }
    put('session', commit.sessions)
    put('message', commit.messages)
    put('contact', commit.contacts)
    put('outbox', commit.outbox)
    put('act', commit.acts)
    for (const { collection, _id } of commit.removed ?? [])
      this.documents.delete(`${collection.replace(/s$/, '')} ${_id}`)
  }
}

async function documentsOf(store: FolderStore): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>()
  for (let n = 0; n < SESSIONS; n++) {
    const one = store.session(sessionId(n))
    if (one) found.set(`session ${one._id}`, one)
  }
  for (let n = 0; n < MESSAGES; n++) {
    const one = await store.find(messageId(n))
    if (one) {
      const { seq: _seq, ...rest } = one
      found.set(`message ${one._id}`, rest)
    }
  }
  const all = await store.messages([...Array(SESSIONS).keys()].map(sessionId))
  expect(all.map((m) => m._id).sort()).toEqual(
    [...found.keys()]
      .filter((k) => k.startsWith('message'))
      .map((k) => k.slice(8))
      .sort(),
  )
  for (const contact of store.contacts()) found.set(`contact ${contact._id}`, contact)
  for (const entry of store.outbox()) found.set(`outbox ${entry._id}`, entry)
  for (const n of Array(SESSIONS).keys()) {
    const { acts, line } = store.key({
      channel_id: CHANNEL,
      communication_type: 'sms',
      contact: contactNumber(n),
    })
    for (const act of acts.acts) found.set(`act ${act._id}`, act)
    expect(line.size).toBe(found.has(`session ${sessionId(n)}`) ? 1 : 0)
  }
  expect(
    store
      .sessions({})
      .sessions.map((s) => s._id)
      .sort(),
  ).toEqual(
    [...found.keys()]
      .filter((k) => k.startsWith('session'))
      .map((k) => k.slice(8))
      .sort(),
  )
  return found
}

type Step =
  | { do: 'commit'; commit: Commit }
  | { do: 'wait' }
  | { do: 'settle' }
  | { do: 'settle meanwhile' }
  | { do: 'tick' }
  | { do: 'reopen' }
  | { do: 'find'; message: number }

const sessionNumber = fc.nat(SESSIONS - 1)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .record({
        n: fc.nat(MESSAGES - 1),
        text: fc.string(),
        count: fc.nat(9),
        closed: fc.boolean(),
        unread: fc.nat(2),
      })
      .map(({ n, text, count, closed, unread }): Step => {
        // A message keeps its session and its time; what is said of both changes with every put.
        const s = n % SESSIONS
        const one = session(s, s, s * 10, 1_000 + n, {
          message_count: count,
          status: closed ? 'closed' : 'active',
          unread_count: unread,
          meta: { preview: text },
        })
        return {
          do: 'commit',
          commit: { why: 'message', sessions: [one], messages: [message(n, s, s, n, { content: text })] },
        }
      }),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(sessionNumber, fc.string()).map(([n, name]): Step => ({
      do: 'commit',
      commit: {
        why: 'contact',
        contacts: [
          {
            _id: sessionId(n),
            numbers: [contactNumber(n)],
            name,
            notes: '',
            tags: [],
            consent: [],
            createdAt: '',
            updatedAt: '',
          },
        ],
        outbox: [{ _id: messageId(n), state: 'queued', attempts: name.length, updatedAt: name }],
      },
    })),
  },
  {
    weight: 1,
    arbitrary: sessionNumber.map((n): Step => ({
      do: 'commit',
      commit: { why: 'sent', removed: [{ collection: 'outbox', _id: messageId(n) }] },
    })),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(sessionNumber, fc.boolean()).map(([n, undone]): Step => ({
      do: 'commit',
      commit: {
        why: 'close',
        acts: [
          {
            _id: messageId(n),
            kind: 'close',
            channel_id: CHANNEL,
            communication_type: 'sms',
            contact: contactNumber(n),
            order: n,
            at: '2025-01-15T10:00:00.000Z',
            ...(undone ? { undone: true as const } : {}),
          },
        ],
      },
    })),
  },
  { weight: 4, arbitrary: fc.constant<Step>({ do: 'wait' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'settle' }) },
  { weight: 6, arbitrary: fc.constant<Step>({ do: 'tick' }) },
  { weight: 2, arbitrary: fc.constant<Step>({ do: 'settle meanwhile' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'reopen' }) },
  { weight: 1, arbitrary: fc.nat(MESSAGES - 1).map((message): Step => ({ do: 'find', message })) },
)

const SMALL = { recordsPerFile: 5, recordsPerCheckpoint: 13, segmentRows: 4 }

test('whatever happens and whenever the power fails, what was acknowledged is there, and all is as after some number of changes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 400 })), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
      async (lives, chances) => {
        const chance = (): number => {
          const next = chances.next()
          return next.done ? 0.5 : next.value
        }
        let disk = new MemoryDisk()
        const commits: Commit[] = []
        for (const [steps, dieAfter] of lives) {
          const base = commits.length
          let acknowledged = base
          const died = new Promise<void>((resolve) => {
            disk.died = resolve
          })
          disk.dieAfter = dieAfter
          // A flush that takes its time: documents must not overtake it.
          disk.turns = (operation, file) => (operation === 'sync' && file.includes('/journal/') ? 6 : 0)
          const run = live(disk, steps, commits, (seq) => {
            acknowledged = Math.max(acknowledged, seq)
          })
          await Promise.race([run, died])
          disk = disk.afterCrash(chance)
          const store = await openStore(FOLDER, { disk, ...SMALL })
          expect(store.seq).toBeGreaterThanOrEqual(acknowledged)
          expect(store.seq).toBeLessThanOrEqual(commits.length)
          commits.length = store.seq
          const model = new Model()
          for (const commit of commits) model.apply(commit)
          expect(await documentsOf(store)).toEqual(model.documents)
          // Whatever was half-written is no problem, only a torn end is mentioned.
          expect(store.problems().filter((p) => !p.what.includes('half a record'))).toEqual([])
        }
      },
    ),
    { numRuns: 50 },
  )
}, 60_000)

async function live(
  disk: MemoryDisk,
  steps: readonly Step[],
  commits: Commit[],
  acknowledge: (seq: number) => void,
): Promise<void> {
  let store = await openStore(FOLDER, { disk, ...SMALL })
  let last: Promise<unknown> = Promise.resolve()
  let settling: Promise<unknown> = Promise.resolve()
  for (const one of steps) {
    // A process without power does nothing more, not even what needs no disk.
    if (disk.dieAfter <= 0) return
    if (one.do === 'commit') {
      commits.push(one.commit)
      last = store.commit(one.commit).then(acknowledge)
    } else if (one.do === 'wait') await last
    else if (one.do === 'tick') await new Promise(setImmediate)
    else if (one.do === 'settle') await store.settle()
    else if (one.do === 'settle meanwhile') settling = store.settle()
    else if (one.do === 'find') await store.find(messageId(one.message))
    else {
      await store.close()
      store = await openStore(FOLDER, { disk, ...SMALL })
    }
  }
  await last
  await settling
}
