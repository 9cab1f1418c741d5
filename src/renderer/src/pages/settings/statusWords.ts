/** How the Status page says what the console tells of each part. */
import type { StatusPart, StatusRequest } from '../../../../shared/live.ts'
import type { Target } from '../../state/route.ts'
import { clock, clockSeconds, longDate, ms, sameDay } from '../../words.ts'

/** Buttons that lead somewhere; all others ask the console for what they are named after. */
export const GO = {
  go_live: { page: 'settings', place: 'live' },
  go_phone: { page: 'phone' },
  go_sessions: { page: 'sessions' },
  go_data: { page: 'settings', place: 'data' },
  go_log: { page: 'settings', place: 'logs' },
} as const satisfies Record<Extract<StatusRequest, `go_${string}`>, Target>

export const isPlace = (request: StatusRequest): request is keyof typeof GO => request in GO

/** To the minute or the second, as the sentence needs it. */
const TIME = /(at )?(\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(?:\.\d+)?Z)/g

/** The console writes times in UTC; the reader gets them in their own zone, with the day where it is another. */
export function inOwnTime(sentence: string, now: number): string {
  return sentence.replace(TIME, (_, at: string | undefined, iso: string, seconds: string | undefined) => {
    const time = ms(iso)
    const words = seconds === undefined ? clock(time) : clockSeconds(time)
    if (sameDay(time, now)) return `${at ?? ''}${words}`
    return at === undefined ? `${longDate(time, now)}, ${words}` : `on ${longDate(time, now)} at ${words}`
  })
}

const NUMBERS = ['None', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight'] as const
const inWords = (n: number): string => NUMBERS[n] ?? String(n)

const titles = (parts: readonly StatusPart[]) => parts.map(({ title }) => title.toLowerCase()).join(', ')

/** How it stands altogether, in a line. `isConnected`: what is known of the parts is so now. */
export function statusLead(parts: readonly StatusPart[] | undefined, isConnected: boolean): string {
  if (!isConnected)
    return parts === undefined
      ? 'There is no connection to Switchboard. It is asked by itself as soon as the connection is back.'
      : 'There is no connection to Switchboard. This is how it was when it last said so.'
  if (parts === undefined) return 'Asking how it is.'
  if (parts.some(({ id, state }) => id === 'account' && state === 'off'))
    return 'Not connected to Twilio yet.'
  const troubled = parts.filter(({ state }) => state === 'trouble')
  const off = parts.filter(({ state }) => state === 'off')
  const well = parts.length - troubled.length - off.length
  // Before the first of them there is nothing to use.
  const unused = off.filter(({ id }) => id !== 'last_webhook')
  if (troubled.length > 0)
    return `${inWords(well)} of ${inWords(parts.length).toLowerCase()} are well. To look at: ${titles(troubled)}.`
  if (unused.length > 0) return `All that is in use is well. Not in use: ${titles(unused)}.`
  if (off.length > 0) return 'All is well. No webhook has come yet.'
  return 'All is well.'
}

/** The word beside the title; none where all is well. */
export function pillOf({ id, state }: StatusPart): string | undefined {
  if (state === 'trouble') return id === 'tunnel' ? 'Reopening' : 'Needs a look'
  // That something waits to be sent is no news.
  if (state === 'busy' && id !== 'outbox') return id === 'tunnel' ? 'Opening' : 'Under way'
  return undefined
}
