import { callerOf } from '../caller.ts'
import type { Intake } from '../intake/types.ts'
import type { Answer } from './answer.ts'
import { needed, numberOf, one, present, wholeNumber } from './fields.ts'
import { firstOf, paramsOf, type Form } from './form.ts'
import { MESSAGE_SIDS, takeMessage } from './message.ts'
import { sayGoodbye, takeVoicemail, type VoiceWords } from './twiml.ts'

const WEBHOOK = { kind: 'webhook' } as const

/** A call begins: it becomes a message, and the caller is asked for a voicemail. A retry hears the same. */
export async function takeCall(intake: Intake, form: Form, words: VoiceWords): Promise<Answer> {
  // A number whose message address is set to the voice one by mistake: its texts are not lost for it.
  if (!form.has('CallSid') && MESSAGE_SIDS.some((name) => form.has(name)))
    return takeMessage(intake, form, 'sms')
  const callSid = needed(form, 'CallSid')
  const from = present(form, 'From')
  const channel = numberOf(needed(form, 'To'))
  await intake.callBegan(
    {
      call_sid: callSid,
      channel,
      contact: callerOf(from, callSid),
      call_status: firstOf(form, 'CallStatus') ?? '',
      params: paramsWithout(form, 'CallSid', 'CallStatus'),
    },
    WEBHOOK,
  )
  return { twiml: takeVoicemail(words) }
}

/** <Record>'s action: the caller has finished and is still on the line. */
export async function takeRecording(intake: Intake, form: Form, words: VoiceWords): Promise<Answer> {
  await keepVoicemail(intake, form)
  return { twiml: sayGoodbye(words) }
}

/** recordingStatusCallback: the same recording by another way, and the only one when the caller just hung up. */
export async function takeRecordingStatus(intake: Intake, form: Form): Promise<Answer> {
  needed(form, 'CallSid')
  const status = firstOf(form, 'RecordingStatus') ?? 'completed'
  // in-progress, absent (nothing was said), failed: there is nothing to listen to.
  if (status === 'completed') await keepVoicemail(intake, form)
  return 'nothing'
}

export async function takeTranscription(intake: Intake, form: Form): Promise<Answer> {
  const callSid = needed(form, 'CallSid')
  const transcriptionSid = one(form, 'TranscriptionSid')
  await intake.transcript(
    {
      call_sid: callSid,
      recording_sid: recordingSidOf(form),
      ...(transcriptionSid === '' ? {} : { transcription_sid: transcriptionSid }),
      status: firstOf(form, 'TranscriptionStatus') ?? 'completed',
      text: firstOf(form, 'TranscriptionText') ?? '',
      ...partiesOf(form, callSid),
      params: paramsWithout(
        form,
        'CallSid',
        'RecordingSid',
        'TranscriptionSid',
        'TranscriptionStatus',
        'TranscriptionText',
      ),
    },
    WEBHOOK,
  )
  return 'nothing'
}

/** A call went on or ended. */
export async function takeCallStatus(intake: Intake, form: Form): Promise<Answer> {
  const callSid = needed(form, 'CallSid')
  const status = firstOf(form, 'CallStatus')
  const duration = wholeNumber(form, 'CallDuration')
  if (status) {
    await intake.callProgress({
      call_sid: callSid,
      call_status: status,
      ...(duration === undefined ? {} : { duration_s: duration }),
    })
  }
  return 'nothing'
}

async function keepVoicemail(intake: Intake, form: Form): Promise<void> {
  const callSid = needed(form, 'CallSid')
  const recordingSid = recordingSidOf(form) || needed(form, 'RecordingSid')
  const duration = wholeNumber(form, 'RecordingDuration')
  await intake.voicemail(
    {
      call_sid: callSid,
      recording_sid: recordingSid,
      url: firstOf(form, 'RecordingUrl') ?? '',
      ...(duration === undefined ? {} : { duration_s: duration }),
      ...partiesOf(form, callSid),
      params: paramsWithout(form, 'CallSid', 'RecordingSid', 'RecordingUrl', 'RecordingDuration'),
    },
    WEBHOOK,
  )
}

/** The recording's SID; read from its address where the callback does not name it; '' when neither is there. */
function recordingSidOf(form: Form): string {
  return (
    one(form, 'RecordingSid') ||
    (/\/Recordings\/(RE[0-9a-f]{32})/.exec(firstOf(form, 'RecordingUrl') ?? '')?.[1] ?? '')
  )
}

/** Both numbers, '' for one a callback does not name (recordingStatusCallback names none): the intake knows the call. */
function partiesOf(form: Form, callSid: string): { channel: string; contact: string } {
  return {
    channel: numberOf(one(form, 'To')),
    contact: form.has('From') ? callerOf(one(form, 'From'), callSid) : '',
  }
}

/** What is kept beside a call's messages: all but the numbers, the account, and the fields named. */
function paramsWithout(form: Form, ...names: readonly string[]): ReturnType<typeof paramsOf> {
  return paramsOf(
    form,
    (name) => name === 'From' || name === 'To' || name === 'AccountSid' || names.includes(name),
  )
}
