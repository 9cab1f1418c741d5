import type { Id, Message, Session } from '../../shared/documents.ts'
import { MessageReader } from './message-reader.ts'
import { hashText, type State } from './state.ts'
import type { Key, KeyState, SessionPage, SessionQuery, Store } from './types.ts'

/** What can be asked of a store. All of it from memory, but for messages. */
export abstract class Queries {
  readonly #state: State
  protected readonly reader: MessageReader

  constructor(state: State, linesOf: (segment: number) => Promise<string[]>) {
    this.#state = state
    this.reader = new MessageReader(state, linesOf)
  }

  key(key: Key): KeyState {
    const { sessions, acts } = this.#state
    const find = (): number | undefined => sessions.keys.find(key)
    const { channel_id, communication_type, contact } = key
    return {
      key: { channel_id, communication_type, contact },
      get line() {
        const number = find()
        return number === undefined ? NO_SESSIONS : sessions.line(number)
      },
      get acts() {
        return acts.index(find() ?? -1)
      },
      get profile() {
        const number = find()
        return number === undefined ? undefined : sessions.profile(number)
      },
    }
  }

  *keys(filter: { channel_id?: Id; contact?: string } = {}): Generator<Key> {
    const { keys } = this.#state.sessions
    for (let number = 0; number < keys.size; number++) {
      if (keys.lineSize(number) === 0) continue
      const key = keys.key(number)
      if (filter.channel_id !== undefined && key.channel_id !== filter.channel_id) continue
      if (filter.contact === undefined || key.contact === filter.contact) yield key
    }
  }

  channels(): ReturnType<Store['channels']> {
    return [...this.#state.small.channels.rows.values()]
  }
  gaps(): ReturnType<Store['gaps']> {
    return [...this.#state.small.gaps.rows.values()]
  }
  contacts(): ReturnType<Store['contacts']> {
    return [...this.#state.small.contacts.rows.values()]
  }
  settings(): ReadonlyMap<string, unknown> {
    return new Map([...this.#state.small.settings.rows.values()].map((s) => [s._id, s.value]))
  }
  outbox(): ReturnType<Store['outbox']> {
    return [...this.#state.small.outbox.rows.values()]
  }
  outboxEntry(id: Id): ReturnType<Store['outboxEntry']> {
    return this.#state.small.outbox.rows.get(id)
  }
  downloads(): ReturnType<Store['downloads']> {
    return [...this.#state.small.downloads.rows.values()]
  }

  hasMessages(channelId: Id): boolean {
    return this.#state.hasMessages(channelId)
  }

  mayHave(sid: string): boolean {
    return this.#state.claims.has(this.#state.sidHash(sid)) || this.#state.isErased(sid)
  }

  /** The message of this SID was erased or expired: it may not come back. */
  isErased(sid: string): boolean {
    return this.#state.isErased(sid)
  }

  /** What `Commit.erased` keeps of a SID. */
  erasedHash(sid: string): string {
    return hashText(this.#state.sidHash(sid))
  }

  find(sidOrId: string): Promise<Message | undefined> {
    return this.reader.find(sidOrId)
  }

  session(id: Id): Session | undefined {
    return this.#state.sessions.resolve(id)
  }

  sessions(query: SessionQuery): SessionPage {
    return this.#state.sessions.listing.query(query)
  }

  counts(): ReturnType<Store['counts']> {
    return this.#state.sessions.listing.counts()
  }

  messages(
    sessionIds: readonly Id[],
    page?: { before?: { at: string; sid: string }; limit?: number },
  ): Promise<Message[]> {
    return this.reader.ofSessions(sessionIds, page)
  }
}

const NO_SESSIONS = {
  size: 0,
  interval(index: number): never {
    throw new RangeError(`the key has no session ${String(index)}`)
  },
}
