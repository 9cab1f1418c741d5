import type { Medium } from '../../shared/documents.ts'
import type { Log } from '../ports.ts'
import type { Placed } from './conversations.ts'
import { MEDIUM_NAMES } from './session-document.ts'

/** The brief's log lines, word for word (design §6). */
export function logReceived(log: Log, medium: Medium, from: string, to: string, text: string): void {
  log.info(
    `${MEDIUM_NAMES[medium]} received from ${log.person(from)} to ${log.person(to)}: ${log.body(text)}`,
  )
}

export function logPlaced(log: Log, medium: Medium, contact: string, placed: Placed): void {
  const { session, outcome, silence } = placed
  const { reason } = session.metadata
  if (outcome !== 'created') {
    const since = silence === undefined ? '' : ` (last message ${seconds(silence)}s ago)`
    log.info(`Reusing existing session ${session._id}${since}`)
    return
  }
  if (reason.kind === 'silence')
    log.info(`Time gap of ${seconds(reason.silence_ms)}s detected. Creating new session.`)
  log.info(`Created new ${MEDIUM_NAMES[medium]} session: ${session._id} for ${log.person(contact)}`)
}

const seconds = (ms: number): string => String(Math.max(0, Math.round(ms / 1000)))
