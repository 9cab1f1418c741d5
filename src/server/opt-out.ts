import type { Message } from '../shared/documents.ts'

/** Twilio's default words: whoever texts one of these, and nothing else, is not written to any more. */
const STOP_WORDS = new Set(['STOP', 'UNSUBSCRIBE', 'END', 'QUIT', 'STOPALL', 'REVOKE', 'OPTOUT', 'CANCEL'])
const START_WORDS = new Set(['START', 'UNSTOP'])

/** Twilio's default word that a text is, as its webhook would have said; Twilio's list does not say it. */
export function optOutOf(body: string): 'STOP' | 'START' | 'HELP' | undefined {
  const word = body.trim().toUpperCase()
  if (word === 'HELP') return 'HELP'
  return STOP_WORDS.has(word) ? 'STOP' : START_WORDS.has(word) ? 'START' : undefined
}

/** What a message says about being written to; undefined when it says nothing of it. */
export function consentOf(message: Message): 'in' | 'out' | undefined {
  const { sender, communication_type: medium, opt_out: told } = message
  if (sender !== 'contact' || medium === 'voice') return undefined
  // Where Twilio's Advanced Opt-Out knows the word, be it one of the business's own, its word counts.
  const word = told ?? optOutOf(message.content)
  return word === 'STOP' ? 'out' : word === 'START' ? 'in' : undefined
}
