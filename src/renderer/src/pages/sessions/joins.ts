import type { MergeView, SessionView } from '../../../../shared/contract.ts'
import type { Message } from '../../../../shared/documents.ts'
import { ms } from '../../words.ts'

/** What made one session of two. */
export type JoinedBy = 'late' | 'you'

/**
 * The messages before which a session of its own once began, and what joined it to this one. `messages` in their
 * order. A message that answers another carries its session itself and is none of them.
 */
export function joinsOf(
  messages: readonly Message[],
  { gap_ms, merges = [] }: Pick<SessionView, 'gap_ms' | 'merges'>,
): Map<string, JoinedBy> {
  const joins = new Map<string, JoinedBy>()
  for (const message of bridged(messages, gap_ms)) joins.set(message._id, 'late')
  for (const [at, message] of messages.entries()) {
    const before = messages[at - 1]
    if (before && merges.some((merge) => hasJoined(merge, before, message, gap_ms)))
      joins.set(message._id, 'you')
  }
  return joins
}

/**
 * A message taken after one that stands behind it came late. It joined two sessions when those that were there before
 * it, on its two sides, lie further apart than the gap, and it within the gap of both.
 */
function bridged(messages: readonly Message[], gap: number): Message[] {
  const found: Message[] = []
  let earliest = Number.POSITIVE_INFINITY
  for (let at = messages.length - 1; at >= 0; at--) {
    const message = messages[at]
    const late = message?.seq
    if (!message || late === undefined) continue
    if (earliest < late) {
      const wasThere = ({ seq }: Message) => seq !== undefined && seq < late
      const next = messages.slice(at + 1).find(wasThere)
      const previous = messages.slice(0, at).findLast(wasThere)
      if (
        previous &&
        next &&
        next.in_reply_to === undefined &&
        silence(previous, next) > gap &&
        Math.max(silence(previous, message), silence(message, next)) <= gap
      )
        found.push(next)
    }
    earliest = Math.min(earliest, late)
  }
  return found
}

function hasJoined({ from, to, cuts }: MergeView, before: Message, message: Message, gap: number): boolean {
  if (before.createdAt < from || message.createdAt > to) return false
  if (message.in_reply_to === undefined && silence(before, message) > gap) return true
  return cuts.some(({ at, sid }) =>
    sid === undefined ? before.createdAt <= at && at < message.createdAt : sid === message.sid,
  )
}

const silence = (before: Message, message: Message) => ms(message.createdAt) - ms(before.createdAt)
