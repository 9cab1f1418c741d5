/**
 * The documents Switchboard keeps, as they stand in its files, in exports and on the screen.
 * Field names of Session and Message are the brief's; times are ISO 8601 UTC with milliseconds.
 */

export const MEDIA_TYPES = ['sms', 'whatsapp', 'voice'] as const
/** How a conversation is carried: the brief's `communication_type`. */
export type Medium = (typeof MEDIA_TYPES)[number]

/** Twenty-four hex digits, made by the one id maker. */
export type Id = string
/** ISO 8601 in UTC with milliseconds, e.g. 2025-01-15T10:04:30.000Z. */
export type Iso = string

export type Sender = 'contact' | 'ai' | 'operator' | 'system'
export type SessionStatus = 'active' | 'closed'

/** Why a session is one of its own. Silences and gaps in milliseconds. */
export type Reason =
  | { kind: 'first' }
  | { kind: 'silence'; silence_ms: number; gap_ms: number }
  | { kind: 'closed'; at: Iso }
  | { kind: 'split'; at: Iso }

export interface Session {
  _id: Id
  channel_id: Id
  communication_type: Medium
  /** "SMS from +1234567890", "WhatsApp from …", "Voice from …". */
  title: string
  status: SessionStatus
  /** All messages, replies too. */
  message_count: number
  last_message_at: Iso
  metadata: {
    fromNumber: string
    firstMessageAt: Iso
    reason: Reason
    /** SID of the first and of the last message: with their times the ends of the session's interval. */
    firstSid: string
    lastSid: string
    /** Who spoke last, and the first 120 characters of it, for lists. */
    lastSender: Sender
    preview: string
    /**
     * Set while the contact waits for an answer, on the newest session of its key: the time of the first message that
     * came after the last answer and after the last session closed by hand. A call is answered by any medium.
     */
    waitingSince?: Iso
    /** Time of the contact's latest message in it, and of the latest answer (operator or automatic). */
    heardAt?: Iso
    answeredAt?: Iso
    /**
     * Only when the last thing in it is a call: when that call began, its place in the order of messages. With lastSid it
     * is the end of the session's interval; silence is measured from last_message_at.
     */
    lastStartedAt?: Iso
    /** The name the contact gives themselves on WhatsApp. */
    profileName?: string
    /** A message of this session could not be delivered and no later one has been. */
    failed?: true
    muted?: true
  }
  unread_count: number
  createdAt: Iso
  updatedAt: Iso
  /** Set on an emptied session: where its messages are now. Such a session is not listed. */
  merged_into?: Id
}

/** Twilio's message statuses, plus `unsure`: it may or may not have been sent. See reference twilio.md §4. */
export type DeliveryStatus =
  | 'received'
  | 'receiving'
  | 'accepted'
  | 'scheduled'
  | 'queued'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'read'
  | 'partially_delivered'
  | 'undelivered'
  | 'failed'
  | 'canceled'
  | 'unsure'

/** A file the console keeps: by its content, so that the same one is kept once. */
export interface MediaFile {
  /** SHA-256 of the bytes, 64 hex digits: its name below `media/`, app://media/ and /media/. */
  hash: string
  /** Bytes. */
  size: number
  /** What the bytes say it is, whatever its sender called it; application/octet-stream where they say nothing. */
  content_type: string
  /** Pixels, of pictures as they are to be looked at. */
  width?: number
  height?: number
}

export interface MediaItem {
  /** Twilio's address, kept as received; empty while there is none, and for what is sent from here. */
  url: string
  /** As its sender calls it. */
  content_type: string
  /** Once it is here. Without this and without a problem it is on its way. */
  file?: MediaFile
  /** Why it is not here and is not asked for again by itself, in words. */
  problem?: string
  /** Twilio has it no more: asking again is of no use. */
  gone?: true
  /** Voicemail only. */
  duration_s?: number
  recording_sid?: string
}

export interface Message {
  _id: Id
  session_id: Id
  content: string
  sender: Sender
  createdAt: Iso
  /** Twilio's SID (SM…, MM…, CA… for the call itself, RE… for its voicemail); ours while a send has none yet. */
  sid: string
  channel_id: Id
  communication_type: Medium
  /** The contact's number (or the CallSid of a caller without one). */
  contact: string
  status: DeliveryStatus
  /** Twilio's code, once set never erased. */
  error_code?: number
  media: MediaItem[]
  /** The call this message belongs to; its messages stay in the call's session. */
  call_sid?: string
  call?: { status?: string; duration_s?: number }
  transcript?: { sid?: string; status: string; text: string }
  /** Who answered when sender is "ai": rule or provider name. */
  answered_by?: string
  /** Automatic, and says only that their message came or that nobody is there now: they go on waiting for an answer. */
  holding?: true
  /** The message this one answers (its sid): what carries a session over a silence. */
  in_reply_to?: string
  /** The approved WhatsApp template it was made of; `content` is what that comes to. */
  template?: { sid: string; variables: Record<string, string> }
  profile_name?: string
  opt_out?: 'STOP' | 'START' | 'HELP'
  /** Every parameter Twilio sent that has no field of its own, as received; repeated ones as a list. */
  params?: Record<string, string | string[]>
  /** Journal sequence when it was first taken. */
  seq?: number
}

export interface Channel {
  _id: Id
  /** E.164, without the whatsapp: prefix. */
  number: string
  name: string
  createdAt: Iso
  updatedAt: Iso
}

export type Consent = 'unknown' | 'in' | 'out'
/** What somebody said about being written to by one channel and medium, and how it is known. */
export interface ConsentEntry {
  medium: Medium
  channel_id: Id
  state: Consent
  at: Iso
  /** The same moment on Twilio's clock, where it is known: what webhooks and lists tell is compared by it. */
  carrier_at?: Iso
  /**
   * By how much (ms) ours was then thought to be behind Twilio's; left out of what Twilio itself dated, and where nothing
   * was known. Without `carrier_at` it is of before the start, and the clock may have been set since.
   */
  carrier_ahead?: number
  /** `at` is by the clock of another program or computer, whose messages were imported. */
  foreign?: true
  why: string
}
export interface Contact {
  _id: Id
  numbers: string[]
  name: string
  notes: string
  tags: string[]
  /** As it is now: one for each channel and medium of which anything is known. */
  consent: ConsentEntry[]
  /** Every change of it, oldest first, the present one among them. */
  consent_log?: ConsentEntry[]
  createdAt: Iso
  updatedAt: Iso
}

/** What an operator did to the grouping of one key's messages. Stored by instant and message, never by session. */
export interface Act {
  _id: Id
  kind: 'close' | 'split' | 'reply' | 'merge'
  channel_id: Id
  communication_type: Medium
  contact: string
  /** Order of acts within the whole store: the later wins. */
  order: number
  /** When it was done. For `close` also the instant of the cut. */
  at: Iso
  /** split (and a close that the next message follows within its instant): the message it cuts before; reply and merge: first message of the span. */
  from?: { at: Iso; sid: string }
  /** reply and merge: last message of the span. */
  to?: { at: Iso; sid: string }
  /** close: `removed` = the cut was lifted (nothing followed it); `open` = it still cuts, the session is active again. */
  lifted?: 'removed' | 'open'
  /** close: since when the contact had been waiting, which closing ended; back when it no longer closes, unless answered. */
  waited?: Iso
  /** merge: the two that were joined, the earlier first, as they were: so they are again when it is taken back. */
  joined?: JoinedSession[]
  /** Any act taken back by undo. */
  undone?: true
}

/** A session before it was joined with another. */
export interface JoinedSession {
  _id: Id
  /** SID of its first message, by which it is known again. */
  firstSid: string
  messages: number
  unread: number
  muted?: true
}

/** One dated change of a gap setting. `value_ms` null = back to the less specific setting. */
export interface GapChange {
  _id: Id
  /** sessions.gap, sessions.gap.sms, channels.+N.sessions.gap, channels.+N.sessions.gap.sms … ; `regroup` or `channels.+N.regroup` for an act of regrouping. */
  key: string
  value_ms: number | null
  at: Iso
  order: number
  /** Channels that already had messages: for these the change holds from `at`; for all others from the beginning. */
  dated_for: Id[]
}
