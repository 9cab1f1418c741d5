import twilio from 'twilio'
import { describe, expect, it } from 'vitest'
import { readTwiml } from '../../src/server/carrier/simulator/twiml.ts'
import { ANN, BUSINESS, simulation, webhooks, type Hook } from './support.ts'

const greeting = new twilio.twiml.VoiceResponse()
greeting.say('Please leave a message after the beep.')
greeting.record({
  action: '/voice/recording',
  recordingStatusCallback: '/voice/status',
  recordingStatusCallbackEvent: ['completed', 'absent'],
  transcribe: true,
  transcribeCallback: '/voice/transcript',
})
greeting.say('We heard nothing. Goodbye.')

const paths = (seen: Hook[]) => seen.map(({ path }) => path)

describe('a call', () => {
  it('is asked for as the number says: the fallback and its end by GET, signed in the address', async () => {
    const { simulator } = await simulation()
    const { base, seen } = await webhooks(({ path }) => (path === '/voice' ? 500 : '<Response/>'))
    simulator.point({ voice: `${base}/voice`, status: `${base}/ended?by=us` })
    const [number] = simulator.account.numbers.values()
    if (!number) throw new Error('the simulator has no number')
    number.voice_fallback_url = `${base}/fallback`
    number.voice_fallback_method = 'GET'
    number.status_callback_method = 'GET'
    await simulator.call({ from: ANN })
    expect(paths(seen).map((path) => path.replace(/CallSid=.*/, ''))).toEqual([
      '/voice',
      expect.stringMatching(/^\/fallback\?/) as string,
      expect.stringMatching(/^\/ended\?by=us&/) as string,
    ])
    for (const { path, params, headers } of seen.slice(1)) {
      expect([...params]).toEqual([])
      expect(new URLSearchParams(path.split('?')[1]).get('From')).toBe(ANN)
      const signature = String(headers['x-twilio-signature'])
      expect(twilio.validateRequest(simulator.authToken, signature, base + path, {}), path).toBe(true)
    }
  })

  it('leaves a voicemail: recording, its status, its transcript', async () => {
    const { simulator } = await simulation()
    const { base, seen } = await webhooks(({ path }) =>
      path === '/voice' ? greeting.toString() : '<Response/>',
    )
    simulator.point({ voice: `${base}/voice`, status: `${base}/voice/end` })
    const call = await simulator.call({ from: ANN, voicemail: 'This is Ann. Call me back.' })

    expect(paths(seen)).toEqual([
      '/voice',
      '/voice/recording',
      '/voice/status',
      '/voice/transcript',
      '/voice/end',
    ])
    for (const { path, params, headers } of seen) {
      const signature = String(headers['x-twilio-signature'])
      const isValid = twilio.validateRequest(
        simulator.authToken,
        signature,
        base + path,
        Object.fromEntries(params),
      )
      expect(isValid, path).toBe(true)
    }
    const [first, recording, status, transcript, end] = seen.map(({ params }) => Object.fromEntries(params))
    expect(first).toMatchObject({
      CallSid: call.sid,
      From: ANN,
      To: BUSINESS,
      Caller: ANN,
      Called: BUSINESS,
      CallStatus: 'ringing',
      Direction: 'inbound',
      CallerCountry: 'US',
    })
    expect(recording).toMatchObject({
      RecordingSid: expect.stringMatching(/^RE/) as string,
      RecordingDuration: '2',
      Digits: 'hangup',
    })
    expect(status).toMatchObject({ RecordingStatus: 'completed', RecordingSid: recording?.['RecordingSid'] })
    expect(transcript).toMatchObject({
      TranscriptionText: 'This is Ann. Call me back.',
      TranscriptionStatus: 'completed',
      RecordingSid: recording?.['RecordingSid'],
    })
    expect(end).toMatchObject({ CallStatus: 'completed' })
    expect(call.heard).toEqual([
      { by: 'business', text: 'Please leave a message after the beep.' },
      { by: 'caller', text: 'This is Ann. Call me back.' },
    ])

    const client = twilio(simulator.accountSid, simulator.authToken)
    client.api.baseUrl = simulator.api
    expect(await client.calls.list({ from: ANN })).toMatchObject([{ sid: call.sid, status: 'completed' }])
    expect(await client.calls(call.sid).fetch()).toMatchObject({ direction: 'inbound' })
    const [listed] = await client.recordings.list({ callSid: call.sid })
    expect(listed).toMatchObject({ sid: recording?.['RecordingSid'], duration: '2' })
    expect(await client.transcriptions.list()).toMatchObject([
      { transcriptionText: 'This is Ann. Call me back.' },
    ])
    const Authorization = `Basic ${Buffer.from(`${simulator.accountSid}:${simulator.authToken}`).toString('base64')}`
    const bytes = Buffer.from(
      await (
        await fetch(`${recording?.['RecordingUrl'] ?? ''}.wav`, { headers: { Authorization } })
      ).arrayBuffer(),
    )
    expect(bytes.subarray(0, 4).toString()).toBe('RIFF')
    expect(bytes).toHaveLength(44 + 2 * 8000 * 2)
  })

  it('goes on with the next verb when nothing is said', async () => {
    const { simulator } = await simulation()
    const { base, seen } = await webhooks(() => greeting.toString())
    simulator.point({ voice: `${base}/voice` })
    const call = await simulator.call({ from: ANN })
    expect(paths(seen)).toEqual(['/voice', '/voice/status'])
    expect(seen[1]?.params.get('RecordingStatus')).toBe('absent')
    expect(call.heard.map(({ text }) => text)).toEqual([
      'Please leave a message after the beep.',
      'We heard nothing. Goodbye.',
    ])
  })

  it('answers each question with the next line', async () => {
    const { simulator } = await simulation()
    const ask = '<Response><Gather input="speech" action="/voice/said"><Say>And?</Say></Gather></Response>'
    const { base, seen } = await webhooks(() => ask)
    simulator.point({ voice: `${base}/voice` })
    const call = await simulator.call({ from: ANN, lines: ['A table', 'For four'] })
    expect(seen.map(({ params }) => params.get('SpeechResult'))).toEqual([null, 'A table', 'For four'])
    expect(seen[1]?.params.get('Confidence')).toBe('0.91')
    expect(call).toMatchObject({ status: 'completed' })
  })

  it('fails where nobody answers, is busy where it is rejected, and never goes in circles', async () => {
    const { simulator } = await simulation()
    expect(await simulator.call({ from: ANN })).toMatchObject({ status: 'failed' })
    const { base, seen } = await webhooks(({ path }) =>
      path === '/busy'
        ? '<Response><Reject reason="busy"/></Response>'
        : path === '/broken'
          ? '<Response><Say>'
          : '<Response><Redirect>/round</Redirect></Response>',
    )
    simulator.point({ voice: `${base}/busy` })
    expect(await simulator.call({ from: ANN })).toMatchObject({ status: 'busy' })
    simulator.point({ voice: `${base}/broken` })
    await simulator.call({ from: ANN })
    expect(simulator.account.alerts).toMatchObject([{ code: 12100 }])
    simulator.point({ voice: `${base}/round` })
    await simulator.call({ from: ANN })
    expect(seen.length).toBeLessThan(50)
  })

  it('can be made by the business', async () => {
    const { simulator } = await simulation()
    const { base } = await webhooks(() => '<Response><Say>Your table is ready.</Say></Response>')
    const client = twilio(simulator.accountSid, simulator.authToken)
    client.api.baseUrl = simulator.api
    const { sid } = await client.calls.create({ from: BUSINESS, to: ANN, url: `${base}/say` })
    await simulator.idle()
    expect(await client.calls(sid).fetch()).toMatchObject({ status: 'completed', direction: 'outbound-api' })
  })
})

describe('reading TwiML', () => {
  it('reads what the twilio package writes', () => {
    const verbs = readTwiml(greeting.toString())
    expect(verbs?.map(({ name }) => name)).toEqual(['Say', 'Record', 'Say'])
    expect(verbs?.[1]?.attributes).toMatchObject({ action: '/voice/recording', transcribe: 'true' })
  })

  it('reads entities and CDATA, and refuses what is not whole', () => {
    expect(
      readTwiml('<Response><Say>a &lt; b &#169; &#x1F600;<![CDATA[ & ]]></Say></Response>')?.[0]?.text,
    ).toBe('a < b © 😀 &')
    expect(readTwiml('<Response/>')).toEqual([])
    for (const broken of [
      '',
      'Hello',
      '<Response>',
      '<Response><Say></Response>',
      '<Other/>',
      '<Response/><Response/>',
    ]) {
      expect(readTwiml(broken), broken).toBeUndefined()
    }
  })
})
