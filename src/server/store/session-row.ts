import type { Reason, Sender, Session } from '../../shared/documents.ts'
import { iso } from '../iso.ts'
import { type SessionPage, TEXTS, TIMES, WORDS } from './session-page.ts'
import type { Key } from './types.ts'

/** Bits of the flags word. */
export const FLAG = {
  closed: 1,
  failed: 2,
  muted: 4,
  waiting: 8,
  started: 16,
  merged: 32,
  heard: 2048,
  answered: 4096,
  profile: 8192,
} as const
const SENDER_SHIFT = 6
const REASON_SHIFT = 8
const GAP_SET = 1 << 10
const SENDERS: readonly Sender[] = ['contact', 'ai', 'operator', 'system']
const REASONS: readonly Reason['kind'][] = ['first', 'silence', 'closed', 'split']
const TITLES = { sms: 'SMS', whatsapp: 'WhatsApp', voice: 'Voice' } as const

export const titleOf = (key: Pick<Key, 'communication_type' | 'contact'>): string =>
  `${TITLES[key.communication_type]} from ${key.contact}`

/** Fields that have no column of their own, or whose value the columns can't hold exactly: kept as JSON. */
interface Extra {
  top?: Record<string, unknown>
  meta?: Record<string, unknown>
}

const COLUMNED = new Set([
  '_id',
  'channel_id',
  'communication_type',
  'title',
  'status',
  'message_count',
  'last_message_at',
  'metadata',
  'unread_count',
  'createdAt',
  'updatedAt',
])
const COLUMNED_META = new Set([
  'fromNumber',
  'firstMessageAt',
  'reason',
  'firstSid',
  'lastSid',
  'lastSender',
  'preview',
  'waitingSince',
  'heardAt',
  'answeredAt',
  'lastStartedAt',
  'profileName',
  'failed',
  'muted',
])

/** Writes a session into a row. `keyNumber` stands for its channel, medium and contact. */
export function writeRow(page: SessionPage, row: number, session: Session, keyNumber: number): void {
  const extra: Extra = {}
  const { metadata: meta } = session
  const time = (
    column: (typeof TIMES)[keyof typeof TIMES],
    name: string,
    value: string | undefined,
    where: 'top' | 'meta',
  ): void => {
    const ms = value === undefined ? 0 : Date.parse(value)
    page.setTime(row, column, Number.isNaN(ms) ? 0 : ms)
    if (value !== undefined && !isPlainTime(value, ms)) (extra[where] ??= {})[name] = value
  }
  time(TIMES.first, 'firstMessageAt', meta.firstMessageAt, 'meta')
  time(TIMES.last, 'last_message_at', session.last_message_at, 'top')
  time(TIMES.started, 'lastStartedAt', meta.lastStartedAt, 'meta')
  time(TIMES.heard, 'heardAt', meta.heardAt, 'meta')
  time(TIMES.answered, 'answeredAt', meta.answeredAt, 'meta')
  time(TIMES.waiting, 'waitingSince', meta.waitingSince, 'meta')
  time(TIMES.created, 'createdAt', session.createdAt, 'top')
  time(TIMES.updated, 'updatedAt', session.updatedAt, 'top')
  let flags = 0
  if (session.status === 'closed') flags |= FLAG.closed
  if (meta.failed) flags |= FLAG.failed
  if (meta.muted) flags |= FLAG.muted
  if (meta.waitingSince !== undefined) flags |= FLAG.waiting
  if (meta.lastStartedAt !== undefined) flags |= FLAG.started
  if (meta.heardAt !== undefined) flags |= FLAG.heard
  if (meta.answeredAt !== undefined) flags |= FLAG.answered
  if (meta.profileName !== undefined) flags |= FLAG.profile
  if (session.merged_into !== undefined) flags |= FLAG.merged
  flags |= Math.max(0, SENDERS.indexOf(meta.lastSender)) << SENDER_SHIFT
  flags |= writeReason(page, row, meta.reason, extra) << REASON_SHIFT
  page.setWord(row, WORDS.key, keyNumber)
  page.setWord(row, WORDS.count, session.message_count)
  page.setWord(row, WORDS.unread, session.unread_count)
  page.setWord(row, WORDS.flags, flags)
  page.setText(row, TEXTS.id, session._id)
  page.setText(row, TEXTS.firstSid, meta.firstSid)
  page.setText(row, TEXTS.lastSid, meta.lastSid === meta.firstSid ? '' : meta.lastSid)
  page.setText(row, TEXTS.preview, meta.preview)
  page.setText(row, TEXTS.profile, meta.profileName ?? '')
  if (session.title !== titleOf({ communication_type: session.communication_type, contact: meta.fromNumber }))
    (extra.top ??= {})['title'] = session.title
  for (const [name, value] of Object.entries(session))
    if (!COLUMNED.has(name)) (extra.top ??= {})[name] = value
  for (const [name, value] of Object.entries(meta))
    if (!COLUMNED_META.has(name)) (extra.meta ??= {})[name] = value
  page.setText(row, TEXTS.extra, extra.top || extra.meta ? JSON.stringify(extra) : '')
}

/** The session in a row, as it was put. */
export function readRow(page: SessionPage, row: number, key: Key): Session {
  const flags = page.word(row, WORDS.flags)
  const firstSid = page.text(row, TEXTS.firstSid)
  const session: Session = {
    _id: page.text(row, TEXTS.id),
    channel_id: key.channel_id,
    communication_type: key.communication_type,
    title: titleOf(key),
    status: flags & FLAG.closed ? 'closed' : 'active',
    message_count: page.word(row, WORDS.count),
    last_message_at: iso(page.time(row, TIMES.last)),
    metadata: {
      fromNumber: key.contact,
      firstMessageAt: iso(page.time(row, TIMES.first)),
      reason: readReason(page, row, flags),
      firstSid,
      lastSid: page.text(row, TEXTS.lastSid) || firstSid,
      lastSender: SENDERS[(flags >>> SENDER_SHIFT) & 3] ?? 'contact',
      preview: page.text(row, TEXTS.preview),
      ...(flags & FLAG.waiting ? { waitingSince: iso(page.time(row, TIMES.waiting)) } : {}),
      ...(flags & FLAG.heard ? { heardAt: iso(page.time(row, TIMES.heard)) } : {}),
      ...(flags & FLAG.answered ? { answeredAt: iso(page.time(row, TIMES.answered)) } : {}),
      ...(flags & FLAG.started ? { lastStartedAt: iso(page.time(row, TIMES.started)) } : {}),
      ...(flags & FLAG.profile ? { profileName: page.text(row, TEXTS.profile) } : {}),
      ...(flags & FLAG.failed ? { failed: true as const } : {}),
      ...(flags & FLAG.muted ? { muted: true as const } : {}),
    },
    unread_count: page.word(row, WORDS.unread),
    createdAt: iso(page.time(row, TIMES.created)),
    updatedAt: iso(page.time(row, TIMES.updated)),
  }
  const extra = page.text(row, TEXTS.extra)
  if (extra === '') return session
  const { top, meta } = JSON.parse(extra) as Extra
  return { ...session, ...top, metadata: { ...session.metadata, ...meta } }
}

function writeReason(page: SessionPage, row: number, reason: Reason, extra: Extra): number {
  let length = 0
  let gap = 0
  let exact = true
  if (reason.kind === 'silence') {
    length = reason.silence_ms
    gap = reason.gap_ms
    exact = Number.isFinite(length) && Number.isInteger(gap) && gap >= 0 && gap < 2 ** 32
  } else if (reason.kind !== 'first') {
    length = Date.parse(reason.at)
    exact = isPlainTime(reason.at, length)
  }
  page.setTime(row, TIMES.reason, exact ? length : 0)
  page.setWord(row, WORDS.gap, exact ? gap : 0)
  if (!exact) (extra.meta ??= {})['reason'] = reason
  return Math.max(0, REASONS.indexOf(reason.kind)) | (exact ? GAP_SET >>> REASON_SHIFT : 0)
}

function readReason(page: SessionPage, row: number, flags: number): Reason {
  const kind = REASONS[(flags >>> REASON_SHIFT) & 3] ?? 'first'
  const value = page.time(row, TIMES.reason)
  switch (kind) {
    case 'first':
      return { kind }
    case 'silence':
      return { kind, silence_ms: value, gap_ms: page.word(row, WORDS.gap) }
    case 'closed':
    case 'split':
      return { kind, at: iso(value) }
  }
}

/** ISO 8601 UTC with milliseconds, so that a number of ms holds it exactly. */
function isPlainTime(value: string, ms: number): boolean {
  return value.length === 24 && value.charCodeAt(23) === 90 && !Number.isNaN(ms)
}
