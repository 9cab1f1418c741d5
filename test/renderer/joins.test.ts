import { expect, test } from 'vitest'
import type { Message } from '../../src/shared/documents.ts'
import { joinsOf } from '../../src/renderer/src/pages/sessions/joins.ts'

const MINUTE = 60_000
const START = Date.parse('2026-11-20T10:00:00.000Z')

/** Messages by minute and by the order they were taken in. */
const written = (...rows: [minute: number, seq: number, more?: Partial<Message>][]) =>
  rows.map(([minute, seq, more]): Message => ({
    _id: `at ${minute}`,
    session_id: 's',
    content: '',
    sender: 'contact',
    createdAt: new Date(START + minute * MINUTE).toISOString(),
    sid: `SM${minute}`,
    channel_id: 'c',
    communication_type: 'sms',
    contact: '+15550001111',
    status: 'received',
    media: [],
    seq,
    ...more,
  }))
const joins = (messages: readonly Message[]) => Object.fromEntries(joinsOf(messages, { gap_ms: 5 * MINUTE }))

test('a late message between two sessions joins them where the second began', () => {
  expect(joins(written([0, 1], [4, 3], [8, 2]))).toEqual({ 'at 8': 'late' })
  // The first of two late ones grew a session, the second joined.
  expect(joins(written([0, 1], [4, 3], [8, 4], [12, 2]))).toEqual({ 'at 12': 'late' })
  expect(joins(written([0, 1], [4, 4], [8, 3], [12, 2]))).toEqual({ 'at 8': 'late' })
})

test('one that came in order, or late into one session, joins nothing', () => {
  expect(joins(written([0, 1], [4, 2], [8, 3]))).toEqual({})
  expect(joins(written([0, 1], [1, 3], [4, 2]))).toEqual({})
  expect(joins(written([0, 2], [3, 1]))).toEqual({})
  // Exactly the gap is no break.
  expect(joins(written([0, 1], [2, 3], [5, 2]))).toEqual({})
})

test('an answer carries its session itself', () => {
  const answer = { sender: 'operator', in_reply_to: 'SM0' } as const
  expect(joins(written([0, 1], [4, 3], [600, 2, answer]))).toEqual({})
})
