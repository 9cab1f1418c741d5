import { createHash } from 'node:crypto'
import type { Act } from '../../shared/documents.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import { laneOf } from '../key.ts'
import { comparePositions, endOfInstant, type Position, replyAct } from '../sessions/index.ts'
import type { Key } from '../store/types.ts'
import type { Unplaced } from './conversations.ts'
import type { IntakeParts } from './parts.ts'
import { iso } from './session-document.ts'
import type { Outgoing, Taken } from './types.ts'
import { endCallWaits } from './waiting.ts'

/** A reply written within a second of what it answers needs no span: no gap is shorter. */
const SPAN_NEEDED_MS = 1_000

/**
 * What the business says: placed in its session, with the span that carries the session to it, and queued for the
 * carrier, all in one record. `id` is the message's.
 */
export async function placeOutgoing(parts: IntakeParts, o: Outgoing, id: string): Promise<Taken> {
  const { store, conversations, lanes, arrival, ids, localSid } = parts
  const channel = store.channels().find((c) => c._id === o.channel_id)
  if (!channel) throw new SwitchboardError('no_such_channel', { number: o.channel_id })
  const key: Key = { channel_id: o.channel_id, communication_type: o.medium, contact: o.contact }
  const answered = o.answers === undefined ? undefined : await placeOf(o.answers)

  const { message, durable } = await lanes.run(laneOf(key), async () => {
    const question = answered && answeredIn(answered)
    const at = arrival.after(Math.max(question?.at ?? 0, newest()?.until ?? 0))
    const act = question && needsSpan(question, at) ? spanTo(question, at) : undefined
    const unplaced: Unplaced = {
      _id: id,
      content: o.body,
      sender: o.sender,
      createdAt: iso(at),
      sid: localSid(id),
      ...key,
      status: 'queued',
      media: o.media ?? [],
      ...(o.answered_by !== undefined && { answered_by: o.answered_by }),
      ...(o.holding && { holding: o.holding }),
      ...(o.template !== undefined && { template: o.template }),
      ...(o.answers !== undefined && { in_reply_to: o.answers }),
    }
    const done = conversations.place(key, channel, unplaced, act ? { act } : {})
    const placed = done instanceof Promise ? await done : done
    const outbox = [{ _id: id, state: 'queued' as const, attempts: 0, updatedAt: iso(at) }]
    const kept = store.commit({ ...placed.commit, why: 'send', outbox })
    return {
      message: placed.message,
      durable: Promise.all([kept, endCallWaits(parts, placed.message)]),
    }
  })
  await durable
  return { message, session: message.session_id, fresh: true }

  function newest(): { id: string; until: number; first: Position; last: Position } | undefined {
    const { line } = store.key(key)
    return line.size > 0 ? line.interval(line.size - 1) : undefined
  }

  /** Where a message stands in the order of its key: what belongs to a call stands where the call began. */
  async function placeOf(sid: string): Promise<Position | undefined> {
    const found = await store.find(sid)
    const call = found?.call_sid === undefined ? undefined : await store.find(found.call_sid)
    const placed = call ?? found
    return placed && { at: Date.parse(placed.createdAt), sid: placed.sid }
  }

  /** Only a key's newest session takes replies: an answer to something older answers what is last now. */
  function answeredIn(position: Position): Position {
    const last = newest()
    return last && comparePositions(position, last.first) < 0 ? last.last : position
  }

  /** A reply carries silence, and reopens a session that was closed after what it answers. */
  function needsSpan(question: Position, at: number): boolean {
    const last = newest()
    return (
      at - question.at > SPAN_NEEDED_MS || (last !== undefined && store.session(last.id)?.status === 'closed')
    )
  }

  /** To the end of the reply's instant: its sid becomes the carrier's later on. */
  function spanTo(question: Position, at: number): Act {
    return {
      _id: ids.next(),
      ...key,
      ...replyAct(question, endOfInstant(at), at),
      order: conversations.nextOrder(store.key(key).acts.acts),
    }
  }
}

/** The id of a message that a screen made a draft of: the same draft is the same message, whenever it comes again. */
export function idOfDraft(draft: string): string {
  return createHash('sha256').update(draft).digest('hex').slice(0, 24)
}
