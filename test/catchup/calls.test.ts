import { describe, expect, it } from 'vitest'
import { DEFAULT_WORDS, hostedVoicemail } from '../../src/server/webhooks/twiml.ts'
import { ANN, bed, BEN } from './bed.ts'

const MINUTE = 60_000
const WORDS = 'Please call me back about the sofa.'

describe('calls that were missed', () => {
  it('come with their voicemail and its transcript, in one session, when they were', async () => {
    const b = await bed()
    b.simulator.point({ voice: `${b.console.webhooks}/webhooks/voice` })
    const before = await b.simulator.call({ from: BEN, voicemail: 'first' })
    await b.console.idle()
    await b.clock.advance(2 * MINUTE)
    // It answers the caller, and then dies before anything of it is kept.
    const call = await missedCall(b, WORDS)
    await b.clock.advance(MINUTE)
    await b.console.end.handlers['catch_up.start']({})
    await b.console.catchUp.idle()

    const session = b.sessions().find(({ metadata }) => metadata.fromNumber === ANN)
    const messages = await b.console.store.messages([session?._id ?? ''])
    const [recording] = [...b.simulator.account.recordings.values()].filter((r) => r.call_sid === call.sid)
    expect(messages).toMatchObject([
      {
        sid: call.sid,
        call: { status: 'completed' },
        createdAt: '2025-01-15T10:02:00.000Z',
        communication_type: 'voice',
      },
      {
        sid: recording?.sid,
        call_sid: call.sid,
        createdAt: '2025-01-15T10:02:00.000Z',
        transcript: { status: 'completed', text: WORDS },
        media: [
          {
            recording_sid: recording?.sid,
            url: `${b.simulator.api}/2010-04-01/Accounts/${b.simulator.accountSid}/Recordings/${recording?.sid ?? ''}`,
          },
        ],
      },
    ])
    expect(messages[1]?.content).toContain(WORDS)
    expect(b.console.catchUp.view().away).toEqual({ messages: 1, since: '2025-01-15T10:02:00.000Z' })
    // What came by webhooks is as it was.
    expect(b.sessions()).toHaveLength(2)
    expect((await b.messages()).filter(({ call_sid }) => call_sid === before.sid)).toHaveLength(2)
  })

  it('that Twilio itself took while nobody could here come with their voicemail', async () => {
    const b = await bed()
    await b.simulator.call({ from: BEN, voicemail: 'first' })
    await b.console.idle()
    const [number] = b.simulator.account.numbers.values()
    if (!number) throw new Error('the simulator has no number')
    const here = number.voice_url
    number.voice_fallback_url = hostedVoicemail(DEFAULT_WORDS)
    await b.close()
    number.voice_url = here
    await b.clock.advance(20 * MINUTE)
    const call = await b.simulator.call({ from: BEN, voicemail: WORDS })
    expect(call.heard.map(({ text }) => text)).toEqual([DEFAULT_WORDS.greeting, WORDS])
    expect(call.status).toBe('completed')
    await b.clock.advance(MINUTE)
    await b.open()
    await b.caughtUp()
    expect(b.sessions()).toHaveLength(2)
    const told = await b.told()
    expect(told[1]?.join(' ')).toContain('oicemail')
    const [recording] = [...b.simulator.account.recordings.values()].filter((r) => r.call_sid === call.sid)
    expect((await b.messages()).some(({ sid }) => sid === recording?.sid)).toBe(true)
  })

  it('a caller whom Twilio answers and who says nothing hears goodbye, and the call ends', async () => {
    const b = await bed()
    const [number] = b.simulator.account.numbers.values()
    if (number) number.voice_fallback_url = hostedVoicemail(DEFAULT_WORDS)
    await b.close()
    b.simulator.point({ voice: 'http://127.0.0.1:1/webhooks/voice' })
    const call = await b.simulator.call({ from: BEN })
    expect(call.heard.map(({ text }) => text)).toEqual([DEFAULT_WORDS.greeting, DEFAULT_WORDS.goodbye])
    expect(call.status).toBe('completed')
  })

  it('a transcript alone is added to the voicemail that is known', async () => {
    const b = await bed()
    await b.simulator.call({ from: ANN, voicemail: WORDS })
    await b.console.idle()
    const [recording] = b.simulator.account.recordings.values()
    if (!recording) throw new Error('nothing was recorded')
    const voicemail = async () => (await b.messages()).find(({ sid }) => sid === recording.sid)
    // The console asks for no transcript, so none has come; a person had one made since.
    delete recording.transcription
    await b.caughtUp()
    const before = await voicemail()
    recording.transcription = { sid: 'TR1', text: 'Another voice.', status: 'completed' }
    await b.caughtUp()
    const after = await voicemail()
    expect(before?.transcript?.text).not.toBe('Another voice.')
    expect(after?.transcript?.text).toBe(before?.transcript?.text ?? 'Another voice.')
  })

  it('answered by something else are not taken, nor what was recorded of them', async () => {
    const b = await bed()
    b.simulator.point({ voice: 'https://hosted.example.com/voicemail' })
    const call = await missedCall(b, WORDS)
    await b.caughtUp()
    expect(b.simulator.account.calls.has(call.sid)).toBe(true)
    expect(b.sessions()).toEqual([])
  })

  it('of withheld numbers stay apart', async () => {
    const b = await bed()
    const one = await missedCall(b, 'one', 'anonymous')
    const two = await missedCall(b, 'two', '+266696687')
    await b.caughtUp()
    const callers = b.sessions().map(({ metadata }) => metadata.fromNumber)
    expect(callers.toSorted()).toEqual([one.sid, two.sid].toSorted())
  })
})

/** A call the console hears nothing of: its webhooks were lost, and the caller left word all the same. */
async function missedCall(b: Awaited<ReturnType<typeof bed>>, words: string, from = ANN) {
  const { account } = b.simulator
  const numbers = [...account.numbers.values()]
  const points = numbers.map(({ voice_url }) => voice_url)
  for (const number of numbers) number.voice_url = ''
  const call = await b.simulator.call({ from })
  call.status = 'completed'
  const sid = `RE${call.sid.slice(2)}`
  account.recordings.set(sid, {
    sid,
    call_sid: call.sid,
    duration: 9,
    bytes: Buffer.alloc(0),
    created: b.clock.now(),
    transcription: { sid: `TR${call.sid.slice(2)}`, text: words, status: 'completed' },
  })
  numbers.forEach((number, index) => {
    number.voice_url = points[index] ?? ''
  })
  return call
}
