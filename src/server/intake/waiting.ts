import type { Act, Message, Session } from '../../shared/documents.ts'
import { keysOfNumber, laneOf } from '../key.ts'
import type { Log } from '../ports.ts'
import type { Commit, Key, Store } from '../store/types.ts'
import type { Lanes } from './lanes.ts'
import { isAnswer } from './session-document.ts'

/**
 * Since when a contact waits for an answer, kept on the newest session of a key: the time of their first message that no
 * answer came after. Any later answer ends the wait, the operator's or an automatic one, save one that says only that the
 * message came or that nobody is there (`holding`); so does closing the session by hand. A call is answered in writing or
 * by calling back: an answer by any medium and channel ends the wait of calls.
 */
export interface Wait {
  /** The key's newest session before this message, and since when the contact has been waiting. */
  newestBefore: Session | undefined
  /** Time of the message (ISO), and whether it is the contact's to be answered, an answer, or neither. */
  at: string
  kind: 'question' | 'answer' | 'neither'
  /** Time (ISO) of the latest answer at or behind the message in the key, if any. */
  answeredAt: string | undefined
  /** The message is the last of its key. */
  isLast: boolean
  /** Time (ISO) of the contact's last message in the newest session. */
  heardAt: string | undefined
}

export function waitingSince(wait: Wait): string | undefined {
  const since = wait.newestBefore?.metadata.waitingSince
  switch (wait.kind) {
    case 'neither':
      return since
    case 'answer':
      if (wait.isLast) return undefined
      if (since === undefined || since > wait.at) return since
      // A late answer: who waited since before it waits from their last message on, if that was later.
      return wait.heardAt !== undefined && wait.heardAt > wait.at ? wait.heardAt : undefined
    case 'question':
      if (wait.answeredAt !== undefined && wait.answeredAt > wait.at) return since
      return since === undefined || wait.at < since ? wait.at : since
  }
}

/** Puts into the commit since when the contact waits in this session, on top of what it already says of it. */
export function putWaiting(commit: Commit, session: Session, since: string | undefined): void {
  const sessions = (commit.sessions ??= [])
  const index = sessions.findIndex((s) => s._id === session._id)
  const current = sessions[index] ?? session
  if (current.metadata.waitingSince === since) return
  const { waitingSince: _, ...rest } = current.metadata
  const metadata = since === undefined ? rest : { ...rest, waitingSince: since }
  if (index >= 0) Object.assign(current, { metadata })
  else sessions.push({ ...current, metadata })
}

type Sessions = Pick<Store, 'key' | 'session' | 'channels'>

/** Time (ISO) of an answer behind `at` that ends what this key's contact waits for; undefined when there is none. */
export function answeredAfter(store: Sessions, key: Key, at: string): string | undefined {
  let latest: string | undefined
  for (const one of key.communication_type === 'voice' ? keysOfNumber(store, key.contact) : [key]) {
    const { line } = store.key(one)
    for (let i = line.size - 1; i >= 0; i--) {
      const session = store.session(line.interval(i).id)
      if (!session || session.last_message_at <= at) break
      const { answeredAt } = session.metadata
      if (answeredAt !== undefined && answeredAt > at && (latest === undefined || answeredAt > latest))
        latest = answeredAt
    }
  }
  return latest
}

/**
 * What is written to a contact answers their calls before it, on every channel. Each call's session is changed in its own
 * lane, so that nothing under way there is overwritten; in a free one at once, and so in the same flush as the answer.
 */
export async function endCallWaits(
  { store, lanes, log }: { store: Sessions & Pick<Store, 'commit'>; lanes: Lanes; log: Log },
  answer: Message,
): Promise<void> {
  if (!isAnswer(answer)) return
  const ended = store.channels().map(async ({ _id: channel_id }) => {
    const key: Key = { channel_id, communication_type: 'voice', contact: answer.contact }
    if (newestOf(store, key)?.metadata.waitingSince === undefined) return
    const { durable } = await lanes.run(laneOf(key), () => {
      const newestBefore = newestOf(store, key)
      if (!newestBefore) return { durable: undefined }
      const commit: Commit = { why: 'answered' }
      const { heardAt } = newestBefore.metadata
      const of = { newestBefore, at: answer.createdAt, answeredAt: undefined, isLast: false, heardAt }
      putWaiting(commit, newestBefore, waitingSince({ ...of, kind: 'answer' }))
      return { durable: commit.sessions && store.commit(commit) }
    })
    await durable
  })
  for (const one of await Promise.allSettled(ended))
    // The answer itself is kept, or whoever gave it is told that it is not.
    if (one.status === 'rejected')
      log.error('A call still counts as waiting, though it was answered.', one.reason)
}

/**
 * Closing means done: it ends the wait for all up to the end of the last closed session, and the act says which wait that
 * was, so that it is there again when the close is undone or lifted and nobody has answered. Returns the acts changed.
 */
export function settleClosed(
  store: Sessions,
  commit: Commit,
  key: Key,
  { changed, mayAnswer }: { changed: readonly Act[]; mayAnswer: boolean },
): Act[] {
  const closes = changed.filter(({ kind }) => kind === 'close')
  const sessions = sessionsOf(store, commit, key)
  const holder = sessions.at(-1)
  if (closes.length === 0 || !holder) return [...changed]
  const back = closes.flatMap((act) =>
    !isInForce(act) && act.waited !== undefined && answeredAfter(store, key, act.waited) === undefined
      ? [act.waited]
      : [],
  )
  const now = holder.metadata.waitingSince
  const [since] = [...(now === undefined ? [] : [now]), ...(mayAnswer ? back : [])].sort()
  const lastClosed = sessions.findLastIndex(({ status }) => status === 'closed')
  const done = sessions[lastClosed]
  const isOver = since !== undefined && done !== undefined && done.last_message_at >= since
  // Behind it is no answer, which would have ended the wait: where the contact was heard, they were from the beginning.
  const asked = sessions.slice(lastClosed + 1).find(({ metadata }) => metadata.heardAt !== undefined)
  putWaiting(commit, holder, isOver ? asked?.metadata.firstMessageAt : since)
  if (!isOver) return [...changed]
  return changed.map((act) => (act.kind === 'close' && isInForce(act) ? { ...act, waited: since } : act))
}

const isInForce = ({ undone, lifted }: Act): boolean => !undone && lifted === undefined

/** The key's sessions as they are after the commit, in order. All: one before those regrouped may be closed as well. */
function sessionsOf(store: Sessions, commit: Commit, key: Key): Session[] {
  const { line } = store.key(key)
  const after = new Map<string, Session>()
  for (let i = 0; i < line.size; i++) {
    const session = store.session(line.interval(i).id)
    if (session) after.set(session._id, session)
  }
  for (const session of commit.sessions ?? []) after.set(session._id, session)
  return [...after.values()].filter((s) => s.merged_into === undefined).sort(intervalOrder)
}

function newestOf(store: Sessions, key: Key): Session | undefined {
  const { line } = store.key(key)
  return line.size > 0 ? store.session(line.interval(line.size - 1).id) : undefined
}

/** Sessions of one key in the order in which they begin. */
export function intervalOrder(a: Session, b: Session): number {
  return a.metadata.firstMessageAt < b.metadata.firstMessageAt
    ? -1
    : a.metadata.firstMessageAt > b.metadata.firstMessageAt
      ? 1
      : a.metadata.firstSid < b.metadata.firstSid
        ? -1
        : 1
}
