import type { Act, GapChange, Medium, Reason } from '../../src/shared/documents.ts'
import {
  type ActDraft,
  ActIndex,
  closeAct,
  comparePositions,
  type GapAt,
  GapHistory,
  indexAt,
  type Interval,
  type Item,
  mergeAct,
  place,
  type Placement,
  type Position,
  prolong,
  refold,
  reopen,
  replyAct,
  type SessionChange,
  sessionsTouched,
  splitAct,
  type TimeLine,
  wake,
} from '../../src/server/sessions/index.ts'

/** What the intake and the store do with the domain's answers, in memory and without documents. */

export interface ModelSession extends Interval {
  items: Item[]
  reason: Reason
  closed: boolean
}

export interface KeyName {
  channel: string
  medium: Medium
  contact: string
}

export interface ArrivalOptions {
  /** For a call: time of its last message so far, ms. */
  until?: number
  /** The contact wrote it, so that it wakes a closed session. */
  fromContact?: boolean
}

/** All keys, and the settings they share. */
export class Desk {
  readonly #conversations = new Map<string, Conversation>()
  #changes: GapChange[] = []
  #history = new GapHistory([])
  #order = 0

  get conversations(): Conversation[] {
    return [...this.#conversations.values()]
  }

  key(contact: string, medium: Medium = 'sms', channel = '+15703251809'): Conversation {
    const name = [channel, medium, contact].join(' ')
    const known = this.#conversations.get(name)
    if (known) return known
    const made = new Conversation({ channel, medium, contact }, this)
    this.#conversations.set(name, made)
    return made
  }

  gapAt({ channel, medium }: KeyName): GapAt {
    return this.#history.gapAt({ _id: channel, number: channel }, medium)
  }

  gapIsConstant({ channel, medium }: KeyName, from: number, to: number): boolean {
    return this.#history.isConstant({ _id: channel, number: channel }, medium, from, to)
  }

  /** A dated change of a gap setting, or a regrouping; every session it bears on is grouped anew. */
  setGap(key: string, value_ms: number | null, at: number): void {
    const used = this.conversations.filter((c) => c.sessions.length > 0).map((c) => c.name.channel)
    const _id = String(this.#changes.length)
    const dated_for = [...new Set(used)]
    this.#changes.push({ _id, key, value_ms, at: iso(at), order: this.nextOrder(), dated_for })
    this.#history = new GapHistory(this.#changes)
    for (const conversation of this.conversations) {
      if (key.endsWith('regroup')) conversation.refoldUpTo(at)
      else conversation.refoldFrom(at)
    }
  }

  nextOrder(): number {
    return (this.#order += 1)
  }
}

/** The sessions of one key, kept up by the incremental resolver alone. */
export class Conversation {
  readonly name: KeyName
  readonly sessions: ModelSession[] = []
  readonly mergedInto = new Map<string, string>()
  acts: Act[] = []
  readonly #desk: Desk
  readonly #taken = new Set<string>()
  #ids = 0

  constructor(name: KeyName, desk: Desk) {
    this.name = name
    this.#desk = desk
  }

  get line(): TimeLine {
    const sessions = this.sessions
    return { size: sessions.length, interval: (i) => defined(sessions[i]) }
  }

  get actIndex(): ActIndex {
    return new ActIndex(this.acts)
  }

  get gapAt(): GapAt {
    return this.#desk.gapAt(this.name)
  }

  get items(): Item[] {
    return this.sessions.flatMap((s) => s.items)
  }

  /** Item sids by session, the shape in which tests state what they expect. */
  get groups(): string[][] {
    return this.sessions.map((s) => s.items.map((i) => i.sid))
  }

  session(index: number): ModelSession {
    return defined(this.sessions[index])
  }

  /** The listed session an id stands for today. */
  resolve(id: string): ModelSession {
    let current = id
    for (let next = this.mergedInto.get(current); next !== undefined; next = this.mergedInto.get(current))
      current = next
    return defined(this.sessions.find((s) => s.id === current))
  }

  /** Undefined when the sid was taken before, or when the session had to be unfolded. */
  arrive(
    at: number,
    sid: string,
    { until = at, fromContact = false }: ArrivalOptions = {},
  ): Placement | undefined {
    if (this.#taken.has(sid)) return undefined
    this.#taken.add(sid)
    const item = { at, sid, until }
    const constant = (from: number, to: number) => this.#desk.gapIsConstant(this.name, from, to)
    const placement = place(this.line, item, this.actIndex, this.gapAt, constant)
    if ('unfold' in placement) {
      const index = this.sessions.findIndex((s) => s.id === placement.unfold)
      const changes = this.refold(index, index, [item])
      const home = changes.find(
        (c) => comparePositions(c.first, item) <= 0 && comparePositions(item, c.last) <= 0,
      )
      if (fromContact) this.#wake(defined(home), changes)
      return undefined
    }
    this.#apply([{ change: placement.home, items: [item] }, ...placement.beside.map(untouched)], new Set())
    if (fromContact) this.#wake(placement.home, placement.beside)
    return placement
  }

  prolong(sid: string, until: number): void {
    const item = defined(this.items.find((i) => i.sid === sid))
    const longer = { ...item, until: Math.max(item.until, until) }
    const { home, beside } = prolong(this.line, longer, this.actIndex, this.gapAt)
    for (const session of this.sessions) session.items = session.items.filter((i) => i.sid !== sid)
    this.#apply([{ change: home, items: [longer] }, ...beside.map(untouched)], new Set())
  }

  close(index: number, now: number): Act {
    return this.#act(closeAct(this.line, index, now))
  }

  split(sid: string, now: number): Act | undefined {
    const index = this.sessions.findIndex((s) => s.items.some((i) => i.sid === sid))
    const before = defined(this.items.find((i) => i.sid === sid))
    const draft = splitAct(this.session(index), before, now)
    return draft && this.#act(draft)
  }

  merge(index: number, now: number): Act | undefined {
    const draft = mergeAct(this.line, index, now)
    return draft && this.#act(draft)
  }

  /** The reply is a message too; its span is in force when it is placed. */
  reply(answered: Position, at: number, sid: string): Act | undefined {
    if (this.#taken.has(sid)) return undefined
    const act = this.#act(replyAct(answered, { at, sid }, at))
    this.arrive(at, sid)
    return act
  }

  reopen(index: number): void {
    for (const lifted of reopen(this.line, index, this.actIndex)) this.#put(lifted)
  }

  undo(act: Act): void {
    this.#put({ ...act, undone: true })
  }

  refoldUpTo(at: number): void {
    const to = indexAt(this.line, { at, sid: '\uffff' })
    if (to >= 0) this.refold(0, to)
  }

  refoldFrom(at: number): void {
    const from = Math.max(0, indexAt(this.line, { at, sid: '' }))
    if (from < this.sessions.length) this.refold(from, this.sessions.length - 1)
  }

  refold(from: number, to: number, added: Item[] = []): SessionChange[] {
    const owners = this.sessions.slice(from, to + 1)
    const items = [...owners.flatMap((s) => s.items), ...added]
    const refolded = refold(this.line, from, to, items, this.actIndex, this.gapAt)
    this.#apply(refolded, new Set(owners.map((o) => o.id)))
    return refolded.map((r) => r.change)
  }

  #act(draft: ActDraft): Act {
    const order = this.#desk.nextOrder()
    const { channel, medium, contact } = this.name
    const key = { channel_id: channel, communication_type: medium, contact }
    const act: Act = { _id: `act${order}`, ...key, order, ...draft }
    this.acts = [...this.acts, act]
    const touched = sessionsTouched(this.line, act)
    const drawnInside = (act.kind === 'reply' || act.kind === 'merge') && touched?.from === touched?.to
    if (touched && !drawnInside) this.refold(touched.from, touched.to)
    return act
  }

  #put(act: Act): void {
    this.acts = this.acts.map((a) => (a._id === act._id ? act : a))
    const touched = sessionsTouched(this.line, act)
    if (touched) this.refold(touched.from, touched.to)
  }

  #wake(home: SessionChange, beside: SessionChange[]): void {
    const lifted = wake({ home, beside }, this.actIndex)
    for (const act of lifted) this.acts = this.acts.map((a) => (a._id === act._id ? act : a))
    if (lifted.length > 0)
      defined(this.sessions.find((s) => comparePositions(s.first, home.first) === 0)).closed = false
  }

  /** `loaded`: sessions whose items are spread over the changes; those of others move with the session they are in. */
  #apply(changes: { change: SessionChange; items: Item[] }[], loaded: ReadonlySet<string>): void {
    const before = new Map(this.sessions.map((s) => [s.id, s]))
    const after = new Map(before)
    for (const id of loaded) after.delete(id)
    for (const { change } of changes) for (const id of change.absorbed) after.delete(id)
    for (const { change, items } of changes) {
      const id = change.id ?? `${this.name.contact}#${(this.#ids += 1)}`
      const moved = [change.id, ...change.absorbed].flatMap((part) =>
        part === undefined || loaded.has(part) ? [] : defined(before.get(part)).items,
      )
      for (const part of change.absorbed) this.mergedInto.set(part, id)
      const { first, last, until, reason, closed } = change
      after.set(id, {
        id,
        items: [...moved, ...items].sort(comparePositions),
        first,
        last,
        until,
        reason,
        closed,
      })
    }
    this.sessions.splice(
      0,
      Infinity,
      ...[...after.values()].sort((a, b) => comparePositions(a.first, b.first)),
    )
  }
}

const untouched = (change: SessionChange) => ({ change, items: [] })

export const iso = (ms: number): string => new Date(ms).toISOString()

/** "10:04:30" on the day of the brief's scenarios, or on a later one. */
export const clock = (time: string, day = 15): number => Date.parse(`2025-01-${day}T${time}Z`)

export const minutes = (n: number): number => n * 60_000

export function defined<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('expected a value')
  return value
}
