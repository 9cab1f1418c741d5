import type { Act, Channel, GapChange, Session } from '../../shared/documents.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import { keyOf, laneOf } from '../key.ts'
import type { Ids } from '../ports.ts'
import {
  type ActDraft,
  ActIndex,
  closeAct,
  GapHistory,
  mergeAct,
  reopen,
  sessionsTouched,
  splitAct,
} from '../sessions/index.ts'
import type { Commit, Key, KeyState, Store } from '../store/types.ts'
import type { ArrivalClock } from './arrival.ts'
import { type Conversations, indexOf } from './conversations.ts'
import type { Lanes } from './lanes.ts'
import { iso } from './session-document.ts'
import { asBeforeJoining, joinedOf, namesOf } from './joined.ts'
import { settleClosed } from './waiting.ts'

/** What an operator does to the grouping. Each resolves, when durable, with the acts as they were before and are now. */
export interface SessionActs {
  close(sessionId: string): Promise<ActResult>
  reopen(sessionId: string): Promise<ActResult>
  /** Joins a session with the one before it in its key. */
  mergeWithEarlier(sessionId: string): Promise<ActResult>
  /** Parts a session before one of its messages. */
  split(sessionId: string, messageId: string): Promise<ActResult>
  /**
   * Puts acts back to what they were: a new act is taken back, a lifted cut cuts again. Throws SwitchboardError
   * undo_overtaken, and changes nothing, where a later act took their place so that nothing would come of it.
   */
  undo(result: ActResult): Promise<void>
  /** Sets a gap, or with null goes back to the less specific one; dated, see design §3. */
  setGap(settingKey: string, valueMs: number | null): Promise<void>
  /** Groups history under another gap: all of it, or one channel's. Resolves with the number of sessions before and after. */
  regroup(
    gapMs: number,
    channel: Channel | undefined,
    options: { dryRun: boolean; onProgress?: (done: number, of: number) => void },
  ): Promise<{ before: number; after: number; keys: number }>
  /** Groups what a regrouping that was interrupted had not come to. */
  finishRegrouping(): Promise<void>
}

export interface ActResult {
  session: string
  before: Act[]
  after: Act[]
}

interface Parts {
  store: Store
  conversations: Conversations
  lanes: Lanes
  arrival: ArrivalClock
  ids: Ids
}

/** Settings with this beginning name gap changes whose regrouping has not come to its end. */
const UNFINISHED = 'data.regrouping.'

export function createSessionActs({ store, conversations, lanes, arrival, ids }: Parts): SessionActs {
  function sessionOf(id: string): Session {
    const session = store.session(id)
    if (!session) throw new SwitchboardError('no_such_session', { id })
    return session
  }

  function channelOf(key: Key): Channel {
    const channel = store.channels().find((c) => c._id === key.channel_id)
    if (!channel) throw new SwitchboardError('no_such_channel', { number: key.channel_id })
    return channel
  }

  const made = (key: Key, draft: ActDraft): Act => ({
    _id: ids.next(),
    ...key,
    ...draft,
    order: conversations.nextOrder(store.key(key).acts.acts),
  })

  /** Replaces acts of a key and groups what they reach anew, the sessions `from` … `to`; says what to commit. */
  async function grouped(
    key: Key,
    state: KeyState,
    why: string,
    changed: readonly Act[],
    from: number,
    to: number,
    names?: ReadonlyMap<string, string>,
  ): Promise<Commit> {
    const acts = new ActIndex([
      ...state.acts.acts.filter((a) => !changed.some((c) => c._id === a._id)),
      ...changed,
    ])
    const channel = channelOf(key)
    const commit = await conversations.regroup(key, channel, { from, to, acts, ...(names && { names }) })
    const mayAnswer = conversations.mayAnswer(key)
    return { ...commit, why, acts: settleClosed(store, commit, key, { changed, mayAnswer }) }
  }

  /** Whether somebody who looks at the sessions would see it. */
  function changesSomething({ sessions = [], messages = [] }: Commit): boolean {
    return messages.length > 0 || sessions.some((session) => !isSeenAs(store.session(session._id), session))
  }

  async function act(
    sessionId: string,
    why: string,
    decide: (state: KeyState, index: number) => { before: Act[]; after: Act[]; from: number; to: number },
  ): Promise<ActResult> {
    const key = keyOf(sessionOf(sessionId))
    return lanes.run(laneOf(key), async () => {
      const state = store.key(key)
      const index = indexOf(state, sessionOf(sessionId))
      if (index < 0) throw new SwitchboardError('no_such_session', { id: sessionId })
      const { before, after, from, to } = decide(state, index)
      if (after.length > 0) await store.commit(await grouped(key, state, why, after, from, to))
      const now = store.session(sessionId)
      return { session: now?._id ?? sessionId, before, after }
    })
  }

  return {
    close: (id) =>
      act(id, 'close', (state, index) => ({
        before: [],
        after:
          store.session(id)?.status === 'closed'
            ? []
            : [made(state.key, closeAct(state.line, index, arrival.now()))],
        from: index,
        to: index,
      })),

    reopen: (id) =>
      act(id, 'reopen', (state, index) => {
        const after = reopen(state.line, index, state.acts)
        return {
          before: state.acts.acts.filter((a) => after.some((b) => b._id === a._id)),
          after,
          from: index,
          to: index,
        }
      }),

    mergeWithEarlier: (id) =>
      act(id, 'merge', (state, index) => {
        // A second press on the same button: carried out, it would take in the session before the one meant.
        if (sessionOf(id)._id !== id)
          throw new SwitchboardError('not_possible', {
            what: 'This session has already become part of another one.',
          })
        const draft = mergeAct(state.line, index - 1, arrival.now())
        if (!draft)
          throw new SwitchboardError('not_possible', {
            what: 'There is no earlier session of this contact to join with.',
          })
        const joined = [index - 1, index].map((i) => joinedOf(sessionOf(state.line.interval(i).id)))
        return { before: [], after: [{ ...made(state.key, draft), joined }], from: index - 1, to: index }
      }),

    async split(id, messageId) {
      const message = await store.find(messageId)
      if (!message) throw new SwitchboardError('no_such_message', { id: messageId })
      return act(id, 'split', (state, index) => {
        const before = { at: Date.parse(message.createdAt), sid: message.sid }
        const draft =
          message.call_sid !== undefined && message.call_sid !== message.sid
            ? undefined
            : splitAct(state.line.interval(index), before, arrival.now())
        if (!draft)
          throw new SwitchboardError('not_possible', {
            what: 'A session can be split before any of its messages but the first, and not inside a call.',
          })
        return { before: [], after: [made(state.key, draft)], from: index, to: index }
      })
    },

    async undo({ session, before, after }) {
      const key = keyOf(sessionOf(session))
      await lanes.run(laneOf(key), async () => {
        const state = store.key(key)
        const back = after.map((a) => {
          const now = state.acts.acts.find((one) => one._id === a._id)
          // What was taken back already must not come alive again by the undo of what was done to it between.
          if (!now || now.undone) throw new SwitchboardError('undo_overtaken')
          const then = before.find((b) => b._id === a._id)
          // Where it bears is as it is now: what was sent since has another SID.
          const { from, to } = now
          return then
            ? { ...then, ...(from && { from }), ...(to && { to }) }
            : { ...now, undone: true as const }
        })
        const touched = back.flatMap((a) => sessionsTouched(state.line, a) ?? [])
        if (touched.length === 0) throw new SwitchboardError('undo_overtaken')
        const from = Math.min(...touched.map((t) => t.from))
        const to = Math.max(...touched.map((t) => t.to))
        const parted = back.flatMap((a) => (a.undone ? (a.joined ?? []) : []))
        const commit = await grouped(key, state, 'undo', back, from, to, namesOf(store, parted))
        if (!changesSomething(commit)) throw new SwitchboardError('undo_overtaken')
        asBeforeJoining(store, commit, parted)
        await store.commit(commit)
      })
    },

    async setGap(settingKey, valueMs) {
      await store.commit({ why: 'gap', gaps: [gapChange(settingKey, valueMs)] })
    },

    async regroup(gapMs, channel, { dryRun, onProgress }) {
      const change = gapChange(channel ? `channels.${channel.number}.regroup` : 'regroup', gapMs)
      const marker = UNFINISHED + change._id
      if (!dryRun)
        await store.commit({ why: 'regroup', gaps: [change], settings: [{ _id: marker, value: true }] })
      const keys = [...store.keys(channel ? { channel_id: channel._id } : {})]
      const sum = { before: 0, after: 0, keys: keys.length }
      for (const [i, key] of keys.entries()) {
        const { before, after } = await lanes.run(laneOf(key), () =>
          regroupKey(key, dryRun ? change : undefined),
        )
        sum.before += before
        sum.after += after
        onProgress?.(i + 1, keys.length)
      }
      if (!dryRun) await finished([marker])
      return sum
    },

    async finishRegrouping() {
      const markers = [...store.settings().keys()].filter((key) => key.startsWith(UNFINISHED))
      if (markers.length === 0) return
      for (const key of [...store.keys()]) await lanes.run(laneOf(key), () => regroupKey(key))
      await finished(markers)
    },
  }

  async function finished(markers: readonly string[]): Promise<void> {
    await store.commit({
      why: 'regrouped',
      removed: markers.map((_id) => ({ collection: 'settings', _id })),
    })
  }

  /** Under the gaps in force, one more of them `tried`: then nothing is written. */
  async function regroupKey(key: Key, tried?: GapChange): Promise<{ before: number; after: number }> {
    const state = store.key(key)
    const before = state.line.size
    // Asked anew for each key: gaps may be changed while a long history is being regrouped.
    const gaps = tried ? new GapHistory([...store.gaps(), tried]) : conversations.gaps()
    const channel = channelOf(key)
    const gapAt = gaps.gapAt(channel, key.communication_type)
    const all = { from: 0, to: before - 1, acts: state.acts, gapAt }
    const commit = await conversations.regroup(key, channel, all)
    const after = new Set(commit.sessions?.filter((s) => s.merged_into === undefined).map((s) => s._id)).size
    if (!tried) await store.commit(commit)
    return { before, after }
  }

  function gapChange(key: string, valueMs: number | null): GapChange {
    const datedFor = store
      .channels()
      .filter((c) => store.hasMessages(c._id))
      .map((c) => c._id)
    return {
      _id: ids.next(),
      key,
      value_ms: valueMs,
      // Later than all there is: what came in this very millisecond was judged by the gap before.
      at: iso(arrival.after(arrival.now())),
      order: conversations.nextOrder(store.gaps()),
      dated_for: datedFor,
    }
  }
}

/** The same messages under the same words. */
function isSeenAs(before: Session | undefined, after: Session): boolean {
  return (
    before?._id === after._id &&
    before.status === after.status &&
    before.message_count === after.message_count &&
    before.metadata.firstSid === after.metadata.firstSid &&
    before.metadata.lastSid === after.metadata.lastSid &&
    before.metadata.waitingSince === after.metadata.waitingSince &&
    JSON.stringify(before.metadata.reason) === JSON.stringify(after.metadata.reason)
  )
}
