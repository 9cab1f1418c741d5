import { describe, expect, test } from 'vitest'
import { callsWithWords, callWords, isCall, lastWords, voicemailWords } from '../../src/renderer/src/calls.ts'
import * as kept from '../../src/server/intake/voice-words.ts'
import type { Sender, Session } from '../../src/shared/documents.ts'

const CALL = 'CA1'
/** A call as the intake keeps it. */
const call = (status: string, duration_s?: number) => ({
  sid: CALL,
  call_sid: CALL,
  content: kept.callWords(status, duration_s),
  call: { status, ...(duration_s !== undefined && { duration_s }) },
})
const voicemail = { sid: 'RE1', call_sid: CALL, content: kept.voicemailWords(12, 'please ring back') }
const session = (preview: string, lastSender: Sender = 'contact'): Session => ({
  _id: 's',
  channel_id: 'c',
  communication_type: 'voice',
  title: 'Voice from +15550001111',
  status: 'active',
  message_count: 1,
  last_message_at: '2026-11-20T10:00:00.000Z',
  metadata: {
    fromNumber: '+15550001111',
    firstMessageAt: '2026-11-20T10:00:00.000Z',
    reason: { kind: 'first' },
    firstSid: CALL,
    lastSid: CALL,
    lastSender,
    preview,
  },
  unread_count: 1,
  createdAt: '2026-11-20T10:00:00.000Z',
  updatedAt: '2026-11-20T10:00:00.000Z',
})

describe('a call is told as in a log of calls', () => {
  test.each([
    ['completed', 'hung up without a word'],
    ['busy', 'the line was busy'],
    ['no-answer', 'not answered'],
    ['canceled', 'hung up before an answer'],
    ['failed', 'the call failed'],
  ])('without words and %s it was missed', (status, more) => {
    expect(callWords(call(status, 7), false)).toEqual({ words: 'Missed call', more })
    expect(lastWords(session(kept.callWords(status, 7)))).toEqual({ words: 'Missed call', isSaid: false })
    expect(lastWords(session(kept.callWords(status))).words).toBe('Missed call')
  })

  test('with words it says how long it was, and the voicemail follows', () => {
    expect(callWords(call('completed', 42), true)).toEqual({ words: 'Call, 0:42', more: '' })
    expect(callWords(call('in-progress'), true).words).toBe('Call')
    expect(isCall(call('completed'))).toBe(true)
    expect(isCall(voicemail)).toBe(false)
    expect(callsWithWords([call('completed', 42)]).size).toBe(0)
    expect([...callsWithWords([call('completed', 42), voicemail])]).toEqual([CALL])
  })

  test('while it rings it is coming in', () => {
    for (const status of ['ringing', 'in-progress', 'unknown', ''])
      expect(callWords(call(status), false)).toEqual({ words: 'Incoming call', more: '' })
    expect(lastWords(session(kept.callWords('ringing'))).words).toBe('Incoming call')
  })

  test('one that was imported with nothing but its words', () => {
    const imported = { sid: CALL, call_sid: CALL, content: kept.callWords('completed', 47) }
    expect(callWords(imported, false).words).toBe('Missed call')
    expect(callWords({ ...imported, content: 'Rang twice' }, false).words).toBe('Rang twice')
  })

  test('what somebody said stays as it is', () => {
    expect(lastWords(session(voicemail.content))).toEqual({
      words: 'Voicemail 0:12 · please ring back',
      isSaid: false,
    })
    expect(lastWords(session('Is it ready?'))).toEqual({ words: 'Is it ready?', isSaid: true })
    const sms: Session = { ...session('Call failed'), communication_type: 'sms' }
    expect(lastWords(sms)).toEqual({ words: 'Call failed', isSaid: true })
  })

  test('a voicemail’s words are those that were said', () => {
    expect(voicemailWords(voicemail.content)).toBe('please ring back')
    expect(voicemailWords(kept.voicemailWords(12))).toBe('')
    expect(voicemailWords(kept.voicemailWords())).toBe('')
    expect(voicemailWords(kept.voicemailWords(undefined, 'Voicemail 0:12'))).toBe('Voicemail 0:12')
  })
})
