/**
 * How calls are told on the screen: as the log of a call. Documents say what Twilio said of it ("Call ended after 0:07");
 * a call that the console took ends well also when nobody said a word.
 */
import type { Message, Session } from '../../shared/documents.ts'
import { playTime } from './words.ts'

type CallMessage = Pick<Message, 'call' | 'call_sid' | 'content' | 'sid'>

/** The call itself, not what was said in it. */
export const isCall = ({ call, call_sid, sid }: CallMessage): boolean =>
  call !== undefined || (call_sid !== undefined && call_sid === sid)

/** The calls, by SID, in which something was said: a voicemail, or words. */
export const callsWithWords = (messages: readonly CallMessage[]): ReadonlySet<string> =>
  new Set(messages.flatMap((m) => (m.call_sid === undefined || isCall(m) ? [] : [m.call_sid])))

/** Why nothing was said, by Twilio's CallStatus at the end. */
const MISSED = {
  completed: 'hung up without a word',
  busy: 'the line was busy',
  'no-answer': 'not answered',
  canceled: 'hung up before an answer',
  failed: 'the call failed',
} as const satisfies Record<string, string>

/** What to call it, and what more there is to say. `hasWords`: something was said in it. */
export function callWords(
  { call, content }: CallMessage,
  hasWords: boolean,
): { words: string; more: string } {
  const { status, duration_s: length = 0 } = call ?? {}
  if (hasWords) return { words: length > 0 ? `Call, ${playTime(length)}` : 'Call', more: '' }
  // Imported, with nothing known but the words it was kept with.
  if (status === undefined) return { words: told(content) ?? content, more: '' }
  const more = isEnd(status) ? MISSED[status] : undefined
  return more === undefined ? { words: 'Incoming call', more: '' } : { words: 'Missed call', more }
}

const isEnd = (status: string): status is keyof typeof MISSED => Object.hasOwn(MISSED, status)

/** The last words of a session, for lists. `isSaid`: by somebody, in these very words. */
export function lastWords({ communication_type, metadata: { preview, lastSender } }: Session): {
  words: string
  isSaid: boolean
} {
  if (communication_type !== 'voice' || lastSender !== 'contact') return { words: preview, isSaid: true }
  // Had anything been said in the call, that would be the last of it.
  const call = told(preview)
  return { words: call ?? preview, isSaid: call === undefined && !/^Voicemail\b/.test(preview) }
}

/** What a call is called whose own words, as it is kept with them, these are; undefined: they are no call's. */
function told(kept: string): string | undefined {
  if (kept === 'Call started') return 'Incoming call'
  const isOver =
    /^(Call ended( after [\d:]+)?|Call met a busy line|Call was not answered|Caller hung up before an answer|Call failed)$/
  return isOver.test(kept) ? 'Missed call' : undefined
}

/** What was said in a voicemail, of the words it is kept with. */
export const voicemailWords = (content: string): string => content.replace(/^Voicemail( [\d:]+)?( · |$)/, '')
