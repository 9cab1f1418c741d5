import { MEDIA_TYPES, type MediaItem, type Medium, type Sender } from '../../shared/documents.ts'
import type { Params } from '../intake/types.ts'
import { plain } from './extended-json.ts'
import { type Fields, isFields, numberField, textField, timeOf } from './fields.ts'
import { isStatus } from './twilio.ts'
import type { Found, Said } from './types.ts'

/** What a message's session says of it. */
interface Place {
  channel_id: string
  medium: Medium
  contact: string
}

const SENDERS: ReadonlySet<string> = new Set<Sender>(['contact', 'ai', 'operator', 'system'])

/**
 * Reads Session and Message documents of design §4 (mongoexport, our own `messages --json`, an export), in any order.
 *
 * Only messages are put in; where they belong comes from their session's document, so the file is gone through once
 * before (`learn`). The file's own grouping is not kept: sessions are resolved again by our rule, from the messages'
 * times, so that a history has one rule throughout.
 */
export class DocumentReader {
  readonly #places = new Map<string, Place>()
  readonly #numbers = new Map<string, string>()
  readonly #storeNumber: (channelId: string) => string | undefined

  /** @param storeNumber the number of a channel the store knows by this id */
  constructor(storeNumber: (channelId: string) => string | undefined) {
    this.#storeNumber = storeNumber
  }

  /** Takes note of sessions and channels; messages are passed over. */
  learn(found: Found<unknown>): void {
    if (!('value' in found) || !isFields(found.value) || 'session_id' in found.value) return
    const fields = plain(found.value)
    if (!isFields(fields)) return
    const id = textField(fields, '_id')
    if (id === undefined) return
    if (isSession(fields)) this.#learnSession(id, fields)
    else if (isChannel(fields)) this.#numbers.set(id, bare(textField(fields, 'number') ?? ''))
  }

  #learnSession(id: string, fields: Fields): void {
    const metadata = isFields(fields['metadata']) ? fields['metadata'] : {}
    const contact = textField(metadata, 'fromNumber')
    const medium = mediumOf(fields)
    const channelId = textField(fields, 'channel_id') ?? ''
    if (contact === undefined || medium === undefined) return
    this.#places.set(id, { channel_id: channelId, medium, contact: bare(contact) })
    const number = textField(fields, 'channel_number') ?? textField(metadata, 'toNumber')
    if (number !== undefined) this.#numbers.set(channelId, bare(number))
  }

  /** What a value says, once the whole file was learnt. */
  read(value: unknown): Said {
    const fields = plain(value)
    if (!isFields(fields)) return { reason: 'this is no document' }
    if (!('session_id' in fields)) {
      return isSession(fields) || isChannel(fields) || 'numbers' in fields
        ? { other: true }
        : { reason: 'this is neither a message nor a session' }
    }
    const sessionId = textField(fields, 'session_id') ?? ''
    const place = this.#places.get(sessionId)
    const medium = mediumOf(fields) ?? place?.medium
    const contact = textField(fields, 'contact') ?? place?.contact
    if (medium === undefined || contact === undefined) {
      return { reason: `its session ${JSON.stringify(sessionId.slice(0, 60))} is not in the file` }
    }
    return messageOf(fields, {
      medium,
      contact: bare(contact),
      channel: this.#channel(textField(fields, 'channel_id') ?? place?.channel_id ?? ''),
    })
  }

  /**
   * The business's number. Where nothing tells it, the channel's id stands for it: then messages of two channels don't
   * mix, and `switchboard sessions` shows which is meant.
   */
  #channel(id: string): string {
    const number = this.#numbers.get(id) ?? this.#storeNumber(id)
    return number ?? (id === '' ? 'unknown' : id)
  }
}

interface Where {
  medium: Medium
  contact: string
  channel: string
}

function messageOf(fields: Fields, where: Where): Said {
  const id = textField(fields, 'sid', '_id')
  if (id === undefined) return { reason: '_id is missing' }
  const sender = textField(fields, 'sender')
  if (!isSender(sender))
    return { reason: `sender must be contact, ai, operator or system, not ${JSON.stringify(sender ?? null)}` }
  const date = textField(fields, 'createdAt')
  const at = date === undefined ? undefined : timeOf(date)
  if (at === undefined)
    return {
      reason:
        date === undefined
          ? 'createdAt is missing'
          : `createdAt ${JSON.stringify(date.slice(0, 60))} is not a time`,
    }

  const params = isFields(fields['params']) ? (fields['params'] as Params) : {}
  const media = mediaOf(fields['media'])
  if (where.medium === 'voice' && sender === 'contact') {
    const said = duringCall(id, at, fields, where, media, params)
    if (said) return said
  }
  const common = { sid: id, ...where, body: textField(fields, 'content') ?? '', media, params }
  if (sender !== 'contact') {
    const status = textField(fields, 'status')
    const errorCode = numberField(fields, 'error_code')
    return {
      entry: {
        kind: 'sent',
        at,
        of: {
          ...common,
          sender,
          status: isStatus(status) ? status : 'sent',
          ...(errorCode !== undefined && { error_code: errorCode }),
        },
      },
    }
  }
  const profile = textField(fields, 'profile_name')
  const optOut = fields['opt_out']
  return {
    entry: {
      kind: 'message',
      at,
      of: {
        ...common,
        ...(profile !== undefined && { profile_name: profile }),
        ...((optOut === 'STOP' || optOut === 'START' || optOut === 'HELP') && { opt_out: optOut }),
      },
    },
  }
}

/** A call, its voicemail or a line spoken in it: what our own documents know of a call (its SID in `call_sid`). */
function duringCall(
  sid: string,
  at: number,
  fields: Fields,
  where: Where,
  media: MediaItem[],
  params: Params,
): Said | undefined {
  const callSid = textField(fields, 'call_sid')
  if (callSid === undefined) return undefined
  const { channel, contact } = where
  const common = { call_sid: callSid, channel, contact, params }
  if (sid === callSid) {
    const call = isFields(fields['call']) ? fields['call'] : {}
    const duration = numberField(call, 'duration_s')
    return {
      entry: {
        kind: 'call',
        at,
        of: { ...common, call_status: textField(call, 'status') ?? 'unknown' },
        ...(duration !== undefined && { duration_s: duration }),
      },
    }
  }
  const [recording] = media
  if (recording?.recording_sid !== undefined) {
    const about = { ...common, recording_sid: recording.recording_sid }
    const transcript = isFields(fields['transcript']) ? fields['transcript'] : undefined
    const transcriptSid = transcript && textField(transcript, 'sid')
    return {
      entry: {
        kind: 'voicemail',
        at,
        of: {
          ...about,
          url: recording.url,
          ...(recording.duration_s !== undefined && { duration_s: recording.duration_s }),
        },
        ...(transcript && {
          transcript: {
            ...about,
            status: textField(transcript, 'status') ?? 'completed',
            text: textField(transcript, 'text') ?? '',
            ...(transcriptSid !== undefined && { transcription_sid: transcriptSid }),
          },
        }),
      },
    }
  }
  if (!sid.startsWith(`${callSid}:`)) return undefined
  return {
    entry: {
      kind: 'spoken',
      at,
      of: { ...common, event: sid.slice(callSid.length + 1), text: textField(fields, 'content') ?? '' },
    },
  }
}

function mediaOf(value: unknown): MediaItem[] {
  if (!Array.isArray(value)) return []
  return value.filter(isFields).flatMap((item) => {
    const url = textField(item, 'url')
    const duration = numberField(item, 'duration_s')
    const recording = textField(item, 'recording_sid')
    if (url === undefined && recording === undefined) return []
    return [
      {
        url: url ?? '',
        content_type: textField(item, 'content_type') ?? 'application/octet-stream',
        ...(duration !== undefined && { duration_s: duration }),
        ...(recording !== undefined && { recording_sid: recording }),
      },
    ]
  })
}

const isSession = (fields: Fields): boolean => 'communication_type' in fields && 'metadata' in fields
const isChannel = (fields: Fields): boolean => typeof fields['number'] === 'string'
const isSender = (text: string | undefined): text is Sender => text !== undefined && SENDERS.has(text)
const bare = (number: string): string => number.replace(/^whatsapp:/, '')
const mediumOf = (fields: Fields): Medium | undefined =>
  MEDIA_TYPES.find((medium) => medium === fields['communication_type'])
