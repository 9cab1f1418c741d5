import type { Act, Channel, Message, Session } from '../../shared/documents.ts'
import type { Ids } from '../ports.ts'
import {
  ActIndex,
  type GapAt,
  GapHistory,
  indexAt,
  type Item,
  type Placement,
  place,
  prolong,
  wake,
} from '../sessions/index.ts'
import type { Commit, Key, KeyState, Store } from '../store/types.ts'
import type { ArrivalClock } from './arrival.ts'
import { addBeside, regroup, type Regrouping, sessionOf } from './regroup.ts'
import {
  add,
  emptied,
  isAnswer,
  isMuted,
  joined,
  sessionDocument,
  summaryOfMessage,
} from './session-document.ts'
import { consentOf } from '../opt-out.ts'
import { answeredAfter, intervalOrder, putWaiting, waitingSince } from './waiting.ts'

/** A message that has not found its session yet. */
export type Unplaced = Omit<Message, 'session_id'>

export interface PlaceOptions {
  /** The call it belongs to began at this time (ms); the message goes where the call is. */
  callBegan?: number
  /** The message is already part of the past: neither unread nor waiting for an answer. */
  history?: boolean
  /** When the change is made (ms), where that is known already. */
  now?: number
  /** An act made with the message (a reply's span), in force when it is placed. */
  act?: Act
}

/** How a message was placed, for the log and for who asked. */
export interface Placed {
  message: Message
  session: Session
  outcome: Placement['outcome']
  /** Milliseconds since the message before it in its key; undefined for a first. */
  silence: number | undefined
  commit: Commit
}

/**
 * Turns what the rule decides into documents: the step between the domain and the store. Everything that places or
 * regroups a message goes through here, inside the lane of its key.
 */
export class Conversations {
  readonly #store: Store
  readonly #ids: Ids
  readonly #arrival: ArrivalClock
  /** Whether the contact of a key may be written to; who may not be waits for no answer. */
  readonly mayAnswer: (key: Key) => boolean
  #order = 0
  #gaps: { size: number; newest: string | undefined; history: GapHistory } | undefined

  constructor(store: Store, ids: Ids, arrival: ArrivalClock, mayAnswer: (key: Key) => boolean = () => true) {
    this.#store = store
    this.#ids = ids
    this.#arrival = arrival
    this.mayAnswer = mayAnswer
  }

  /** The gaps ever set; built anew when one was changed. */
  gaps(): GapHistory {
    const changes = this.#store.gaps()
    const newest = changes.at(-1)?._id
    if (this.#gaps?.size !== changes.length || this.#gaps.newest !== newest) {
      this.#gaps = { size: changes.length, newest, history: new GapHistory(changes) }
    }
    return this.#gaps.history
  }

  /**
   * Acts and gap changes are numbered in the order they are done: the later wins. `before` are those that it is to be
   * later than, for a clock that was set back across a restart says nothing of them.
   */
  nextOrder(before: readonly { order: number }[]): number {
    const next = Math.max(this.#order + 1, this.#arrival.now())
    this.#order = before.reduce((order, one) => Math.max(order, one.order + 1), next)
    return this.#order
  }

  gapAt(key: Key, channel: Channel): GapAt {
    return this.gaps().gapAt(channel, key.communication_type)
  }

  /**
   * Places a message and says what to commit; nothing is written yet. At once where the key's intervals suffice, later
   * where messages have to be read (two sessions become one; the gap changed inside a session).
   */
  place(
    key: Key,
    channel: Channel,
    unplaced: Unplaced,
    options: PlaceOptions = {},
  ): Placed | Promise<Placed> {
    const state = this.#store.key(key)
    const acts = options.act ? new ActIndex([...state.acts.acts, options.act]) : state.acts
    const gapAt = this.gapAt(key, channel)
    const at = Date.parse(unplaced.createdAt)
    const item: Item = { at: options.callBegan ?? at, sid: unplaced.call_sid ?? unplaced.sid, until: at }
    const placement =
      options.callBegan === undefined
        ? place(state.line, item, acts, gapAt, (from, to) =>
            this.gaps().isConstant(channel, key.communication_type, from, to),
          )
        : prolong(state.line, item, acts, gapAt)
    if ('unfold' in placement)
      return this.#placeByUnfolding(key, channel, unplaced, state, acts, placement.unfold, options)
    const placed = this.#documents(key, state, acts, unplaced, placement, options)
    return placement.home.absorbed.length > 0 ? this.#moveAbsorbed(placed, placement.home.absorbed) : placed
  }

  #documents(
    key: Key,
    state: KeyState,
    acts: ActIndex,
    unplaced: Unplaced,
    placement: Placement,
    options: PlaceOptions,
  ): Placed {
    const { home } = placement
    const now = options.now ?? this.#arrival.now()
    const id = home.id ?? this.#ids.next()
    const message: Message = { ...unplaced, session_id: id }
    const unread = isUnread(message, options)
    const parts = [home.id, ...home.absorbed].flatMap((part) =>
      part === undefined ? [] : (this.#store.session(part) ?? []),
    )
    const before = joined(
      parts.toSorted((a, b) => (a.metadata.firstMessageAt < b.metadata.firstMessageAt ? -1 : 1)),
    )
    const own = summaryOfMessage(message, unread)
    const summary = before ? add(before, own) : own
    const session = sessionDocument(key, id, home, summary, parts[0], now, parts.some(isMuted))
    const commit: Commit = { why: 'message', messages: [message], sessions: [session] }
    // A late message of the contact makes the closed session it falls into active again (design §3).
    const revived = unread ? wake(placement, acts) : []
    if (revived.length > 0) session.status = 'active'
    for (const absorbed of home.absorbed)
      commit.sessions?.push(emptied(sessionOf(this.#store, absorbed), id, now))
    for (const beside of placement.beside) addBeside(this.#store, commit, beside, now)
    if (options.act || revived.length > 0) commit.acts = [...(options.act ? [options.act] : []), ...revived]
    this.#setWaiting(commit, key, state, session, parts[0], message, options)
    return { message, session, outcome: placement.outcome, silence: placement.silence, commit }
  }

  /** Messages of sessions that are now part of another carry its id. */
  async #moveAbsorbed(placed: Placed, absorbed: readonly string[]): Promise<Placed> {
    const moved = await this.#store.messages(absorbed)
    for (const message of moved) placed.commit.messages?.push({ ...message, session_id: placed.session._id })
    return placed
  }

  #setWaiting(
    commit: Commit,
    key: Key,
    state: KeyState,
    home: Session,
    homeBefore: Session | undefined,
    message: Message,
    options: PlaceOptions,
  ): void {
    const { line } = state
    const newestId = line.size > 0 ? line.interval(line.size - 1).id : undefined
    const newestBefore =
      newestId === undefined
        ? undefined
        : newestId === homeBefore?._id
          ? homeBefore
          : this.#store.session(newestId)
    const homeIsNewest =
      !newestBefore ||
      home._id === newestId ||
      intervalOrder(home, newestBefore) > 0 ||
      commit.sessions?.some((s) => s._id === newestId && s.merged_into === home._id)
    const newest = homeIsNewest ? home : newestBefore
    const says = consentOf(message)
    // After a STOP nobody may answer what was asked before it, nor what is written after it.
    const kind = options.history
      ? 'neither'
      : says === 'out'
        ? 'answer'
        : says === 'in' || message.opt_out
          ? 'neither'
          : message.sender === 'contact'
            ? this.mayAnswer(key)
              ? 'question'
              : 'neither'
            : isAnswer(message)
              ? 'answer'
              : 'neither'
    const since = waitingSince({
      newestBefore,
      at: message.createdAt,
      kind,
      // One that comes late may have been answered in any session behind it; a call in writing as well.
      answeredAt: kind === 'question' ? answeredAfter(this.#store, key, message.createdAt) : undefined,
      isLast: newest === home && message.createdAt >= home.last_message_at,
      heardAt: newest.metadata.heardAt,
    })
    putWaiting(commit, newest, since)
    if (newestBefore && newest._id !== newestBefore._id) putWaiting(commit, newestBefore, undefined)
  }

  async #placeByUnfolding(
    key: Key,
    channel: Channel,
    unplaced: Unplaced,
    state: KeyState,
    acts: ActIndex,
    unfold: string,
    options: PlaceOptions,
  ): Promise<Placed> {
    const index = indexOf(state, sessionOf(this.#store, unfold))
    const message: Message = { ...unplaced, session_id: unfold }
    const added = { message, unread: isUnread(message, options) }
    const commit = await this.regroup(key, channel, { from: index, to: index, acts, added })
    commit.why = 'message'
    if (options.act) commit.acts = [...(commit.acts ?? []), options.act]
    const own = commit.messages?.find((m) => m._id === message._id)
    const session = commit.sessions?.find((s) => s._id === own?.session_id)
    if (!own || !session) throw new Error(`message ${message.sid} was lost on its way into ${unfold}`)
    return { message: own, session, outcome: 'extended', silence: undefined, commit }
  }

  /** Groups sessions of a key anew, under the gaps in force where none are given, and says what to commit. */
  regroup(
    key: Key,
    channel: Channel,
    regrouping: Omit<Regrouping, 'gapAt'> & Partial<Pick<Regrouping, 'gapAt'>>,
  ): Promise<Commit> {
    const parts = { store: this.#store, ids: this.#ids, arrival: this.#arrival }
    return regroup(parts, key, { gapAt: this.gapAt(key, channel), ...regrouping })
  }
}

/** The index of a session in its key's time line; -1 when it is not there. */
export function indexOf(state: KeyState, session: Session): number {
  const first = { at: Date.parse(session.metadata.firstMessageAt), sid: session.metadata.firstSid }
  const index = indexAt(state.line, first)
  return index >= 0 && state.line.interval(index).id === session._id ? index : -1
}

function isUnread(message: Message, options: PlaceOptions): boolean {
  return message.sender === 'contact' && options.history !== true
}
