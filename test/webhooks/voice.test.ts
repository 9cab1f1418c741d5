import twilio from 'twilio/lib/twiml/VoiceResponse.js'
import { expect, test } from 'vitest'
import { sayGoodbye, takeVoicemail, DEFAULT_WORDS } from '../../src/server/webhooks/twiml.ts'
import { CALL, run } from './fixture.ts'

const RECORDING = {
  CallSid: CALL.CallSid,
  AccountSid: CALL.AccountSid,
  RecordingSid: `RE${'1'.repeat(32)}`,
  RecordingUrl: `https://api.twilio.com/2010-04-01/Accounts/${CALL.AccountSid}/Recordings/RE${'1'.repeat(32)}`,
  RecordingDuration: '7',
}

test('a call becomes a message and the caller is asked for a voicemail', async () => {
  const server = await run()
  const answer = await server.post('/webhooks/voice', CALL)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toMatch(/^text\/xml\b/)
  expect(await answer.text()).toBe(takeVoicemail(DEFAULT_WORDS))
  expect(server.kept).toEqual([
    {
      by: 'callBegan',
      what: {
        call_sid: CALL.CallSid,
        channel: CALL.To,
        contact: CALL.From,
        call_status: 'ringing',
        params: { Direction: 'inbound' },
      },
      source: { kind: 'webhook' },
    },
  ])
})

test("the TwiML is what Twilio's own builder makes of it", () => {
  const words = { ...DEFAULT_WORDS, greeting: 'Smith & Sons <"shop">' }
  const response = new twilio()
  response.say({ language: 'en-US' }, words.greeting)
  response.record({
    action: '/webhooks/voice/recording',
    method: 'POST',
    maxLength: 180,
    playBeep: true,
    transcribe: true,
    transcribeCallback: '/webhooks/voice/transcription',
    recordingStatusCallback: '/webhooks/voice/recording-status',
    recordingStatusCallbackMethod: 'POST',
    recordingStatusCallbackEvent: ['completed', 'absent'],
  })
  response.say({ language: 'en-US' }, words.goodbye)
  response.hangup()
  const plain = (xml: string) => xml.replaceAll('&quot;', '"')
  expect(plain(takeVoicemail(words))).toBe(plain(response.toString()))
})

test('a greeting with what XML does not know is still XML', () => {
  const xml = sayGoodbye({ ...DEFAULT_WORDS, goodbye: 'a\u0000\u001b\ud800b\uffff👋' })
  expect(xml).toContain('>a\ufffdb👋<')
})

test('the words are read for every call, and a retry hears the same', async () => {
  const server = await run({ voiceWords: () => ({ greeting: 'Moin.' }) })
  const [first, again] = [
    await server.post('/webhooks/voice', CALL),
    await server.post('/webhooks/voice', CALL),
  ]
  const said = await first.text()
  expect(said).toContain('>Moin.<')
  expect(await again.text()).toBe(said)
})

test.each([
  '',
  'anonymous',
  'Anonymous',
  'Restricted',
  'unknown',
  'unavailable',
  '+266696687',
  '+7378742833',
  'sip:anonymous@anonymous.invalid',
])('a caller without a usable number is known by the call: %j', async (From) => {
  const server = await run()
  expect((await server.post('/webhooks/voice', { ...CALL, From })).status).toBe(200)
  expect(server.kept).toMatchObject([{ what: { contact: CALL.CallSid } }])
})

test.each(['+12345678900', 'sip:ann@example.com', 'client:ann', '5551234'])(
  'kept verbatim: %j',
  async (From) => {
    const server = await run()
    await server.post('/webhooks/voice', { ...CALL, From })
    expect(server.kept).toMatchObject([{ what: { contact: From } }])
  },
)

test('refused: no From, no To, no or two CallSids', async () => {
  const server = await run()
  for (const change of [{ From: [] }, { To: [] }, { CallSid: [] }, { CallSid: ['CA1', 'CA2'] }]) {
    expect((await server.post('/webhooks/voice', { ...CALL, ...change })).status).toBe(400)
  }
  expect(server.kept).toEqual([])
})

test('the <Record> action keeps the voicemail and ends the call', async () => {
  const server = await run()
  const answer = await server.post('/webhooks/voice/recording', { ...CALL, ...RECORDING, Digits: 'hangup' })
  expect(await answer.text()).toBe(sayGoodbye(DEFAULT_WORDS))
  expect(server.kept).toMatchObject([
    {
      by: 'voicemail',
      what: {
        call_sid: CALL.CallSid,
        recording_sid: RECORDING.RecordingSid,
        url: RECORDING.RecordingUrl,
        duration_s: 7,
        channel: CALL.To,
        contact: CALL.From,
        params: { Digits: 'hangup' },
      },
    },
  ])
})

test('the recording status names no numbers; an absent recording leaves nothing', async () => {
  const server = await run()
  const statuses = ['in-progress', 'absent', 'failed', 'completed']
  for (const RecordingStatus of statuses) {
    const answer = await server.post('/webhooks/voice/recording-status', { ...RECORDING, RecordingStatus })
    expect(answer.status).toBe(204)
  }
  expect(server.kept).toMatchObject([
    { by: 'voicemail', what: { recording_sid: RECORDING.RecordingSid, channel: '', contact: '' } },
  ])
})

test("a recording's SID may stand in its address alone", async () => {
  const server = await run()
  const { RecordingSid, ...rest } = RECORDING
  expect((await server.post('/webhooks/voice/recording', rest)).status).toBe(200)
  expect(server.kept).toMatchObject([{ what: { recording_sid: RecordingSid } }])
  expect((await server.post('/webhooks/voice/recording', { ...rest, RecordingUrl: 'x' })).status).toBe(400)
})

test('a transcript is passed on, a failed one too', async () => {
  const server = await run()
  const done = { TranscriptionSid: 'TR1', TranscriptionStatus: 'completed', TranscriptionText: 'Call me.' }
  expect(
    (await server.post('/webhooks/voice/transcription', { ...CALL, ...RECORDING, ...done })).status,
  ).toBe(204)
  expect(
    (await server.post('/webhooks/voice/transcription', { ...RECORDING, TranscriptionStatus: 'failed' }))
      .status,
  ).toBe(204)
  expect(server.kept).toMatchObject([
    {
      by: 'transcript',
      what: { transcription_sid: 'TR1', status: 'completed', text: 'Call me.', contact: CALL.From },
    },
    {
      by: 'transcript',
      what: { recording_sid: RECORDING.RecordingSid, status: 'failed', text: '', contact: '' },
    },
  ])
})

test('how a call went on', async () => {
  const server = await run()
  const answer = await server.post('/webhooks/voice/status', {
    ...CALL,
    CallStatus: 'completed',
    CallDuration: '61',
  })
  expect(answer.status).toBe(204)
  expect(server.kept).toEqual([
    { by: 'callProgress', what: { call_sid: CALL.CallSid, call_status: 'completed', duration_s: 61 } },
  ])
})
