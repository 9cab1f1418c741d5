/**
 * What a screen may ask of the console and what the console tells it: the whole surface between the two, whatever
 * carries it (Electron IPC, a WebSocket, memory). Requests are parsed on the receiving side with these schemas.
 * The renderer imports the types of this file only, so that zod stays out of the page (its CSP forbids `new Function`).
 */
import { z } from 'zod'
import type { Act, Channel, Contact, MediaFile, Medium, Message, Session } from './documents.ts'
import type { ErrorCode } from './errors.ts'
import { MOST_TAGS } from './limits.ts'
import type { CatchUpView, LiveView, StatusPart } from './live.ts'

/** The real console, or the simulation beside it: an account, a data folder and a clock of its own. */
export const worldSchema = z.enum(['real', 'simulation'])
export type World = z.infer<typeof worldSchema>

const id = z.string().min(1).max(80)
const medium = z.enum(['sms', 'whatsapp', 'voice'])
const text = z.string().max(10_000)

export const requestSchemas = {
  // reading
  'feed.start': z.object({ after: z.number().int().nonnegative().optional() }),
  'truth.get': z.object({}),
  'sessions.list': z.object({
    type: medium.optional(),
    filter: z.enum(['all', 'waiting', 'unread', 'closed']).default('all'),
    order: z.enum(['latest', 'longest_waiting']).default('latest'),
    offset: z.number().int().nonnegative().default(0),
    limit: z.number().int().positive().max(500).default(100),
  }),
  'sessions.get': z.object({ id }),
  /** Newest `limit` messages of the session before `before`. */
  'sessions.messages': z.object({
    id,
    before: z.object({ at: z.string(), sid: z.string() }).optional(),
    limit: z.number().int().positive().max(1000).default(200),
  }),
  'contacts.list': z.object({
    search: z.string().max(200).default(''),
    offset: z.number().int().nonnegative().default(0),
    limit: z.number().int().positive().max(500).default(100),
  }),
  /** The contact with this number and all their sessions over all media. */
  'contacts.get': z.object({ number: z.string().min(1).max(80) }),
  'channels.list': z.object({}),
  'settings.get': z.object({}),
  'templates.list': z.object({}),
  // acts on sessions: each answers with what undoes it
  'sessions.close': z.object({ id }),
  'sessions.reopen': z.object({ id }),
  /** Joins the session with the one before it. */
  'sessions.merge': z.object({ id }),
  /** Parts the session before this message. */
  'sessions.split': z.object({ id, before: id }),
  'sessions.read': z.object({ id }),
  'sessions.unread': z.object({ id }),
  'sessions.mute': z.object({ id, muted: z.boolean() }),
  'acts.undo': z.object({ undo: z.string().min(1).max(200) }),
  'contacts.save': z.object({
    number: z.string().min(1).max(80),
    name: z.string().max(200).optional(),
    notes: text.optional(),
    /** The note the change began from: refused (note_changed) where it is another by now. Left out, it is written over. */
    notes_from: text.optional(),
    tags: z.array(z.string().min(1).max(60)).max(MOST_TAGS).optional(),
  }),
  'channels.save': z.object({ id, name: z.string().min(1).max(100) }),
  /** Gap settings take text such as "5m"; null goes back to the less specific one. */
  'settings.set': z.object({
    key: z.string().min(1).max(200),
    value: z.unknown(),
    /** What the change began from: refused (setting_changed) where it is something else by now. */
    from: z.unknown().optional(),
  }),
  'templates.save': z.object({ id: id.optional(), name: z.string().min(1).max(60), body: text.min(1) }),
  'templates.remove': z.object({ id }),
  // sending
  /** The account's templates at Twilio (Content API), which WhatsApp takes outside its 24 hours. */
  'content.list': z.object({ channel_id: id }),
  'messages.send': z.object({
    channel_id: id,
    medium,
    contact: z.string().min(1).max(80),
    /** Files that were added before, by their hash. */
    media: z
      .array(z.string().regex(/^[0-9a-f]{64}$/))
      .max(10)
      .optional(),
    /** May be empty where files go with it, and is left out where `content` says what is sent. */
    body: z.string().max(1600).default(''),
    /** An approved WhatsApp template and what its variables are to be. */
    content: z.object({ sid: id, variables: z.record(z.string().max(60), z.string().max(1000)) }).optional(),
    /** Made by the screen, so that a repeated request does not send twice and the optimistic row finds its message. */
    draft: z.string().min(8).max(80),
    /** The session the operator wrote in, which the answer carries on. */
    session: id.optional(),
  }),
  /** Sends again what failed or stayed unsure. */
  'messages.retry': z.object({ id }),
  /** Keeps a file to be sent by this medium; `data` is base64 of at most 5 MB. */
  'media.add': z.object({ name: z.string().max(300), data: z.string().max(6_800_000), medium }),
  /** Drafts still hold these files: said now and then, so that they stay. One that is sent or taken out needs nothing. */
  'media.keep': z.object({ hashes: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(1000) }),
  /** Asks Twilio again for a file of a message that did not come. */
  'media.retry': z.object({ message: id, index: z.number().int().nonnegative().max(100) }),
  // the test phone: the simulation's own
  /** What an earlier simulation left, or the one that runs has: going on with it is offered, and beginning afresh. */
  'simulation.kept': z.object({}),
  'simulation.start': z.object({}),
  /** Ends it and throws away what it kept, or what an earlier one did. */
  'simulation.stop': z.object({}),
  'phone.text': z.object({
    from: z.string().min(1).max(80),
    medium: z.enum(['sms', 'whatsapp']),
    body: z.string().max(1600),
    photo: z.boolean().default(false),
  }),
  'phone.call': z.object({
    from: z.string().min(1).max(80),
    lines: z.array(z.string().max(1000)).max(20).default([]),
    voicemail: z.string().max(2000).optional(),
  }),
  'phone.advance': z.object({
    ms: z
      .number()
      .int()
      .positive()
      .max(366 * 86_400_000),
  }),
  'phone.scenario': z.object({
    name: z.enum(['within', 'after', 'two_phones', 'voicemail', 'window_closed', 'stop', 'busy_morning']),
  }),
  'phone.get': z.object({}),
  /** Takes away a phone that was added; what it wrote stays in the console. */
  'phone.remove': z.object({ number: z.string().min(1).max(80) }),
  // going live: the account, its numbers, the way in. Each answers with everything as it is then.
  'live.get': z.object({}),
  /** Checked with Twilio at once and kept; the token never comes back to a screen. */
  'live.account': z.object({
    account_sid: z.string().trim().max(60),
    auth_token: z.string().trim().max(100),
  }),
  /** Puts the numbers back first. `anyway`: though Twilio refuses that; what they had stays known, for that account. */
  'live.forget': z.object({ anyway: z.boolean().optional() }),
  /** Reads the account's numbers again. */
  'live.numbers': z.object({}),
  'live.choose': z.object({
    numbers: z.array(z.object({ sid: id, voice: z.enum(['leave', 'here']) })).max(500),
  }),
  'live.way': z.object({ kind: z.enum(['none', 'localtunnel', 'address']), url: z.string().max(300) }),
  /** Opens the way and points the chosen numbers here; goes live again by itself at the next start. */
  'live.go': z.object({}),
  /** Puts back what the numbers had before and closes the way. */
  'live.leave': z.object({}),
  /** Sends a signed request around through the public address, for this number or the first that is chosen. */
  'live.test': z.object({ sid: id.optional() }),
  // keeping it so
  'tunnel.retry': z.object({}),
  /** Reads Twilio's lists from where they were last read, or the last so many days. */
  'catch_up.start': z.object({ days: z.number().int().positive().max(400).optional() }),
  'catch_up.cancel': z.object({}),
  /** The notice of what arrived meanwhile was seen. */
  'catch_up.seen': z.object({}),
  'backup.now': z.object({}),
  /** The log of late with secrets and personal data taken out, to be sent to somebody who helps. */
  'support.log': z.object({}),
  // the machine
  'app.open_folder': z.object({ what: z.enum(['data', 'logs']) }),
  /** Offers a stored file to be saved where the person likes; the desktop app's own. */
  'app.save_file': z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/), name: z.string().min(1).max(120) }),
  'app.open_link': z.object({ url: z.string().max(2000) }),
  'app.get': z.object({}),
  'app.set': z.object({
    key: z.enum(['login_item', 'browser_console', 'close_to_tray', 'theme', 'zoom']),
    value: z.union([z.string(), z.boolean(), z.number()]),
  }),
  'app.painted': z.object({}),
} as const satisfies Record<string, z.ZodType>

export type RequestName = keyof typeof requestSchemas
/** What a screen passes in: fields with a default may be left out. */
export type RequestInput<N extends RequestName> = z.input<(typeof requestSchemas)[N]>
/** What a handler gets. */
export type Request<N extends RequestName> = z.output<(typeof requestSchemas)[N]>

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

export interface Results {
  'feed.start': { seq: number; world: World; fresh: boolean }
  'truth.get': TruthView
  'sessions.list': { sessions: SessionView[]; total: number; counts: CountsView; seq: number }
  'sessions.get': SessionView
  'sessions.messages': { messages: Message[]; more: boolean; seq: number }
  'contacts.list': { contacts: ContactView[]; total: number }
  'contacts.get': ContactView
  'channels.list': Channel[]
  'settings.get': SettingsView
  'templates.list': Template[]
  'sessions.close': Undoable
  'sessions.reopen': Undoable
  'sessions.merge': Undoable
  'sessions.split': Undoable
  'sessions.read': Undoable
  'sessions.unread': Undoable
  'sessions.mute': Undoable
  'acts.undo': { done: string }
  'contacts.save': Undoable
  'channels.save': Undoable
  'settings.set': Undoable
  'templates.save': Template
  'templates.remove': Undoable
  'content.list': ContentView[]
  'messages.send': Message
  'messages.retry': Message
  'media.add': MediaFile
  'media.keep': Record<string, never>
  'media.retry': Message
  'simulation.kept': { sessions: number }
  'simulation.start': PhoneView
  'simulation.stop': Record<string, never>
  'phone.text': PhoneView
  'phone.call': PhoneView
  'phone.advance': PhoneView
  'phone.scenario': PhoneView & { made: Made }
  'phone.get': PhoneView
  'phone.remove': PhoneView
  'live.get': LiveView
  'live.account': LiveView
  'live.forget': LiveView
  'live.numbers': LiveView
  'live.choose': LiveView
  'live.way': LiveView
  'live.go': LiveView
  'live.leave': LiveView
  'live.test': LiveView
  'tunnel.retry': Record<string, never>
  'catch_up.start': Record<string, never>
  'catch_up.cancel': Record<string, never>
  'catch_up.seen': Record<string, never>
  'backup.now': { file: string; bytes: number }
  'support.log': { name: string; text: string }
  'app.open_folder': Record<string, never>
  'app.save_file': Record<string, never>
  'app.open_link': Record<string, never>
  'app.get': AppView
  'app.set': Record<string, never>
  'app.painted': Record<string, never>
}

/** What happened, in the order it became durable. `seq` is the journal's and rises; a gap in it was of no interest to screens. */
export interface Change {
  seq: number
  sessions?: SessionView[]
  /** Where sessions began, went or parted: what that says of the others of their key. */
  lines?: LineView[]
  messages?: Message[]
  contacts?: Contact[]
  channels?: Channel[]
  acts?: Act[]
  settings?: SettingsView
  templates?: true
}

export type FeedEvent =
  /** Changes since the last event, batched; each once, in order. */
  | { kind: 'changes'; world: World; changes: Change[]; counts: CountsView }
  /** Too much was missed to be told one by one: read the lists again, then go on from `seq`. */
  | { kind: 'reset'; world: World; seq: number }
  | { kind: 'truth'; world: World; truth: TruthView }
  | { kind: 'phone'; world: 'simulation'; phone: PhoneView }
  | { kind: 'live'; world: World; live: LiveView }
  /** Show this session: a notification was clicked, or a second start asked for it. */
  | { kind: 'open'; world: World; session: string }

export interface Failure {
  code: ErrorCode
  message: string
}
/** Errors travel as values: Electron drops what an Error carries. */
export type Result<T> = { ok: true; value: T } | { ok: false; error: Failure }

export type Handlers = { [N in RequestName]: (input: Request<N>) => Promise<Results[N]> | Results[N] }

/** The line to the console. `refused`: it runs, and no longer knows this page, for it was started again since. */
export type LineState = 'open' | 'lost' | 'refused'

/** All that a screen knows of the console. */
export interface Transport {
  readonly kind: 'ipc' | 'websocket' | 'memory'
  request<N extends RequestName>(world: World, name: N, input: RequestInput<N>): Promise<Result<Results[N]>>
  /** Every feed event from now on; `feed.start` makes a world's begin. The returned function ends it. */
  subscribe(listener: (event: FeedEvent) => void): () => void
  /** The line itself: lost and found again. A transport in the same process never loses it. */
  onConnection(listener: (line: LineState) => void): () => void
}

/** What travels: one envelope each way, the same over every carrier. */
export const requestEnvelope = z.object({ world: worldSchema, name: z.string().max(60), input: z.unknown() })
export type RequestEnvelope = z.infer<typeof requestEnvelope>
