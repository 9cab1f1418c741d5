/** A console in memory over the workshop's documents: what the renderer's tests and the page for looking use. */
import type {
  Change,
  ContactView,
  CountsView,
  FeedEvent,
  LineState,
  RequestInput,
  RequestName,
  Result,
  Results,
  SessionView,
  Transport,
  TruthView,
  World,
} from '../../../src/shared/contract.ts'
import type { Message } from '../../../src/shared/documents.ts'
import { SwitchboardError } from '../../../src/shared/errors.ts'
import { compare, matches, type Query } from '../../../src/renderer/src/state/query.ts'
import { CHANNEL, NOW, build, link, summary, type Documents } from './build.ts'

type Answers = { [N in RequestName]?: (input: RequestInput<N>) => Results[N] }

export interface WorldOptions {
  /** Further sessions below the workshop's. */
  extra?: number
  /** No sessions and no account at all. */
  empty?: boolean
  truth?: Partial<TruthView>
}

export class MemoryWorld implements Transport {
  readonly kind = 'memory'
  readonly documents: Documents
  /** Every request, for tests to look at. */
  readonly asked: { name: RequestName; input: unknown }[] = []
  truth: TruthView
  seq = 100
  readonly #world: World
  readonly #listeners = new Set<(event: FeedEvent) => void>()
  readonly #lines = new Set<(line: LineState) => void>()
  readonly #undo = new Map<string, () => void>()
  #last = 0
  #now = NOW

  constructor(options: WorldOptions = {}, world: World = 'real') {
    this.#world = world
    this.documents = build(options.extra ?? 0)
    if (options.empty) {
      const { sessions, messages, contacts } = this.documents
      for (const documents of [sessions, messages, contacts]) documents.clear()
    }
    this.truth = {
      world,
      state: 'listening',
      sentence: 'Listening',
      action: null,
      webhooks: 'http://127.0.0.1:4400',
      public_base: 'https://kettle-street.loca.lt',
      last_webhook_at: new Date(NOW - 14_000).toISOString(),
      outbox: 0,
      problems: [],
      account: 'set',
      now: new Date(NOW).toISOString(),
      data_folder: '',
      simulation_running: false,
      version: '0.1.0',
      parts: [],
      catch_up: {
        state: 'idle',
        read_to: new Date(NOW - 60_000).toISOString(),
        looked_at: 0,
        found: 0,
        sentence: 'Everything at Twilio was read a minute ago.',
        away: null,
      },
      ...options.truth,
    }
  }

  async request<N extends RequestName>(
    _world: World,
    name: N,
    input: RequestInput<N>,
  ): Promise<Result<Results[N]>> {
    this.asked.push({ name, input })
    await Promise.resolve()
    const answer = this.answers[name]
    if (!answer) return { ok: false, error: { code: 'not_possible', message: `This world has no ${name}.` } }
    try {
      return { ok: true, value: answer(input) }
    } catch (error) {
      const code = error instanceof SwitchboardError ? error.code : 'internal'
      return { ok: false, error: { code, message: error instanceof Error ? error.message : '' } }
    }
  }
  subscribe(listener: (event: FeedEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  onConnection(listener: (line: LineState) => void): () => void {
    this.#lines.add(listener)
    listener('open')
    return () => this.#lines.delete(listener)
  }

  emit(event: FeedEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
  /** Cuts the line, or mends it. */
  connect(connected: boolean): void {
    for (const line of this.#lines) line(connected ? 'open' : 'lost')
  }
  /** Tells of changes; `seq` rises by itself. */
  tell(change: Omit<Change, 'seq'>): void {
    this.seq += 1
    this.emit({
      kind: 'changes',
      world: this.#world,
      changes: [{ ...change, seq: this.seq }],
      counts: this.counts(),
    })
  }

  /** A message comes in, or goes out. */
  receive(session: string, content: string, more: Partial<Message> = {}): Message {
    this.#last += 1
    this.#now += 1000
    const there = this.documents.messages.get(session) ?? []
    const view = this.session(session)
    const message: Message = {
      _id: `ee${String(this.#last).padStart(22, '0')}`,
      session_id: session,
      content,
      sender: 'contact',
      createdAt: new Date(this.#now).toISOString(),
      sid: `SMlive${String(this.#last).padStart(6, '0')}`,
      channel_id: view.channel_id,
      communication_type: view.communication_type,
      contact: view.metadata.fromNumber,
      status: 'received',
      media: [],
      ...more,
    }
    const messages = [...there, message]
    this.documents.messages.set(session, messages)
    const { metadata, ...counts } = summary(messages)
    const { waitingSince: _waited, ...kept } = view.metadata
    const unread = message.sender === 'contact' ? view.unread_count + 1 : view.unread_count
    this.#keep({ ...view, ...counts, unread_count: unread, metadata: { ...kept, ...metadata } }, [message])
    return message
  }

  session(id: string): SessionView {
    const session = this.documents.sessions.get(id)
    if (!session) throw new SwitchboardError('no_such_session', { id })
    return session
  }
  byName(name: string): SessionView {
    const session = [...this.documents.sessions.values()].findLast((one) => one.contact_name === name)
    if (!session) throw new Error(`Nobody is called ${name}.`)
    return session
  }

  counts(): CountsView {
    const none = () => ({ waiting: 0, unread: 0, closed: 0 })
    const by = { sms: none(), whatsapp: none(), voice: none() }
    const counts = { all: 0, sms: 0, whatsapp: 0, voice: 0, ...none(), by }
    for (const session of this.documents.sessions.values()) {
      if (session.merged_into !== undefined) continue
      counts.all += 1
      counts[session.communication_type] += 1
      for (const some of [counts, by[session.communication_type]]) {
        if (session.metadata.waitingSince !== undefined) some.waiting += 1
        if (session.unread_count > 0) some.unread += 1
        if (session.status === 'closed') some.closed += 1
      }
    }
    return counts
  }

  #keep(session: SessionView, messages: Message[] = []): void {
    this.documents.sessions.set(session._id, session)
    this.tell({ sessions: [session], ...(messages.length > 0 ? { messages } : {}) })
  }

  /** Changes a session and says how to take that back. */
  #act(id: string, done: string, change: (session: SessionView) => SessionView) {
    const before = this.session(id)
    this.#keep(change(before))
    this.#last += 1
    const undo = `undo ${this.#last}`
    this.#undo.set(undo, () => this.#keep(before))
    return { undo, done, session: this.session(id) }
  }

  #contact(number: string): ContactView {
    const contact = this.documents.contacts.get(number)
    if (!contact) throw new Error(`Nobody has ${number}.`)
    const sessions = [...this.documents.sessions.values()].filter((one) => one.metadata.fromNumber === number)
    const first = sessions.map((one) => one.metadata.firstMessageAt).sort()[0] ?? null
    return { ...contact, sessions, first_seen: first }
  }

  readonly answers: Answers = {
    'feed.start': ({ after }) => ({
      seq: this.seq,
      world: this.#world,
      of: 'kettle',
      fresh: after === undefined,
    }),
    'truth.get': () => this.truth,
    'sessions.list': ({ type, filter = 'all', order = 'latest', offset = 0, limit = 100 }) => {
      const query: Query = { type: type ?? 'all', filter, order }
      const fit = [...this.documents.sessions.values()].filter((session) => matches(session, query))
      fit.sort((a, b) => compare(a, b, order))
      const sessions = fit.slice(offset, offset + limit)
      return { sessions, total: fit.length, counts: this.counts(), seq: this.seq }
    },
    'sessions.get': ({ id }) => this.session(this.session(id).merged_into ?? id),
    'sessions.messages': ({ id, before, limit = 200 }) => {
      const all = this.documents.messages.get(id) ?? []
      const older = before ? all.filter((message) => message.createdAt < before.at) : all
      return { messages: older.slice(-limit), more: older.length > limit, seq: this.seq }
    },
    'contacts.list': ({ search = '', offset = 0, limit = 100 }) => {
      const wanted = search.toLowerCase()
      const fit = [...this.documents.contacts.values()].filter(
        ({ name, numbers }) => name.toLowerCase().includes(wanted) || numbers[0]?.includes(wanted),
      )
      const contacts = fit.slice(offset, offset + limit).map(({ numbers }) => this.#contact(numbers[0] ?? ''))
      return { contacts, total: fit.length }
    },
    'contacts.get': ({ number }) => this.#contact(number),
    'channels.list': () => [CHANNEL],
    'templates.list': () => [
      { _id: 't1', name: 'Ready', body: 'Your bicycle is ready for collection. We’re open until 18:00.' },
      { _id: 't2', name: 'Hours', body: 'We’re open Monday to Friday, 9:00 to 18:00.' },
    ],
    'sessions.close': ({ id }) => this.#act(id, 'Session closed', (one) => ({ ...one, status: 'closed' })),
    'sessions.reopen': ({ id }) => this.#act(id, 'Session reopened', (one) => ({ ...one, status: 'active' })),
    'sessions.read': ({ id }) => this.#act(id, 'Marked read', (one) => ({ ...one, unread_count: 0 })),
    'sessions.unread': ({ id }) => this.#act(id, 'Marked unread', (one) => ({ ...one, unread_count: 1 })),
    'sessions.mute': ({ id, muted }) =>
      this.#act(id, muted ? 'Session muted' : 'Session unmuted', (one) => {
        const { muted: _was, ...metadata } = one.metadata
        return { ...one, metadata: muted ? { ...metadata, muted: true } : metadata }
      }),
    'sessions.merge': ({ id }) => this.#merge(id),
    'acts.undo': ({ undo }) => {
      this.#undo.get(undo)?.()
      return { done: 'Undone' }
    },
    'contacts.save': ({ number, notes_from: _from, ...change }) => {
      const contact = this.documents.contacts.get(number)
      if (!contact) throw new Error(`Nobody has ${number}.`)
      const next = { ...contact }
      if (change.name !== undefined) next.name = change.name
      if (change.notes !== undefined) next.notes = change.notes
      if (change.tags !== undefined) next.tags = change.tags
      this.documents.contacts.set(number, next)
      this.tell({ contacts: [next] })
      for (const session of this.documents.sessions.values())
        if (session.metadata.fromNumber === number) this.#keep({ ...session, contact_name: next.name })
      const done =
        change.notes !== undefined ? 'Note saved' : change.name !== undefined ? 'Name saved' : 'Tags saved'
      return { undo: '', done, session: null }
    },
    'content.list': () => [],
    'messages.send': ({ session, body = '' }) =>
      this.receive(session ?? '', body, { sender: 'operator', status: 'queued' }),
    'messages.retry': ({ id }) => {
      const message = [...this.documents.messages.values()].flat().find(({ _id }) => _id === id)
      if (!message) throw new Error(`There is no message ${id}.`)
      const { error_code: _code, ...again } = { ...message, status: 'queued' as const }
      this.tell({ messages: [again] })
      return again
    },
    'app.painted': () => ({}),
    'app.open_link': () => ({}),
  }

  #merge(id: string) {
    const session = this.session(id)
    const into = session.earlier
    if (into === null) throw new Error('There is nothing before this session.')
    const messages = [
      ...(this.documents.messages.get(into) ?? []),
      ...(this.documents.messages.get(id) ?? []),
    ]
    const moved = messages.map((message) => ({ ...message, session_id: into }))
    this.documents.messages.set(into, moved)
    const { metadata, ...counts } = summary(moved)
    const target = this.session(into)
    this.documents.sessions.set(into, {
      ...target,
      ...counts,
      status: 'active',
      metadata: { ...target.metadata, ...metadata },
    })
    this.documents.sessions.set(id, { ...session, merged_into: into })
    link(this.documents)
    this.tell({ sessions: [this.session(into), this.session(id)], messages: moved })
    return { undo: '', done: 'Joined with the session before', session: this.session(into) }
  }
}
