import { WEEKDAYS, type Hours } from './settings.ts'

const formats = new Map<string, Intl.DateTimeFormat>()

/** Is it open at `now` (ms), by the clock on the wall in that time zone? From the first minute to before the last. */
export function isOpen({ time_zone, days }: Hours, now: number): boolean {
  let format = formats.get(time_zone)
  if (!format) {
    const options = { weekday: 'long', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
    format = new Intl.DateTimeFormat('en', { ...options, timeZone: time_zone })
    formats.set(time_zone, format)
  }
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]))
  const weekday = WEEKDAYS.find((name) => name === parts.get('weekday')?.toLowerCase())
  const time = `${parts.get('hour') ?? ''}:${parts.get('minute') ?? ''}`
  const spans = weekday === undefined ? [] : (days[weekday] ?? [])
  return spans.some(({ from, to }) => from <= time && time < to)
}
