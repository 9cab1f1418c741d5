import { expect, test } from 'vitest'
import { settle, type Outgoing } from '../../src/renderer/src/state/transcript.ts'
import type { MediaFile, Message } from '../../src/shared/documents.ts'

const AT = '2025-01-15T10:00:00.000Z'
const file = (digit: string): MediaFile => ({ hash: digit.repeat(64), size: 3, content_type: 'image/png' })
const row = (draft: string, files: MediaFile[], refused: string | null = null): Outgoing => ({
  ...{ draft, body: '', medium: 'sms', files, at: AT, refused, became: null },
})
const sent = (...files: MediaFile[]): Message => ({
  ...{ _id: 'm1', session_id: 's1', content: '', sender: 'operator', createdAt: AT, sid: 'SM1' },
  ...{ channel_id: 'c1', communication_type: 'sms', contact: '+1234567890', status: 'queued' },
  media: files.map((one) => ({ url: '', content_type: one.content_type, file: one })),
})

test('a picture that was refused does not vanish when another one without words goes out', () => {
  const rows = settle(
    [row('one', [file('a')], 'Go live.'), row('two', [file('b')])],
    [sent(file('b'))],
    () => true,
  )
  expect(rows.map(({ became }) => became)).toEqual([null, 'm1'])
})
