import type {
  Act,
  Channel,
  Contact,
  GapChange,
  Id,
  Medium,
  Message,
  Session,
} from '../../shared/documents.ts'
import type { CountsView } from '../../shared/contract.ts'
import type { ActIndex, TimeLine } from '../sessions/index.ts'

/** (channel, communication type, the contact's number): messages of different keys never share a session. */
export interface Key {
  channel_id: Id
  communication_type: Medium
  contact: string
}

/** A setting other than a gap, e.g. `privacy.log_bodies`. */
export interface Setting {
  _id: string
  value: unknown
}

/**
 * One act, whatever number of documents it touches: whole documents, put by `_id`. Written as one journal record.
 * A message's place on disk never changes, so a put of a known `_id` replaces it where it is.
 */
export interface Commit {
  /** What was done, in a word, for the person who reads the journal: 'message', 'status', 'close' … */
  why: string
  messages?: Message[]
  sessions?: Session[]
  channels?: Channel[]
  contacts?: Contact[]
  acts?: Act[]
  gaps?: GapChange[]
  settings?: Setting[]
  /** Documents of the collections above that are no more, and outbox entries done with. */
  outbox?: OutboxEntry[]
  /** Messages whose files are still to come. The store keeps this list itself; only a later attempt is put by hand. */
  downloads?: Download[]
  /** Salted hashes (16 hex digits, from `erasedHash`) of SIDs whose messages are no more, so that they can't come back. */
  erased?: string[]
  removed?: { collection: 'outbox' | 'contacts' | 'settings' | 'downloads'; _id: string }[]
}

/** A message on its way out; written before the carrier is called. */
export interface OutboxEntry {
  /** The message's _id. */
  _id: Id
  state: 'queued' | 'calling' | 'handed_over' | 'failed' | 'unsure'
  attempts: number
  /** ISO time before which it is not tried again. */
  not_before?: string
  /** That time is a wait of minutes between two attempts, not the one the message was written for. */
  put_off?: true
  /** What the carrier's clock had last shown (ISO) before the call that is out, or whose end is in doubt. */
  heard?: string
  updatedAt: string
}

/** A message some of whose files are not here yet. */
export interface Download {
  /** The message's _id. */
  _id: Id
  attempts: number
  /** ISO time before which it is not tried again. */
  not_before?: string
  updatedAt: string
}

/** A key's sessions in order of (first message time, sid), with the acts upon them, as the resolver needs them. Merged-away sessions are not among them. Live: it changes with every commit. */
export interface KeyState {
  readonly key: Key
  readonly line: TimeLine
  /** Built anew only when the key's acts changed. */
  readonly acts: ActIndex
  /** The newest of the names that its contact gave themselves, and when (ms) that session began. */
  readonly profile: Profile | undefined
}

export interface Profile {
  name: string
  at: number
}

export interface SessionQuery {
  type?: Medium
  from?: string
  channel_id?: Id
  status?: 'active' | 'closed'
  unread?: boolean
  /** The contact waits for an answer. */
  waiting?: boolean
  /** Milliseconds; sessions that overlap [since, until). */
  since?: number
  until?: number
  order?: 'latest' | 'longest_waiting'
  offset?: number
  limit?: number
}

export interface SessionPage {
  sessions: Session[]
  total: number
}

export type StoreState = { state: 'ok' } | { state: 'full' | 'failed'; reason: string }

/** A durable change, in the order it was made. `seq` rises by one with each. */
export type CommitListener = (commit: Commit, seq: number) => void

/** The only code that touches disk. All methods may be called at any time between open and close. */
export interface Store {
  readonly folder: string
  /** The newest durable sequence number. */
  readonly seq: number

  /**
   * Makes a change: memory holds it at once (the next call sees it), and the promise resolves when it is durable.
   * Rejects with SwitchboardError disk_full or disk_failed; then memory is as it was before, this and every later
   * change not yet durable undone.
   */
  commit(commit: Commit): Promise<number>
  /** Called after a commit is durable, in order. Returns how to stop. */
  onCommit(listener: CommitListener): () => void
  state(): StoreState
  onState(listener: (state: StoreState) => void): () => void

  /** Sessions and acts of a key, from memory; an unknown key has none. */
  key(key: Key): KeyState
  /** Every key that has a session, for regrouping and for contacts. */
  keys(filter?: { channel_id?: Id; contact?: string }): Iterable<Key>
  channels(): readonly Channel[]
  gaps(): readonly GapChange[]
  contacts(): readonly Contact[]
  settings(): ReadonlyMap<string, unknown>
  outbox(): readonly OutboxEntry[]
  /** The outbox's entry of the message of this _id; undefined when there is none. */
  outboxEntry(id: Id): OutboxEntry | undefined
  downloads(): readonly Download[]
  /** A channel is empty until it has had a message. */
  hasMessages(channelId: Id): boolean

  /** False for certain, or perhaps: the 64-bit hash of this SID is (not) among the claimed ones. From memory. */
  mayHave(sid: string): boolean
  /** The message of this SID was erased or expired: it may not come back. From memory. */
  isErased(sid: string): boolean
  /** The message with this sid or _id, confirmed in its document. */
  find(sidOrId: string): Promise<Message | undefined>
  /** The session, following merged_into; undefined when unknown. From memory. */
  session(id: Id): Session | undefined
  sessions(query: SessionQuery): SessionPage
  /** Listed sessions, by medium and in all. */
  counts(): CountsView
  /**
   * Messages of the sessions named, ordered by (createdAt, sid). With `limit`, the newest so many that lie before
   * `before`.
   */
  messages(
    sessionIds: readonly Id[],
    page?: { before?: { at: string; sid: string }; limit?: number },
  ): Promise<Message[]>

  /** Writes everything that waits, rotates the journal and resolves when documents hold all of it. */
  settle(): Promise<void>
  backup(file?: string): Promise<{ file: string; bytes: number; files: number; seq: number }>
  close(): Promise<void>
}
