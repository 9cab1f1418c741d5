// node bench/history/build.ts <folder> <messages> <sessions> <seed>: a store with a made-up history, as an import leaves it.
// One commit a conversation instead of one a message: a million in about a minute.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { history } from '../../scripts/history.ts'
import { twilioMessage } from '../../src/server/imports/twilio.ts'
import type { Entry } from '../../src/server/imports/types.ts'
import { add, iso, sessionDocument, summaryOfMessage } from '../../src/server/intake/session-document.ts'
import { createStore } from '../../src/server/store/index.ts'
import type { Commit, Key } from '../../src/server/store/types.ts'
import { createIds, createLog, stderrSink, systemClock } from '../../src/server/system/index.ts'
import type { Message, Reason } from '../../src/shared/documents.ts'

/** A conversation of the made-up history is over when nothing came for so long (its own silences are shorter), ms. */
const OVER_AFTER = 300_000
/** Commits on their way down at a time. */
const IN_FLIGHT = 256

type Said = Extract<Entry, { kind: 'message' | 'sent' }>

const [folder = '', messages, sessions, seed] = process.argv.slice(2)
const ids = createIds(systemClock)
const log = createLog({ clock: systemClock, sinks: [stderrSink()], level: 'warn' })
const store = await createStore({ folder, clock: systemClock, ids, log, withoutBackups: true })
const channels = new Map<string, string>()
const lastOf = new Map<string, number>()
const open = new Map<string, Said[]>()
const underWay: Promise<unknown>[] = []

for (const line of history({ messages: Number(messages), sessions: Number(sessions), seed: Number(seed) })) {
  const said = twilioMessage(JSON.parse(line))
  if (!('entry' in said) || (said.entry.kind !== 'message' && said.entry.kind !== 'sent')) continue
  const { entry } = said
  const name = `${entry.of.medium} ${entry.of.channel} ${entry.of.contact}`
  // In order of their last message, so those that are over come first.
  const own = open.get(name) ?? []
  open.delete(name)
  open.set(name, [...own, entry])
  for (const [other, conversation] of open) {
    if (entry.at - (conversation.at(-1)?.at ?? 0) <= OVER_AFTER) break
    open.delete(other)
    await put(other, conversation)
  }
}
for (const [name, conversation] of open) await put(name, conversation)
await Promise.all(underWay)
await store.close()
// The documents hold everything; a backup a day would have taken these away too.
await rm(join(folder, 'journal'), { recursive: true })

async function put(name: string, conversation: readonly Said[]): Promise<void> {
  const [first] = conversation
  const last = conversation.at(-1)
  if (!first || !last) return
  const channel = await channelOf(first.of.channel)
  const key: Key = { channel_id: channel, communication_type: first.of.medium, contact: first.of.contact }
  const session_id = ids.next()
  const documents = conversation.map(({ kind, at, of }): Message => {
    const { medium: _medium, channel: _channel, contact: _contact, body, ...rest } = of
    return {
      _id: ids.next(),
      session_id,
      content: body,
      ...(kind === 'message' ? { sender: 'contact', status: 'received' } : { sender: 'operator' }),
      ...key,
      createdAt: iso(at),
      ...rest,
    } as Message
  })
  const summary = documents.map((message) => summaryOfMessage(message, false)).reduce(add)
  const silence = first.at - (lastOf.get(name) ?? -Infinity)
  lastOf.set(name, last.at)
  const reason: Reason =
    silence === Infinity ? { kind: 'first' } : { kind: 'silence', silence_ms: silence, gap_ms: 300_000 }
  const change = {
    id: undefined,
    absorbed: [],
    first: { at: first.at, sid: first.of.sid },
    last: { at: last.at, sid: last.of.sid },
    until: last.at,
    reason,
    closed: false,
  }
  const session = sessionDocument(key, session_id, change, summary, undefined, last.at)
  await commit({ why: 'message', messages: documents, sessions: [session] })
}

async function channelOf(number: string): Promise<string> {
  const known = channels.get(number)
  if (known !== undefined) return known
  const _id = ids.next()
  channels.set(number, _id)
  const now = iso(systemClock.now())
  await commit({ why: 'channel', channels: [{ _id, number, name: number, createdAt: now, updatedAt: now }] })
  return _id
}

async function commit(of: Commit): Promise<void> {
  underWay.push(store.commit(of))
  if (underWay.length >= IN_FLIGHT) await Promise.all(underWay.splice(0))
}
