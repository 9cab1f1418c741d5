import type { Message } from '../../../../shared/documents.ts'
import { codeWords } from '../../words.ts'

const OPTED_OUT = 21610
export const LESS_LINK = 'Edit without the link'

/** What may help a message that did not arrive: sent again as it is, or written anew; null where that cannot help. */
export interface FailureActs {
  retry: string | null
  edit: string | null
}

/** The same to the same number ends the same: no mobile, no such number, a landline, no WhatsApp, opted out … */
const NEVER = new Set([OPTED_OUT, 21211, 21612, 21614, 21635, 30005, 30006, 63003, 63024, 63032])
/** The same words end the same. */
const OTHER_WORDS = new Set([21602, 21617, 21620, 63013, 63016, 63021, 63049, 21655, 21656])
/** Other words end the same: the account, the sender or the phone is what has to change first. */
const SAME_WORDS = new Set([
  11200, 11205, 11210, 20003, 20429, 21408, 21606, 21608, 30001, 30002, 30003, 30004, 30022, 30023, 30032,
  30034, 63007, 63012, 63015, 63018, 63019,
])

export function failureActs(
  { status, error_code: code = 0, content, template }: Message,
  optedOut: boolean,
): FailureActs {
  // They said START since: what STOP had called off may go after all.
  if (code === OPTED_OUT && !optedOut) return { retry: 'Send now', edit: null }
  if (status === 'unsure') return { retry: 'Send again', edit: null }
  if (NEVER.has(code)) return { retry: null, edit: null }
  const retry = OTHER_WORDS.has(code) ? null : 'Retry'
  // A template's words are not ours to change; nor may anything be written where nothing may be sent.
  if (template || SAME_WORDS.has(code) || code === 63016) return { retry, edit: null }
  return { retry, edit: code === 30007 && withoutLinks(content) !== content ? LESS_LINK : 'Edit' }
}

/** Why it did not arrive, and the next step. */
export function failureWords({ status, error_code }: Message, optedOut: boolean): string {
  if (status === 'unsure')
    return 'Twilio’s answer did not come, and its list does not show it. Sending again may bring it twice.'
  if (error_code === OPTED_OUT && !optedOut) return 'They had opted out. Now they may be written to again.'
  return codeWords(error_code)
}

const LINK = /\s*\b(?:https?:\/\/|www\.)[^\s<>"]+[^\s<>".,;:!?)\]]/gi

export function withoutLinks(text: string): string {
  return text.replace(LINK, '').trim()
}
