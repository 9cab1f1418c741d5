import type { Message, Session } from '../../shared/documents.ts'
import { hasFailed, iso, isOurs, previewOf } from './session-document.ts'

/**
 * What an edit of one of its messages (a status, a transcript, the carrier's SID) changes in a session: its last words,
 * whether the last thing the business wrote failed, and the SIDs it begins and ends with. Undefined when none changes; no
 * time of the conversation ever moves.
 */
export function editedSession(
  session: Session,
  before: Message,
  after: Message,
  now: number,
): Session | undefined {
  const { failed: wasFailed, ...rest } = session.metadata
  const showsLast =
    after.createdAt === session.last_message_at && session.metadata.preview === previewOf(before)
  const preview = showsLast ? previewOf(after) : session.metadata.preview
  const isOurLatest = isOurs(after) && after.createdAt >= (session.metadata.answeredAt ?? '')
  // That a greeting arrived says nothing of an answer before it that did not.
  const saysNothing = after.holding === true && !hasFailed(before) && !hasFailed(after)
  const failed = isOurLatest && !saysNothing ? hasFailed(after) : wasFailed === true
  const nowNamed = (sid: string): string => (sid === before.sid ? after.sid : sid)
  const firstSid = nowNamed(session.metadata.firstSid)
  const lastSid = nowNamed(session.metadata.lastSid)
  const isAsBefore =
    preview === session.metadata.preview &&
    failed === (wasFailed === true) &&
    firstSid === session.metadata.firstSid &&
    lastSid === session.metadata.lastSid
  if (isAsBefore) return undefined
  return {
    ...session,
    metadata: { ...rest, firstSid, lastSid, preview, ...(failed && { failed: true as const }) },
    updatedAt: iso(now),
  }
}
