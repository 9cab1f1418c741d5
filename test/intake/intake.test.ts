import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ANN, BEN, BUSINESS, newSid, running, type Running } from '../support/running.ts'

describe('intake', () => {
  let r: Running
  beforeEach(async () => {
    r = await running()
  })
  afterEach(() => r.close())

  const late = (minutes: number): { kind: 'list'; at: number } => ({
    kind: 'list',
    at: Date.parse('2025-01-15T10:00:00.000Z') + minutes * 60_000,
  })
  const text = (body: string, contact = ANN, sid = newSid()) => ({
    sid,
    medium: 'sms' as const,
    channel: BUSINESS,
    contact,
    body,
    media: [],
    params: {},
  })
  const contents = async (): Promise<string[][]> =>
    Promise.all(
      r
        .sessions()
        .toReversed()
        .map(async (s) => (await r.messages(s)).map((m) => m.content)),
    )

  it('takes a SID once: retries, overlapping deliveries and the list give one message and one answer', async () => {
    const sid = newSid()
    const params = { MessageSid: sid, From: ANN, To: BUSINESS, Body: 'once' }
    const answers = await Promise.all(Array.from({ length: 20 }, () => r.post('/webhooks/sms', params)))
    expect(new Set(answers.map((a) => `${String(a.status)} ${a.body}`)).size).toBe(1)
    const again = await r.switchboard.intake.message(text('once', ANN, sid), late(0))
    expect(again.fresh).toBe(false)
    await r.restart()
    await r.post('/webhooks/sms', params)
    expect(await contents()).toEqual([['once']])
  })

  it('500 first messages of one number at once make one session', async () => {
    await Promise.all(Array.from({ length: 500 }, (_, i) => r.sms(ANN, `message ${String(i)}`)))
    expect(r.sessions().map((s) => s.message_count)).toEqual([500])
    expect((await r.messages(r.newest())).length).toBe(500)
  })

  it('a late message bridges two sessions, and both keep every message', async () => {
    await r.sms(ANN, 'first')
    r.clock.advance(8 * 60_000)
    await r.sms(ANN, 'last')
    const [second, first] = r.sessions()
    await r.switchboard.intake.message(text('between'), late(4))
    expect(await contents()).toEqual([['first', 'between', 'last']])
    expect(r.sessions()[0]).toMatchObject({ _id: first?._id, message_count: 3, unread_count: 3 })
    expect(r.switchboard.store.session(second?._id ?? '')?._id).toBe(first?._id)
    await r.restart()
    expect(await contents()).toEqual([['first', 'between', 'last']])
  })

  it('a late message before a session becomes its first, and its reason moves to it', async () => {
    await r.sms(ANN, 'hello')
    await r.switchboard.intake.message(text('earlier'), late(-3))
    expect(r.sessions()[0]?.metadata).toMatchObject({
      firstMessageAt: '2025-01-15T09:57:00.000Z',
      reason: { kind: 'first' },
    })
    await r.switchboard.intake.message(text('yesterday'), late(-1440))
    expect(r.sessions()[0]?.metadata.reason).toMatchObject({ kind: 'silence' })
  })

  it('a clock set back puts nothing before what came earlier', async () => {
    await r.sms(ANN, 'first')
    r.clock.set(Date.parse('2025-01-15T09:00:00.000Z'))
    await r.sms(ANN, 'second')
    await r.restart()
    await r.sms(ANN, 'third')
    expect((await r.messages(r.newest())).map((m) => m.createdAt)).toEqual([
      '2025-01-15T10:00:00.000Z',
      '2025-01-15T10:00:00.001Z',
      '2025-01-15T10:00:00.002Z',
    ])
  })

  it('a call, its voicemail and its transcript are one session, whatever comes first', async () => {
    const call = newSid('CA')
    const recording = newSid('RE')
    const of = { CallSid: call, From: ANN, To: BUSINESS }
    await r.post('/webhooks/voice', { ...of, CallStatus: 'ringing' })
    r.clock.advance(7 * 60_000)
    await r.post('/webhooks/voice/transcription', {
      ...of,
      RecordingSid: recording,
      TranscriptionSid: newSid('TR'),
      TranscriptionStatus: 'completed',
      TranscriptionText: 'please ring back',
    })
    const media = {
      ...of,
      RecordingSid: recording,
      RecordingUrl: 'https://api.twilio.com/recording',
      RecordingDuration: '47',
    }
    await r.post('/webhooks/voice/recording', media)
    await r.post('/webhooks/voice/recording-status', { ...media, RecordingStatus: 'completed' })
    const [session, ...others] = r.sessions()
    expect(others).toEqual([])
    expect(session).toMatchObject({ title: `Voice from ${ANN}`, message_count: 2 })
    const [, voicemail] = await r.messages(session)
    expect(voicemail).toMatchObject({
      sid: recording,
      call_sid: call,
      content: 'Voicemail 0:47 · please ring back',
      transcript: { text: 'please ring back' },
    })
    expect(voicemail?.media).toMatchObject([{ duration_s: 47, recording_sid: recording }])
    // Silence counts from the end of the voicemail.
    r.clock.advance(4 * 60_000)
    await r.post('/webhooks/voice', { CallSid: newSid('CA'), From: ANN, To: BUSINESS, CallStatus: 'ringing' })
    expect(r.sessions()).toHaveLength(1)
  })

  it('a call only moves forward, and one that is over stays as it ended', async () => {
    const of = { CallSid: newSid('CA'), From: ANN, To: BUSINESS }
    await r.post('/webhooks/voice', { ...of, CallStatus: 'ringing' })
    await r.post('/webhooks/voice/status', { ...of, CallStatus: 'completed', CallDuration: '5' })
    await r.post('/webhooks/voice/status', { ...of, CallStatus: 'ringing' })
    await r.post('/webhooks/voice/status', { ...of, CallStatus: 'failed' })
    expect(await r.switchboard.store.find(of.CallSid)).toMatchObject({
      content: 'Call ended after 0:05',
      call: { status: 'completed', duration_s: 5 },
    })
  })

  it('a status only moves forward and never loses its error', async () => {
    const { switchboard } = r
    const sid = newSid()
    await switchboard.intake.sentElsewhere({ ...text('out', ANN, sid), status: 'queued' }, late(0))
    const report = (MessageStatus: string, ErrorCode = ''): Promise<unknown> =>
      r.post('/webhooks/status', { MessageSid: sid, MessageStatus, ...(ErrorCode && { ErrorCode }) })
    await report('undelivered', '30003')
    await report('sent')
    await report('queued')
    expect(await switchboard.store.find(sid)).toMatchObject({ status: 'undelivered', error_code: 30_003 })
    expect(r.sessions()[0]?.metadata.failed).toBe(true)
  })

  it('what a signed request carries beside its own fields is kept with the message', async () => {
    const sid = newSid()
    await r.post('/webhooks/sms', {
      MessageSid: sid,
      From: ANN,
      To: BUSINESS,
      Body: 'a\u0000b',
      FromCity: 'BRIDGEPORT',
      SomethingNew: '1',
      NumMedia: '1',
      MediaUrl0: 'https://api.twilio.com/m0',
      MediaContentType0: 'image/jpeg',
    })
    const message = await r.switchboard.store.find(sid)
    expect(message).toMatchObject({
      content: 'a\u0000b',
      params: { FromCity: 'BRIDGEPORT', SomethingNew: '1' },
      media: [{ url: 'https://api.twilio.com/m0', content_type: 'image/jpeg' }],
    })
  })

  it('waits for an answer from the first unanswered message on, per contact and medium', async () => {
    await r.sms(ANN, 'one')
    r.clock.advance(60_000)
    await r.sms(ANN, 'two')
    r.clock.advance(10 * 60_000)
    await r.sms(ANN, 'three')
    await r.sms(BEN, 'other')
    const waiting = r.switchboard.store.sessions({ waiting: true, order: 'longest_waiting' }).sessions
    expect(waiting.map((s) => [s.metadata.fromNumber, s.metadata.waitingSince])).toEqual([
      [ANN, '2025-01-15T10:00:00.000Z'],
      [BEN, '2025-01-15T10:11:00.000Z'],
    ])
    await r.switchboard.intake.sentElsewhere(
      { ...text('answer'), status: 'sent' },
      { kind: 'list', at: r.clock.now() + 1 },
    )
    expect(
      r.switchboard.store.sessions({ waiting: true }).sessions.map((s) => s.metadata.fromNumber),
    ).toEqual([BEN])
  })
})
