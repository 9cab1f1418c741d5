import { WEEKDAYS, type Hours } from './settings.ts'

const formats = new Map<string, Intl.DateTimeFormat>()

/**
 * Is it open at `now` (ms), by the clock on the wall in that time zone? From the first minute to before the last; what
 * ends before it begins goes on past midnight.
 */
export function isOpen({ time_zone, days }: Hours, now: number): boolean {
  let format = formats.get(time_zone)
  if (!format) {
    const options = { weekday: 'long', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
    format = new Intl.DateTimeFormat('en', { ...options, timeZone: time_zone })
    formats.set(time_zone, format)
  }
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]))
  const weekday = WEEKDAYS.findIndex((name) => name === parts.get('weekday')?.toLowerCase())
  const time = `${parts.get('hour') ?? ''}:${parts.get('minute') ?? ''}`
  const spansOf = (day: number) => days[WEEKDAYS[day % WEEKDAYS.length] ?? 'monday'] ?? []
  return (
    spansOf(weekday).some(({ from, to }) => from <= time && (time < to || to < from)) ||
    spansOf(weekday + WEEKDAYS.length - 1).some(({ from, to }) => to < from && time < to)
  )
}
