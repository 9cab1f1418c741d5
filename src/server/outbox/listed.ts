import type { Id, Message } from '../../shared/documents.ts'
import type { CarrierMessage } from '../carrier/carrier.ts'
import type { Key, OutboxEntry, Store } from '../store/types.ts'
import { adopt, type Edit } from './ends.ts'
import { type Ahead, type Doubtful, doubtOf, isLikely, mayBe } from './doubt.ts'
import { earlierSids, hasCarrierSid } from './status-order.ts'

/** Whose a message is that the carrier lists as sent and no message of ours has the SID of. */
export type Sender =
  /** One of ours: the one in doubt, or one that was sent again since (`earlier`). */
  | { kind: 'ours'; id: Id; earlier: boolean }
  /** One of ours is on its way to this contact, and its answer may bring this very SID: ask again later. */
  | { kind: 'undecided' }
  /** Something else sent it. */
  | { kind: 'elsewhere' }

/**
 * Tells who sent what the carrier lists. An attempt that could have made it began before the list was given, so it is
 * either still in the outbox or has left its SID with its message: in between there is nothing, for both change in one
 * record. Ask one after another, and let the message of `ours` have the SID before the next is asked for.
 */
export async function senderOf(
  store: Pick<Store, 'find' | 'outbox' | 'outboxEntry' | 'channels' | 'key' | 'messages'>,
  listed: CarrierMessage,
  ahead: Ahead,
): Promise<Sender> {
  const doubtful: Doubtful[] = []
  for (const entry of store.outbox()) {
    if (entry.state !== 'calling' && entry.state !== 'unsure') continue
    const doubt = await doubtOf(store, entry, ahead)
    if (!doubt || !mayBe(doubt, listed)) continue
    // The words may have been changed on their way; as long as the answer is out, anything to this contact may be it.
    if (isCalling(store, entry)) return { kind: 'undecided' }
    if (isLikely(doubt, listed)) doubtful.push(doubt)
  }
  const [oldest] = doubtful.toSorted((a, b) => a.since() - b.since())
  if (oldest) return { kind: 'ours', id: oldest.message._id, earlier: false }
  const retried = await retriedSince(store, listed)
  return retried ? { kind: 'ours', id: retried._id, earlier: true } : { kind: 'elsewhere' }
}

/** As it is now: while the message was being read the attempt may have ended in doubt. */
function isCalling(store: Pick<Store, 'outboxEntry'>, { _id }: OutboxEntry): boolean {
  return store.outboxEntry(_id)?.state !== 'unsure'
}

/** The message of ours whose earlier attempt had this SID. */
async function retriedSince(
  store: Pick<Store, 'channels' | 'key' | 'messages'>,
  listed: CarrierMessage,
): Promise<Message | undefined> {
  const channel = store.channels().find(({ number }) => number === listed.from)
  if (!channel) return undefined
  const key: Key = { channel_id: channel._id, communication_type: listed.medium, contact: listed.to }
  const { line } = store.key(key)
  // The newest first: what was sent again was mostly written of late.
  for (let index = line.size - 1; index >= 0; index--) {
    const messages = await store.messages([line.interval(index).id])
    const own = messages.find((message) => earlierSids(message).includes(listed.sid))
    if (own) return own
  }
  return undefined
}

/**
 * Ends a doubt: the message is what the carrier lists, and its entry is done with. Unless another message has come to
 * have that SID since it was looked at, or it is being sent again: nothing changes then. Resolves with the message as
 * it is.
 */
export async function settleDoubt(
  store: Pick<Store, 'commit' | 'mayHave' | 'outboxEntry'>,
  edit: Edit,
  id: Id,
  listed: CarrierMessage,
): Promise<Message | undefined> {
  const why = 'no longer unsure'
  const isUnsure = (): boolean => store.outboxEntry(id)?.state === 'unsure'
  const change = (current: Message): Message | undefined => {
    if (!hasCarrierSid(current) && (!isUnsure() || store.mayHave(listed.sid))) return undefined
    return adopt(current, listed)
  }
  const now = await edit(id, change, { why })
  // Not in the same record: of a message that stays in doubt the entry has to stay too.
  if (now && hasCarrierSid(now) && isUnsure())
    await store.commit({ why, removed: [{ collection: 'outbox', _id: id }] })
  return now
}
