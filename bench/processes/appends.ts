// The store alone, and a journal that does nothing but group commit, with the same bytes.
import { createStore, type FolderStore } from '../../src/server/store/index.ts'
import { encodeRecord } from '../../src/server/store/record.ts'
import type { Commit } from '../../src/server/store/types.ts'
import { sessionDocument, summaryOfMessage, add, iso } from '../../src/server/intake/session-document.ts'
import { createIds, createLog, stderrSink, systemClock } from '../../src/server/system/index.ts'
import { textOf } from '../harness/twilio.ts'
import { answer } from '../harness/worker.ts'
import type { Message, Session } from '../../src/shared/documents.ts'
import { RawJournal } from './raw-journal.ts'

const ids = createIds(systemClock)
const channel = ids.next()
/** Sessions that go on while it is measured, each with the message before. */
const sessions = new Map<string, Session>()
let store: FolderStore
let raw: RawJournal
let made = 0

/** One message in its session, as the intake commits it. */
function commitOf(number: number): Commit {
  const { From = '', Body = '', MessageSid: sid = '', ...params } = textOf(number)
  const key = { channel_id: channel, communication_type: 'sms', contact: From } as const
  const before = sessions.get(From)
  const session_id = before?._id ?? ids.next()
  const at = systemClock.now() + made++
  const message: Message = {
    _id: ids.next(),
    media: [],
    content: Body,
    sender: 'contact',
    sid,
    status: 'received',
    params,
    ...key,
    createdAt: iso(at),
    session_id,
  }
  const own = summaryOfMessage(message, true)
  const first = before ? Date.parse(before.metadata.firstMessageAt) : at
  const change = {
    id: before?._id,
    absorbed: [],
    first: { at: first, sid: before?.metadata.firstSid ?? sid },
    last: { at, sid },
    until: at,
    reason: { kind: 'first' as const },
    closed: false,
  }
  const summary = before
    ? add({ ...own, message_count: before.message_count, unread_count: before.unread_count }, own)
    : own
  const session = sessionDocument(key, session_id, change, summary, before, at)
  sessions.set(From, session)
  return { why: 'message', messages: [message], sessions: [session] }
}

/** Offers `jobs` with so many under way; ms for all. */
async function all(count: number, inFlight: number, job: (i: number) => Promise<unknown>): Promise<number> {
  let begun = 0
  const start = performance.now()
  const lane = async (): Promise<void> => {
    while (begun < count) await job(begun++)
  }
  await Promise.all(Array.from({ length: inFlight }, lane))
  return performance.now() - start
}

interface Round {
  count: number
  inFlight: number
}

const answers = {
  async open(folder: string) {
    const log = createLog({ clock: systemClock, sinks: [stderrSink()], level: 'warn' })
    store = await createStore({
      folder: `${folder}/data`,
      clock: systemClock,
      ids,
      log,
      withoutBackups: true,
    })
    raw = await RawJournal.open(`${folder}/raw.ndjson`)
  },
  /** ms each of our store takes for so many commits. */
  async store({ count, inFlight }: Round): Promise<number> {
    const commits = Array.from({ length: count }, () => commitOf(made))
    return all(count, inFlight, (i) => store.commit(commits[i] ?? { why: '' }))
  },
  /** The same for the raw journal, given lines that are ready. */
  async raw({ count, inFlight }: Round): Promise<number> {
    const lines = Array.from({ length: count }, (_, i) =>
      encodeRecord(i, iso(systemClock.now()), commitOf(made)),
    )
    return all(count, inFlight, (i) => raw.append(lines[i] ?? ''))
  },
  /** What was committed so far is in the documents; the next round starts without that work behind it. */
  settle: () => store.settle(),
  close: async () => {
    await store.close()
    await raw.close()
  },
}
export type Appends = typeof answers
answer(answers)
