import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ANN, BEN, BUSINESS, newSid, running, type Running } from '../support/running.ts'

/** The brief's scenarios and its tests, as they stand there; the person's own messages (answers come with the test phone). */
describe('the brief', () => {
  let r: Running
  beforeEach(async () => {
    r = await running()
  })
  afterEach(() => r.close())

  const at = (time: string): void => {
    r.clock.set(Date.parse(`2025-01-15T${time}.000Z`))
  }

  it('scenario 1: one person within five minutes, one session', async () => {
    await r.sms(ANN, 'Hello')
    at('10:02:00')
    await r.sms(ANN, 'What are your hours?')
    at('10:04:30')
    await r.sms(ANN, 'Thank you')
    const [session, ...others] = r.sessions()
    expect(others).toEqual([])
    expect(session).toMatchObject({
      communication_type: 'sms',
      title: 'SMS from +1234567890',
      status: 'active',
      message_count: 3,
      last_message_at: '2025-01-15T10:04:30.000Z',
      metadata: { fromNumber: '+1234567890', firstMessageAt: '2025-01-15T10:00:00.000Z' },
      createdAt: '2025-01-15T10:00:00.000Z',
      updatedAt: '2025-01-15T10:04:30.000Z',
    })
    expect(session?._id).toMatch(/^[0-9a-f]{24}$/)
    expect((await r.messages(session)).map((m) => [m.content, m.sender, m.createdAt])).toEqual([
      ['Hello', 'contact', '2025-01-15T10:00:00.000Z'],
      ['What are your hours?', 'contact', '2025-01-15T10:02:00.000Z'],
      ['Thank you', 'contact', '2025-01-15T10:04:30.000Z'],
    ])
  })

  it('scenario 2: ten minutes of silence, a second session', async () => {
    await r.sms(ANN, 'Hello')
    at('10:10:00')
    await r.sms(ANN, 'Hi again')
    expect(r.sessions().map((s) => s.message_count)).toEqual([1, 1])
    expect(r.sessions()[0]?.metadata.reason).toEqual({
      kind: 'silence',
      silence_ms: 600_000,
      gap_ms: 300_000,
    })
  })

  it('scenario 3: two people, each a session of their own', async () => {
    await r.sms(ANN, 'Hello')
    at('10:01:00')
    await r.sms(BEN, 'Hi there')
    at('10:02:00')
    await r.sms(ANN, 'Are you there?')
    at('10:03:00')
    await r.sms(BEN, 'Can you help?')
    const found = await Promise.all(
      r.sessions().map(async (s) => [s.metadata.fromNumber, (await r.messages(s)).map((m) => m.content)]),
    )
    expect(Object.fromEntries(found)).toEqual({
      [ANN]: ['Hello', 'Are you there?'],
      [BEN]: ['Hi there', 'Can you help?'],
    })
  })

  it('exactly five minutes go on, a millisecond more does not', async () => {
    await r.sms(ANN, 'one')
    r.clock.advance(300_000)
    await r.sms(ANN, 'two')
    expect(r.sessions()).toHaveLength(1)
    r.clock.advance(300_001)
    await r.sms(ANN, 'three')
    expect(r.sessions()).toHaveLength(2)
  })

  it('test 1: the log of a session that goes on', async () => {
    await r.sms(ANN, 'Hello')
    at('10:01:00')
    await r.sms(ANN, 'Are you there?')
    at('10:02:30')
    await r.sms(ANN, 'Can you help?')
    const id = r.sessions()[0]?._id
    expect(r.lines).toEqual([
      `[info] SMS received from +1234567890 to ${BUSINESS}: Hello`,
      `[info] Created new SMS session: ${String(id)} for +1234567890`,
      `[info] SMS received from +1234567890 to ${BUSINESS}: Are you there?`,
      `[info] Reusing existing session ${String(id)} (last message 60s ago)`,
      `[info] SMS received from +1234567890 to ${BUSINESS}: Can you help?`,
      `[info] Reusing existing session ${String(id)} (last message 90s ago)`,
    ])
  })

  it('test 2: the log of a gap', async () => {
    await r.sms(ANN, 'Hello')
    at('10:06:00')
    await r.sms(ANN, 'Hi again')
    const id = r.sessions()[0]?._id
    expect(r.lines.slice(2)).toEqual([
      `[info] SMS received from +1234567890 to ${BUSINESS}: Hi again`,
      '[info] Time gap of 360s detected. Creating new session.',
      `[info] Created new SMS session: ${String(id)} for +1234567890`,
    ])
  })

  it('SMS, WhatsApp and voice of one number are three conversations', async () => {
    await r.sms(ANN, 'a text')
    await r.post('/webhooks/whatsapp', {
      MessageSid: newSid(),
      From: `whatsapp:${ANN}`,
      To: `whatsapp:${BUSINESS}`,
      Body: 'a WhatsApp',
    })
    const call = await r.post('/webhooks/voice', {
      CallSid: newSid('CA'),
      From: ANN,
      To: BUSINESS,
      CallStatus: 'ringing',
    })
    expect(call.body).toContain('<Record')
    expect(
      r
        .sessions()
        .map((s) => s.title)
        .sort(),
    ).toEqual(['SMS from +1234567890', 'Voice from +1234567890', 'WhatsApp from +1234567890'])
    expect(r.sessions().every((s) => s.message_count === 1)).toBe(true)
  })

  it('a restart changes nothing', async () => {
    await r.sms(ANN, 'Hello')
    const before = r.sessions()
    await r.restart()
    expect(r.sessions()).toEqual(before)
    at('10:01:00')
    await r.sms(ANN, 'still there?')
    expect(r.sessions().map((s) => s.message_count)).toEqual([2])
  })
})
