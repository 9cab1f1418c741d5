import type { MessageInstance } from 'twilio/lib/rest/api/v2010/account/message.js'
import { readAddress, type CarrierMessage } from './carrier.ts'

/** A message as Twilio's client gives it, in our words. Throws UnreadableRecord. */
export function readMessage(message: MessageInstance): CarrierMessage {
  // Null until it is so, whatever the package's types say; a messaging service picks its sender late.
  const from = readAddress(orEmpty(message.from))
  const to = readAddress(orEmpty(message.to))
  const sentAt = timeOf(message.dateSent)
  const createdAt = timeOf(message.dateCreated) ?? sentAt ?? timeOf(message.dateUpdated)
  if (createdAt === undefined) throw new UnreadableRecord(message.sid)
  const code = message.errorCode as number | null
  return {
    sid: message.sid,
    medium: from.medium === 'whatsapp' ? 'whatsapp' : to.medium,
    direction: message.direction === 'inbound' ? 'inbound' : 'outbound',
    from: from.number,
    to: to.number,
    body: orEmpty(message.body),
    status: message.status,
    ...(code ? { error_code: code } : {}),
    media_count: Number(message.numMedia) || 0,
    created_at: createdAt,
    ...(sentAt !== undefined && { sent_at: sentAt }),
  }
}

/** Twilio leaves fields null that its package's types promise. */
export function orEmpty(text: string | null): string {
  return text ?? ''
}

/** ms. Twilio's package hands on as it came what it can't read as a date, and null where there is none. */
export function timeOf(date: unknown): number | undefined {
  const time = date instanceof Date ? date.getTime() : Number.NaN
  return Number.isNaN(time) ? undefined : time
}

/** An entry of a list that says too little: without a time it has no place. */
export class UnreadableRecord extends Error {
  override readonly name = 'UnreadableRecord'
  constructor(sid: string) {
    super(`${sid} has no date that can be read`)
  }
}
