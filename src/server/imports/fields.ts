import type { Medium } from '../../shared/documents.ts'

export type Fields = Readonly<Record<string, unknown>>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A text or number as text; undefined when it is missing, null, empty or anything else. */
export function textField(fields: Fields, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields[name]
    if (typeof value === 'string' && value !== '') return value
    if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  }
  return undefined
}

/** A whole number, also written as text. */
export function numberField(fields: Fields, ...names: readonly string[]): number | undefined {
  const text = textField(fields, ...names)
  return text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : undefined
}

/**
 * A time in ms, or undefined when the text is none. RFC 2822 as Twilio's REST API has it, ISO 8601, and the console's
 * `2025-01-15 10:00:00` with or without a zone; without one it is UTC, as Twilio's are.
 */
export function timeOf(text: string): number | undefined {
  const plain = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?: (?:UTC|GMT))?$/.exec(text.trim())
  const time = Date.parse(plain ? `${plain[1] ?? ''}T${plain[2] ?? ''}Z` : text)
  return Number.isFinite(time) && time >= 0 && isDay(text) ? time : undefined
}

/** False for the 30th of February, which Date.parse would make the 2nd of March. */
function isDay(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)/.exec(text.trim()) ?? []
  if (year === undefined) return true
  return new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day)
}

/** The number without its medium's prefix, and the medium: design §4 stores WhatsApp numbers without `whatsapp:`. */
export function addressOf(text: string): { number: string; medium: Medium } | undefined {
  const [, prefix, number] = /^(?:([a-z]+):)?(.*)$/s.exec(text.trim()) ?? []
  if (number === undefined || number === '') return undefined
  if (prefix === undefined) return { number, medium: 'sms' }
  return prefix === 'whatsapp' ? { number, medium: 'whatsapp' } : undefined
}
