/** How the console says times, silences, numbers and codes. Times are the reader's own zone, 24 hours. */
import { formatNumber } from './parts/phoneNumber.ts'
import type { DeliveryStatus, Medium, Reason, Session } from '../../shared/documents.ts'

const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const

const two = (n: number) => String(n).padStart(2, '0')
const weekday = (date: Date) => WEEKDAYS[date.getDay()] ?? ''
const month = (date: Date) => MONTHS[date.getMonth()] ?? ''
const startOfDay = (ms: number) => new Date(ms).setHours(0, 0, 0, 0)
/** Whole calendar days from one instant to another; 0 on the same day, whatever daylight saving does. */
const daysBetween = (from: number, to: number) => Math.round((startOfDay(to) - startOfDay(from)) / DAY)

export const ms = (iso: string) => Date.parse(iso)
export const figure = (n: number) => n.toLocaleString('en')
/** For narrow places: 9,999, then 20k. */
export const shortFigure = (n: number) => (n < 10_000 ? figure(n) : `${Math.floor(n / 1000)}k`)
export const plural = (n: number, one: string, many = `${one}s`) => `${figure(n)} ${n === 1 ? one : many}`

/** 9:58 */
export function clock(at: number): string {
  const date = new Date(at)
  return `${date.getHours()}:${two(date.getMinutes())}`
}
/** 9:58:07 */
export function clockSeconds(at: number): string {
  return `${clock(at)}:${two(new Date(at).getSeconds())}`
}

/** 19 Nov, or 19 Nov 2024 in another year. */
export function shortDate(at: number, now: number): string {
  const date = new Date(at)
  const year = date.getFullYear() === new Date(now).getFullYear() ? '' : ` ${date.getFullYear()}`
  return `${date.getDate()} ${month(date).slice(0, 3)}${year}`
}
/** 3 March 2025; without the year in the running one. */
export function longDate(at: number, now: number): string {
  const date = new Date(at)
  const year = date.getFullYear() === new Date(now).getFullYear() ? '' : ` ${date.getFullYear()}`
  return `${date.getDate()} ${month(date)}${year}`
}

/** For lists: 10:38 today, Yesterday, Thu within the week, 12 Nov before. */
export function listTime(at: number, now: number): string {
  const days = daysBetween(at, now)
  if (days === 0) return clock(at)
  if (days === 1) return 'Yesterday'
  if (days > 0 && days < 7) return weekday(new Date(at)).slice(0, 3)
  return shortDate(at, now)
}

/** For day lines: Today, Yesterday, Thursday 19 November. */
export function dayName(at: number, now: number): string {
  const days = daysBetween(at, now)
  if (days === 0) return 'Today'
  if (days === 1) return 'Yesterday'
  return `${weekday(new Date(at))} ${longDate(at, now)}`
}
/** A day may last 25 hours; the same day of another month is weeks away. */
export const sameDay = (a: number, b: number) =>
  Math.abs(a - b) < 2 * DAY && new Date(a).getDate() === new Date(b).getDate()

/** When, within a sentence: today at 9:14, on 3 October. */
export function whenWords(at: number, now: number): string {
  const days = daysBetween(at, now)
  if (days === 0) return `today at ${clock(at)}`
  if (days === 1) return `yesterday at ${clock(at)}`
  return `on ${longDate(at, now)}`
}

/** From when to when: Today 10:24, Thu 19 Nov, 18:41–18:46, 3 Oct, 12:15 – 4 Oct, 9:10. */
export function span(from: number, to: number, now: number): string {
  const days = daysBetween(from, now)
  const date =
    days === 0
      ? 'Today'
      : days > 0 && days < 21
        ? `${weekday(new Date(from)).slice(0, 3)} ${shortDate(from, now)},`
        : `${shortDate(from, now)},`
  if (clock(from) === clock(to) && sameDay(from, to)) return `${date} ${clock(from)}`
  if (sameDay(from, to)) return `${date} ${clock(from)}–${clock(to)}`
  const daysAgo = daysBetween(to, now)
  const end = daysAgo === 0 ? 'today' : daysAgo === 1 ? 'yesterday' : listTime(to, now)
  return `${date} ${clock(from)} – ${end} ${clock(to)}`
}

/** The full moment, for a tooltip: Thursday 19 November 2026, 18:52:07. */
export function fullTime(at: number): string {
  const date = new Date(at)
  return `${weekday(date)} ${date.getDate()} ${month(date)} ${date.getFullYear()}, ${clockSeconds(at)}`
}

/** A silence or a gap: 42 s, 6 min 12 s, 1 h 5 min, 2 days 19 h, 5 weeks, 8 months. Two steps at most. */
export function duration(exact: number): string {
  // To the nearest second: what a person calls six minutes may be a millisecond short of it.
  const length = Math.round(exact / SECOND) * SECOND
  const join = (a: string, n: number, unit: string) => (n > 0 ? `${a} ${n} ${unit}` : a)
  const days = Math.floor(length / DAY)
  if (length < MINUTE) return `${Math.floor(length / SECOND)} s`
  if (length < HOUR)
    return join(`${Math.floor(length / MINUTE)} min`, Math.floor((length % MINUTE) / SECOND), 's')
  if (length < DAY) return join(`${Math.floor(length / HOUR)} h`, Math.floor((length % HOUR) / MINUTE), 'min')
  if (days < 7) return join(plural(days, 'day'), Math.floor((length % DAY) / HOUR), 'h')
  if (days < 28) return plural(days, 'day')
  if (days < 61) return plural(Math.floor(days / 7), 'week')
  if (days < 730) return plural(Math.floor(days / 30.44), 'month')
  return plural(Math.floor(days / 365.25), 'year')
}

/** By its larger step alone: 21 months, 2 days, 6 min. */
export const roughly = (length: number) => duration(length).replace(/^([\d,]+ \w+) .*/, '$1')

/** A silence beside the gap it exceeded: to the millisecond where the seconds alone would read the same. */
function silenceWords(silence: number, gap: number): string {
  const words = duration(silence)
  if (words !== duration(gap)) return words
  const rest = (silence % MINUTE) / SECOND
  const minutes = Math.floor(silence / MINUTE)
  return minutes > 0 ? `${duration(minutes * MINUTE)} ${rest.toFixed(3)} s` : `${rest.toFixed(3)} s`
}

/** How long somebody has been waiting: only the step that matters. */
export function waiting(length: number): string {
  if (length < MINUTE) return 'just now'
  if (length < HOUR) return `${Math.floor(length / MINUTE)} min`
  if (length < DAY) return duration(Math.floor(length / MINUTE) * MINUTE)
  return plural(Math.floor(length / DAY), 'day')
}

/** How long ago, in the line of truth: 14 s ago, 6 min ago, 2 h ago. */
export function ago(length: number): string {
  if (length < SECOND) return 'just now'
  if (length < MINUTE) return `${Math.floor(length / SECOND)} s ago`
  if (length < HOUR) return `${Math.floor(length / MINUTE)} min ago`
  if (length < DAY) return `${Math.floor(length / HOUR)} h ago`
  return `${plural(Math.floor(length / DAY), 'day')} ago`
}

/** 0:47 */
export function playTime(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${two(Math.floor(seconds % 60))}`
}

/** Before the last words of a session, in lists: whose they are; the contact's stand alone. */
export const BY = { contact: '', operator: 'You: ', ai: 'Automatic: ', system: 'Automatic: ' } as const

export const MEDIUM_NAMES = { sms: 'SMS', whatsapp: 'WhatsApp', voice: 'Voice' } as const satisfies Record<
  Medium,
  string
>

/** A session's title with its number in groups: SMS from +1 607 555 0142. */
export const titleOf = ({ communication_type, metadata }: Session) =>
  `${MEDIUM_NAMES[communication_type]} from ${formatNumber(metadata.fromNumber)}`

/** Why a session is one of its own, in a sentence. */
export function reasonWords(reason: Reason, medium: Medium, now: number): string {
  switch (reason.kind) {
    case 'first':
      return medium === 'voice' ? 'first call' : `first contact by ${MEDIUM_NAMES[medium]}`
    case 'silence':
      return `${silenceWords(reason.silence_ms, reason.gap_ms)} of silence, the gap is ${duration(reason.gap_ms)}`
    case 'closed':
      return `closed by you ${whenWords(ms(reason.at), now)}, so this message began anew`
    case 'split':
      return `split here by you, ${whenWords(ms(reason.at), now).replace('today at', 'today')}`
  }
}

/** Where on the silence the gap ran out, 0 to 1, for the tick on the broken cord. */
export function gapShare(reason: Reason): number {
  if (reason.kind !== 'silence' || reason.silence_ms <= 0) return 0
  return Math.max(0.02, Math.min(1, reason.gap_ms / reason.silence_ms))
}

/** What became of an outgoing message, in a word or two. */
export function statusWords(status: DeliveryStatus): string {
  switch (status) {
    case 'accepted':
    case 'queued':
    case 'scheduled':
      return 'Waiting to send'
    case 'sending':
      return 'Sending'
    case 'sent':
      return 'Sent'
    case 'delivered':
    case 'partially_delivered':
      return 'Delivered'
    case 'read':
      return 'Read'
    case 'undelivered':
    case 'failed':
      return 'Not delivered'
    case 'canceled':
      return 'Cancelled'
    case 'unsure':
      return 'Not sure it was sent'
    case 'received':
    case 'receiving':
      return ''
  }
}

/** Twilio's codes in plain words, and the next step where there is one (reference twilio.md §4). */
const CODES: Readonly<Record<number, string>> = {
  11200: 'Twilio reached this console but got no good answer. Look at Status.',
  11205: 'Twilio could not connect to this console. Look at Status.',
  11210: 'Twilio could not find this console’s address. Look at Status.',
  12100: 'Twilio could not read this console’s answer. Look for an update.',
  12300: 'Something between Twilio and this console changed an answer. Look at Status.',
  20003: 'Twilio refused the account’s token. Check it in Settings.',
  20404: 'Your Twilio account does not know it. Check the account in Settings.',
  20429: 'Twilio had too many requests at once. Retrying is safe.',
  21211: 'The number is not a valid one. Check it for a missing or extra digit.',
  21408: 'Your Twilio account may not send to this country. Allow it at Twilio, under Geo permissions.',
  21602: 'There was nothing in it. Write something first.',
  21603: 'It had no sender. Choose a number in Settings, under Go live.',
  21604: 'It had no recipient. Write to a contact.',
  21606: 'Your number cannot send texts, or is not in your Twilio account. Look at it there.',
  21608: 'A trial account reaches verified numbers only. Verify this one at Twilio, or upgrade.',
  21610: 'They opted out, so nothing may be sent to them. They can text START.',
  21612: 'There is no way from your number to this one. Call instead.',
  21614: 'The number is not a mobile, it cannot take texts. Call instead.',
  21617: 'The text is longer than 1,600 characters. Shorten it.',
  21620: 'Twilio could not use the address of a file. Attach it again.',
  21635: 'The number is a landline, it cannot take texts. Call instead.',
  21655: 'Twilio does not know this template any more. Choose another.',
  21656: 'A field of the template could not be used. Fill it in again.',
  30001: 'Twilio’s queue for your number is full. Wait a little and retry.',
  30002: 'Your Twilio account is suspended. Look at the Twilio console.',
  30003: 'The phone is off or out of reach. Retry later.',
  30004: 'The number blocks messages. Reach them another way.',
  30005: 'The number is not in service. Check it with them.',
  30006: 'A landline, or a carrier that cannot be reached. Call instead.',
  30007: 'The carrier took it for advertising, often because of a link. Reword it.',
  30008: 'The carrier did not say why. Retry, or try another way.',
  30022: 'Your number sends faster than US carriers allow. Wait a little and retry.',
  30023: 'Your number has sent all that US carriers allow in a day. Retry tomorrow.',
  30032: 'Your toll-free number is not verified. Verify it at Twilio.',
  30034: 'Your number is not registered for business texts in the US yet. Register it at Twilio.',
  63003: 'The number has no WhatsApp. Send an SMS instead.',
  63007: 'Your WhatsApp sender is not set up at Twilio. Look at Senders there.',
  63012: 'WhatsApp had trouble of its own. Retry in a few minutes.',
  63013: 'WhatsApp took it for something against its rules. Reword it.',
  63015: 'They have not joined your WhatsApp sandbox. Ask them to send its join word.',
  63016: 'WhatsApp’s 24 hours were over. Choose a template.',
  63018: 'WhatsApp had too many messages at once. Retrying is safe.',
  63019: 'WhatsApp could not fetch the file. Look at Status, then retry.',
  63021: 'WhatsApp did not take it as it is. Change its words or its file.',
  63024: 'The number cannot take this WhatsApp message. Send an SMS instead.',
  63032: 'WhatsApp does not deliver this to them. Send an SMS instead.',
  63049: 'WhatsApp held it back as advertising. Wait until they write, or send an SMS.',
}
export function codeWords(code: number | undefined): string {
  if (code === undefined) return 'Twilio did not say why. Retry, or try another way.'
  return CODES[code] ?? 'Twilio’s reason is known by its code only. Look it up at twilio.com/docs/api/errors.'
}
