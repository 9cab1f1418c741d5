import type { MediaItem } from '../../shared/documents.ts'
import type { Carrier, CarrierMessage, Outcome } from './carrier.ts'
import type { NumberRecord } from './twilio-account.ts'

/**
 * What happened in the account, page by page, for catching up. A page is asked for by where the one before it ended, so
 * that one that could not be had is asked for again, and nothing else is.
 */
export interface CarrierLists {
  messages(range: ListRange, next?: string): Promise<Outcome<ListPage<CarrierMessage>>>
  calls(range: ListRange, next?: string): Promise<Outcome<ListPage<CallRecord>>>
  recordings(range: ListRange, next?: string): Promise<Outcome<ListPage<RecordingRecord>>>
  call(sid: string): Promise<Outcome<CallRecord>>
  /** What was made of a recording; usually none or one. */
  transcripts(recordingSid: string): Promise<Outcome<TranscriptRecord[]>>
  /** The files that came with a message, at the addresses its webhook would have named. */
  mediaOf(messageSid: string): Promise<Outcome<MediaItem[]>>
  /** The account's numbers, with what answers each. */
  numbers(): Promise<Outcome<NumberRecord[]>>
  /** What the carrier's own clock showed when it last answered (ms); undefined before that. */
  heardAt(): number | undefined
}

/** A carrier that can be caught up with. */
export interface ListingCarrier extends Carrier {
  readonly lists: CarrierLists
}

/**
 * In ms. Twilio may take both for whole days (UTC): ask for a day more on either side, and leave out what is too much.
 * A message not yet sent has no date and is not listed.
 */
export interface ListRange {
  after: number
  before?: number
  /** 1–1000, Twilio's limits. */
  pageSize?: number
}

/** In the carrier's order, which Twilio doesn't promise. */
export interface ListPage<T> {
  items: T[]
  /** SIDs of entries that say too little to be taken. */
  unread?: readonly string[]
  /** Given to the same listing for the page behind this; undefined on the last. */
  next: string | undefined
}

export interface CallRecord {
  sid: string
  direction: 'inbound' | 'outbound'
  from: string
  to: string
  /** Twilio's CallStatus. */
  status: string
  started_at: number
  duration_s?: number
}

export interface RecordingRecord {
  sid: string
  call_sid: string
  /** RecordVerb: what a caller left after the beep; others record whole calls. */
  source: string
  /** processing, completed, absent … */
  status: string
  /** Where the sound is; a .wav when nothing more is said. */
  url: string
  duration_s?: number
  created_at: number
}

export interface TranscriptRecord {
  sid: string
  status: string
  text: string
}
