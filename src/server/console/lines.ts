import type { LineView } from '../../shared/contract.ts'
import type { Session } from '../../shared/documents.ts'
import { keyOf, laneOf } from '../key.ts'
import { indexAt } from '../sessions/index.ts'
import type { Commit, Key, Store } from '../store/types.ts'

/** Ids of a line told of at most: where a screen knows later sessions, it counts their places from the end. */
export const MOST_IN_LINE = 200

interface Changed {
  key: Key
  /** The last of the commits that changed it. */
  seq: number
  /** Where the earliest of its sessions that changed stands now. */
  index: number
}

/**
 * The keys whose order of sessions these commits changed, each once, under the seq of the last that did. A session that
 * begins, goes or parts gives its neighbours another neighbour and all of its key another number, and they are no part of
 * the commit.
 */
export function changedLines(
  commits: readonly { seq: number; commit: Commit }[],
  store: Store,
): Map<number, LineView[]> {
  const changed = new Map<string, Changed>()
  for (const { seq, commit } of commits) {
    for (const session of commit.sessions ?? []) {
      if (!mayStandAnew(session, commit)) continue
      const key = keyOf(session)
      const { line } = store.key(key)
      // A key with one session has nobody to be told of it.
      if (line.size < 2) continue
      const { firstMessageAt, firstSid } = session.metadata
      const index = indexAt(line, { at: Date.parse(firstMessageAt), sid: firstSid })
      const lane = laneOf(key)
      const before = changed.get(lane)
      changed.set(lane, { key, seq, index: before ? Math.min(index, before.index) : index })
    }
  }
  const views = new Map<number, LineView[]>()
  for (const { key, seq, index } of changed.values())
    views.set(seq, [...(views.get(seq) ?? []), lineFrom(store, key, index)])
  return views
}

/** Whether the commit may have put it into its line, or taken it out: not where it only adds to one that stands there. */
function mayStandAnew(session: Session, { sessions = [], messages = [], acts = [] }: Commit): boolean {
  if (sessions.length > 1 || acts.length > 0 || session.merged_into !== undefined) return true
  return session.message_count <= messages.filter((m) => m.session_id === session._id).length
}

/** From the earlier neighbour on, which has another later one. */
function lineFrom(store: Store, key: Key, index: number): LineView {
  const { line } = store.key(key)
  const from = Math.max(0, index - 1)
  const ids: string[] = []
  for (let i = from; i < Math.min(line.size, from + MOST_IN_LINE); i++) ids.push(line.interval(i).id)
  return { ...key, of: line.size, from: from + 1, ids }
}
