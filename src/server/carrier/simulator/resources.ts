import type { Account, SimCall, SimMedia, SimMessage, SimNumber, SimRecording } from './account.ts'
import { segments } from './parameters.ts'

/** Twilio's resources as its REST API writes them. */
const VERSION = '2010-04-01'

/** RFC 2822 in whole seconds, as in "Wed, 15 Jan 2025 10:00:00 +0000". */
function date(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toUTCString().replace('GMT', '+0000')
}

export function pathOf(account: Account, rest: string): string {
  return `/${VERSION}/Accounts/${account.sid}${rest}`
}

export function messageResource(account: Account, message: SimMessage) {
  const uri = pathOf(account, `/Messages/${message.sid}`)
  return {
    sid: message.sid,
    account_sid: account.sid,
    api_version: VERSION,
    messaging_service_sid: null,
    body: message.body,
    from: message.from,
    to: message.to,
    direction: message.direction,
    status: message.status,
    error_code: message.error_code,
    error_message: null,
    num_media: String(Math.max(message.media.length, message.media_urls.length)),
    num_segments: String(segments(message.body)),
    price: null,
    price_unit: 'USD',
    date_created: date(message.created),
    date_updated: date(message.updated),
    date_sent: date(message.sent),
    uri: `${uri}.json`,
    subresource_uris: { media: `${uri}/Media.json` },
  }
}

export function mediaResource(account: Account, media: SimMedia) {
  return {
    sid: media.sid,
    account_sid: account.sid,
    parent_sid: media.parent_sid,
    content_type: media.content_type,
    date_created: date(media.created),
    date_updated: date(media.created),
    uri: pathOf(account, `/Messages/${media.parent_sid}/Media/${media.sid}.json`),
  }
}

export function callResource(account: Account, call: SimCall) {
  const uri = pathOf(account, `/Calls/${call.sid}`)
  return {
    sid: call.sid,
    account_sid: account.sid,
    api_version: VERSION,
    parent_call_sid: null,
    phone_number_sid: '',
    from: call.from,
    from_formatted: call.from,
    to: call.to,
    to_formatted: call.to,
    direction: call.direction,
    status: call.status,
    duration: call.ended === null ? null : String(Math.round((call.ended - call.started) / 1000)),
    start_time: date(call.started),
    end_time: date(call.ended),
    date_created: date(call.created),
    date_updated: date(call.ended ?? call.created),
    answered_by: null,
    caller_name: null,
    forwarded_from: null,
    group_sid: null,
    price: null,
    price_unit: 'USD',
    queue_time: '0',
    trunk_sid: null,
    uri: `${uri}.json`,
    subresource_uris: { recordings: `${uri}/Recordings.json` },
  }
}

export function recordingResource(account: Account, recording: SimRecording, base: string) {
  const uri = pathOf(account, `/Recordings/${recording.sid}`)
  return {
    sid: recording.sid,
    account_sid: account.sid,
    api_version: VERSION,
    call_sid: recording.call_sid,
    conference_sid: null,
    channels: 1,
    source: 'RecordVerb',
    status: 'completed',
    duration: String(recording.duration),
    error_code: null,
    price: null,
    price_unit: 'USD',
    start_time: date(recording.created),
    date_created: date(recording.created),
    date_updated: date(recording.created),
    encryption_details: null,
    media_url: base + uri,
    uri: `${uri}.json`,
    subresource_uris: { transcriptions: `${uri}/Transcriptions.json` },
  }
}

export function transcriptionResource(account: Account, recording: SimRecording) {
  const { transcription } = recording
  if (!transcription) return undefined
  return {
    sid: transcription.sid,
    account_sid: account.sid,
    api_version: VERSION,
    recording_sid: recording.sid,
    status: transcription.status,
    transcription_text: transcription.text,
    type: 'fast',
    duration: String(recording.duration),
    price: null,
    price_unit: 'USD',
    date_created: date(recording.created),
    date_updated: date(recording.created),
    uri: pathOf(account, `/Transcriptions/${transcription.sid}.json`),
  }
}

export function accountResource(account: Account) {
  return {
    sid: account.sid,
    friendly_name: account.name,
    owner_account_sid: account.sid,
    status: account.status,
    type: account.isTrial ? 'Trial' : 'Full',
    auth_token: '',
    date_created: null,
    date_updated: null,
    uri: `/${VERSION}/Accounts/${account.sid}.json`,
    subresource_uris: {},
  }
}

export function numberResource(account: Account, number: SimNumber) {
  const { created, updated, ...rest } = number
  return {
    ...rest,
    account_sid: account.sid,
    api_version: VERSION,
    beta: false,
    capabilities: { voice: true, sms: true, mms: true, fax: false },
    sms_fallback_method: 'POST',
    voice_caller_id_lookup: false,
    origin: 'twilio',
    status: 'in-use',
    date_created: date(created),
    date_updated: date(updated),
    uri: pathOf(account, `/IncomingPhoneNumbers/${number.sid}.json`),
  }
}
