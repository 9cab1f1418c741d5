import { describe, expect, it } from 'vitest'
import type { Channel, Message } from '../../src/shared/documents.ts'
import {
  isAnswerable,
  readReplySettings,
  REAL_DEFAULTS,
  replySettingSchemas,
  rules,
  SIMULATION_DEFAULTS,
  type Conversation,
  type Reply,
  type ReplySettings,
} from '../../src/server/replies/index.ts'

/** Wednesday. */
const MORNING = Date.UTC(2025, 0, 15, 10)
const channel: Channel = { _id: 'c1', number: '+15703251809', name: 'Shop', createdAt: '', updatedAt: '' }

function text(content: string, changes: Partial<Message> = {}): Message {
  return {
    _id: content,
    session_id: 's1',
    content,
    sender: 'contact',
    createdAt: new Date(MORNING).toISOString(),
    sid: `SM${content}`,
    channel_id: 'c1',
    communication_type: 'sms',
    contact: '+1234567890',
    status: 'received',
    media: [],
    ...changes,
  }
}

const settings: ReplySettings = {
  ...SIMULATION_DEFAULTS,
  greeting: 'Hi!',
  keywords: [
    { words: ['hours', 'when are you open'], answer: 'Nine to six.' },
    { words: ['art'], answer: 'We do art.' },
    { words: ['größe'], answer: '42.' },
  ],
  acknowledgement: 'Noted.',
}

/** The rules answer at once, and never with a promise. */
function respond(
  message: Message,
  recent: Message[] = [message],
  changes: Partial<ReplySettings> = {},
  now = MORNING,
) {
  const conversation: Conversation = { message, recent, channel, settings: { ...settings, ...changes }, now }
  return rules.respond(conversation) as Reply | undefined
}

describe('the built-in rules', () => {
  it('greet the first message of a session, and answer its question along with it', () => {
    expect(respond(text('Hello'))).toEqual({ by: 'Rule: greeting', body: 'Hi!', holding: true })
    // With the answer to what was asked nothing is left open.
    expect(respond(text('What are your HOURS?'))).toEqual({
      by: 'Rule: greeting',
      body: 'Hi!\n\nNine to six.',
    })
    expect(respond(text('Hello'), [text('Hello')], { greeting: '' })).toEqual({
      by: 'Rule: acknowledgement',
      body: 'Noted.',
      holding: true,
    })
  })

  it('do not greet who answers what an operator wrote to them first', () => {
    const written = text('Your car is ready.', { sender: 'operator' })
    expect(respond(text('Thanks!'), [written, text('Thanks!')], { acknowledgement: '' })).toBeUndefined()
    expect(respond(text('Your hours?'), [written, text('Your hours?')])?.body).toBe('Nine to six.')
  })

  it('answer keywords, whole words only, else acknowledge', () => {
    const later = (content: string) => respond(text(content), [text('Hello'), text(content)])
    expect(later('when  are you\nopen?')).toEqual({ by: 'Rule: keyword', body: 'Nine to six.' })
    expect(later('party')?.body).toBe('Noted.')
    expect(later('Welche GRÖSSE?')?.body).toBe('Noted.')
    expect(later('Welche Größe?')?.body).toBe('42.')
    expect(respond(text('x'), [text('Hello'), text('x')], { acknowledgement: '' })).toBeUndefined()
  })

  it('say once that it is closed, by the clock on the wall there', () => {
    const hours = {
      time_zone: 'America/New_York',
      days: {
        wednesday: [
          { from: '09:00', to: '12:00' },
          { from: '13:00', to: '24:00' },
        ],
      },
      closed: 'Closed.',
    }
    const at = (hour: number) =>
      respond(text('Hello'), [text('Hello')], { hours }, Date.UTC(2025, 0, 15, hour))?.body
    // New York is five hours behind in January.
    expect([13, 14, 16, 17, 18, 23].map(at)).toEqual(['Closed.', 'Hi!', 'Hi!', 'Closed.', 'Hi!', 'Hi!'])
    const summer = Date.UTC(2025, 6, 16, 13)
    expect(respond(text('Hello'), [text('Hello')], { hours }, summer)?.body).toBe('Hi!')
    expect(respond(text('Hello'), [text('Hello')], { hours }, Date.UTC(2025, 0, 16, 15))?.body).toBe(
      'Closed.',
    )

    expect(
      respond(text('Hello'), [text('Hello')], { hours: { ...hours, off: true } }, summer + 1e8)?.body,
    ).toBe('Hi!')

    const said = [text('Hello'), text('Closed.', { sender: 'ai', answered_by: 'Rule: closed' })]
    expect(respond(text('And?'), [...said, text('And?')], { hours })).toBeUndefined()
    expect(respond(text('hours?'), [...said, text('hours?')], { hours })?.body).toBe('Nine to six.')
  })

  it('know hours that go on past midnight, into a day that is closed else', () => {
    const hours = {
      time_zone: 'Etc/UTC',
      days: { friday: [{ from: '18:00', to: '02:00' }], sunday: [{ from: '22:00', to: '01:00' }] },
      closed: 'Closed.',
    }
    // 2 January 2026 is a Friday.
    const at = (day: number, hour: number) =>
      respond(text('Hello'), [text('Hello')], { hours }, Date.UTC(2026, 0, day, hour))?.body === 'Hi!'
    expect([1, 17, 18, 23].map((hour) => at(2, hour))).toEqual([false, false, true, true])
    expect([0, 1, 2, 18].map((hour) => at(3, hour))).toEqual([true, true, false, false])
    expect([at(4, 0), at(4, 22), at(5, 0), at(5, 1)]).toEqual([false, true, true, false])
  })

  it('never say more than a text holds', () => {
    const long = { greeting: 'g'.repeat(1000), keywords: [{ words: ['x'], answer: 'a'.repeat(1000) }] }
    // What was asked is left open then.
    expect(respond(text('x'), [text('x')], long)).toEqual({
      by: 'Rule: greeting',
      body: 'g'.repeat(1000),
      holding: true,
    })
  })
})

describe('what a machine may answer', () => {
  it('is what a person wrote, and nothing that the carrier answers', () => {
    expect(isAnswerable(text('Hello'))).toBe(true)
    expect(isAnswerable(text('Please stop by'))).toBe(true)
    for (const word of ['STOP', ' stop ', 'Unsubscribe', 'START', 'help', 'REVOKE'])
      expect(isAnswerable(text(word)), word).toBe(false)
    expect(isAnswerable(text('Arrêt', { opt_out: 'STOP' }))).toBe(false)
    expect(isAnswerable(text('Hello', { communication_type: 'voice' }))).toBe(false)
    for (const sender of ['ai', 'operator', 'system'] as const)
      expect(isAnswerable(text('Hello', { sender }))).toBe(false)
  })
})

describe('the settings', () => {
  it('are off for real numbers, with the greeting ready, and on for the test phone', () => {
    expect(readReplySettings(new Map(), REAL_DEFAULTS)).toMatchObject({
      enabled: false,
      greeting: expect.stringMatching(/\w/) as string,
    })
    expect(readReplySettings(new Map(), SIMULATION_DEFAULTS).enabled).toBe(true)
  })

  it('are read one by one: what is not right counts as not set', () => {
    const stored = new Map<string, unknown>([
      ['replies.enabled', true],
      ['replies.greeting', 7],
      ['replies.hours', { time_zone: 'Mars/Crater', days: {}, closed: 'x' }],
      ['replies.acknowledgement', 'Ok.'],
    ])
    expect(readReplySettings(stored, REAL_DEFAULTS)).toEqual({
      ...REAL_DEFAULTS,
      enabled: true,
      acknowledgement: 'Ok.',
    })
    const hours = replySettingSchemas['replies.hours']
    const days = (from: string, to: string) => ({
      time_zone: 'Europe/Berlin',
      days: { monday: [{ from, to }] },
      closed: 'x',
    })
    expect(hours.safeParse(days('09:00', '18:00')).success).toBe(true)
    expect(hours.safeParse(days('18:00', '02:00')).success).toBe(true)
    expect(hours.safeParse(days('18:00', '18:00')).success).toBe(false)
    expect(hours.safeParse(days('9', '18')).success).toBe(false)
  })
})
