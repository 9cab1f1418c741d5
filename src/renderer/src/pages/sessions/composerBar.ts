import type { ComposerBar, SessionView } from '../../../../shared/contract.ts'
import { useConsole } from '../../state/app.ts'
import { useTime } from '../../state/worldClock.ts'
import { MEDIUM_NAMES, ms, whenWords } from '../../words.ts'

/**
 * Why nothing may be written now: as the console said, and on top of that WhatsApp's window, which closes while the page
 * is open and nothing happens that the console would tell of.
 */
export function useComposerBar(session: SessionView): ComposerBar | null {
  const until = closesAt(session)
  const isOver = useTime(useConsole().clock, (now) => (now >= until ? 1 : 0))
  if (session.composer !== null || isOver === 0) return session.composer
  return { code: 'window_closed', sentence: 'WhatsApp’s 24 hours are over. Choose an approved template.' }
}

/** An earlier session knows nothing of what the contact wrote since: the console is asked for the newest one only. */
function closesAt({ window_until, later }: SessionView): number {
  return window_until === undefined || later !== null ? Number.POSITIVE_INFINITY : ms(window_until)
}

/** When and how they asked not to be written to, and what opens it again. */
export function optOutWords(session: SessionView, now: number): string {
  const { opt_out, communication_type } = session
  if (!opt_out) return session.composer?.sentence ?? ''
  const by = MEDIUM_NAMES[communication_type]
  const what = opt_out.why.replace(/\.$/, '')
  return `${what}, ${whenWords(ms(opt_out.at), now)}. Nothing more is sent to them by ${by} until they write START.`
}

/** What is so, and what follows from it. */
export function windowWords({ window_until, contact_name }: SessionView, now: number): string {
  const [first] = contact_name.split(' ')
  const ended =
    window_until !== undefined && ms(window_until) <= now + 60_000
      ? `ended ${whenWords(ms(window_until), now)}`
      : 'are over'
  return `WhatsApp’s 24 hours ${ended}. Until ${first || 'they'} ${first ? 'writes' : 'write'} again, only an approved template reaches them here.`
}
