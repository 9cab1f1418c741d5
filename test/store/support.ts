import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Message, Session } from '../../src/shared/documents.ts'
import type { Clock, Ids, Log } from '../../src/server/ports.ts'
import { createStore, type FolderStore, type StoreOptions } from '../../src/server/store/index.ts'

export const START = Date.parse('2025-01-15T10:00:00.000Z')
export const at = (ms: number): string => new Date(START + ms).toISOString()

/** A clock that stands until the test moves it. */
export class TestClock implements Clock {
  #now = START
  #tasks: { due: number; task: () => void }[] = []

  now(): number {
    return this.#now
  }

  after(ms: number, task: () => void): () => void {
    const entry = { due: this.#now + ms, task }
    this.#tasks.push(entry)
    return () => {
      this.#tasks = this.#tasks.filter((t) => t !== entry)
    }
  }

  advance(ms: number): void {
    this.#now += ms
    const due = this.#tasks.filter((t) => t.due <= this.#now)
    this.#tasks = this.#tasks.filter((t) => t.due > this.#now)
    for (const { task } of due) task()
  }
}

export function testIds(): Ids {
  let next = 0
  return {
    next: () => (++next).toString(16).padStart(24, '0'),
    secret: (bytes) => 's'.repeat(bytes),
  }
}

export interface TestLog extends Log {
  lines: string[]
}

export function testLog(): TestLog {
  const lines: string[] = []
  const add = (level: string) => (text: string) => {
    lines.push(`[${level}] ${text}`)
  }
  return {
    lines,
    debug: add('debug'),
    info: add('info'),
    warn: add('warn'),
    error: add('error'),
    person: (v) => v,
    body: (v) => v,
  }
}

/** A folder of the test's own, gone when the test is over. */
export async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-store-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return join(folder, 'data')
}

let runs = 0

/** Opens a store as a process of its own would; `kill` leaves everything as a SIGKILL would. */
export async function openStore(folder: string, options: Partial<StoreOptions> = {}): Promise<FolderStore> {
  const run = ++runs
  alive.clear()
  alive.add(run)
  return createStore({
    folder,
    clock: new TestClock(),
    ids: testIds(),
    log: testLog(),
    pid: run,
    identify: (pid) => Promise.resolve(alive.has(pid) ? `run ${String(pid)}` : undefined),
    ...options,
  })
}

/** Runs that live: opening the next one means the one before was killed. */
const alive = new Set<number>()

export const CHANNEL = 'c'.repeat(24)
export const contactNumber = (n: number): string => `+1555${String(n).padStart(7, '0')}`
const id = (kind: string, n: number): string => kind + n.toString(16).padStart(24 - kind.length, '0')
export const sessionId = (n: number): string => id('5e', n)
export const messageId = (n: number): string => id('ae', n)
export const sid = (n: number): string => `SM${n.toString(16).padStart(32, '0')}`

/** Session n of contact `contact`, from `first` to `last` (ms after START). */
export function session(
  n: number,
  contact: number,
  first: number,
  last: number,
  more: Partial<Session> & { meta?: Partial<Session['metadata']> } = {},
): Session {
  const { meta, ...rest } = more
  return {
    _id: sessionId(n),
    channel_id: CHANNEL,
    communication_type: 'sms',
    title: `SMS from ${contactNumber(contact)}`,
    status: 'active',
    message_count: 1,
    last_message_at: at(last),
    metadata: {
      fromNumber: contactNumber(contact),
      firstMessageAt: at(first),
      reason: { kind: 'first' },
      firstSid: sid(n),
      lastSid: sid(n),
      lastSender: 'contact',
      preview: `hello ${String(n)}`,
      ...meta,
    },
    unread_count: 0,
    createdAt: at(first),
    updatedAt: at(last),
    ...rest,
  }
}

export function message(
  n: number,
  inSession: number,
  contact: number,
  time: number,
  more: Partial<Message> = {},
): Message {
  return {
    _id: messageId(n),
    session_id: sessionId(inSession),
    content: `text ${String(n)} – grüße 👋`,
    sender: 'contact',
    createdAt: at(time),
    sid: sid(n),
    channel_id: CHANNEL,
    communication_type: 'sms',
    contact: contactNumber(contact),
    status: 'received',
    media: [],
    ...more,
  }
}

/** One commit per message: message n opens session n of contact n. */
export async function fill(store: FolderStore, from: number, to: number): Promise<void> {
  const done: Promise<number>[] = []
  for (let n = from; n < to; n++)
    done.push(
      store.commit({
        why: 'message',
        sessions: [session(n, n, n * 1000, n * 1000)],
        messages: [message(n, n, n, n * 1000)],
      }),
    )
  await Promise.all(done)
}
