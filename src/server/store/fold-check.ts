import { dirname } from 'node:path'
import type { Message } from '../../shared/documents.ts'
import { fold, type GapHistory, type Item } from '../sessions/index.ts'
import { isCode } from './disk.ts'
import { DamagedDocument, decodeDocument } from './document.ts'
import { documentNumber } from './paths.ts'
import { WORDS } from './session-page.ts'
import { Slices } from './slices.ts'
import type { Key } from './types.ts'
import type { Verified } from './verified.ts'

/** Messages looked at in one pass over all documents; a pass takes some of the keys, each wholly. */
const PER_PASS = 200_000

/** What the fold needs of a message. */
interface Slim {
  at: number
  sid: string
  call: string | undefined
}

export interface FoldProblem {
  key: Key
  what: string
}

/**
 * The rule against what is stored: for every key, the fold of its messages must give just the sessions there are.
 * Memory is bounded: keys are taken in as many passes over the documents as it needs.
 */
export async function* foldProblems(
  store: Verified,
  gaps: GapHistory,
  tell: () => void,
): AsyncGenerator<FoldProblem> {
  const { state } = store
  const passes = Math.max(1, Math.ceil(state.segments.messages / PER_PASS))
  for (let pass = 0; pass < passes; pass++) {
    const ofKey = new Map<number, Slim[]>()
    for await (const message of stored(store)) {
      const number = state.sessions.find(message.session_id)
      if (number === undefined) continue
      const key = state.sessions.word(number, WORDS.key)
      if (key % passes !== pass) continue
      const list = ofKey.get(key) ?? []
      list.push(slim(message))
      ofKey.set(key, list)
    }
    const slices = new Slices()
    for (const [key, messages] of ofKey) {
      await slices.pause()
      if (!differs(store, gaps, key, messages)) continue
      // Something may have arrived since its document was read: the key as it is now decides.
      const line = state.sessions.line(key)
      const ids = Array.from({ length: line.size }, (_, i) => line.interval(i).id)
      const now = (await store.messages(ids)).map(slim)
      const what = differs(store, gaps, key, now)
      if (what) yield { key: state.sessions.keys.key(key), what }
    }
    tell()
  }
}

function differs(
  store: Verified,
  gaps: GapHistory,
  keyNumber: number,
  messages: readonly Slim[],
): string | undefined {
  const { state } = store
  const key = state.sessions.keys.key(keyNumber)
  const channel = state.small.channels.rows.get(key.channel_id)
  if (!channel) return 'its channel does not exist'
  const runs = fold(
    itemsOf(messages),
    state.acts.index(keyNumber),
    gaps.gapAt(channel, key.communication_type),
  )
  const line = state.sessions.line(keyNumber)
  if (runs.length !== line.size)
    return `its messages make ${String(runs.length)} sessions, and there are ${String(line.size)}`
  for (const [i, run] of runs.entries()) {
    const interval = line.interval(i)
    const first = run.items[0]
    const until = Math.max(...run.items.map((item) => item.until))
    if (first?.sid !== interval.first.sid || first.at !== interval.first.at || until !== interval.until)
      return `session ${interval.id} has other ends than its messages`
  }
  return undefined
}

/** A call and all that belongs to it is one item, under the call's SID and placed where it began. */
function itemsOf(messages: readonly Slim[]): Item[] {
  const items = new Map<string, Item>()
  for (const { at, sid, call = sid } of messages) {
    const item = items.get(call)
    if (item) {
      item.at = Math.min(item.at, at)
      item.until = Math.max(item.until, at)
    } else items.set(call, { at, sid: call, until: at })
  }
  return [...items.values()]
}

const slim = (m: Message): Slim => ({ at: Date.parse(m.createdAt), sid: m.sid, call: m.call_sid })

async function* stored(store: Verified): AsyncGenerator<Message> {
  const { disk, paths } = store
  const slices = new Slices()
  for (const number of (await disk.list(dirname(paths.segment(1)))).map(documentNumber)) {
    if (number === undefined) continue
    const file = paths.segment(number)
    try {
      for (const line of decodeDocument(file, await disk.readFile(file)).lines) {
        yield JSON.parse(line) as Message
        await slices.pause()
      }
    } catch (error) {
      // Said already, by its checksum.
      if (!(error instanceof DamagedDocument) && !isCode(error, 'ENOENT')) throw error
    }
  }
}
