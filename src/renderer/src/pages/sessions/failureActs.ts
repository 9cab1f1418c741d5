import type { Message } from '../../../../shared/documents.ts'

export const LESS_LINK = 'Edit without the link'

/** What may help a message that did not arrive: sent again as it is, or written anew; null where that cannot help. */
export interface FailureActs {
  retry: string | null
  edit: string | null
}

/** The same to the same number ends the same: no mobile, no such number, a landline, no WhatsApp, opted out … */
const NEVER = new Set([21211, 21610, 21612, 21614, 30005, 30006, 63003])
/** The same words end the same. */
const OTHER_WORDS = new Set([21602, 21617, 21620, 30007, 63016, 21655, 21656])
/** Other words end the same: the account, the sender or the phone is what has to change first. */
const SAME_WORDS = new Set([
  20003, 20429, 21408, 21606, 21608, 30001, 30002, 30003, 30004, 30034, 63007, 63015, 63018,
])

export function failureActs({ status, error_code: code = 0, content, template }: Message): FailureActs {
  if (status === 'unsure') return { retry: 'Send again', edit: null }
  const retry = NEVER.has(code) || OTHER_WORDS.has(code) ? null : 'Retry'
  // A template's words are not ours to change; nor may anything be written where nothing may be sent.
  if (template || SAME_WORDS.has(code) || code === 21610 || code === 63016) return { retry, edit: null }
  return { retry, edit: code === 30007 && withoutLinks(content) !== content ? LESS_LINK : 'Edit' }
}

const LINK = /\s*\b(?:https?:\/\/|www\.)[^\s<>"]+[^\s<>".,;:!?)\]]/gi

export function withoutLinks(text: string): string {
  return text.replace(LINK, '').trim()
}
