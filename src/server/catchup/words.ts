import { SwitchboardError } from '../../shared/errors.ts'
import type { CatchUpView } from '../../shared/live.ts'
import { CarrierFailed, ListsFailed } from './gather.ts'

/** What the line of truth and the Status page say of it. */
export const NOT_YET = 'Twilio’s lists have not been read yet.'
export const FIRST_TIME =
  'From now on nothing is missed. Earlier messages are read from Twilio’s lists only when you ask for them.'
export const READING = 'Twilio’s lists are being read for what was missed.'
export const CANCELLED = 'Reading was stopped. What was found stays; the rest is read again by itself.'

export const WISH_CANCELLED =
  'Reading was stopped. What was found stays, and what is new is read by itself; the earlier days are read when you ask for them again.'

export const OTHER_ACCOUNT = 'Another account was entered. Its lists are read by themselves.'

export function doneWords(found: number): string {
  if (found === 0) return 'Nothing was missed.'
  return found === 1
    ? '1 message was found in Twilio’s lists and put in its place.'
    : `${found.toLocaleString('en-US')} messages were found in Twilio’s lists and put in their places.`
}

/** Of days asked for by hand of which Twilio did not tell all. */
export function untakenWords(found: number): string {
  const rest = 'Some of the days you asked for could not be taken yet; it is tried again by itself.'
  return found === 0 ? rest : `${doneWords(found)} ${rest}`
}

/** Why it could not be read, and what comes of it. */
export function failedWords(cause: unknown): string {
  if (!(cause instanceof ListsFailed))
    return `Twilio’s lists could not be read. ${reasonOf(cause)} It is tried again by itself.`
  const which = cause.lists.join(' and ')
  return `Twilio’s list of ${which} could not be read to its end. ${reasonOf(cause)} It is tried again by itself; the other lists were read.`
}

function reasonOf(cause: unknown): string {
  if (cause instanceof SwitchboardError) return cause.message
  if (!(cause instanceof CarrierFailed))
    return 'Something went wrong inside Switchboard; the log has the details.'
  const { kind, status, sentence } = cause.error
  // Something answered, and it was not Twilio.
  if (kind !== 'limited' && ((status > 0 && status < 500) || status === 511)) return sentence
  switch (kind) {
    case 'refused':
      return sentence
    case 'limited':
      return 'Twilio answers too many requests at the moment.'
    case 'unreached':
      return 'Twilio cannot be reached; check the internet connection.'
    case 'trouble':
      return `Twilio has trouble of its own (HTTP ${status}).`
    case 'unknown':
      return 'The connection to Twilio broke.'
  }
}

/** Of a console without an account. */
export const NO_CATCH_UP: CatchUpView = {
  state: 'off',
  read_to: null,
  looked_at: 0,
  found: 0,
  sentence: 'Nothing is read from Twilio’s lists while no account is set.',
  away: null,
}
