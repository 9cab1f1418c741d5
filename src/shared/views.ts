/** What the console shows a screen: documents with what is known around them, and how its parts are. */
import type { Channel, Contact, Medium, Session } from './documents.ts'
import type { ErrorCode } from './errors.ts'
import type { CatchUpView, StatusPart } from './live.ts'
import type { RequestName, World } from './requests.ts'

export interface CountsView {
  all: number
  sms: number
  whatsapp: number
  voice: number
  waiting: number
  unread: number
  closed: number
  /** The last three of each medium. */
  by: Readonly<Record<Medium, { waiting: number; unread: number; closed: number }>>
}

/** The operator joined what lies from one message to another; `cuts` are the closes and splits that it overcame. */
export interface MergeView {
  from: string
  to: string
  /** Before the message of this SID; without one, before the first message after this time. */
  cuts: { at: string; sid?: string }[]
}

/** A session as a screen shows it: the document, and what is known of its contact and its place. */
export interface SessionView extends Session {
  contact_name: string
  channel_name: string
  channel_number: string
  /** Place among the sessions of its key, from 1, and how many there are. */
  place: number
  of: number
  earlier: string | null
  later: string | null
  /** Why a message may not be written here now; null when it may. */
  composer: ComposerBar | null
  /** Gap in force now for this channel and medium, ms. */
  gap_ms: number
  opted_out: boolean
  /** Since when (ISO) they are not to be written to, and by what; left out while they may be. */
  opt_out?: { at: string; why: string }
  /** They opted out of SMS, which is the way out where another medium may not be written in. */
  sms_opted_out?: true
  /** WhatsApp only: until when free words are taken, as far as is known; past as soon as it is reached. */
  window_until?: string
  /** What the operator joined in it; left out where nothing was. */
  merges?: MergeView[]
}

/**
 * A key's sessions in order, from the place where it changed: each has the one before it and the one behind it as its
 * neighbours. Those before `from` stand as they did; those behind the last id, as far from the end as they did.
 */
export interface LineView {
  channel_id: string
  communication_type: Medium
  contact: string
  /** How many sessions the key has. */
  of: number
  /** Place of the first id, from 1. */
  from: number
  ids: string[]
}

export interface ComposerBar {
  code: 'opted_out' | 'window_closed' | 'no_account' | 'voice' | 'no_number'
  /** What is so, and the way out, in words. */
  sentence: string
}

/** One line of a contact's time line: a session of theirs, or one of the gaps between. */
export interface ContactView extends Contact {
  sessions: Session[]
  first_seen: string | null
}

export interface TruthView {
  world: World
  state: 'listening' | 'starting' | 'trouble' | 'stopped'
  /** What is so, in words; the state's own when all is well. */
  sentence: string
  /** The one thing to do. */
  action: { label: string; request: RequestName | 'go_settings' | 'go_phone' | 'go_live' } | null
  webhooks: string
  public_base: string | null
  last_webhook_at: string | null
  outbox: number
  problems: { code: ErrorCode; sentence: string }[]
  account: 'none' | 'set' | 'simulation'
  now: string
  data_folder: string
  simulation_running: boolean
  version: string
  /** How each part is, for the Status page. */
  parts: StatusPart[]
  catch_up: CatchUpView
}

export interface SettingsView {
  /** Gaps as set: key to text such as "5m"; only those that are set. */
  gaps: Record<string, string>
  gap_default: string
  values: Record<string, unknown>
  channels: Channel[]
}

export interface Template {
  _id: string
  name: string
  body: string
}

/** A template that lies at Twilio. */
export interface ContentView {
  sid: string
  name: string
  language: string
  /** With its variables in double braces: {{1}}. */
  body: string
  variables: { name: string; example: string }[]
  types: string[]
  /** Whether WhatsApp has approved it; null where Twilio does not say. */
  approved: boolean | null
}

export interface PhoneView {
  running: boolean
  now: string
  business: string
  phones: { number: string; label: string; lines: PhoneLine[] }[]
}

/** What a scenario came to: the messages of each session it made, and whether the brief says so too (null: it says nothing). */
export interface Made {
  sessions: number
  messages: number
  as_expected: boolean | null
  /** What is not as it was at first and explains that it came out otherwise; empty when it did not, or nobody knows why. */
  misses: Miss[]
  /** Number of the phone that began it, and that phone's newest session. */
  phone: string
  session: string | null
}

export type Miss =
  | { code: 'gap'; medium: Medium; gap_ms: number }
  | { code: 'answers_off' | 'answers_changed' }
  /** Something else was written or called while it was played. */
  | { code: 'disturbed' }

/** What a test phone shows: what it sent and what the business answered. */
export interface PhoneLine {
  id: string
  at: string
  medium: 'sms' | 'whatsapp' | 'voice'
  from: 'phone' | 'business'
  body: string
  /** A picture came with it. */
  photo?: true
}

/** How the desktop app is set on this computer: what concerns the person, not the business. */
export interface AppView {
  /** Null: this system can't be told by us. */
  login_item: boolean | null
  close_to_tray: 'ask' | 'tray' | 'quit'
  browser_console: boolean
  /** Where the browser console is while it is on, its token included. */
  browser_console_url: string | null
}

export interface Undoable {
  /** Given to `acts.undo`; what was done, in words for the toast. */
  undo: string
  done: string
  session: Session | null
}
