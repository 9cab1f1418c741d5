import type { Message, Session } from '../../shared/documents.ts'
import { hasFailed, iso, isAnswer, previewOf } from './session-document.ts'

/**
 * What an edit of one of its messages (a status, a transcript) changes in a session: its last words, and whether the
 * last thing the business wrote failed. Undefined when neither changes; no time of the conversation ever moves.
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
  const isLatestAnswer = isAnswer(after) && after.createdAt >= (session.metadata.answeredAt ?? '')
  const failed = isLatestAnswer ? hasFailed(after) : wasFailed === true
  if (preview === session.metadata.preview && failed === (wasFailed === true)) return undefined
  return {
    ...session,
    metadata: { ...rest, preview, ...(failed && { failed: true as const }) },
    updatedAt: iso(now),
  }
}
