import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Message, Session } from '../../src/shared/documents.ts'
import type { ReadQuery } from '../../src/server/store/index.ts'
import { table, width } from '../../src/server/cli/table.ts'
import { fakeBackstage, runCommand } from './fake-terminal.ts'

const session = (n: number, preview: string): Session & { channel_number: string } => ({
  _id: `session${n}`,
  channel_id: 'channel',
  channel_number: '+15703251809',
  communication_type: 'sms',
  title: 'SMS from +1234567890',
  status: 'active',
  message_count: n,
  last_message_at: '2025-01-15T10:04:30.000Z',
  metadata: {
    fromNumber: '+1234567890',
    firstMessageAt: '2025-01-15T10:00:00.000Z',
    reason: { kind: 'first' },
    firstSid: 'a',
    lastSid: 'b',
    lastSender: 'contact',
    preview,
  },
  unread_count: 0,
  createdAt: '2025-01-15T10:00:00.000Z',
  updatedAt: '2025-01-15T10:04:30.000Z',
})
const message = (n: number, content: string): Message => ({
  _id: `m${n}`,
  session_id: 'session1',
  content,
  sender: 'contact',
  createdAt: '2025-01-15T10:00:00.000Z',
  sid: `SM${n}`,
  channel_id: 'channel',
  communication_type: 'sms',
  contact: '+1234567890',
  status: 'received',
  media: n === 2 ? [{ url: 'x', content_type: 'image/png' }] : [],
})

async function* each<T>(values: T[]): AsyncGenerator<T> {
  await Promise.resolve()
  yield* values
}

function reading(sessions: (Session & { channel_number: string })[], messages: Message[] = []) {
  const asked: ReadQuery[] = []
  const backstage = fakeBackstage({
    read: () =>
      Promise.resolve({
        channels: () => [],
        contacts: () => [],
        gaps: () => [],
        settings: () => new Map(),
        session: (id: string) => Promise.resolve(sessions.find((s) => s._id === id)),
        sessions: (query: ReadQuery = {}) => (asked.push(query), each(sessions)),
        messages: (query: ReadQuery = {}) => (asked.push(query), each(messages)),
      }),
  })
  return { asked, backstage }
}

describe('sessions and messages', () => {
  it('print documents one a line with --json', async () => {
    const all = Array.from({ length: 1_000 }, (_, n) => session(n, 'x'.repeat(500)))
    const { asked, backstage } = reading(all)
    const argv = [
      'sessions',
      '--json',
      '--type',
      'sms',
      '--from',
      '+1 234 567 890',
      '--channel',
      '+15703251809',
      '--status',
      'active',
      '--since',
      '2025-01-15T10:00:00Z',
      '--until',
      '2025-01-15T11:00:00+01:00',
      '--limit',
      '7',
    ]
    const { json, code } = await runCommand(argv, backstage)
    expect(code).toBe(0)
    expect(json).toEqual(all)
    expect(asked).toEqual([
      {
        type: 'sms',
        from: '+1234567890',
        channel: '+15703251809',
        status: 'active',
        since: 1_736_935_200_000,
        until: 1_736_935_200_000,
        limit: 7,
      },
    ])
  })

  it('print aligned tables for people, with nothing in them that a terminal acts upon', async () => {
    const { backstage } = reading(
      [session(1, '你好\u001b[31m\nforged'), session(12, 'Hello')],
      [message(1, 'a\r\nb'), message(2, 'c')],
    )
    const { out } = await runCommand(['sessions'], backstage)
    const [head = '', first = '', second = ''] = out.split('\n')
    expect(head).toMatch(/^LAST MESSAGE +TITLE +TO +COUNT +STATUS +ID +LAST WORDS$/)
    expect(first).toContain('你好\\u001b[31m\\nforged')
    expect(second.indexOf('session12')).toBe(head.indexOf('ID'))
    const messages = (await runCommand(['messages'], backstage)).out.split('\n')
    expect(messages[1]).toMatch(/ {2}a\\r\\nb$/)
    expect(messages[2]).toMatch(/ {2}c \[1 file\]$/)
  })

  it('say when there is nothing, and when a session is not known', async () => {
    const { backstage } = reading([])
    expect(await runCommand(['sessions'], backstage)).toMatchObject({
      code: 0,
      out: '',
      err: 'No session matches.\n',
    })
    expect(await runCommand(['messages', '--json'], backstage)).toMatchObject({ code: 0, out: '' })
    expect(await runCommand(['messages', '--session', 'x'], backstage)).toMatchObject({
      code: 1,
      err: 'There is no session x. (no_such_session)\n',
    })
  })

  it('end quietly when their reader has left', async () => {
    const { backstage } = reading([session(1, '')])
    const gone = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })
    expect(
      await runCommand(['sessions', '--json'], backstage, { stdout: () => Promise.reject(gone) }),
    ).toMatchObject({ code: 0, err: '' })
  })
})

describe('tables', () => {
  it('begin each column in one place, whatever is in them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.constant('x')), { minLength: 1 }),
        (rows) => {
          const lines = table(['A', 'B'], rows).split('\n')
          expect(lines).toHaveLength(rows.length + 1)
          expect(new Set(lines.map(width)).size).toBe(1)
        },
      ),
    )
  })
})
