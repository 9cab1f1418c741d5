/** Shapes of the automatic answers' settings, which reach the page as unknown values. */

export interface Keyword {
  words: string[]
  answer: string
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string')

export const isKeywords = (value: unknown): value is Keyword[] =>
  Array.isArray(value) &&
  value.every((rule) => isRecord(rule) && isStrings(rule['words']) && typeof rule['answer'] === 'string')

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
export interface Stretch {
  from: string
  to: string
}
export interface OpeningHours {
  time_zone: string
  /** A day that is left out is closed. */
  days: Partial<Record<Weekday, Stretch[]>>
  closed: string
  /** Kept, and not in force. */
  off?: true | undefined
}

const isStretches = (value: unknown): value is Stretch[] =>
  Array.isArray(value) &&
  value.every((one) => isRecord(one) && typeof one['from'] === 'string' && typeof one['to'] === 'string')

export const isHours = (value: unknown): value is OpeningHours =>
  isRecord(value) &&
  typeof value['time_zone'] === 'string' &&
  typeof value['closed'] === 'string' &&
  isRecord(value['days']) &&
  Object.values(value['days']).every(isStretches)

/** What is offered first: weekdays from nine to six, where the reader is. */
export function usualHours(): OpeningHours {
  const day = [{ from: '09:00', to: '18:00' }]
  return {
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    days: { monday: day, tuesday: day, wednesday: day, thursday: day, friday: day },
    closed: 'Thanks for your message. We are closed now and will answer when we open again.',
  }
}

/**
 * 09:00–12:30, 14–18, 18:00–02:00 into the night; "closed" or nothing is a closed day. Null when it cannot be read.
 */
export function readStretches(text: string): Stretch[] | null {
  const words = text.trim().toLowerCase()
  if (words === '' || words === 'closed') return []
  const stretches: Stretch[] = []
  for (const part of words.split(',')) {
    const [from, to, ...more] = part.split(/-|–|to/).map(readTime)
    if (!from || !to || from === to || more.length > 0) return null
    stretches.push({ from, to })
  }
  return stretches
}
/** 9, 9:00 or 09:00; null for what is no time of a day. */
function readTime(text: string): string | null {
  const [, hour, minute = '00'] = /^\s*(\d{1,2})(?::(\d{2}))?\s*$/.exec(text) ?? []
  if (hour === undefined || Number(minute) > 59 || Number(hour) * 60 + Number(minute) > 24 * 60) return null
  return `${hour.padStart(2, '0')}:${minute}`
}

export const sayStretches = (stretches: readonly Stretch[]): string =>
  stretches.map(({ from, to }) => `${from}–${to}`).join(', ')
