import type { Channel, Message } from '../../src/shared/documents.ts'
import type { Clock, Ids, Log } from '../../src/server/ports.ts'
import type { Commit, CommitListener, OutboxEntry } from '../../src/server/store/types.ts'

/** What is on disk. */
export interface Disk {
  messages: Map<string, Message>
  outbox: Map<string, OutboxEntry>
  channels: Map<string, Channel>
  log: string[]
}

export function emptyDisk(...channels: Channel[]): Disk {
  return {
    messages: new Map(),
    outbox: new Map(),
    channels: new Map(channels.map((channel) => [channel._id, channel])),
    log: [],
  }
}

/** What becomes of a commit: written and reported, refused by the disk, or the process dies before or after it is durable. */
export type Fate = 'durable' | 'refused' | 'dies_before' | 'dies_after'

/** The part of the store that sending needs, in memory; what is on `disk` outlives it. */
export class MemoryStore {
  readonly disk: Disk
  /** Decides what becomes of each commit. */
  fate: (commit: Commit) => Fate = () => 'durable'
  isDead = false
  seq = 0
  readonly #listeners = new Set<CommitListener>()

  constructor(disk: Disk) {
    this.disk = disk
  }

  async commit(commit: Commit): Promise<number> {
    if (this.isDead) return never()
    const fate = this.fate(commit)
    if (fate === 'refused') throw new Error('disk_full')
    if (fate !== 'dies_before') this.#write(commit)
    if (fate !== 'durable') {
      this.isDead = true
      return never()
    }
    const seq = ++this.seq
    await Promise.resolve()
    for (const listener of this.#listeners) listener(commit, seq)
    return seq
  }

  #write(commit: Commit): void {
    const { disk } = this
    disk.log.push(commit.why)
    for (const message of commit.messages ?? []) disk.messages.set(message._id, structuredClone(message))
    for (const entry of commit.outbox ?? []) disk.outbox.set(entry._id, structuredClone(entry))
    for (const { collection, _id } of commit.removed ?? [])
      if (collection === 'outbox') disk.outbox.delete(_id)
  }

  onCommit(listener: CommitListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async find(sidOrId: string): Promise<Message | undefined> {
    if (this.isDead) return never()
    await Promise.resolve()
    const { messages } = this.disk
    return structuredClone(messages.get(sidOrId) ?? [...messages.values()].find(({ sid }) => sid === sidOrId))
  }

  mayHave(sid: string): boolean {
    return [...this.disk.messages.values()].some((message) => message.sid === sid)
  }

  outbox(): readonly OutboxEntry[] {
    return [...this.disk.outbox.values()]
  }

  outboxEntry(id: string): OutboxEntry | undefined {
    return this.disk.outbox.get(id)
  }

  channels(): readonly Channel[] {
    return [...this.disk.channels.values()]
  }

  async messages(
    sessions: readonly string[],
    { limit = Infinity }: { limit?: number } = {},
  ): Promise<Message[]> {
    const own = [...this.disk.messages.values()].filter(({ session_id }) => sessions.includes(session_id))
    own.sort((a, b) => (a.createdAt + a.sid < b.createdAt + b.sid ? -1 : 1))
    return own.slice(-limit)
  }
}

function never<T>(): Promise<T> {
  return new Promise(() => {})
}

/** Ids that count up. */
export function countingIds(): Ids {
  let count = 0
  return {
    next: () => (++count).toString(16).padStart(24, '0'),
    secret: (bytes) => 's'.repeat(bytes),
  }
}

export function silentLog(): Log & { lines: string[] } {
  const lines: string[] = []
  const note = (text: string) => void lines.push(text)
  return {
    lines,
    debug: note,
    info: note,
    warn: note,
    error: note,
    person: (value) => value,
    body: (value) => value,
  }
}

export const channel = (number: string, clock: Clock): Channel => {
  const at = new Date(clock.now()).toISOString()
  return { _id: 'channel', number, name: number, createdAt: at, updatedAt: at }
}
