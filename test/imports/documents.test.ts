import { describe, expect, it } from 'vitest'
import { FakeIntake, importInto } from './fake-intake.ts'

const SESSION = {
  _id: '68ef67d33c2b4a54409a10cc',
  channel_id: '68ef67d33c2b4a54409a10ce',
  communication_type: 'sms',
  title: 'SMS from +1234567890',
  status: 'active',
  message_count: 3,
  last_message_at: '2025-01-15T10:04:30.000Z',
  metadata: { fromNumber: '+1234567890', firstMessageAt: '2025-01-15T10:00:00.000Z' },
  createdAt: '2025-01-15T10:00:00.000Z',
  updatedAt: '2025-01-15T10:04:30.000Z',
}
const MESSAGE = {
  _id: 'msg1',
  session_id: SESSION._id,
  content: 'Hello',
  sender: 'contact',
  createdAt: '2025-01-15T10:00:00.000Z',
}

const lines = (...values: unknown[]) => values.map((v) => JSON.stringify(v)).join('\n')

describe('an import of documents', () => {
  it('takes the brief’s own, messages before their session too', async () => {
    const into = new FakeIntake()
    const answer = {
      ...MESSAGE,
      _id: 'msg2',
      sender: 'ai',
      content: 'How can I help?',
      createdAt: '2025-01-15T10:00:02.000Z',
    }
    const result = await importInto(into, lines(MESSAGE, answer, SESSION), {
      numbers: { [SESSION.channel_id]: '+15703251809' },
    })
    expect(result).toEqual({
      format: 'mongoexport',
      dry_run: false,
      read: 3,
      taken: 2,
      known: 0,
      other: 1,
      refused: 0,
      errors: [],
    })
    const common = { medium: 'sms', contact: '+1234567890', channel: '+15703251809', media: [], params: {} }
    // Not Twilio's dates, but those of the clock that the documents' program had.
    expect([...into.foreign]).toEqual(['msg1', 'msg2'])
    expect([...into.taken.values()]).toEqual([
      ['message', '2025-01-15T10:00:00.000Z', { ...common, sid: 'msg1', body: 'Hello' }],
      [
        'sent',
        '2025-01-15T10:00:02.000Z',
        { ...common, sid: 'msg2', body: 'How can I help?', sender: 'ai', status: 'sent' },
      ],
    ])
  })

  it('reads mongoexport’s wrapped ids and dates', async () => {
    const into = new FakeIntake()
    const oid = ($oid: string) => ({ $oid })
    const result = await importInto(
      into,
      lines(
        {
          ...SESSION,
          _id: oid(SESSION._id),
          channel_id: oid(SESSION.channel_id),
          message_count: { $numberInt: '3' },
          createdAt: { $date: SESSION.createdAt },
        },
        {
          ...MESSAGE,
          _id: oid('68ef67d33c2b4a54409a10cd'),
          session_id: oid(SESSION._id),
          createdAt: { $date: '2025-01-15T10:00:00Z' },
        },
        {
          ...MESSAGE,
          _id: oid('68ef67d33c2b4a54409a10cf'),
          session_id: oid(SESSION._id),
          createdAt: { $date: { $numberLong: '1736935260000' } },
        },
      ),
    )
    expect(result).toMatchObject({ format: 'mongoexport', taken: 2, other: 1, refused: 0 })
    expect([...into.taken].map(([sid, [, at]]) => [sid, at])).toEqual([
      ['68ef67d33c2b4a54409a10cd', '2025-01-15T10:00:00.000Z'],
      ['68ef67d33c2b4a54409a10cf', '2025-01-15T10:01:00.000Z'],
    ])
  })

  it('finds the channel’s number in a channel document, or in a session of `sessions --json`', async () => {
    const channel = { _id: SESSION.channel_id, number: '+15703251809', name: 'Shop' }
    for (const [about, format] of [
      [lines(SESSION, channel), 'mongoexport'],
      [lines({ ...SESSION, channel_number: '+15703251809' }), 'switchboard'],
    ] as const) {
      const into = new FakeIntake()
      expect(await importInto(into, `${lines(MESSAGE)}\n${about}`, { format })).toMatchObject({ taken: 1 })
      expect(into.taken.get('msg1')?.[2]).toMatchObject({ channel: '+15703251809' })
    }
    const unknown = new FakeIntake()
    await importInto(unknown, lines(SESSION, MESSAGE))
    expect(unknown.taken.get('msg1')?.[2]).toMatchObject({ channel: SESSION.channel_id })
  })

  it('says what is wrong with a document', async () => {
    const into = new FakeIntake()
    const result = await importInto(
      into,
      lines(
        SESSION,
        { ...MESSAGE, session_id: 'gone' },
        { ...MESSAGE, sender: 'user' },
        { ...MESSAGE, createdAt: 'once' },
        { a: 1 },
        MESSAGE,
      ),
    )
    expect(result).toMatchObject({ taken: 1, refused: 4, other: 1 })
    expect(result.errors.map(({ line, reason }) => `${line}: ${reason}`)).toEqual([
      '2: its session "gone" is not in the file',
      '3: sender must be contact, ai, operator or system, not "user"',
      '4: createdAt "once" is not a time',
      '5: this is neither a message nor a session',
    ])
  })

  it('puts our own calls in as calls: the call, its voicemail with transcript, and what was spoken', async () => {
    const voice = {
      session_id: SESSION._id,
      sender: 'contact',
      createdAt: '2025-01-15T10:00:00.000Z',
      communication_type: 'voice',
      contact: '+1234567890',
      channel_id: SESSION.channel_id,
      call_sid: 'CA1',
      media: [],
      status: 'received',
      params: { CallerName: 'Ann' },
    }
    const into = new FakeIntake()
    const result = await importInto(
      into,
      lines(
        {
          ...voice,
          _id: 'a',
          sid: 'CA1',
          content: 'Call ended after 0:47',
          call: { status: 'completed', duration_s: 47 },
        },
        { ...voice, _id: 'b', sid: 'CA1:line-1', content: 'My order' },
        {
          ...voice,
          _id: 'c',
          sid: 'RE1',
          content: 'Voicemail 0:12',
          media: [
            {
              url: 'https://api.twilio.com/RE1',
              content_type: 'audio/x-wav',
              duration_s: 12,
              recording_sid: 'RE1',
            },
          ],
          transcript: { sid: 'TR1', status: 'completed', text: 'Call me' },
        },
      ),
      { numbers: { [SESSION.channel_id]: '+15703251809' } },
    )
    expect(result).toMatchObject({ format: 'switchboard', taken: 3 })
    const call = {
      call_sid: 'CA1',
      channel: '+15703251809',
      contact: '+1234567890',
      params: { CallerName: 'Ann' },
    }
    expect([...into.taken.values()].map(([kind, , of]) => [kind, of])).toEqual([
      ['call', { ...call, call_status: 'completed' }],
      ['progress', { call_sid: 'CA1', call_status: 'completed', duration_s: 47 }],
      ['spoken', { ...call, event: 'line-1', text: 'My order' }],
      ['voicemail', { ...call, recording_sid: 'RE1', url: 'https://api.twilio.com/RE1', duration_s: 12 }],
      [
        'transcript',
        { ...call, recording_sid: 'RE1', transcription_sid: 'TR1', status: 'completed', text: 'Call me' },
      ],
    ])
  })
})
