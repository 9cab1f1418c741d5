import type { DeliveryStatus, Id, MediaItem, Medium, Message } from '../../shared/documents.ts'

/** Twilio's parameters that have no field of their own, as received; repeated ones as a list. */
export type Params = Record<string, string | string[]>

/** How something reached us decides its time: design §3, "Time of a message". */
export type Source =
  | { kind: 'webhook' }
  /** First seen in Twilio's list: its own date (ms). */
  | { kind: 'list'; at: number }
  /** Imported: its own date (ms); history is neither unread nor waiting for an answer. */
  | {
      kind: 'history'
      at: number
      /** By the clock of another program or computer, which may be wrong; left out where the date is Twilio's own. */
      foreign?: true
    }

/** A text as the intake takes it. Numbers without the whatsapp: prefix. */
export interface InboundMessage {
  sid: string
  medium: Medium
  /** The business's number. */
  channel: string
  /** The contact's number, kept verbatim when it is not E.164. */
  contact: string
  body: string
  media: MediaItem[]
  profile_name?: string
  opt_out?: 'STOP' | 'START' | 'HELP'
  params: Params
}

/** A message the business sent by other means (seen in Twilio's list or an import). */
export interface SentElsewhere {
  sid: string
  medium: Medium
  channel: string
  contact: string
  body: string
  media: MediaItem[]
  status: DeliveryStatus
  error_code?: number
  sender?: 'operator' | 'ai' | 'system'
  params: Params
}

export interface CallBegan {
  call_sid: string
  channel: string
  /** The caller's number; the CallSid where there is none that can be used. */
  contact: string
  call_status: string
  params: Params
}

export interface VoicemailLeft {
  call_sid: string
  recording_sid: string
  url: string
  duration_s?: number
  channel: string
  contact: string
  params: Params
}

export interface TranscriptMade {
  call_sid: string
  recording_sid: string
  transcription_sid?: string
  status: string
  text: string
  channel: string
  contact: string
  params: Params
}

export interface SpokenLine {
  call_sid: string
  /** Makes the line one of its kind within the call, e.g. its number. */
  event: string
  text: string
  confidence?: number
  channel: string
  contact: string
  params: Params
}

/** A call went on or ended: changes the call's own message, never a time. */
export interface CallProgress {
  call_sid: string
  call_status: string
  duration_s?: number
}

export interface StatusUpdate {
  sid: string
  /** Our own id of the message, from the callback's address: it may come before Twilio's answer told us the SID. */
  id?: string
  status: string
  error_code?: number
}

/** Something the business says: an operator's words or an automatic answer. It is queued, placed and handed to the outbox at once. */
export interface Outgoing {
  medium: Medium
  /** The business's channel and the contact it is for. */
  channel_id: Id
  contact: string
  body: string
  sender: 'operator' | 'ai'
  answered_by?: string
  /** It leaves the question open: who wrote goes on waiting. */
  holding?: true
  /** Files that go with it, which the console keeps. */
  media?: MediaItem[]
  /** Made by the screen; a repeated request with the same one sends nothing twice. */
  draft?: string
  /** The approved WhatsApp template that `body` was made of. */
  template?: Message['template']
  /** The message this answers, by sid; it carries the session over the silence. */
  answers?: string
}

export interface Taken {
  message: Message
  /** False when it had been taken before: a retry, an overlapping delivery, or the same by another way. */
  fresh: boolean
  session: Id
}

/**
 * The one way in. Every call resolves when what it was given is durable, and rejects with SwitchboardError `disk_full`
 * or `disk_failed` when it can't be; nothing is kept then and the same may be offered again. What was erased is refused
 * for good, with `erased`. A text that is known without its files gets those it is offered with.
 */
export interface Intake {
  message(message: InboundMessage, source: Source): Promise<Taken>
  sentElsewhere(message: SentElsewhere, source: Source): Promise<Taken>
  callBegan(call: CallBegan, source: Source): Promise<Taken>
  callProgress(progress: CallProgress): Promise<void>
  voicemail(voicemail: VoicemailLeft, source: Source): Promise<Taken>
  transcript(transcript: TranscriptMade, source: Source): Promise<Taken>
  outgoing(message: Outgoing): Promise<Taken>
  spoken(line: SpokenLine, source: Source): Promise<Taken>
  /** Moves a status forward only; an unknown SID changes nothing and is no error. */
  status(update: StatusUpdate): Promise<void>
}
