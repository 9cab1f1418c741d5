/** What a screen may ask of the console, and of what shape: each request is parsed with its schema where it is received. */
import { z } from 'zod'
import { MOST_TAGS } from './limits.ts'

/** The real console, or the simulation beside it: an account, a data folder and a clock of its own. */
export const worldSchema = z.enum(['real', 'simulation'])
export type World = z.infer<typeof worldSchema>

const id = z.string().min(1).max(80)
const medium = z.enum(['sms', 'whatsapp', 'voice'])
const text = z.string().max(10_000)

export const requestSchemas = {
  // reading
  /** `after` and `of` as the stream last was: of other data, such as the next simulation's, nothing is known. */
  'feed.start': z.object({
    after: z.number().int().nonnegative().optional(),
    of: z.string().max(64).optional(),
  }),
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
  'templates.save': z.object({
    id: id.optional(),
    name: z.string().min(1).max(60),
    body: text.min(1),
    /** What the change began from: refused (setting_changed) where it says something else by now. */
    from: z.object({ name: z.string(), body: z.string() }).optional(),
  }),
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

/** What travels: one envelope each way, the same over every carrier. */
export const requestEnvelope = z.object({ world: worldSchema, name: z.string().max(60), input: z.unknown() })
export type RequestEnvelope = z.infer<typeof requestEnvelope>
