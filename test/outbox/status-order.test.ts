import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DeliveryStatus, Message } from '../../src/shared/documents.ts'
import {
  afterCallback,
  later,
  localSid,
  readStatus,
  type Callback,
  type Standing,
} from '../../src/server/outbox/index.ts'

const STATUSES: DeliveryStatus[] = [
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
]
const standing: fc.Arbitrary<Standing> = fc.record(
  { status: fc.constantFrom(...STATUSES), error_code: fc.constantFrom(30003, 30005, 30008, 63016) },
  { requiredKeys: ['status'] },
)

const message: Message = {
  _id: 'm1',
  session_id: 's1',
  content: 'Hello',
  sender: 'operator',
  createdAt: '2025-01-15T10:00:00.000Z',
  sid: localSid('m1'),
  channel_id: 'c1',
  communication_type: 'sms',
  contact: '+1234567890',
  status: 'queued',
  media: [],
}

describe('a status only moves forward', () => {
  it('whatever the order of the callbacks, the end is the same', () => {
    const shuffled = fc
      .array(standing, { maxLength: 8 })
      .chain((all) =>
        fc.tuple(
          fc.constant(all),
          fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
        ),
      )
    fc.assert(
      fc.property(shuffled, ([all, other]) => {
        const start: Standing = { status: 'unsure' }
        expect(other.reduce(later, start)).toEqual(all.reduce(later, start))
      }),
    )
  })

  it('twice is once, and it never goes back', () => {
    fc.assert(
      fc.property(standing, standing, (one, other) => {
        const joined = later(one, other)
        expect(later(joined, other)).toEqual(joined)
        expect(STATUSES.indexOf(joined.status)).toBeGreaterThanOrEqual(STATUSES.indexOf(one.status))
        if (one.error_code !== undefined || other.error_code !== undefined)
          expect(joined.error_code).toBeDefined()
      }),
    )
  })

  it('keeps a code that says more than "unknown"', () => {
    const known: Standing = { status: 'undelivered', error_code: 30003 }
    expect(later(known, { status: 'undelivered', error_code: 30008 })).toEqual(known)
    expect(
      later({ status: 'failed', error_code: 30008 }, { status: 'failed', error_code: 63016 }).error_code,
    ).toBe(63016)
    expect(later(known, { status: 'delivered' })).toEqual({ status: 'delivered', error_code: 30003 })
  })

  it('reads Twilio’s words, and leaves those it does not know', () => {
    expect(readStatus('Delivered')).toBe('delivered')
    expect(readStatus('teleported')).toBeUndefined()
    expect(readStatus('unsure')).toBeUndefined()
  })
})

describe('a callback', () => {
  it('ends a doubt, and gives the message its SID', () => {
    for (const status of ['queued', 'unsure'] as const) {
      expect(afterCallback({ ...message, status }, { sid: 'SM1', status: 'queued' })).toMatchObject({
        sid: 'SM1',
        status: 'queued',
      })
    }
    const failed = afterCallback(
      { ...message, status: 'unsure' },
      { sid: 'SM1', status: 'failed', error_code: 30007 },
    )
    expect(failed).toMatchObject({ sid: 'SM1', status: 'failed', error_code: 30007 })
  })

  it('changes nothing when it is old, unknown, or of another attempt', () => {
    const sent: Message = { ...message, sid: 'SM2', status: 'sent', params: { earlier_sids: ['SM1'] } }
    expect(afterCallback(sent, { sid: 'SM2', status: 'queued' })).toBeUndefined()
    expect(afterCallback(sent, { sid: 'SM2', status: 'new word' })).toBeUndefined()
    expect(afterCallback(sent, { sid: 'SM1', status: 'undelivered', error_code: 30003 })).toBeUndefined()
    expect(afterCallback(sent, { sid: 'SM9', status: 'undelivered', error_code: 30003 })).toBeUndefined()
    expect(afterCallback(sent, { sid: 'SM9', status: 'sent' })).toBeUndefined()
    const again: Message = { ...sent, sid: localSid('m1'), status: 'queued' }
    expect(afterCallback(again, { sid: 'SM1', status: 'undelivered' })).toBeUndefined()
  })

  it('counts of an earlier attempt where a phone confirms that one', () => {
    const params = { earlier_sids: ['SM1'] }
    const again: Message = { ...message, sid: localSid('m1'), status: 'queued', params }
    const delivered = afterCallback(again, { sid: 'SM1', status: 'delivered' })
    // The attempt is this one again: it is read by and by.
    expect(delivered).toMatchObject({ sid: 'SM1', status: 'delivered', params: { earlier_sids: [] } })
    expect(delivered && afterCallback(delivered, { sid: 'SM1', status: 'read' })).toMatchObject({
      status: 'read',
    })
    const lost: Message = { ...again, sid: 'SM2', status: 'undelivered', error_code: 30003 }
    expect(afterCallback(lost, { sid: 'SM1', status: 'delivered' })).toMatchObject({
      sid: 'SM2',
      status: 'delivered',
    })
    expect(afterCallback({ ...lost, status: 'read' }, { sid: 'SM1', status: 'delivered' })).toBeUndefined()
  })

  it('counts of an attempt whose SID nobody knew where a phone confirms that one', () => {
    const lost: Message = { ...message, sid: 'SM2', status: 'undelivered', error_code: 30003 }
    const params = { earlier_sids: ['SM1'] }
    const delivered = afterCallback(lost, { sid: 'SM1', status: 'delivered' })
    expect(delivered).toMatchObject({ sid: 'SM2', status: 'delivered', params })
    expect(delivered && afterCallback(delivered, { sid: 'SM1', status: 'delivered' })).toBeUndefined()
    expect(delivered && afterCallback(delivered, { sid: 'SM1', status: 'read' })).toMatchObject({
      sid: 'SM2',
      status: 'read',
    })
    // It is known from then on, also where it tells nothing new.
    expect(afterCallback({ ...lost, status: 'read' }, { sid: 'SM1', status: 'delivered' })).toMatchObject({
      sid: 'SM2',
      status: 'read',
      params,
    })
  })

  it.each(['canceled', 'failed', 'undelivered'])(
    '%s of an attempt before does not end the one that has not been called yet',
    (status) => {
      const callback = { sid: 'SM1', status, error_code: 30005 }
      const params = { earlier_sids: ['SM1'] }
      const noted = afterCallback(message, callback, true)
      expect(noted).toEqual({ ...message, params })
      expect(noted && afterCallback(noted, { sid: 'SM1', status: 'sent' }, true)).toBeUndefined()
      expect(noted && afterCallback(noted, { sid: 'SM1', status: 'delivered' }, true)).toMatchObject({
        sid: 'SM1',
        status: 'delivered',
      })
      // Once it is called, the first SID heard of is its own until its answer tells them apart.
      expect(afterCallback(message, callback)).toMatchObject({ sid: 'SM1', status, error_code: 30005 })
    },
  )

  it('that an attempt before is on its way counts, though the next has not been called yet', () => {
    for (const status of ['sent', 'delivered'])
      expect(afterCallback(message, { sid: 'SM1', status }, true)).toMatchObject({ sid: 'SM1', status })
  })

  it('in any order ends the same', () => {
    const callback: fc.Arbitrary<Callback> = standing
      .filter(({ status }) => status !== 'unsure')
      .map((change) => ({ sid: 'SM1', ...change }))
    const shuffled = fc
      .array(callback, { minLength: 1, maxLength: 6 })
      .chain((all) =>
        fc.tuple(
          fc.constant(all),
          fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
        ),
      )
    const end = (callbacks: Callback[]) =>
      callbacks.reduce((current: Message, next) => afterCallback(current, next) ?? current, message)
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        expect(end(other)).toEqual(end(one))
      }),
    )
  })
})
