import type { MessageInstance } from 'twilio/lib/rest/api/v2010/account/message.js'
import { readAddress, type CarrierMessage } from './carrier.ts'

/** A message as Twilio's client gives it, in our words. */
export function readMessage(message: MessageInstance): CarrierMessage {
  // Null until it is so, whatever the package's types say; a messaging service picks its sender late.
  const from = readAddress(orEmpty(message.from))
  const to = readAddress(orEmpty(message.to))
  const sentAt = message.dateSent as Date | null
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
    created_at: message.dateCreated.getTime(),
    ...(sentAt ? { sent_at: sentAt.getTime() } : {}),
  }
}

/** Twilio leaves fields null that its package's types promise. */
export function orEmpty(text: string | null): string {
  return text ?? ''
}
