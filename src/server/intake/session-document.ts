import type { Medium, Message, Session } from '../../shared/documents.ts'
import { mediaWords } from '../../shared/media.ts'
import { placeOf } from '../../shared/words.ts'
import { iso } from '../iso.ts'
import type { SessionChange } from '../sessions/index.ts'
import type { Key } from '../store/types.ts'

/** As the brief writes them in titles and log lines. */
export const MEDIUM_NAMES: Readonly<Record<Medium, string>> = {
  sms: 'SMS',
  whatsapp: 'WhatsApp',
  voice: 'Voice',
}

export const sessionTitle = (medium: Medium, contact: string): string =>
  `${MEDIUM_NAMES[medium]} from ${contact}`

const PREVIEW_LENGTH = 120

export const isOurs = ({ sender }: Pick<Message, 'sender'>): boolean =>
  sender === 'operator' || sender === 'ai'

/** Something that ends a wait: what an operator says, and what is said automatically unless it leaves the question open. */
export const isAnswer = (message: Pick<Message, 'sender' | 'holding'>): boolean =>
  isOurs(message) && message.holding !== true

/** The beginning of what was said, after what was sent along; cut between characters, never inside one. */
export function previewOf(message: Pick<Message, 'content' | 'media' | 'params'>): string {
  // A recording's own words say what it is.
  const files = mediaWords(message.media.filter((item) => item.recording_sid === undefined))
  const words = placeOf(message)?.words ?? message.content
  const content = [files, words].filter(Boolean).join(' · ')
  if (content.length <= PREVIEW_LENGTH) return content
  return Array.from(content.slice(0, PREVIEW_LENGTH * 2))
    .slice(0, PREVIEW_LENGTH)
    .join('')
}

/** What a session's messages add up to, apart from its place among the others. */
export interface Summary {
  message_count: number
  unread_count: number
  last_message_at: string
  lastSender: Message['sender']
  preview: string
  heardAt?: string
  answeredAt?: string
  profileName?: string
  failed?: true
}

/**
 * A session document: where the rule put it (`change`), and what its messages add up to. It is muted where one of those
 * its messages were in was: who wants no word of a conversation wants none of it joined or split either.
 */
export function sessionDocument(
  key: Key,
  id: string,
  change: SessionChange,
  summary: Summary,
  before: Session | undefined,
  updatedAt: number,
  muted = isMuted(before),
): Session {
  const firstMessageAt = iso(change.first.at)
  return {
    _id: id,
    channel_id: key.channel_id,
    communication_type: key.communication_type,
    title: sessionTitle(key.communication_type, key.contact),
    status: change.closed ? 'closed' : 'active',
    message_count: summary.message_count,
    last_message_at: summary.last_message_at,
    metadata: {
      fromNumber: key.contact,
      firstMessageAt,
      reason: change.reason,
      firstSid: change.first.sid,
      lastSid: change.last.sid,
      lastSender: summary.lastSender,
      preview: summary.preview,
      ...(summary.heardAt !== undefined && { heardAt: summary.heardAt }),
      ...(summary.answeredAt !== undefined && { answeredAt: summary.answeredAt }),
      ...(summary.profileName !== undefined && { profileName: summary.profileName }),
      ...(summary.failed && { failed: true as const }),
      ...(before?.metadata.waitingSince !== undefined && { waitingSince: before.metadata.waitingSince }),
      ...(muted && { muted: true as const }),
      ...(iso(change.last.at) !== summary.last_message_at && { lastStartedAt: iso(change.last.at) }),
    },
    unread_count: summary.unread_count,
    createdAt: before?.createdAt ?? firstMessageAt,
    updatedAt: iso(updatedAt),
  }
}

export const isMuted = (session: Session | undefined): boolean => session?.metadata.muted === true

/** A session that became part of another. */
export function emptied(session: Session, into: string, now: number): Session {
  const { waitingSince: _, ...metadata } = session.metadata
  return { ...session, metadata, message_count: 0, unread_count: 0, merged_into: into, updatedAt: iso(now) }
}

/** The sum of sessions that became one, the earliest first. */
export function joined(parts: readonly Session[]): Summary | undefined {
  const [head, ...rest] = parts
  if (!head) return undefined
  return rest.reduce((sum, part) => add(sum, summaryOf(part)), summaryOf(head))
}

export function summaryOf(session: Session): Summary {
  const { lastSender, preview, heardAt, answeredAt, profileName, failed } = session.metadata
  return {
    message_count: session.message_count,
    unread_count: session.unread_count,
    last_message_at: session.last_message_at,
    lastSender,
    preview,
    ...(heardAt !== undefined && { heardAt }),
    ...(answeredAt !== undefined && { answeredAt }),
    ...(profileName !== undefined && { profileName }),
    ...(failed && { failed }),
  }
}

/** What one message comes to. `unread`: it is the contact's and nobody has seen it. */
export function summaryOfMessage(message: Message, unread: boolean): Summary {
  return {
    message_count: 1,
    unread_count: unread ? 1 : 0,
    last_message_at: message.createdAt,
    lastSender: message.sender,
    preview: previewOf(message),
    ...(message.sender === 'contact' && { heardAt: message.createdAt }),
    ...(isAnswer(message) && { answeredAt: message.createdAt }),
    ...(message.profile_name !== undefined && { profileName: message.profile_name }),
    ...(hasFailed(message) && { failed: true as const }),
  }
}

/** It did not arrive, or nobody knows whether it did: a person has to look. */
export function hasFailed({ status }: Message): boolean {
  return status === 'failed' || status === 'undelivered' || status === 'unsure'
}

/** Adds a summary to another; the one whose last message is later (of two at once, the added one) has the last word. */
export function add(sum: Summary, part: Summary): Summary {
  const later = part.last_message_at >= sum.last_message_at ? part : sum
  const heardAt = latest(sum.heardAt, part.heardAt)
  const answeredAt = latest(sum.answeredAt, part.answeredAt)
  const profileName = part.profileName ?? sum.profileName
  const failed = isFailed(sum, part)
  return {
    message_count: sum.message_count + part.message_count,
    unread_count: sum.unread_count + part.unread_count,
    last_message_at: later.last_message_at,
    lastSender: later.lastSender,
    preview: later.preview,
    ...(heardAt !== undefined && { heardAt }),
    ...(answeredAt !== undefined && { answeredAt }),
    ...(profileName !== undefined && { profileName }),
    ...(failed && { failed: true as const }),
  }
}

/** A failure stands until the business writes again. */
function isFailed(sum: Summary, part: Summary): boolean {
  if (part.failed) return true
  return sum.failed === true && (part.answeredAt === undefined || part.answeredAt < (sum.answeredAt ?? ''))
}

function latest(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a > b ? a : b
}

export { iso }
