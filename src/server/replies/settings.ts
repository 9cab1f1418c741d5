import { z } from 'zod'
import { SwitchboardError } from '../../shared/errors.ts'

const text = z.string().max(1600)
/** "09:00" to "24:00". */
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time such as 09:00')
const day = z
  .array(
    z
      .object({ from: timeOfDay, to: timeOfDay })
      // One that ends before it begins ends the day after.
      .refine(({ from, to }) => from !== to, 'must not end when it begins'),
  )
  .max(5)

export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const
export type Weekday = (typeof WEEKDAYS)[number]

const timeZone = z.string().refine(isTimeZone, 'must be a time zone such as Europe/Berlin')

const hoursSchema = z.object({
  time_zone: timeZone,
  /** A day that is left out is closed. */
  days: z.partialRecord(z.enum(WEEKDAYS), day),
  /** Said outside of them, once in a session. */
  closed: text.min(1),
  /** Switched off: always open, and these are kept for when they are switched on again. */
  off: z.literal(true).optional(),
})
export type Hours = z.infer<typeof hoursSchema>

const keywordSchema = z.object({
  /** Any of these words or phrases, as whole words, whatever their case. */
  words: z.array(z.string().min(1).max(60)).min(1).max(20),
  answer: text.min(1),
})

/** Every setting of the automatic answers, by its key in the store. */
export const replySettingSchemas = {
  'replies.enabled': z.boolean(),
  /** Said to the first message of a session, unless an operator wrote before it; empty: nothing. */
  'replies.greeting': text,
  'replies.keywords': z.array(keywordSchema).max(100),
  /** Null: always open, and none were ever set. */
  'replies.hours': hoursSchema.nullable(),
  /** Said when nothing else fits; empty: nothing. */
  'replies.acknowledgement': text,
  /** Answers in one session within an hour, at most: two machines must not answer each other for ever. */
  'replies.limit': z.number().int().min(1).max(1000),
} as const

export interface ReplySettings {
  enabled: boolean
  greeting: string
  keywords: { words: string[]; answer: string }[]
  hours: Hours | null
  acknowledgement: string
  limit: number
}

/** For real numbers: off until going live asks for it, with the greeting ready (issue 3, item 6). */
export const REAL_DEFAULTS: ReplySettings = {
  enabled: false,
  greeting: 'Hello, and thanks for your message. We will answer as soon as we can.',
  keywords: [],
  hours: null,
  acknowledgement: '',
  limit: 30,
}

/** For the test phone: every text gets its answer, as in the brief's tests. */
export const SIMULATION_DEFAULTS: ReplySettings = {
  enabled: true,
  greeting: 'Hello! Thanks for writing to us. How can we help?',
  keywords: [
    {
      words: ['hours', 'open', 'closed', 'when'],
      answer: 'We are open Monday to Friday from 9 to 6, and Saturday until 2.',
    },
    {
      words: ['where', 'address', 'parking'],
      answer: 'You find us at 12 Market Street. Parking is behind the house.',
    },
    {
      words: ['order', 'delivery', 'deliver'],
      answer: 'We are looking into it and will tell you in a moment.',
    },
    { words: ['are you there', 'anybody there'], answer: 'Yes, we are here.' },
    {
      words: ['help'],
      answer: 'Of course. Tell us what it is about, and somebody will be with you shortly.',
    },
    { words: ['thanks', 'thank you', 'merci'], answer: 'You are welcome!' },
  ],
  hours: null,
  acknowledgement: 'Thanks, we have your message and will be with you shortly.',
  limit: 200,
}

/** The settings in force: those stored, and the defaults for the rest and for what can't be read. */
export function readReplySettings(
  stored: ReadonlyMap<string, unknown>,
  defaults: ReplySettings,
): ReplySettings {
  const read = <T>(key: keyof typeof replySettingSchemas, schema: z.ZodType<T>, usual: T): T => {
    const parsed = schema.safeParse(stored.get(key))
    return parsed.success ? parsed.data : usual
  }
  return {
    enabled: read('replies.enabled', replySettingSchemas['replies.enabled'], defaults.enabled),
    greeting: read('replies.greeting', replySettingSchemas['replies.greeting'], defaults.greeting),
    keywords: read('replies.keywords', replySettingSchemas['replies.keywords'], defaults.keywords),
    hours: read('replies.hours', replySettingSchemas['replies.hours'], defaults.hours),
    acknowledgement: read(
      'replies.acknowledgement',
      replySettingSchemas['replies.acknowledgement'],
      defaults.acknowledgement,
    ),
    limit: read('replies.limit', replySettingSchemas['replies.limit'], defaults.limit),
  }
}

/** The settings in force, by their keys in the store: what a screen shows and changes. */
export function replyValues(
  stored: ReadonlyMap<string, unknown>,
  defaults: ReplySettings,
): Record<string, unknown> {
  const values = readReplySettings(stored, defaults)
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`replies.${name}`, value]))
}

/** Whether it is what is said to people, kept letter by letter; it may be nothing. */
export const isReplyWords = (key: string): boolean => schemaOf(key) === text

/** Throws SwitchboardError no_such_setting or bad_setting for a setting of the answers that can't be. */
export function checkReplySetting(key: string, value: unknown): void {
  const schema = schemaOf(key)
  if (!schema) throw new SwitchboardError('no_such_setting', { key })
  const parsed = schema.safeParse(value)
  if (parsed.success) return
  const [issue] = parsed.error.issues
  const where = issue && issue.path.length > 0 ? `${issue.path.map(words).join(', ')}: ` : ''
  const shown = typeof value === 'string' ? value : JSON.stringify(value)
  throw new SwitchboardError('bad_setting', {
    key,
    value: shown.length > 80 ? `${shown.slice(0, 79)}…` : shown,
    why: `${where}${issue?.message ?? 'it has another form'}.`,
  })
}

const schemaOf = (key: string): z.ZodType | undefined =>
  Object.entries(replySettingSchemas).find(([known]) => known === key)?.[1]

/** A part of a setting as a person would say it: `time_zone` is the time zone, the rule at 0 the first. */
function words(part: PropertyKey): string {
  return typeof part === 'number' ? `no. ${String(part + 1)}` : String(part).replaceAll('_', ' ')
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
