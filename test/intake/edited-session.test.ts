import { expect, it } from 'vitest'
import { editedSession } from '../../src/server/intake/edited-session.ts'
import type { DeliveryStatus, Message, Session } from '../../src/shared/documents.ts'

const AT = '2025-01-15T10:00:00.000Z'
const LATER = '2025-01-15T10:02:00.000Z'

const session: Session = {
  ...{ _id: 's1', channel_id: 'c1', communication_type: 'sms', title: 'SMS from +1234567890' },
  ...{ status: 'active', message_count: 3, unread_count: 0, last_message_at: LATER },
  ...{ createdAt: AT, updatedAt: AT },
  metadata: {
    ...{ fromNumber: '+1234567890', firstMessageAt: AT, reason: { kind: 'first' } },
    ...{ firstSid: 'SM1', lastSid: 'SM3', lastSender: 'ai', preview: 'We are closed.' },
    ...{ answeredAt: AT, failed: true },
  },
}
const closedText = (status: DeliveryStatus): Message => ({
  ...{ _id: 'm3', session_id: 's1', content: 'We are closed.', sender: 'ai', createdAt: LATER, sid: 'SM3' },
  ...{
    channel_id: 'c1',
    communication_type: 'sms',
    contact: '+1234567890',
    media: [],
    status,
    holding: true,
  },
})

it('an answer that failed is not hidden by an automatic one that arrived after it', () => {
  const now = Date.parse(LATER)
  const after = editedSession(session, closedText('sent'), closedText('delivered'), now)
  expect((after ?? session).metadata.failed).toBe(true)
  // Its own failure is told, and gone when it arrived after all.
  expect(
    editedSession(session, closedText('failed'), closedText('sent'), now)?.metadata.failed,
  ).toBeUndefined()
  const fine = { ...session, metadata: { ...session.metadata } }
  delete fine.metadata.failed
  expect(editedSession(fine, closedText('sent'), closedText('failed'), now)?.metadata.failed).toBe(true)
})
