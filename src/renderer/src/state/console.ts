import type {
  Change,
  CountsView,
  Failure,
  FeedEvent,
  PhoneView,
  RequestInput,
  RequestName,
  Result,
  Results,
  SessionView,
  SettingsView,
  Template,
  Transport,
  TruthView,
  Undoable,
  World,
} from '../../../shared/contract.ts'
import type { Channel } from '../../../shared/documents.ts'
import type { LiveView } from '../../../shared/live.ts'
import { Attachments } from './attachments.ts'
import { Cell, Table } from './cell.ts'
import { Contacts } from './contacts.ts'
import { Drafts } from './drafts.ts'
import { Feed, type Schedule } from './feed.ts'
import { Neighbours } from './neighbours.ts'
import { keptOpened, withOpened, withReplaced } from './opened.ts'
import { asInput, NO_COUNTS, type Query, totalOf } from './query.ts'
import { SessionList } from './sessionList.ts'
import type { Toasts } from './toasts.ts'
import { Transcripts } from './transcripts.ts'
import { Unsent } from './unsent.ts'
import { WorldClock } from './worldClock.ts'

const DAY = 24 * 3_600_000
/** Attached files that are told of at once. */
const MOST_KEPT = 1_000
/** What an id may look like: what else an address names was mistyped. */
const ID = /^[\w-]{1,80}$/
type UndoableName = {
  [N in RequestName]: Results[N] extends { undo: string } ? N : never
}[RequestName]

/** All the screens know of one world: what was read, what the feed told since, and what was opened. */
export class Console {
  readonly world: World
  readonly toasts: Toasts
  readonly clock = new WorldClock()
  readonly truth = new Cell<TruthView | null>(null)
  readonly counts = new Cell<CountsView>(NO_COUNTS)
  readonly phone = new Cell<PhoneView | null>(null)
  readonly live = new Cell<LiveView | null>(null)
  readonly settings = new Cell<SettingsView | null>(null)
  readonly channels = new Cell<readonly Channel[]>([])
  readonly templates = new Cell<readonly Template[]>([])
  readonly sessions = new Table<SessionView>()
  /** Why a session that was asked for could not be read. */
  readonly refused = new Table<Failure>()
  readonly opened
  readonly drafts
  /** Notes on contacts that are being written: what was written, and the note it began from. */
  readonly notes
  readonly attachments
  readonly unsent
  /** The session its reader marked unread: it stays so until it is opened anew. */
  readonly keepUnread = new Cell<string | null>(null)
  /** Number of the contact whose name is being edited. */
  readonly renaming = new Cell<string | null>(null)
  /** Where the reader left each transcript: px from its end; none where they were at the end. */
  readonly places = new Map<string, number>()
  readonly contacts: Contacts
  readonly transcripts: Transcripts
  readonly list: SessionList
  /** True once the first list was read: before that an empty list says nothing. */
  readonly started = new Cell(false)
  readonly #transport: Transport
  readonly #feed: Feed
  /** Journal sequence at which each session was last seen, so that a slow answer never undoes a newer event. */
  readonly #seen = new Map<string, number>()
  readonly #neighbours = new Neighbours(this.sessions.get)
  #starting: Promise<void> | null = null
  /** Names the data that the feed's numbers are of. */
  #of = ''
  /** All was asked for once. */
  #isRead = false
  /** What could not be read as the line broke. */
  readonly #missed = new Set<'channels' | 'templates'>()
  /** When the console was last told what is attached (ms, by its world's clock). */
  #keptAt = Number.NEGATIVE_INFINITY
  /** Acts that are not answered yet. */
  readonly #acting = new Set<string>()

  constructor(transport: Transport, world: World, toasts: Toasts, schedule: Schedule) {
    this.#transport = transport
    this.world = world
    this.toasts = toasts
    this.opened = keptOpened(`switchboard/${world}/opened`)
    this.drafts = new Drafts(`switchboard/${world}/draft`)
    this.notes = new Drafts(`switchboard/${world}/note`)
    this.attachments = new Attachments(`switchboard/${world}/attached`, (input) =>
      this.ask('media.add', input),
    )
    this.unsent = new Unsent(`switchboard/${world}/unsent`)
    this.#feed = new Feed({ schedule, apply: (changes, counts) => this.#apply(changes, counts) })
    this.contacts = new Contacts((number) => this.ask('contacts.get', { number }))
    this.transcripts = new Transcripts(this)
    this.list = new SessionList({
      read: (query, offset, limit) => this.ask('sessions.list', { ...asInput(query), offset, limit }),
      session: this.sessions.get,
      keep: (page) => {
        this.counts.set(page.counts)
        // The first one failed, and was asked for again.
        if (this.#isRead) this.started.set(true)
        for (const session of page.sessions) this.keep(session, page.seq)
      },
    })
  }

  ask<N extends RequestName>(name: N, input: RequestInput<N>): Promise<Result<Results[N]>> {
    return this.#transport.request(this.world, name, input)
  }

  /** Does what can be taken back, and says so with the way back. Pressed again before it is answered, it is done once. */
  async act<N extends UndoableName>(name: N, input: RequestInput<N>): Promise<boolean> {
    const what = `${name} ${JSON.stringify(input)}`
    if (this.#acting.has(what)) return false
    this.#acting.add(what)
    const ask = (): Promise<Result<Undoable>> => this.ask(name, input)
    const result = await (name.startsWith('sessions.') ? this.list.during(ask) : ask())
    this.#acting.delete(what)
    const letRead = () => {
      if (name === 'sessions.unread' && 'id' in input && this.keepUnread.get() === input.id)
        this.keepUnread.set(null)
    }
    if (!result.ok) {
      letRead()
      this.toasts.fail(result.error.message)
    } else {
      const { undo, done, session } = result.value
      // Parted again, the one that was joined with the earlier is where the reader was.
      const joined = name === 'sessions.merge' && 'id' in input ? input.id : null
      const back = session && joined ? { from: session._id, to: joined } : null
      this.toasts.say(done, () => void this.undo(undo, back).then((isDone) => isDone && letRead()))
    }
    return result.ok
  }

  /** Resolves with whether it was taken back. */
  async undo(undo: string, back: { from: string; to: string } | null = null): Promise<boolean> {
    const result = await this.list.during(() => this.ask('acts.undo', { undo }))
    if (!result.ok) {
      this.toasts.fail(result.error.message)
      return false
    }
    this.toasts.say(result.value.done)
    const isThere = this.opened.get().current === back?.from
    if (back && isThere) this.replace(back.from, back.to)
    return true
  }

  /** Starts the feed, or takes it up again where it broke off. A second call while one is under way waits for it. */
  start(): Promise<void> {
    this.#starting ??= this.#start().finally(() => (this.#starting = null))
    return this.#starting
  }

  async #start(): Promise<void> {
    const after = this.#feed.seq
    const result = await this.ask('feed.start', after > 0 ? { after, of: this.#of } : {})
    if (!result.ok) return
    this.#of = result.value.of
    void this.#readTruth()
    if (after > 0 && !result.value.fresh) {
      this.transcripts.retryFailed()
      this.contacts.retryFailed()
      this.list.retryFailed()
      this.#readMissed()
      // What was asked for while the line was broken.
      for (const id of this.opened.get().ids) void this.fetch(id)
      return
    }
    this.#feed.startAt(result.value.seq)
    await this.#readAll()
    this.#isRead = true
    if (this.list.view.get().state === 'ready') this.started.set(true)
  }

  take(event: FeedEvent): void {
    if (event.world !== this.world) return
    switch (event.kind) {
      case 'changes':
        this.#feed.push(event.changes, event.counts)
        break
      case 'reset':
        this.#feed.startAt(event.seq)
        void this.#readAll()
        break
      case 'truth':
        this.#setTruth(event.truth)
        break
      case 'phone':
        this.phone.set(event.phone)
        break
      case 'live':
        this.live.set(event.live)
        break
      case 'open':
        // The page as a whole goes there, whatever it shows.
        break
    }
  }

  /** The simulation has ended: the next one is read from its beginning, though it had come as far by then. */
  ended(): void {
    this.phone.set(null)
    this.#feed.restart()
  }

  /** What was being written is for nobody any more: the simulation it was for has ended. */
  forgetWritten(): void {
    for (const kept of [this.drafts, this.notes, this.attachments, this.unsent]) kept.clear()
  }

  show(query: Query): void {
    void this.list.show(query)
  }

  /** Brings a session to the front as a tab, reading it when it is not here. */
  open(id: string): void {
    if (!ID.test(id)) return this.#gone(id, 'This is no session’s name.')
    this.keepUnread.set(null)
    this.opened.update((opened) => withOpened(opened, id))
    void this.fetch(id)
  }

  /** Another session of the same person in the same tab. */
  replace(id: string, by: string): void {
    this.opened.update((opened) => withReplaced(opened, id, by))
    void this.fetch(by)
  }

  async fetch(id: string): Promise<SessionView | undefined> {
    const here = this.sessions.get(id)
    // Where it was joined to another, the console says which.
    return here && here.merged_into === undefined ? here : this.#read(id)
  }

  /** There is no such session: what was to be opened is not. */
  isGone(id: string): boolean {
    return this.refused.get(id)?.code === 'no_such_session'
  }

  async #read(id: string): Promise<SessionView | undefined> {
    const result = await this.ask('sessions.get', { id })
    if (!result.ok) {
      if (result.error.code === 'no_such_session') this.#gone(id, result.error.message)
      else this.refused.set(id, result.error)
      return undefined
    }
    this.refused.delete(id)
    this.keep(result.value, this.#feed.seq)
    // An emptied id still resolves: to the session its messages are in now.
    if (result.value._id !== id) {
      this.transcripts.joined(id, result.value._id)
      this.opened.update((opened) => withReplaced(opened, id, result.value._id))
    }
    return result.value
  }

  #gone(id: string, message: string): void {
    this.refused.set(id, { code: 'no_such_session', message })
    this.opened.update(({ ids, current }) => ({
      ids: ids.filter((other) => other !== id),
      current: current === id ? null : current,
    }))
  }

  /** Takes a session as it stood at `seq`, unless a newer one is known. */
  keep(session: SessionView, seq: number): boolean {
    if ((this.#seen.get(session._id) ?? -1) > seq) return false
    this.#seen.set(session._id, seq)
    this.sessions.set(session._id, session)
    this.#neighbours.add(session)
    return true
  }

  #apply(changes: readonly Change[], counts: CountsView | null): void {
    const touched = new Set<string>()
    for (const change of changes) {
      for (const session of change.sessions ?? []) {
        if (this.keep(session, change.seq) && session.merged_into === undefined)
          for (const other of this.#neighbours.beside(session)) this.keep(other, change.seq)
        touched.add(session._id)
        if (session.merged_into !== undefined) {
          this.transcripts.joined(session._id, session.merged_into)
          this.#moved(session._id, session.merged_into)
        }
      }
      for (const line of change.lines ?? [])
        for (const session of this.#neighbours.lined(line)) this.keep(session, change.seq)
      if (change.messages) this.transcripts.take(change.messages, change.seq)
      if (change.settings) this.settings.set(change.settings)
      if (change.channels) void this.#readChannels()
      if (change.templates) void this.#readTemplates()
      for (const contact of change.contacts ?? []) this.contacts.changed(contact.numbers)
    }
    if (counts) this.counts.set(counts)
    if (touched.size === 0) return
    this.list.changed(touched)
    if (counts) this.list.setTotal(totalOf(this.list.view.get().query, counts))
    this.contacts.changed([...touched].flatMap((id) => this.sessions.get(id)?.metadata.fromNumber ?? []))
    this.transcripts.check(touched)
  }

  #moved(from: string, to: string): void {
    if (!this.opened.get().ids.includes(from)) return
    this.opened.update((opened) => withReplaced(opened, from, to))
    void this.fetch(to)
  }

  #setTruth(truth: TruthView): void {
    this.clock.set(truth.now)
    this.truth.set(truth)
    this.#keepAttached(Date.parse(truth.now))
  }

  /** What is attached and not sent stays with the console as long as a page says, once a day, that it is still wanted. */
  #keepAttached(now: number): void {
    if (now - this.#keptAt < DAY) return
    this.#keptAt = now
    const wanted = new Set([...this.attachments.hashes(), ...this.unsent.hashes()])
    const hashes = [...wanted].slice(0, MOST_KEPT)
    if (hashes.length > 0) void this.ask('media.keep', { hashes })
  }

  async #readAll(): Promise<void> {
    this.#seen.clear()
    this.transcripts.again()
    this.contacts.again()
    const rows = this.opened.get().ids.map((id) => this.#read(id))
    this.#readTold()
    await Promise.all([this.list.again(), this.#readChannels(), this.#readTemplates(), ...rows])
  }

  #readMissed(): void {
    this.#readTold()
    if (this.#missed.has('channels')) void this.#readChannels()
    if (this.#missed.has('templates')) void this.#readTemplates()
  }

  /** What the console tells of only as it changes, as far as anybody has looked at it: the line may have been gone then. */
  #readTold(): void {
    void this.#readAnew(this.phone, () => this.ask('phone.get', {}))
    void this.#readAnew(this.live, () => this.ask('live.get', {}))
    void this.#readAnew(this.settings, () => this.ask('settings.get', {}))
  }

  async #readAnew<T>(cell: Cell<T | null>, ask: () => Promise<Result<T>>): Promise<void> {
    const before = cell.get()
    if (before === null) return
    const result = await ask()
    // What was told of it meanwhile is newer.
    if (result.ok && cell.get() === before) cell.set(result.value)
  }

  async #readTruth(): Promise<void> {
    const result = await this.ask('truth.get', {})
    if (result.ok) this.#setTruth(result.value)
  }
  async #readChannels(): Promise<void> {
    const result = await this.ask('channels.list', {})
    if (!result.ok) return void this.#missed.add('channels')
    this.#missed.delete('channels')
    this.channels.set(result.value)
  }
  async #readTemplates(): Promise<void> {
    const result = await this.ask('templates.list', {})
    if (!result.ok) return void this.#missed.add('templates')
    this.#missed.delete('templates')
    this.templates.set(result.value)
  }
}
