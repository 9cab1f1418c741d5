import type { DeliveryStatus, Message } from '../../shared/documents.ts'

/** How far a message is, and what went wrong with it. */
export interface Standing {
  status: DeliveryStatus
  error_code?: number
}

/**
 * Earliest first. Callbacks come in any order and carry no time stamp, so a status only moves forward
 * (reference twilio.md §4). Doubt comes first: any word of the carrier ends it. Of two ends the better proof counts:
 * a phone that confirms a message has it, whatever was reported before.
 */
const ORDER: readonly DeliveryStatus[] = [
  'unsure',
  'accepted',
  'scheduled',
  'queued',
  'sending',
  'sent',
  'canceled',
  'failed',
  'undelivered',
  'partially_delivered',
  'delivered',
  'read',
  // Inbound messages have their own two; nothing a callback says turns one into an outbound message.
  'receiving',
  'received',
]

/** Nothing more is to be expected, but for a `read` that is only told where the carrier likes to. */
export function isFinal(status: DeliveryStatus): boolean {
  return ORDER.indexOf(status) >= ORDER.indexOf('canceled')
}

/** "Unknown error": any other code says more. */
const UNKNOWN_ERROR = 30_008

/**
 * The later of two standings: the status further on, and an error code once known. Commutative, associative and
 * idempotent, so that callbacks in any order, any number of times, end the same.
 */
export function later(current: Standing, next: Standing): Standing {
  const status = ORDER.indexOf(next.status) > ORDER.indexOf(current.status) ? next.status : current.status
  const error_code = telling(current.error_code, next.error_code)
  return error_code === undefined ? { status } : { status, error_code }
}

/** Of two codes the one that says more; between equals the smaller, so that their order doesn't matter. */
function telling(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other
  if (one === UNKNOWN_ERROR) return other
  if (other === UNKNOWN_ERROR) return one
  return Math.min(one, other)
}

/** Twilio's word for a status as ours; undefined for one it has invented since. */
export function readStatus(word: string): DeliveryStatus | undefined {
  const status = word.toLowerCase()
  return ORDER.find((known) => known === status && known !== 'unsure')
}

const LOCAL = 'local:'

/** The sid of a message the carrier has given none yet. */
export function localSid(id: string): string {
  return LOCAL + id
}

export function hasCarrierSid(message: Pick<Message, 'sid'>): boolean {
  return !message.sid.startsWith(LOCAL)
}

/** SIDs of attempts of this message before the present one, kept among its params. */
export function earlierSids(message: Pick<Message, 'params'>): string[] {
  const kept = message.params?.['earlier_sids']
  return Array.isArray(kept) ? kept : []
}

/** The message with this SID among those of its earlier attempts, and no other twice. */
export function withEarlier(message: Message, sid: string): Message {
  const earlier_sids = [...new Set([...earlierSids(message), sid])]
  return { ...message, params: { ...message.params, earlier_sids } }
}

/** A phone has it: whichever attempt that was, nothing else that is told counts more. */
export const isConfirmed = (status: DeliveryStatus): boolean => status === 'delivered' || status === 'read'

/** It is over, and nobody has it. */
const isLost = (status: DeliveryStatus): boolean =>
  status === 'canceled' || status === 'failed' || status === 'undelivered'

export interface Callback {
  sid: string
  status: string
  error_code?: number
}

/**
 * A message after a status callback for it, found by its SID or by the id in the callback's address (`?m=`).
 * Undefined when nothing changes: an old or unknown status, or word of another attempt of the same message, unless a
 * phone confirms that one: then the contact has the message, and an attempt that still waits is not made. An attempt
 * that ended in doubt may be heard of only now: whatever SID comes by the message's id is of one of its attempts.
 * While the carrier's answer is still out, or was lost, the callback's SID is the message's: it ends the doubt.
 * `isQueued`: the present attempt has not been called yet, so that what is told is of one before; that this one was
 * lost is no reason not to make the one that was asked for since.
 */
export function afterCallback(message: Message, callback: Callback, isQueued = false): Message | undefined {
  const status = readStatus(callback.status)
  if (status === undefined) return undefined
  const { sid } = callback
  if (earlierSids(message).includes(sid)) return afterEarlier(message, sid, status)
  const isFirstWord = !hasCarrierSid(message)
  if (isFirstWord && isQueued && isLost(status)) return withEarlier(message, sid)
  if (!isFirstWord && message.sid !== sid) {
    if (!isConfirmed(status)) return undefined
    const known = withEarlier(message, sid)
    return afterEarlier(known, sid, status) ?? known
  }
  const next: Standing = callback.error_code ? { status, error_code: callback.error_code } : { status }
  const standing = later(isFirstWord ? { status: 'unsure' } : message, next)
  const isSame = standing.status === message.status && standing.error_code === message.error_code
  return isSame && !isFirstWord ? undefined : { ...message, sid, ...standing }
}

function afterEarlier(message: Message, sid: string, status: DeliveryStatus): Message | undefined {
  if (!isConfirmed(status)) return undefined
  if (hasCarrierSid(message)) {
    const standing = later(message, { status })
    return standing.status === message.status ? undefined : { ...message, ...standing }
  }
  const earlier_sids = earlierSids(message).filter((one) => one !== sid)
  return { ...message, sid, status, params: { ...message.params, earlier_sids } }
}
