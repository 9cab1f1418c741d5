import type { Contact, Message } from '../../shared/documents.ts'
import type { Log } from '../ports.ts'
import type { Store } from '../store/types.ts'
import type { ContactBook } from './contact-book.ts'

/** Twilio's default words: whoever texts one of these, and nothing else, is not written to any more. */
const STOP_WORDS = new Set(['STOP', 'UNSUBSCRIBE', 'END', 'QUIT', 'STOPALL', 'REVOKE', 'OPTOUT', 'CANCEL'])
const START_WORDS = new Set(['START', 'UNSTOP'])

/** Sessions looked at again after a break; what can have been missed is of the very end. */
const LOOKED_AT_AGAIN = 200

interface Parts {
  store: Store
  contacts: ContactBook
  log: Log
}

/**
 * Keeps what STOP and START words say with the contact, for the channel and medium they came by. Resolves, with how to
 * end it, when what was said just before a crash has been made up for.
 */
export async function keepConsent({ store, contacts, log }: Parts): Promise<() => void> {
  /** Resolves when durable; never rejects: a disk that refused is asked again when it is well. */
  async function note(message: Message): Promise<void> {
    const state = consentOf(message)
    if (!state) return
    const { channel_id, communication_type: medium, createdAt: at } = message
    const isOfLane = (c: Contact['consent'][number]): boolean =>
      c.channel_id === channel_id && c.medium === medium
    const known = contacts.get(message.contact)?.consent.find(isOfLane)
    // Imported or told again: what was said later holds.
    if (known && (known.at > at || (known.at === at && known.state === state))) return
    const why = `They texted “${message.content.trim().slice(0, 40)}”.`
    try {
      await contacts.edit(message.contact, 'consent', ({ consent }) => ({
        consent: [...consent.filter((c) => !isOfLane(c)), { medium, channel_id, state, at, why }],
      }))
      const who = log.person(message.contact)
      log.info(state === 'out' ? `${who} asked not to be written to` : `${who} may be written to again`)
    } catch (error) {
      log.error('What a contact said about being written to could not be kept yet', error)
    }
  }

  /** Between a word and its note the machine may have stopped, or the disk refused. */
  async function lookAgain(): Promise<void> {
    const { sessions } = store.sessions({ order: 'latest', limit: LOOKED_AT_AGAIN })
    const ended = sessions.filter(
      (s) => s.communication_type !== 'voice' && s.metadata.lastSender === 'contact',
    )
    const last = await Promise.all(ended.map((s) => store.find(s.metadata.lastSid)))
    await Promise.all(last.filter((message) => message !== undefined).map(note))
  }

  const stopCommits = store.onCommit(({ messages }) => {
    for (const message of messages ?? []) void note(message)
  })
  const stopStates = store.onState(({ state }) => {
    if (state === 'ok')
      lookAgain().catch((error: unknown) => log.error('Opt-outs could not be read again', error))
  })
  await lookAgain()
  return () => {
    stopCommits()
    stopStates()
  }
}

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
  if (told !== undefined) return told === 'HELP' ? undefined : told === 'STOP' ? 'out' : 'in'
  const word = message.content.trim().toUpperCase()
  return STOP_WORDS.has(word) ? 'out' : START_WORDS.has(word) ? 'in' : undefined
}
