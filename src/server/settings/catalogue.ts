import { z } from 'zod'
import { type GapChange, MEDIA_TYPES } from '../../shared/documents.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import { DEFAULT_GAP_MS, formatGap, parseGap } from '../sessions/index.ts'

/** What there is to set, what it may be, and what it is when nobody set it. Pure; gaps are stored as dated changes. */

/** A setting read from a command or a screen, checked. `null` goes back to the default. */
export type ParsedSetting =
  { kind: 'gap'; key: string; value_ms: number | null } | { kind: 'value'; key: string; value: unknown }

/** One line of `switchboard config get`. Gaps as text such as "5m". */
export interface SettingView {
  key: string
  value: unknown
  default: unknown
  /** False when the value is the default. */
  set: boolean
  description: string
}

interface Kind {
  key: string
  schema: z.ZodType
  /** What it must be, for a person: completes "KEY cannot be VALUE: ". */
  why: string
  default: unknown
  description: string
}

const onOff = { schema: z.boolean(), why: 'it is either true or false.' }

/** "22:00-07:00"; empty for none. */
const QUIET = /^$|^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/

/** Settings with a name and a value. A new one is a line here. */
const VALUES: readonly Kind[] = [
  {
    ...onOff,
    key: 'notifications.enabled',
    default: true,
    description: 'Whether the desktop app says it when somebody writes.',
  },
  {
    ...onOff,
    key: 'notifications.preview',
    default: true,
    description: 'Whether a notification shows what was written; false says only that something was.',
  },
  { ...onOff, key: 'notifications.sound', default: true, description: 'Whether a notification is heard.' },
  {
    key: 'notifications.quiet_hours',
    schema: z.string().regex(QUIET),
    why: 'it is a time of day from and to, such as 22:00-07:00, or empty for none.',
    default: '',
    description: 'When nothing is notified, in this computer’s time: 22:00-07:00; empty for never.',
  },
  {
    ...onOff,
    key: 'power.keep_awake',
    default: false,
    description: 'Whether the desktop app keeps the computer awake while it is live and on mains power.',
  },
  {
    ...onOff,
    key: 'privacy.log_bodies',
    default: true,
    description: 'Whether the log shows what people wrote; false writes "(12 characters)".',
  },
  {
    ...onOff,
    key: 'privacy.log_numbers',
    default: true,
    description: 'Whether the log shows numbers in full; false writes "+1••••••890".',
  },
]

/** Settings of the automatic replies, kept as they come: what they mean is for src/server/replies to say. */
const REPLIES = /^replies(\.[a-z0-9_]{1,40}){1,4}$/

const MEDIA_NAMES = { sms: 'texts', whatsapp: 'WhatsApp', voice: 'calls' } as const
const GAP = /^(?:channels\.(\+[1-9]\d{2,14}|[0-9a-f]{24})\.)?sessions\.gap(?:\.(sms|whatsapp|voice))?$/

/** Words that take a setting back. */
const UNSET = new Set<unknown>(['default', 'null', '', null])

interface ReplyRules {
  /** Throws SwitchboardError no_such_setting or bad_setting. */
  check: (key: string, value: unknown) => void
  /** What is said to people, which may be nothing. */
  isWords: (key: string) => boolean
}

/**
 * A setting from text (the command) or a value (a screen).
 * Throws SwitchboardError `no_such_setting`, `bad_setting` or, for a gap, `bad_gap`.
 * @param replies what the settings of the automatic replies mean, which is theirs to say
 */
export function parseSetting(
  key: string,
  value: unknown,
  replies: ReplyRules = { check: () => undefined, isWords: () => false },
): ParsedSetting {
  if (GAP.test(key)) {
    if (UNSET.has(value)) return { kind: 'gap', key, value_ms: null }
    const ms = typeof value === 'string' ? parseGap(value) : undefined
    if (ms === undefined) throw new SwitchboardError('bad_gap', { value: shown(value) })
    return { kind: 'gap', key, value_ms: ms }
  }
  const kind = VALUES.find((known) => known.key === key)
  if (!kind && !REPLIES.test(key)) throw new SwitchboardError('no_such_setting', { key })
  const isWords = !kind && replies.isWords(key)
  // An automatic answer without words is none at all: emptied, it must not be the default one again.
  if (UNSET.has(value) && !(isWords && value === '')) return { kind: 'value', key, value: null }
  // What is said to people is kept letter by letter, be it "12" or in quotes.
  const given = typeof value === 'string' && !isWords ? fromText(value) : value
  if (!kind) {
    replies.check(key, given)
    return { kind: 'value', key, value: given }
  }
  const parsed = kind.schema.safeParse(given)
  if (!parsed.success) throw new SwitchboardError('bad_setting', { key, value: shown(value), why: kind.why })
  return { kind: 'value', key, value: parsed.data }
}

/** Whether there is a setting of this name. */
export function isSetting(key: string): boolean {
  return GAP.test(key) || REPLIES.test(key) || VALUES.some((kind) => kind.key === key)
}

/** A setting's value as it holds now: as set, or its default. */
export function settingOf(key: string, settings: ReadonlyMap<string, unknown>): unknown {
  const value = settings.get(key)
  return value ?? VALUES.find((kind) => kind.key === key)?.default
}

/** Every setting that is no gap, as it holds now, by its name. */
export function settingValues(settings: ReadonlyMap<string, unknown>): Record<string, unknown> {
  const replies = [...settings].filter(([key, value]) => REPLIES.test(key) && value !== null)
  return Object.fromEntries([
    ...VALUES.map(({ key }) => [key, settingOf(key, settings)] as const),
    ...replies,
  ])
}

/** Every setting there is: the general ones always, those of a channel and of replies when they are set. */
export function listSettings(
  gaps: readonly GapChange[],
  settings: ReadonlyMap<string, unknown>,
): SettingView[] {
  const set = gapsSet(gaps)
  const gapKeys = ['sessions.gap', ...MEDIA_TYPES.map((medium) => `sessions.gap.${medium}`)]
  const channelKeys = [...set.keys()].filter((key) => key.startsWith('channels.')).sort()
  const replies = [...settings.keys()].filter((key) => REPLIES.test(key) && settings.get(key) !== null).sort()
  return [
    ...[...gapKeys, ...channelKeys].map((key) => gapView(key, set)),
    ...VALUES.map((kind) => ({
      key: kind.key,
      value: settingOf(kind.key, settings),
      default: kind.default,
      set: settings.get(kind.key) !== undefined && settings.get(kind.key) !== null,
      description: kind.description,
    })),
    ...replies.map((key) => ({
      key,
      value: settings.get(key),
      default: null,
      set: true,
      description: 'A setting of the automatic replies.',
    })),
  ]
}

/** One setting by name, set or not. Throws SwitchboardError `no_such_setting`. */
export function oneSetting(
  key: string,
  gaps: readonly GapChange[],
  settings: ReadonlyMap<string, unknown>,
): SettingView {
  const listed = listSettings(gaps, settings).find((view) => view.key === key)
  if (listed) return listed
  if (!isSetting(key)) throw new SwitchboardError('no_such_setting', { key })
  if (GAP.test(key)) return gapView(key, gapsSet(gaps))
  return { key, value: null, default: null, set: false, description: 'A setting of the automatic replies.' }
}

/** Gap settings in force, in ms: of each key the latest change, unless that took it back. */
function gapsSet(gaps: readonly GapChange[]): Map<string, number> {
  const latest = new Map<string, GapChange>()
  for (const change of gaps) {
    const before = latest.get(change.key)
    if (GAP.test(change.key) && (!before || change.order >= before.order)) latest.set(change.key, change)
  }
  return new Map([...latest].flatMap(([key, { value_ms }]) => (value_ms === null ? [] : [[key, value_ms]])))
}

function gapView(key: string, set: ReadonlyMap<string, number>): SettingView {
  const own = set.get(key)
  const inherited =
    lessSpecific(key)
      .map((k) => set.get(k))
      .find((ms) => ms !== undefined) ?? DEFAULT_GAP_MS
  return {
    key,
    value: formatGap(own ?? inherited),
    default: formatGap(inherited),
    set: own !== undefined,
    description: aboutGap(key),
  }
}

/** The settings that hold where this one is not set, the most specific first (design §3). */
function lessSpecific(key: string): string[] {
  const [, channel, medium] = GAP.exec(key) ?? []
  const keys: string[] = []
  if (channel !== undefined && medium !== undefined) keys.push(`channels.${channel}.sessions.gap`)
  if (channel !== undefined && medium !== undefined) keys.push(`sessions.gap.${medium}`)
  if (key !== 'sessions.gap') keys.push('sessions.gap')
  return keys
}

function aboutGap(key: string): string {
  const [, channel, medium] = GAP.exec(key) ?? []
  const where = channel === undefined ? '' : ` of ${channel}`
  const what = medium === undefined ? 'all' : MEDIA_NAMES[medium as keyof typeof MEDIA_NAMES]
  return `A silence longer than this starts a new session (${what}${where}).`
}

function fromText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
