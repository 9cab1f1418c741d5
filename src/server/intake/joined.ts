import type { JoinedSession, Session } from '../../shared/documents.ts'
import type { Commit, Store } from '../store/types.ts'

/** What of a session is lost when it is joined with another, kept with the act so that undo brings it back. */
export const joinedOf = ({ _id, message_count, unread_count, metadata }: Session): JoinedSession => ({
  _id,
  firstSid: metadata.firstSid,
  messages: message_count,
  unread: unread_count,
  ...(metadata.muted && { muted: metadata.muted }),
})

/** The ids of those that are part of another session now, by first SID. */
export function namesOf(
  store: Pick<Store, 'session'>,
  joined: readonly JoinedSession[],
): ReadonlyMap<string, string> {
  const gone = joined.filter(({ _id }) => store.session(_id)?._id !== _id)
  return new Map(gone.map(({ firstSid, _id }) => [firstSid, _id]))
}

/**
 * Two sessions that are apart again: each is as unread and as muted as it was before they were joined, unless somebody has
 * read them or changed that since. What came since is as unread as it came.
 */
export function asBeforeJoining(
  store: Pick<Store, 'session'>,
  commit: Commit,
  joined: readonly JoinedSession[],
): void {
  const parts = joined.map(({ _id }) =>
    commit.sessions?.find((session) => session._id === _id && session.merged_into === undefined),
  )
  const [earlier, later] = parts
  const [before, after] = joined
  const together = before && store.session(before._id)
  if (!earlier || !later || !before || !after || !together) return
  const added = together.message_count - before.messages - after.messages
  // Else somebody has read it meanwhile, and the latest count as unread.
  if (together.unread_count === before.unread + after.unread + added) {
    earlier.unread_count = before.unread + earlier.message_count - before.messages
    later.unread_count = after.unread + later.message_count - after.messages
  }
  if (together.metadata.muted !== (before.muted ?? after.muted)) return
  for (const [session, { muted }] of [
    [earlier, before],
    [later, after],
  ] as const) {
    const { muted: _, ...metadata } = session.metadata
    session.metadata = muted ? { ...metadata, muted } : metadata
  }
}
