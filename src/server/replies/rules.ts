import type { Message } from '../../shared/documents.ts'
import { isOpen } from './hours.ts'
import type { Conversation, Reply, Responder } from './responder.ts'

/** Longest text a message may have (Twilio error 21617). */
const LONGEST = 1600

/**
 * The built-in rules. The first message of a session is greeted; a keyword gets its answer, together with the greeting
 * where both fit; all else is acknowledged. Outside the opening hours the closed text takes the place of greeting and
 * acknowledgement, once in a session. Greeting, acknowledgement and closed text leave the question open.
 */
export const rules: Responder = {
  respond({ message, recent, settings, now }: Conversation): Reply | undefined {
    const keyword = settings.keywords.find(({ words }) =>
      words.some((word) => says(message.content, word)),
    )?.answer
    // Only a keyword's answer says anything of what was asked.
    const held = (reply: Reply): Reply =>
      keyword !== undefined && reply.body.endsWith(keyword) ? reply : { ...reply, holding: true }
    const { hours } = settings
    if (hours && !hours.off && !isOpen(hours, now)) {
      const hasSaid = recent.some(({ answered_by }) => answered_by?.startsWith(CLOSED))
      if (!hasSaid) return held(say(CLOSED, hours.closed, keyword))
      return keyword === undefined ? undefined : say(KEYWORD, keyword)
    }
    // An operator who wrote first has greeted them.
    const isFirst = !recent.some(
      ({ sid, sender }) => sid !== message.sid && (sender === 'contact' || sender === 'operator'),
    )
    if (isFirst && settings.greeting !== '') return held(say(GREETING, settings.greeting, keyword))
    if (keyword !== undefined) return say(KEYWORD, keyword)
    return settings.acknowledgement === ''
      ? undefined
      : held(say('Rule: acknowledgement', settings.acknowledgement))
  },
}

const GREETING = 'Rule: greeting'
const KEYWORD = 'Rule: keyword'
const CLOSED = 'Rule: closed'

function say(by: string, ...parts: (string | undefined)[]): Reply {
  const body = parts.filter((part) => part !== undefined).join('\n\n')
  return { by, body: body.length <= LONGEST ? body : (parts[0] ?? '') }
}

/** As whole words in any script: "art" is not in "party". */
function says(content: string, phrase: string): boolean {
  const escaped = phrase
    .trim()
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\s+/g, '\\s+')
  return escaped !== '' && new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'iu').test(content)
}

/** Words the carrier acts upon and answers itself (reference twilio.md §1): never ours to answer. */
const CARRIER_WORDS: ReadonlySet<string> = new Set([
  ...['STOP', 'UNSUBSCRIBE', 'END', 'QUIT', 'STOPALL', 'REVOKE', 'OPTOUT', 'CANCEL'],
  ...['START', 'UNSTOP', 'HELP', 'INFO'],
])

/** May a machine answer this at all, whoever it is? Only what a person wrote, and nothing the carrier answers. */
export function isAnswerable(message: Message): boolean {
  return (
    message.sender === 'contact' &&
    message.communication_type !== 'voice' &&
    message.call_sid === undefined &&
    message.opt_out === undefined &&
    !CARRIER_WORDS.has(message.content.trim().toUpperCase())
  )
}
