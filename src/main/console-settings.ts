import { z } from 'zod'

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

/** The console's settings that the desktop app acts on. Each falls back by itself: a settings file is a person's. */
const schema = z.object({
  'notifications.enabled': z.boolean().catch(true),
  'notifications.sound': z.boolean().catch(true),
  /** Whether a notification shows what was written; otherwise only that something was. */
  'notifications.preview': z.boolean().catch(true),
  /** "22:00-07:00" in the machine's own time, or "" for none. */
  'notifications.quiet_hours': z.string().catch(''),
  'power.keep_awake': z.boolean().catch(false),
})

export interface QuietHours {
  /** Minutes of the day. A span with from > to goes over midnight. */
  from: number
  to: number
}

export interface ConsoleSettings {
  notify: boolean
  sound: boolean
  preview: boolean
  quiet: QuietHours | null
  keepAwake: boolean
}

export function readSettings(values: Readonly<Record<string, unknown>>): ConsoleSettings {
  const read = schema.parse(values)
  return {
    notify: read['notifications.enabled'],
    sound: read['notifications.sound'],
    preview: read['notifications.preview'],
    quiet: parseQuietHours(read['notifications.quiet_hours']),
    keepAwake: read['power.keep_awake'],
  }
}

/** Null for none and for what can't be read. */
export function parseQuietHours(text: string): QuietHours | null {
  const [from, to, ...rest] = text.split('-').map((part) => clockTime.safeParse(part.trim()))
  if (!from?.success || !to?.success || rest.length > 0 || from.data === to.data) return null
  return { from: minuteOf(from.data), to: minuteOf(to.data) }
}

export function isQuiet({ from, to }: QuietHours, now: Date): boolean {
  const minute = now.getHours() * 60 + now.getMinutes()
  return from < to ? minute >= from && minute < to : minute >= from || minute < to
}

function minuteOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number)
  return (hours ?? 0) * 60 + (minutes ?? 0)
}
