import type { Act, Message } from '../../shared/documents.ts'
import { laneOf } from '../key.ts'
import type { Commit, Store } from '../store/types.ts'
import type { ArrivalClock } from './arrival.ts'
import { editedSession } from './edited-session.ts'
import type { Lanes } from './lanes.ts'

/**
 * Changes a message that is stored, found by sid or _id, in its key's lane and together with what that changes in its
 * session; `rest` is committed in the same record, also when `change` answers undefined (nothing to change).
 * Resolves, when durable, with the message as it is then; undefined when there is none.
 */
export type EditMessage = (
  sidOrId: string,
  change: (current: Message) => Message | undefined,
  rest: Omit<Commit, 'messages'>,
) => Promise<Message | undefined>

export function createEdits(store: Store, lanes: Lanes, arrival: ArrivalClock): EditMessage {
  return async (sidOrId, change, rest) => {
    const found = await store.find(sidOrId)
    if (!found) return undefined
    const { edited, durable } = await lanes.run(laneOf(found), async () => {
      // By its id: while this waited for the lane it may have got another SID.
      const current = (await store.find(found._id)) ?? found
      const next = change(current)
      if (!next) return { edited: current, durable: hasMore(rest) ? store.commit(rest) : undefined }
      const session = store.session(next.session_id)
      const changed = session && editedSession(session, current, next, arrival.now())
      const sessions = [...(rest.sessions ?? []), ...(changed ? [changed] : [])]
      const acts = current.sid === next.sid ? [] : actsNaming(store, current, next)
      return {
        edited: next,
        durable: store.commit({
          ...rest,
          messages: [next],
          ...(sessions.length > 0 && { sessions }),
          ...(acts.length > 0 && { acts }),
        }),
      }
    })
    await durable
    return edited
  }
}

/**
 * The acts upon a message that has another SID now, with that SID in them. Under the former one they would stand beside
 * the message in its instant: a span might begin behind what it answers, and carry nothing.
 */
function actsNaming(store: Store, before: Message, after: Message): Act[] {
  const named = (place: Act['from']): boolean =>
    place?.sid === before.sid && Date.parse(place.at) === Date.parse(before.createdAt)
  return store
    .key(after)
    .acts.acts.filter(({ from, to }) => named(from) || named(to))
    .map((act) => ({
      ...act,
      ...(act.from && named(act.from) && { from: { ...act.from, sid: after.sid } }),
      ...(act.to && named(act.to) && { to: { ...act.to, sid: after.sid } }),
    }))
}

const hasMore = ({ why: _, ...rest }: Omit<Commit, 'messages'>): boolean => Object.keys(rest).length > 0
