/** The simulation of the workshop, in memory: phones that write and call, a clock that moves, a rule that answers. */
import type {
  Made,
  PhoneLine,
  PhoneView,
  RequestInput,
  Results,
  SessionView,
} from '../../../src/shared/contract.ts'
import type { Medium, Message, Reason } from '../../../src/shared/documents.ts'
import { MemoryWorld } from '../world/MemoryWorld.ts'
import { CHANNEL, NOW, summary } from '../world/build.ts'

const GAP = 300_000
const NAMES: Readonly<Record<string, string>> = { '+1234567890': 'Ann', '+1987654321': 'Ben' }
const TITLES = { sms: 'SMS', whatsapp: 'WhatsApp', voice: 'Voice' } as const

interface Said {
  from: string
  medium: Medium
  body: string
  by: 'contact' | 'ai'
}

export class PhoneWorld {
  readonly world = new MemoryWorld({ empty: true, truth: { account: 'simulation' } }, 'simulation')
  readonly #lines = new Map<string, PhoneLine[]>(Object.keys(NAMES).map((number) => [number, []]))
  #now = NOW
  #last = 0

  constructor() {
    Object.assign(this.world.answers, {
      'phone.get': () => this.view(),
      'phone.remove': ({ number }: RequestInput<'phone.remove'>) => {
        this.#lines.delete(number)
        return this.view()
      },
      'phone.text': ({ from, medium, body, photo }: RequestInput<'phone.text'>) =>
        this.#exchange({ from, medium, body: photo ? `${body} 📷`.trim() : body }),
      'phone.call': ({ from, lines = [], voicemail }: RequestInput<'phone.call'>) =>
        this.#exchange({ from, medium: 'voice', body: voicemail ?? lines.join(' ') }),
      'phone.advance': ({ ms }: RequestInput<'phone.advance'>) => this.#advance(ms),
      'phone.scenario': ({ name }: RequestInput<'phone.scenario'>) => this.#play(name),
      'channels.list': () => [CHANNEL],
      'contacts.get': ({ number }: RequestInput<'contacts.get'>) => ({
        _id: number,
        numbers: [number],
        name: NAMES[number] ?? '',
        notes: '',
        tags: [],
        consent: [],
        createdAt: this.#iso(),
        updatedAt: this.#iso(),
        sessions: [...this.world.documents.sessions.values()].filter(
          ({ metadata }) => metadata.fromNumber === number,
        ),
        first_seen: this.#iso(),
      }),
    })
  }

  view(): PhoneView {
    const phones = [...this.#lines].map(([number, lines]) => ({
      number,
      label: NAMES[number] ?? number,
      lines: [...lines],
    }))
    return { running: true, now: this.#iso(), business: CHANNEL.number, phones }
  }

  forget(): void {
    const { sessions, messages, contacts } = this.world.documents
    for (const map of [sessions, messages, contacts]) map.clear()
    for (const number of this.#lines.keys()) this.#lines.set(number, [])
  }

  #iso = () => new Date(this.#now).toISOString()

  #advance(ms: number): PhoneView {
    this.#now += ms
    this.world.truth = { ...this.world.truth, now: this.#iso() }
    this.world.emit({ kind: 'truth', world: 'simulation', truth: this.world.truth })
    return this.view()
  }

  #play(name: RequestInput<'phone.scenario'>['name']): Results['phone.scenario'] {
    this.#advance(3_600_000)
    const say = (from: string, body: string) => this.#exchange({ from, medium: 'sms', body })
    say('+1234567890', 'Hello')
    if (name === 'two_phones') say('+1987654321', 'Hi there')
    if (name === 'within') say('+1234567890', 'Are you there?')
    if (name === 'within') say('+1234567890', 'Can you help?')
    if (name === 'after') {
      this.#advance(360_000)
      say('+1234567890', 'Hi again')
    }
    return { ...this.view(), made: this.#made() }
  }

  #made(): Made {
    const session = [...this.world.documents.sessions.keys()].at(-1) ?? null
    return { sessions: 1, messages: 2, as_expected: null, misses: [], phone: '+1234567890', session }
  }

  #exchange(said: Omit<Said, 'by'>): PhoneView {
    this.#say({ ...said, by: 'contact' })
    if (said.medium !== 'voice')
      this.#say({ ...said, by: 'ai', body: 'Thanks, somebody will answer in a moment.' })
    this.world.emit({ kind: 'phone', world: 'simulation', phone: this.view() })
    return this.view()
  }

  #say({ from, medium, body, by }: Said): void {
    this.#last += 1
    const id = String(this.#last).padStart(22, '0')
    const before = [...this.world.documents.sessions.values()].findLast(
      (one) => one.metadata.fromNumber === from && one.communication_type === medium,
    )
    const silence = before ? this.#now - Date.parse(before.last_message_at) : 0
    const goesOn = before !== undefined && silence <= GAP
    const message: Message = {
      _id: `ab${id}`,
      session_id: goesOn ? before._id : `5e${id}`,
      content: body,
      sender: by,
      createdAt: this.#iso(),
      sid: `SM${id}`,
      channel_id: CHANNEL._id,
      communication_type: medium,
      contact: from,
      status: by === 'ai' ? 'delivered' : 'received',
      media: [],
      ...(by === 'ai' ? { answered_by: 'no keyword matched' } : {}),
    }
    const messages = [...(this.world.documents.messages.get(message.session_id) ?? []), message]
    this.world.documents.messages.set(message.session_id, messages)
    const reason: Reason = before ? { kind: 'silence', silence_ms: silence, gap_ms: GAP } : { kind: 'first' }
    const session = this.#session(goesOn ? before : undefined, message, reason, messages)
    const others = before && !goesOn ? [{ ...before, later: session._id, of: before.of + 1 }] : []
    if (before && !goesOn)
      Object.assign(session, { earlier: before._id, place: before.place + 1, of: before.of + 1 })
    for (const one of [...others, session]) this.world.documents.sessions.set(one._id, one)
    this.#lines.set(from, [
      ...(this.#lines.get(from) ?? []),
      { id: message.sid, at: message.createdAt, medium, from: by === 'ai' ? 'business' : 'phone', body },
    ])
    this.world.tell({ sessions: [...others, session], messages: [message] })
  }

  #session(
    there: SessionView | undefined,
    message: Message,
    reason: Reason,
    messages: readonly Message[],
  ): SessionView {
    const { contact: number, communication_type: medium, createdAt: at, sid } = message
    const { metadata, ...counts } = summary(messages)
    const fresh: SessionView = {
      _id: message.session_id,
      channel_id: CHANNEL._id,
      communication_type: medium,
      title: `${TITLES[medium]} from ${number}`,
      status: 'active',
      message_count: 1,
      last_message_at: at,
      metadata: {
        fromNumber: number,
        firstMessageAt: at,
        reason,
        firstSid: sid,
        lastSid: sid,
        lastSender: 'contact',
        preview: '',
      },
      unread_count: 1,
      createdAt: at,
      updatedAt: at,
      contact_name: NAMES[number] ?? '',
      channel_name: CHANNEL.name,
      channel_number: CHANNEL.number,
      place: 1,
      of: 1,
      earlier: null,
      later: null,
      composer: null,
      gap_ms: GAP,
      opted_out: false,
    }
    const kept = there ?? fresh
    return { ...kept, ...counts, metadata: { ...kept.metadata, ...metadata, lastSid: sid } }
  }
}
