import type { Consent, ConsentEntry, Contact, Message } from '../../shared/documents.ts'
import { consentOf } from '../opt-out.ts'
import type { Source } from '../intake/types.ts'
import type { Clock, Log } from '../ports.ts'
import type { Commit, Store } from '../store/types.ts'
import type { ContactBook } from './contact-book.ts'

/** Changes kept with a contact; older ones can still be read in the conversation itself. */
const MOST_LOGGED = 200

/** So much (ms) two readings of Twilio's clock may differ, which tells whole seconds. */
const UNCERTAIN = 5_000
/** And one of a computer's clock that could not be compared with Twilio's: about a time zone. */
const UNCERTAIN_ALONE = 3_600_000
/** A webhook may come so much (ms) after what it tells: Twilio waits 15 s for an answer. */
const WEBHOOK_LATE = 20_000

interface Parts {
  store: Pick<Store, 'commit' | 'channels'>
  contacts: ContactBook
  clock: Clock
  log: Log
  /** How far Twilio's clock is ahead of ours, ms; undefined while that is not known. */
  ahead: () => number | undefined
  /** The same as last known, before the start too, since when the clock may have been set. */
  aheadBefore: () => number | undefined
}

/** What contacts say about being written to, kept with the contact for the channel and medium they said it by. */
export interface Consents {
  /**
   * Writes a message that came, and in the same record what it says about being written to. That holds as soon as this
   * returns, before anything is durable, and is taken back with the message if the disk refuses both. What a webhook
   * brings is said now, save that a START may be older than a STOP just read in a list; anything else at the message's
   * own time, which an import of another program's may have wrong.
   */
  keep: (message: Message, commit: Commit, source: Source) => Promise<void>
  /** Twilio refused to carry this message because its contact had unsubscribed there (21610). */
  refusedByTwilio: (message: Message) => Promise<void>
}

export function createConsents({ store, contacts, clock, log, ahead, aheadBefore }: Parts): Consents {
  /** When it is on Twilio's clock, as far as ours can be compared with it. */
  function carrierNow(): Pick<ConsentEntry, 'carrier_at' | 'carrier_ahead'> {
    const by = ahead()
    if (by !== undefined) return { carrier_at: new Date(clock.now() + by).toISOString(), carrier_ahead: by }
    const before = aheadBefore()
    return before === undefined ? {} : { carrier_ahead: before }
  }

  /** Whether a START that a webhook brings was perhaps said before a STOP that a list told first. */
  function mayBeBefore(entry: ConsentEntry, known: ConsentEntry): boolean {
    if (entry.state === 'out' || known.state === 'in' || !isDatedByTwilio(known)) return false
    return clock.now() + (ahead() ?? aheadBefore() ?? 0) - onTheirClock(known) < WEBHOOK_LATE
  }

  /**
   * How far (ms) what is known and what is found later can't be told apart: what ours was set right by may not have been
   * so any more, the clock having been set. An import is compared with nothing but imports.
   */
  function doubtOf(known: ConsentEntry, found: ConsentEntry): number {
    if (known.foreign ?? found.foreign) return known.foreign && found.foreign ? UNCERTAIN : UNCERTAIN_ALONE
    const { carrier_at, carrier_ahead: then } = known
    const least = carrier_at === undefined ? UNCERTAIN_ALONE : UNCERTAIN
    if (then === undefined) return least
    const now = ahead()
    return now === undefined ? UNCERTAIN_ALONE : least + Math.abs(now - then)
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
      const holds =
        known === undefined ||
        (isNow ? !mayBeBefore(entry, known) : overrules(entry, known, doubtOf(known, entry)))
      return {
        ...(holds && { consent: [...consent.filter((c) => !isSameLane(c, entry)), entry] }),
        consent_log: [...consent_log, entry].toSorted(byTime).slice(-MOST_LOGGED),
      }
    }
    const { before, after } = await contacts.edit(number, why, change, rest)
    const stateIn = ({ consent }: Contact) => consent.find((c) => isSameLane(c, entry))?.state
    const ours = store.channels().find(({ _id }) => _id === entry.channel_id)?.number ?? ''
    const lane = `by ${BY[entry.medium]} from ${log.person(ours)}`
    log.info(`${log.person(number)} ${toldOf(entry.state, stateIn(before), stateIn(after), lane)}`)
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
      const isNow = source.kind === 'webhook'
      const isForeign = source.kind === 'history' && source.foreign === true
      const onTheirs = isNow ? carrierNow() : isForeign ? { foreign: true as const } : { carrier_at: at }
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
 * clock, for ours may be wrong; as far as they can't be told apart (`doubt`, ms), a STOP holds, and so does what is known
 * rather than the same found anew: it is perhaps the later.
 */
function overrules(found: ConsentEntry, known: ConsentEntry, doubt: number): boolean {
  const after = onTheirClock(found) - onTheirClock(known)
  if (found.state === known.state) return after >= (doubt > UNCERTAIN ? doubt : 0)
  return found.state === 'out' ? after >= -doubt : after > doubt
}

/** An entry's moment on Twilio's clock (ms), as well as it is known. */
const onTheirClock = ({ at, carrier_at, carrier_ahead = 0 }: ConsentEntry): number =>
  carrier_at === undefined ? Date.parse(at) + carrier_ahead : Date.parse(carrier_at)
/** Told by Twilio's list, or an import of it, not by a webhook. */
const isDatedByTwilio = ({ carrier_at, carrier_ahead }: ConsentEntry): boolean =>
  carrier_at !== undefined && carrier_ahead === undefined

const BY = { sms: 'SMS', whatsapp: 'WhatsApp', voice: 'voice' } as const

/** What was said and what came of it, for the log: by one medium and number of ours, for another holds another word. */
function toldOf(said: Consent, before: Consent | undefined, now: Consent | undefined, lane: string): string {
  if (said === 'out')
    return `asked not to be written to ${lane}${now === 'out' ? '' : ', but has asked to be since: they still may be'}`
  if (now === 'out')
    return `asked to be written to ${lane}, but perhaps before they asked not to be: they still may not be`
  return before === 'out' ? `may be written to again ${lane}` : `asked to be written to ${lane}, and may be`
}

type Lane = Pick<ConsentEntry, 'medium' | 'channel_id'>

const laneOf = ({ communication_type, channel_id }: Message): Lane => ({
  medium: communication_type,
  channel_id,
})
const isSameLane = (a: Lane, b: Lane): boolean => a.medium === b.medium && a.channel_id === b.channel_id
const byTime = (a: ConsentEntry, b: ConsentEntry): number => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)
