import type { Handlers, Undoable } from '../../shared/contract.ts'
import type { Session } from '../../shared/documents.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import type { ActResult, SessionActs } from '../intake/acts.ts'
import type { Lanes } from '../intake/lanes.ts'
import { keyOf, laneOf } from '../key.ts'
import type { Store } from '../store/types.ts'
import { expectUntouched, type Undo } from './undo.ts'
import type { Views } from './views.ts'

interface Parts {
  store: Store
  views: Views
  acts: SessionActs
  lanes: Lanes
  undo: Undo
}

type SessionRequests =
  | 'sessions.list'
  | 'sessions.get'
  | 'sessions.messages'
  | 'sessions.close'
  | 'sessions.reopen'
  | 'sessions.merge'
  | 'sessions.split'
  | 'sessions.read'
  | 'sessions.unread'
  | 'sessions.mute'

/** Reading sessions and acting on them. */
export function sessionHandlers({ store, views, acts, lanes, undo }: Parts): Pick<Handlers, SessionRequests> {
  function sessionOf(id: string): Session {
    const session = store.session(id)
    if (!session) throw new SwitchboardError('no_such_session', { id })
    return session
  }

  /** @param already what is so when there was nothing to do: it must not offer to undo what somebody else did */
  async function act(doing: Promise<ActResult>, done: string, already: string): Promise<Undoable> {
    const result = await doing
    if (result.after.length === 0) throw new SwitchboardError('not_possible', { what: already })
    return undo.keep(done, sessionOf(result.session), () => acts.undo(result))
  }

  /** Changes fields of a session that are no matter of grouping, in its key's lane, which is free again before the disk is. */
  async function change(id: string, why: string, edit: (session: Session) => Session): Promise<Session> {
    const { edited, durable } = await lanes.run(laneOf(keyOf(sessionOf(id))), () => {
      const changed = edit(sessionOf(id))
      return { edited: changed, durable: store.commit({ why, sessions: [changed] }) }
    })
    await durable
    return edited
  }

  /** Undone, only the difference is taken back: what arrived meanwhile stays unread. */
  async function mark(id: string, unreadCount: (before: number) => number, done: string): Promise<Undoable> {
    let difference = 0
    const session = await change(id, 'read', (s) => {
      const unread = unreadCount(s.unread_count)
      difference = unread - s.unread_count
      return { ...s, unread_count: unread }
    })
    return undo.keep(done, session, () =>
      change(id, 'read', (s) => {
        const unread = Math.min(s.message_count, Math.max(0, s.unread_count - difference))
        expectUntouched(unread !== s.unread_count)
        return { ...s, unread_count: unread }
      }),
    )
  }

  return {
    'sessions.list': ({ type, filter, order, offset, limit }) => {
      const page = store.sessions({
        ...(type && { type }),
        ...(filter === 'waiting' && { waiting: true }),
        ...(filter === 'unread' && { unread: true }),
        ...(filter === 'closed' && { status: 'closed' as const }),
        order: filter === 'waiting' ? 'longest_waiting' : order,
        offset,
        limit,
      })
      return {
        sessions: page.sessions.map((s) => views.session(s)),
        total: page.total,
        counts: store.counts(),
        seq: store.seq,
      }
    },

    'sessions.get': ({ id }) => views.session(sessionOf(id)),

    'sessions.messages': async ({ id, before, limit }) => {
      const { seq } = store
      const session = sessionOf(id)
      const messages = await store.messages([session._id], { limit: limit + 1, ...(before && { before }) })
      const more = messages.length > limit
      return { messages: more ? messages.slice(1) : messages, more, seq }
    },

    'sessions.close': ({ id }) => act(acts.close(id), 'Session closed', 'This session is closed already.'),
    'sessions.reopen': ({ id }) => act(acts.reopen(id), 'Session reopened', 'This session is open already.'),
    'sessions.merge': ({ id }) =>
      act(acts.mergeWithEarlier(id), 'Joined with the earlier session', 'These are one session already.'),
    'sessions.split': ({ id, before }) =>
      act(acts.split(id, before), 'Session split', 'It is split there already.'),
    'sessions.read': ({ id }) => mark(id, () => 0, 'Marked as read'),
    'sessions.unread': ({ id }) => mark(id, (before) => Math.max(1, before), 'Marked as unread'),
    'sessions.mute': async ({ id, muted }) => {
      const before = sessionOf(id).metadata.muted === true
      const set = (s: Session, on: boolean): Session => {
        const { muted: _, ...rest } = s.metadata
        return { ...s, metadata: on ? { ...rest, muted: true as const } : rest }
      }
      const session = await change(id, 'mute', (s) => set(s, muted))
      return undo.keep(muted ? 'Notifications muted' : 'Notifications on', session, () =>
        change(id, 'mute', (s) => {
          expectUntouched((s.metadata.muted === true) !== before)
          return set(s, before)
        }),
      )
    },
  }
}
