/** Makes documents of the workshop's people, and any number of further sessions for long lists. */
import type { SessionView } from '../../../src/shared/contract.ts'
import type { Contact, Message, Session } from '../../../src/shared/documents.ts'
import { PEOPLE, type Person } from './people.ts'

export const NOW = Date.parse('2026-11-20T10:42:21.000Z')
export const CHANNEL = {
  _id: 'c0ffee000000000000000001',
  number: '+15705550100',
  name: 'Front desk',
  createdAt: '2025-03-03T09:00:00.000Z',
  updatedAt: '2025-03-03T09:00:00.000Z',
}
const TITLES = { sms: 'SMS', whatsapp: 'WhatsApp', voice: 'Voice' } as const
const iso = (ms: number) => new Date(ms).toISOString()
const hex = (n: number, kind: string) => `${kind}${n.toString(16).padStart(24 - kind.length, '0')}`

export interface Documents {
  sessions: Map<string, SessionView>
  messages: Map<string, Message[]>
  contacts: Map<string, Contact>
}

export function build(extra: number): Documents {
  const documents: Documents = { sessions: new Map(), messages: new Map(), contacts: new Map() }
  PEOPLE.forEach((person, at) => add(documents, person, at))
  for (let at = 0; at < extra; at += 1) add(documents, somebody(at), PEOPLE.length + at)
  link(documents)
  return documents
}

function somebody(at: number): Person {
  const media = ['sms', 'whatsapp', 'sms', 'sms', 'voice'] as const
  const ago = 1600 + at * 7
  return {
    name: at % 3 === 0 ? '' : `Customer ${at + 1}`,
    number: `+1415${String(5_000_000 + at)}`,
    medium: media[at % media.length] ?? 'sms',
    reason: { kind: 'first' },
    lines: [
      { ago: ago + 3, by: 'contact', text: `Question ${at + 1}: is my bicycle ready?` },
      { ago, by: 'operator', text: 'It is, come by any time before six.', more: { status: 'delivered' } },
    ],
  }
}

function add(documents: Documents, person: Person, at: number): void {
  const { number, medium, lines } = person
  const id = hex(at + 1, '5e')
  const messages = lines.map((line, place): Message => {
    const time = iso(NOW - line.ago * 60_000)
    return {
      _id: hex(at * 1000 + place + 1, 'ab'),
      session_id: id,
      content: line.text,
      sender: line.by,
      createdAt: time,
      sid: `SM${String(at * 1000 + place).padStart(8, '0')}`,
      channel_id: CHANNEL._id,
      communication_type: medium,
      contact: number,
      status: 'received',
      media: [],
      ...line.more,
    }
  })
  documents.messages.set(id, messages)
  documents.sessions.set(id, sessionOf(person, id, messages))
  if (!documents.contacts.has(number) || person.notes)
    documents.contacts.set(number, {
      _id: hex(at + 1, 'cc'),
      numbers: [number],
      name: person.name,
      notes: person.notes ?? '',
      tags: person.tags ?? [],
      consent: [
        {
          medium: medium === 'voice' ? 'sms' : medium,
          channel_id: CHANNEL._id,
          state: person.optedOut ? 'out' : 'in',
          at: '2025-03-03T09:00:00.000Z',
          why: person.optedOut ? 'STOP' : 'wrote first',
        },
      ],
      createdAt: '2025-03-03T09:00:00.000Z',
      updatedAt: '2025-03-03T09:00:00.000Z',
    })
}

/** What a list shows of messages, as the console derives it. */
export function summary(messages: readonly Message[]): Pick<Session, 'message_count' | 'last_message_at'> & {
  metadata: Pick<Session['metadata'], 'lastSender' | 'preview' | 'waitingSince'>
} {
  const last = messages.at(-1)
  if (!last) throw new Error('a session has messages')
  const answered = messages.findLastIndex(({ sender }) => sender === 'operator')
  const waiting = messages.slice(answered + 1).find(({ sender }) => sender === 'contact')
  const call = last.media[0]?.duration_s
  const preview =
    call !== undefined
      ? `Voicemail 0:${call} · ${last.transcript?.text ?? ''}`
      : `${last.media.length > 0 ? 'Photo · ' : ''}${last.content}`
  return {
    message_count: messages.length,
    last_message_at: last.createdAt,
    metadata: {
      lastSender: last.sender,
      preview: preview.slice(0, 120),
      ...(waiting ? { waitingSince: waiting.createdAt } : {}),
    },
  }
}

function sessionOf(person: Person, id: string, messages: readonly Message[]): SessionView {
  const { number, medium } = person
  const first = messages[0]
  const last = messages.at(-1)
  const { metadata, ...counts } = summary(messages)
  const { waitingSince, ...words } = metadata
  const quiet = person.closed ?? person.optedOut ?? person.name === 'Greenway Couriers, Tomasz'
  return {
    _id: id,
    channel_id: CHANNEL._id,
    communication_type: medium,
    title: `${TITLES[medium]} from ${number}`,
    status: person.closed ? 'closed' : 'active',
    ...counts,
    unread_count: person.unread ?? 0,
    createdAt: first?.createdAt ?? iso(NOW),
    updatedAt: last?.createdAt ?? iso(NOW),
    metadata: {
      fromNumber: number,
      firstMessageAt: first?.createdAt ?? iso(NOW),
      reason: person.reason,
      firstSid: first?.sid ?? '',
      lastSid: last?.sid ?? '',
      ...words,
      ...(waitingSince !== undefined && !quiet ? { waitingSince } : {}),
      ...(person.failed ? { failed: true } : {}),
    },
    contact_name: person.name,
    channel_name: CHANNEL.name,
    channel_number: CHANNEL.number,
    place: 1,
    of: 1,
    earlier: null,
    later: null,
    composer: person.composer ?? null,
    gap_ms: 300_000,
    opted_out: person.optedOut ?? false,
  }
}

/** Gives each session its place among those of its key. */
export function link(documents: Documents): void {
  const keys = Map.groupBy(
    documents.sessions.values(),
    (session) => `${session.communication_type} ${session.metadata.fromNumber}`,
  )
  for (const sessions of keys.values()) {
    const listed = sessions
      .filter((session) => session.merged_into === undefined)
      .sort((a, b) => (a.metadata.firstMessageAt < b.metadata.firstMessageAt ? -1 : 1))
    listed.forEach((session, at) => {
      documents.sessions.set(session._id, {
        ...session,
        place: at + 1,
        of: listed.length,
        earlier: listed[at - 1]?._id ?? null,
        later: listed[at + 1]?._id ?? null,
      })
    })
  }
}
