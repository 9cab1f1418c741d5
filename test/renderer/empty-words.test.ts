import { expect, test } from 'vitest'
import { emptyWords } from '../../src/renderer/src/pages/sessions/emptyWords.ts'
import { countOf, NO_COUNTS, totalOf, type Query } from '../../src/renderer/src/state/query.ts'
import type { CountsView } from '../../src/shared/contract.ts'

const NONE = { waiting: 0, unread: 0, closed: 0 }
const counts: CountsView = {
  all: 9,
  sms: 4,
  whatsapp: 3,
  voice: 2,
  waiting: 3,
  unread: 1,
  closed: 0,
  by: { sms: NONE, whatsapp: { ...NONE, waiting: 1 }, voice: { ...NONE, waiting: 2, unread: 1 } },
}
const query = (type: Query['type'], filter: Query['filter'], order: Query['order'] = 'latest'): Query => ({
  type,
  filter,
  order,
})

test('a filter’s count is that of the tab', () => {
  expect(countOf(counts, 'all', 'waiting')).toBe(3)
  expect(countOf(counts, 'sms', 'waiting')).toBe(0)
  expect(countOf(counts, 'voice', 'unread')).toBe(1)
  expect(countOf(counts, 'whatsapp', 'all')).toBe(3)
  expect(totalOf(query('voice', 'waiting', 'longest_waiting'), counts)).toBe(2)
  expect(totalOf(query('voice', 'all', 'longest_waiting'), counts)).toBe(2)
  expect(totalOf(query('voice', 'unread', 'longest_waiting'), counts)).toBe(-1)
})

test.each([
  [
    query('sms', 'waiting', 'longest_waiting'),
    'Nobody waits by SMS',
    '1 waits by WhatsApp, 2 by Voice.',
    true,
  ],
  [query('whatsapp', 'unread'), 'Nothing unread by WhatsApp', '1 unread by Voice.', true],
  [query('sms', 'all', 'longest_waiting'), 'Nobody waits by SMS', '1 waits by WhatsApp, 2 by Voice.', true],
  [query('all', 'closed'), 'Nothing closed', 'A session you close stays here', false],
  [query('voice', 'closed'), 'Nothing closed by Voice', 'A session you close stays here', false],
  [query('sms', 'unread', 'longest_waiting'), 'Nobody waits among the unread', 'only those who wait', false],
])('an empty list says what is so: %o', (asked, title, words, elsewhere) => {
  expect(emptyWords(asked, counts)).toEqual({
    title,
    words: expect.stringContaining(words) as unknown,
    elsewhere,
  })
})

test('where nobody waits at all, everybody has had an answer', () => {
  expect(emptyWords(query('sms', 'waiting'), NO_COUNTS)).toEqual({
    title: 'Nobody waits by SMS',
    words: 'Every contact has had an answer, or their session was closed.',
    elsewhere: false,
  })
  expect(emptyWords(query('voice', 'all'), { ...NO_COUNTS, all: 1, sms: 1 }).title).toBe(
    'No sessions by Voice yet',
  )
})
