import type { RequestInput, RequestName, Result, Results, SessionView } from '../../../shared/contract.ts'
import type { MediaFile, Medium, Message } from '../../../shared/documents.ts'
import { type Cell, Table } from './cell.ts'
import type { Opened } from './opened.ts'
import type { WorldClock } from './worldClock.ts'
import { EMPTY, lay, settle, type Outgoing, type Transcript } from './transcript.ts'
import type { Toasts } from './toasts.ts'
import type { Unsent } from './unsent.ts'

/** What a transcript asks of its console. */
interface Asks {
  ask<N extends RequestName>(name: N, input: RequestInput<N>): Promise<Result<Results[N]>>
  open(id: string): void
  fetch(id: string): Promise<unknown>
  readonly opened: Cell<Opened>
  readonly sessions: Table<SessionView>
  readonly clock: WorldClock
  readonly unsent: Unsent
  readonly toasts: Toasts
}

const PAGE = 200

/** The messages of the sessions that were opened. */
export class Transcripts {
  readonly bySession = new Table<Transcript>()
  readonly #console: Asks
  /** Where each known message is, so that one that moved leaves its old session. */
  readonly #home = new Map<string, string>()
  /** Journal sequence at which the feed last told of a message: an answer from before that is older. */
  readonly #toldAt = new Map<string, number>()
  /** Journal sequence at which the newest messages of each session were last read. */
  readonly #readAt = new Map<string, number>()
  /** Message counts at which a session was last read again, so that a count that never fits is not asked for ever. */
  readonly #checked = new Map<string, string>()
  /** Drafts that were handed over and are not answered yet. */
  readonly #asking = new Set<string>()

  constructor(console: Asks) {
    this.#console = console
  }

  /** Reads a session's newest messages, once. */
  need(id: string): void {
    if (this.bySession.get(id)) return
    this.bySession.set(id, { ...EMPTY, outgoing: this.#kept(id) })
    void this.#read(id)
  }

  /** Reads what stands before the oldest message that is here. */
  async earlier(id: string): Promise<void> {
    const first = this.bySession.get(id)?.messages[0]
    const problem = first ? await this.#read(id, { at: first.createdAt, sid: first.sid }) : ''
    if (problem !== '') this.#console.toasts.fail(`The earlier messages could not be read. ${problem}`)
  }

  /** Reads what could not be read while the line was gone. */
  retryFailed(): void {
    for (const id of this.bySession.keys())
      if (this.bySession.get(id)?.state === 'failed') void this.#read(id)
  }

  async retryRead(id: string): Promise<void> {
    await this.#read(id)
  }

  /** Messages of the feed as they stood at `seq`; those of sessions nobody opened are left alone. */
  take(messages: readonly Message[], seq: number): void {
    for (const message of messages)
      if (this.#home.has(message._id) || this.bySession.get(message.session_id))
        this.#toldAt.set(message._id, seq)
    const bySession = Map.groupBy(messages, (message) => message.session_id)
    for (const message of messages) {
      const home = this.#home.get(message._id)
      if (home === undefined || home === message.session_id) continue
      this.#home.delete(message._id)
      this.#change(home, (there) => ({
        ...there,
        messages: there.messages.filter(({ _id }) => _id !== message._id),
        outgoing: there.outgoing.filter(({ became }) => became !== message._id),
      }))
    }
    for (const [id, coming] of bySession) this.#lay(id, coming)
  }

  /** A session that was joined to another takes along what is on its way, and what was not sent. */
  joined(from: string, to: string): void {
    const rows = (this.bySession.get(from)?.outgoing ?? this.#kept(from)).filter(
      ({ became }) => became === null,
    )
    this.bySession.delete(from)
    this.#console.unsent.move(from, to)
    this.#change(to, (there) => {
      const known = new Set(there.outgoing.map(({ draft }) => draft))
      return { ...there, outgoing: [...there.outgoing, ...rows.filter(({ draft }) => !known.has(draft))] }
    })
  }

  /** A session whose count does not fit what is here was regrouped: it is read again. */
  check(ids: Iterable<string>): void {
    for (const id of ids) {
      const there = this.bySession.get(id)
      const session = this.#console.sessions.get(id)
      if (there?.state !== 'ready' || there.more || !session) continue
      const mark = `${session.message_count}/${session.updatedAt}`
      if (there.messages.length === session.message_count || this.#checked.get(id) === mark) continue
      this.#checked.set(id, mark)
      void this.#read(id, undefined, true)
    }
  }

  again(): void {
    // It may be other data by now, whose numbers begin elsewhere.
    this.#toldAt.clear()
    this.#readAt.clear()
    for (const id of this.bySession.keys()) void this.#read(id, undefined, true)
  }

  /**
   * Shows a message at once and hands it over; the same draft may be handed over again. When it went into another
   * session (the contact's newest, or one of another medium), that session is opened.
   */
  async send(
    id: string,
    body: string,
    medium: Medium,
    draft: string = crypto.randomUUID(),
    files: readonly MediaFile[] = [],
    content?: Message['template'],
  ): Promise<void> {
    const session = this.#console.sessions.get(id)
    if (!session) return
    const { unsent } = this.#console
    const row: Outgoing = {
      draft,
      body,
      medium,
      files,
      ...(content && { content }),
      at: new Date(this.#console.clock.now()).toISOString(),
      refused: null,
      became: null,
    }
    this.#change(id, (there) => ({
      ...there,
      outgoing: [...there.outgoing.filter((other) => other.draft !== draft), row],
    }))
    unsent.keep(id, row)
    this.#asking.add(draft)
    const result = await this.#console.ask('messages.send', {
      channel_id: session.channel_id,
      medium,
      contact: session.metadata.fromNumber,
      // The console writes what a template comes to.
      ...(content ? { content } : { body }),
      draft,
      ...(files.length > 0 ? { media: files.map(({ hash }) => hash) } : {}),
      ...(medium === session.communication_type ? { session: id } : {}),
    })
    this.#asking.delete(draft)
    if (!result.ok) {
      const { message } = result.error
      unsent.refuse(draft, message)
      // The feed may have told of it although its answer was lost.
      this.#changeRow(draft, (there) => (there.became === null ? { ...there, refused: message } : there))
      return
    }
    const { _id, session_id } = result.value
    unsent.forget(draft)
    this.#changeRow(draft, (there, place) =>
      place === session_id ? { ...there, became: _id, refused: null } : null,
    )
    this.#layIfNew(result.value)
    if (session_id !== id) await this.#follow(id, session_id)
  }

  /**
   * Opens the session that a message went into, unless the reader has gone elsewhere: what they write there is for
   * somebody else. It is read before, so that the page never stands without the box that is being written in.
   */
  async #follow(id: string, into: string): Promise<void> {
    await this.#console.fetch(into)
    // The session it was written in may have been joined to another meanwhile.
    const here = this.#console.sessions.get(id)?.merged_into ?? id
    const { current } = this.#console.opened.get()
    if (current !== into && (current === id || current === here)) this.#console.open(into)
  }

  /** Takes back a message that could not be handed over. */
  discard(id: string, draft: string): void {
    this.#console.unsent.forget(draft)
    this.#change(id, (there) => ({
      ...there,
      outgoing: there.outgoing.filter((row) => row.draft !== draft),
    }))
  }

  /** What was not sent of a session; what this page still waits for is on its way. */
  #kept(id: string): readonly Outgoing[] {
    return this.#console.unsent
      .of(id)
      .map((row) => (this.#asking.has(row.draft) ? { ...row, refused: null } : row))
  }

  /** Changes a row in whatever session it stands by now; null takes it away. */
  #changeRow(draft: string, change: (row: Outgoing, session: string) => Outgoing | null): void {
    for (const id of this.bySession.keys()) {
      if (!this.bySession.get(id)?.outgoing.some((row) => row.draft === draft)) continue
      this.#change(id, (there) => ({
        ...there,
        outgoing: there.outgoing.flatMap((row) => (row.draft === draft ? (change(row, id) ?? []) : row)),
      }))
    }
  }

  /** Rows that found their message are no longer unsent. */
  #settle(...given: Parameters<typeof settle>): readonly Outgoing[] {
    const outgoing = settle(...given)
    for (const { draft, became } of outgoing) if (became !== null) this.#console.unsent.forget(draft)
    return outgoing
  }

  /** The answer to a request may be older than what the feed already told of the message. */
  #layIfNew(message: Message): void {
    if (this.#home.has(message._id)) return
    this.#lay(message.session_id, [message])
  }

  #lay(id: string, coming: readonly Message[]): void {
    this.#change(id, (there) => {
      for (const message of coming) this.#home.set(message._id, id)
      // Older than what is here, where more can still be read: it comes with its page.
      const first = there.messages[0]
      const laid =
        there.more && first ? coming.filter((message) => message.createdAt >= first.createdAt) : coming
      const known = new Set(there.messages.map(({ _id }) => _id))
      const outgoing = this.#settle(there.outgoing, coming, ({ _id }) => !known.has(_id))
      return { ...there, messages: lay(there.messages, laid), outgoing }
    })
  }

  #change(id: string, change: (there: Transcript) => Transcript): void {
    const there = this.bySession.get(id)
    if (there) this.bySession.set(id, change(there))
  }

  /** Resolves with why it could not be read, or empty. */
  async #read(id: string, before?: { at: string; sid: string }, anew = false): Promise<string> {
    const result = await this.#console.ask('sessions.messages', {
      id,
      limit: PAGE,
      ...(before ? { before } : {}),
    })
    this.#change(id, (there) => {
      if (!result.ok)
        return {
          ...there,
          state: there.messages.length > 0 ? 'ready' : 'failed',
          problem: result.error.message,
        }
      const { messages, more, seq } = result.value
      const isOvertaken = seq < (this.#readAt.get(id) ?? 0)
      if (isOvertaken && anew) return there
      // A page of earlier ones says nothing of the newest.
      if (!before && !isOvertaken) this.#readAt.set(id, seq)
      // What was told since is newer: such a message stands here as it was told, or is another session's.
      const isTold = ({ _id }: Message) => (this.#toldAt.get(_id) ?? -1) > seq
      const page = messages.filter((message) => !isTold(message))
      for (const message of page) this.#home.set(message._id, id)
      const from = more ? (messages[0]?.createdAt ?? '') : ''
      const kept = anew
        ? there.messages.filter((message) => isTold(message) && message.createdAt >= from)
        : there.messages
      // It may have been taken although nobody here heard of it, or before this session was read.
      const outgoing = this.#settle(there.outgoing, page, ({ createdAt }, { at }) => createdAt >= at)
      const now = isOvertaken ? lay(page, kept) : lay(kept, page)
      const here = new Set(now.map(({ _id }) => _id))
      return {
        ...there,
        messages: now,
        // Read again, a message that is not here any more is another session's.
        outgoing: anew ? outgoing.filter(({ became }) => became === null || here.has(became)) : outgoing,
        more: before || anew || there.state !== 'ready' ? more : there.more,
        state: 'ready',
        problem: '',
      }
    })
    return result.ok ? '' : result.error.message
  }
}
