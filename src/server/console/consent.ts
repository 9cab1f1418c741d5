import type { ConsentEntry, Contact, Message } from '../../shared/documents.ts'
import type { Source } from '../intake/types.ts'
import type { Clock, Log } from '../ports.ts'
import type { Commit, Store } from '../store/types.ts'
import type { ContactBook } from './contact-book.ts'

/** Twilio's default words: whoever texts one of these, and nothing else, is not written to any more. */
const STOP_WORDS = new Set(['STOP', 'UNSUBSCRIBE', 'END', 'QUIT', 'STOPALL', 'REVOKE', 'OPTOUT', 'CANCEL'])
const START_WORDS = new Set(['START', 'UNSTOP'])

/** Changes kept with a contact; older ones can still be read in the conversation itself. */
const MOST_LOGGED = 200

/** So much (ms) two readings of Twilio's clock may differ, which tells whole seconds. */
const UNCERTAIN = 5_000
/** And one of a computer's clock that could not be compared with Twilio's: about a time zone. */
const UNCERTAIN_ALONE = 3_600_000

interface Parts {
  store: Pick<Store, 'commit'>
  contacts: ContactBook
  clock: Clock
  log: Log
  /** How far Twilio's clock is ahead of ours, ms; undefined while that is not known. */
  ahead: () => number | undefined
}

/** What contacts say about being written to, kept with the contact for the channel and medium they said it by. */
export interface Consents {
  /**
   * Writes a message that came, and in the same record what it says about being written to. That holds as soon as this
   * returns, before anything is durable, and is taken back with the message if the disk refuses both. What a webhook
   * brings is said now; anything else at the message's own time.
   */
  keep: (message: Message, commit: Commit, source: Source['kind']) => Promise<void>
  /** Twilio refused to carry this message because its contact had unsubscribed there (21610). */
  refusedByTwilio: (message: Message) => Promise<void>
}

export function createConsents({ store, contacts, clock, log, ahead }: Parts): Consents {
  /** When it is on Twilio's clock; none while ours can't be compared with it. */
  function carrierNow(): Pick<ConsentEntry, 'carrier_at'> {
    const by = ahead()
    return by === undefined ? {} : { carrier_at: new Date(clock.now() + by).toISOString() }
  }

  async function note(
    number: string,
    entry: ConsentEntry,
    isNow: boolean,
    { why, ...rest }: Commit,
  ): Promise<void> {
    const change = ({ consent, consent_log = consent }: Contact): Partial<Contact> => {
      const known = consent.find((c) => isSameLane(c, entry))
      // Caught up with or imported later: what was said last holds, but it was said all the same.
      const holds = isNow || known === undefined || overrules(entry, known)
      return {
        ...(holds && { consent: [...consent.filter((c) => !isSameLane(c, entry)), entry] }),
        consent_log: [...consent_log, entry].toSorted(byTime).slice(-MOST_LOGGED),
      }
    }
    await contacts.edit(number, why, change, rest)
    const who = log.person(number)
    log.info(entry.state === 'out' ? `${who} asked not to be written to` : `${who} may be written to again`)
  }

  return {
    async keep(message, commit, source) {
      const state = consentOf(message)
      if (!state) {
        await store.commit(commit)
        return
      }
      const why = `They texted “${message.content.trim().slice(0, 40)}”.`
      const at = message.createdAt
      const isNow = source === 'webhook'
      const onTheirs = isNow ? carrierNow() : { carrier_at: at }
      await note(message.contact, { ...laneOf(message), state, at, ...onTheirs, why }, isNow, commit)
    },

    async refusedByTwilio(message) {
      const lane = laneOf(message)
      const known = contacts.get(message.contact)?.consent.find((c) => isSameLane(c, lane))
      if (known?.state === 'out') return
      const at = new Date(clock.now()).toISOString()
      const why = 'Twilio says they unsubscribed (21610).'
      await note(message.contact, { ...lane, state: 'out', at, ...carrierNow(), why }, true, {
        why: 'consent',
      })
    },
  }
}

/**
 * Whether what was found later, in a list or an import, was said after what is known. Both are compared on Twilio's
 * clock, for ours may be wrong; as far as they can't be told apart, a STOP holds.
 */
function overrules(found: ConsentEntry, known: ConsentEntry): boolean {
  const isExact = found.carrier_at !== undefined && known.carrier_at !== undefined
  const after = Date.parse(found.carrier_at ?? found.at) - Date.parse(known.carrier_at ?? known.at)
  if (found.state === known.state) return after >= 0
  const uncertain = isExact ? UNCERTAIN : UNCERTAIN_ALONE
  return found.state === 'out' ? after >= -uncertain : after > uncertain
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
