import type { Id, Iso, MediaItem, Medium, Message } from '../../shared/documents.ts'
import type { Clock, Ids } from '../ports.ts'
import type { OutboxEntry } from '../store/types.ts'
import { localSid } from './status-order.ts'

/** What somebody wants to send. */
export interface Draft {
  channel_id: Id
  communication_type: Medium
  contact: string
  body: string
  sender: 'operator' | 'ai' | 'system'
  session_id: Id
  /** The message's id where it was made before, e.g. so that a repeated request sends once. */
  _id?: Id
  media?: MediaItem[]
  answered_by?: string
  /** SID of the message it answers. */
  in_reply_to?: string
  /**
   * The message it follows in the conversation: it stands behind that one, at least a millisecond later. An answer
   * made within the same millisecond would otherwise be ordered by SID, that is at random.
   */
  after?: Iso
  /** Send-later: milliseconds; the message's time is then when it is due (design §3). */
  due?: number
}

/** The two documents of a message on its way out, to be committed together with the session they change. */
export interface Prepared {
  message: Message
  entry: OutboxEntry
}

export function prepare(draft: Draft, clock: Clock, ids: Ids): Prepared {
  const now = clock.now()
  const behind = draft.after === undefined ? 0 : Date.parse(draft.after) + 1
  const time = Math.max(draft.due ?? now, behind)
  const _id = draft._id ?? ids.next()
  const message: Message = {
    _id,
    session_id: draft.session_id,
    content: draft.body,
    sender: draft.sender,
    createdAt: new Date(time).toISOString(),
    sid: localSid(_id),
    channel_id: draft.channel_id,
    communication_type: draft.communication_type,
    contact: draft.contact,
    status: draft.due !== undefined && draft.due > now ? 'scheduled' : 'queued',
    media: draft.media ?? [],
    ...(draft.answered_by === undefined ? {} : { answered_by: draft.answered_by }),
    ...(draft.in_reply_to === undefined ? {} : { in_reply_to: draft.in_reply_to }),
  }
  const entry: OutboxEntry = { _id, state: 'queued', attempts: 0, updatedAt: new Date(now).toISOString() }
  if (draft.due !== undefined && draft.due > now) entry.not_before = new Date(draft.due).toISOString()
  return { message, entry }
}
