import type { ConsentEntry, Contact, Message } from '../../shared/documents.ts'
import type { Clock, Log } from '../ports.ts'
import type { Commit, Store } from '../store/types.ts'
import type { ContactBook } from './contact-book.ts'

/** Twilio's default words: whoever texts one of these, and nothing else, is not written to any more. */
const STOP_WORDS = new Set(['STOP', 'UNSUBSCRIBE', 'END', 'QUIT', 'STOPALL', 'REVOKE', 'OPTOUT', 'CANCEL'])
const START_WORDS = new Set(['START', 'UNSTOP'])

/** Changes kept with a contact; older ones can still be read in the conversation itself. */
const MOST_LOGGED = 200

interface Parts {
  store: Pick<Store, 'commit'>
  contacts: ContactBook
  clock: Clock
  log: Log
}

/** What contacts say about being written to, kept with the contact for the channel and medium they said it by. */
export interface Consents {
  /**
   * Writes a message that came, and in the same record what it says about being written to. That holds as soon as this
   * returns, before anything is durable, and is taken back with the message if the disk refuses both.
   */
  keep: (message: Message, commit: Commit) => Promise<void>
  /** Twilio refused to carry this message because its contact had unsubscribed there (21610). */
  refusedByTwilio: (message: Message) => Promise<void>
}

export function createConsents({ store, contacts, clock, log }: Parts): Consents {
  async function note(number: string, entry: ConsentEntry, { why, ...rest }: Commit): Promise<void> {
    const change = ({ consent, consent_log = consent }: Contact): Partial<Contact> => {
      const known = consent.find((c) => isSameLane(c, entry))
      // Caught up with or imported later: what was said last holds, but it was said all the same.
      const isLatest = known === undefined || known.at <= entry.at
      return {
        ...(isLatest && { consent: [...consent.filter((c) => !isSameLane(c, entry)), entry] }),
        consent_log: [...consent_log, entry].toSorted(byTime).slice(-MOST_LOGGED),
      }
    }
    await contacts.edit(number, why, change, rest)
    const who = log.person(number)
    log.info(entry.state === 'out' ? `${who} asked not to be written to` : `${who} may be written to again`)
  }

  return {
    async keep(message, commit) {
      const state = consentOf(message)
      if (!state) {
        await store.commit(commit)
        return
      }
      const why = `They texted “${message.content.trim().slice(0, 40)}”.`
      await note(message.contact, { ...laneOf(message), state, at: message.createdAt, why }, commit)
    },

    async refusedByTwilio(message) {
      const lane = laneOf(message)
      const known = contacts.get(message.contact)?.consent.find((c) => isSameLane(c, lane))
      if (known?.state === 'out') return
      const at = new Date(clock.now()).toISOString()
      const why = 'Twilio says they unsubscribed (21610).'
      await note(message.contact, { ...lane, state: 'out', at, why }, { why: 'consent' })
    },
  }
}

type Lane = Pick<ConsentEntry, 'medium' | 'channel_id'>

const laneOf = ({ communication_type, channel_id }: Message): Lane => ({
  medium: communication_type,
  channel_id,
})
const isSameLane = (a: Lane, b: Lane): boolean => a.medium === b.medium && a.channel_id === b.channel_id
const byTime = (a: ConsentEntry, b: ConsentEntry): number => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)

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
