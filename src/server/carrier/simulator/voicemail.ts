import { newSid, type SimCall, type SimRecording } from './account.ts'
import { wav } from './bytes.ts'
import type { SimContext } from './context.ts'
import { parameters, resolve, say, SPEECH_RATE, type CallInHand, type Turn } from './hand.ts'
import type { Params } from './post.ts'
import type { Verb } from './twiml.ts'

/** `<Record>`: what the caller says after the beep, reported as Twilio reports it. */
export async function record(
  hand: CallInHand,
  verb: Verb,
  url: string,
  go: (params: Params) => Turn,
): Promise<Turn> {
  const { context, call } = hand
  const rest = await beforeTheBeep(hand)
  const words = hand.voicemail ?? rest
  hand.voicemail = undefined
  const statusUrl = verb.attributes['recordingStatusCallback']
  if (words === '') {
    // Silence: no action, the next verb (reference twilio.md §2).
    if (statusUrl && verb.attributes['recordingStatusCallbackEvent']?.includes('absent')) {
      await context.post(resolve(statusUrl, url), recordingStatus(context, call, undefined))
    }
    return { kind: 'on' }
  }
  const recording = keepRecording(hand, words)
  const params = { RecordingUrl: recordingUrl(context, recording), RecordingSid: recording.sid }
  const turn = go({ ...params, RecordingDuration: String(recording.duration), Digits: 'hangup' })
  call.status = 'completed'
  if (turn.kind === 'go') {
    // The caller has hung up: the answer is asked for and no longer heard.
    await context.post(turn.url, { ...parameters(context, call), ...turn.params })
  }
  if (statusUrl) await context.post(resolve(statusUrl, url), recordingStatus(context, call, recording))
  const transcribeUrl = verb.attributes['transcribeCallback']
  if (transcribeUrl !== undefined || verb.attributes['transcribe'] === 'true') {
    await transcribe(
      hand,
      recording,
      words,
      transcribeUrl === undefined ? undefined : resolve(transcribeUrl, url),
    )
  }
  return { kind: 'end' }
}

/** Lines that nobody asked for: said to whoever is told of them, else left for the recording. */
async function beforeTheBeep(hand: CallInHand): Promise<string> {
  const { call, spoken } = hand
  const lines = hand.lines.splice(0)
  if (!spoken) return lines.join(' ')
  for (const [at, text] of lines.entries()) {
    say(hand, 'caller', text)
    await spoken({ call_sid: call.sid, from: call.from, to: call.to, text, nth: at + 1 })
  }
  return ''
}

function keepRecording(hand: CallInHand, words: string): SimRecording {
  const { context, call } = hand
  const duration = Math.max(1, Math.ceil(words.length / SPEECH_RATE))
  say(hand, 'caller', words)
  const recording: SimRecording = {
    sid: newSid('RE'),
    call_sid: call.sid,
    duration,
    bytes: wav(duration),
    created: context.clock.now(),
  }
  context.account.recordings.set(recording.sid, recording)
  return recording
}

async function transcribe(
  hand: CallInHand,
  recording: SimRecording,
  words: string,
  url: string | undefined,
): Promise<void> {
  const { context, call } = hand
  const sid = newSid('TR')
  recording.transcription = { sid, text: words, status: 'completed' }
  if (url === undefined) return
  await context.post(url, {
    ...parameters(context, call),
    TranscriptionSid: sid,
    TranscriptionText: words,
    TranscriptionStatus: 'completed',
    TranscriptionUrl: `${recordingUrl(context, recording)}/Transcriptions/${sid}`,
    RecordingSid: recording.sid,
    RecordingUrl: recordingUrl(context, recording),
  })
}

function recordingStatus(
  { account, base }: SimContext,
  call: SimCall,
  recording: SimRecording | undefined,
): Params {
  return {
    AccountSid: account.sid,
    CallSid: call.sid,
    RecordingStatus: recording ? 'completed' : 'absent',
    RecordingChannels: '1',
    RecordingSource: 'RecordVerb',
    ...(recording
      ? {
          RecordingSid: recording.sid,
          RecordingUrl: `${base}/2010-04-01/Accounts/${account.sid}/Recordings/${recording.sid}`,
          RecordingDuration: String(recording.duration),
        }
      : {}),
  }
}

function recordingUrl({ account, base }: SimContext, recording: SimRecording): string {
  return `${base}/2010-04-01/Accounts/${account.sid}/Recordings/${recording.sid}`
}
