import type { DeliveryStatus, Medium } from '../../shared/documents.ts'

/**
 * What the rest of the console knows of the telephone company: send, look up, list. Twilio stands behind it in
 * earnest, the simulator in a simulation; both through the same client (twilio.ts).
 *
 * Numbers are E.164 without the `whatsapp:` prefix: the medium says it.
 */
export interface Carrier {
  send(message: Outgoing): Promise<Outcome<Sent>>
  fetchMessage(sid: string): Promise<Outcome<CarrierMessage>>
  /**
   * Page by page, in the carrier's order (which Twilio doesn't promise). A page that can't be had ends it: the last
   * outcome is then the error.
   */
  listMessages(query: MessageQuery): AsyncIterable<Outcome<CarrierMessage[]>>
  /** What may be sent by its SID where free words may not (WhatsApp); left out where a carrier knows none. */
  contents?: () => Promise<Outcome<CarrierContent[]>>
}

export interface Outgoing {
  medium: Medium
  from: string
  to: string
  /** At most 1600 characters. */
  body: string
  /** Where the carrier reports how it went; none where nobody can reach us. */
  statusCallback?: string
  /** At most ten addresses the carrier can read. */
  mediaUrl?: string[]
  /** An approved template in place of the body, which is then only what it comes to. */
  content?: { sid: string; variables: Record<string, string> }
}

/** A template of the account (Twilio's Content API). */
export interface CarrierContent {
  sid: string
  name: string
  /** Two letters, or more: en, pt_BR. */
  language: string
  /** With its variables in double braces: {{1}}. */
  body: string
  /** Their names, and an example of each. */
  variables: { name: string; example: string }[]
  /** E.g. twilio/text. */
  types: string[]
  /** What WhatsApp says of it; null where that is not known. */
  approval: string | null
}

export interface Sent {
  sid: string
  status: DeliveryStatus
}

export interface MessageQuery {
  medium?: Medium
  from?: string
  to?: string
  /**
   * Milliseconds. Twilio may filter by whole days: ask from the UTC day before, and drop doubles by SID
   * (reference twilio.md §5). A message not yet sent has no such date.
   */
  dateSentAfter?: number
  dateSentBefore?: number
  /** 1–1000, Twilio's limits. */
  pageSize?: number
}

/** A message as the carrier keeps it. Times in milliseconds (whole seconds at Twilio). */
export interface CarrierMessage {
  sid: string
  medium: Medium
  direction: 'inbound' | 'outbound'
  from: string
  to: string
  body: string
  status: DeliveryStatus
  error_code?: number
  media_count: number
  created_at: number
  sent_at?: number
}

/**
 * - `refused`: the carrier's last word; the same again would be refused again.
 * - `limited`: too many requests; not taken, safe to repeat.
 * - `unreached`: no connection was made, or something between wants a sign-in first; not taken, safe to repeat.
 * - `trouble`: the carrier says it failed (500, 503), or something between refused in its place; ask its list before
 *   repeating.
 * - `unknown`: the answer was lost after the request had gone out; it may or may not have been taken.
 */
export type FailureKind = 'refused' | 'limited' | 'unreached' | 'trouble' | 'unknown'

export interface CarrierError {
  kind: FailureKind
  /** Twilio's code; 0 where it gave none. */
  code: number
  /** HTTP status; 0 where no answer came. */
  status: number
  /** What is so and the next step, in plain words. */
  sentence: string
  /** Milliseconds to wait, where the carrier said so and it is of use: a second to five minutes. */
  retryAfter?: number
}

export type Outcome<T> = { ok: true; value: T } | { ok: false; error: CarrierError }

/** All messages of a listing at once, or the error that ended it. At most `limit`. */
export async function collect(
  pages: AsyncIterable<Outcome<CarrierMessage[]>>,
  limit = 10_000,
): Promise<Outcome<CarrierMessage[]>> {
  const all: CarrierMessage[] = []
  for await (const page of pages) {
    if (!page.ok) return page
    all.push(...page.value)
    if (all.length >= limit) break
  }
  return { ok: true, value: all.slice(0, limit) }
}

const PREFIX = 'whatsapp:'

/** A number as Twilio writes it for this medium. */
export function address(number: string, medium: Medium): string {
  return medium === 'whatsapp' ? PREFIX + number : number
}

export function readAddress(address: string): { number: string; medium: 'sms' | 'whatsapp' } {
  return address.startsWith(PREFIX)
    ? { number: address.slice(PREFIX.length), medium: 'whatsapp' }
    : { number: address, medium: 'sms' }
}
