import { describe, expect, it } from 'vitest'
import type { Carrier } from '../../src/server/carrier/carrier.ts'
import { afterCallback } from '../../src/server/outbox/index.ts'
import { messageOf, sending } from './support.ts'

/** The answer to the second attempt, or a status told of one of the two. */
type Event = 'answer' | readonly [attempt: 1 | 2, status: string, error_code?: number]

/** A message whose first attempt was taken and ended in doubt; nobody knows its SID. */
async function unsure() {
  const { start, disk, real, clock, bodies } = await sending()
  const sids: string[] = []
  const called = Promise.withResolvers<undefined>()
  const answer = Promise.withResolvers<undefined>()
  /** `endsWithLook`: it is taken away once the list was looked into, and what is queued then waits. */
  const account = { isSet: true, endsWithLook: false }
  const carrier: Carrier = {
    ...real,
    // The list lags behind.
    async *listMessages() {
      await Promise.resolve()
      if (account.endsWithLook) account.isSet = false
      yield { ok: true, value: [] }
    },
    async send(message) {
      const outcome = await real.send(message)
      if (outcome.ok) sids.push(outcome.value.sid)
      if (sids.length === 1)
        return { ok: false, error: { kind: 'unknown', code: 0, status: 0, sentence: 'It broke.' } }
      called.resolve(undefined)
      await answer.promise
      return outcome
    },
  }
  const { outbox, store, send } = start({ carrier: () => (account.isSet ? carrier : undefined) })
  await outbox.start()
  const id = await send()
  await outbox.idle()
  await clock.advance(5_000)
  await outbox.idle()
  expect(messageOf(disk, id).status).toBe('unsure')
  /** As the intake does it. */
  const told = async (attempt: number, status: string, error_code?: number) => {
    const callback = {
      sid: sids[attempt - 1] ?? '',
      status,
      ...(error_code !== undefined && { error_code }),
    }
    const isQueued = store.outboxEntry(id)?.state === 'queued'
    const next = afterCallback(messageOf(disk, id), callback, isQueued)
    if (next) await store.commit({ why: 'status', messages: [next] })
  }
  const message = () => messageOf(disk, id)
  return { outbox, id, account, called, answer, told, message, bodies, sids }
}

function orders<T>(all: readonly T[]): T[][] {
  if (all.length < 2) return [[...all]]
  return all.flatMap((one, index) => orders(all.toSpliced(index, 1)).map((rest) => [one, ...rest]))
}

const words = (order: readonly Event[]): string =>
  order.map((event) => (event === 'answer' ? event : `${event[0]} ${event[1]}`)).join(', ')

/** Each order of these, with the status it has to end with. */
function cases(status: string, ...events: Event[]): [string, string, Event[]][] {
  return orders<Event>(['answer', ...events]).map((order) => [words(order), status, order])
}

describe('of two attempts, the first of which ended in doubt', () => {
  it.each([
    ...cases('delivered', [1, 'delivered'], [2, 'undelivered', 30003]),
    ...cases('delivered', [1, 'failed', 30005], [2, 'delivered']),
    ...cases('delivered', [1, 'delivered'], [2, 'delivered']),
    ...cases('read', [1, 'delivered'], [2, 'read']),
  ])('what a phone confirms counts: %s', async (_, status, order) => {
    const { outbox, id, called, answer, told, message, bodies } = await unsure()
    await outbox.retry(id)
    await called.promise
    for (const event of order) {
      if (event !== 'answer') await told(...event)
      else {
        answer.resolve(undefined)
        await outbox.idle()
      }
    }
    expect(message().status).toBe(status)
    expect(bodies()).toHaveLength(2)
    await outbox.stop()
  })

  it.each([
    ['undelivered', 'delivered', 2],
    ['delivered', 'delivered', 1],
  ] as const)('late word of the first, %s, is told from that of the second', async (first, shown, which) => {
    const { outbox, id, called, answer, told, message, sids } = await unsure()
    await outbox.retry(id)
    await called.promise
    await told(1, first)
    answer.resolve(undefined)
    await outbox.idle()
    await told(2, 'delivered')
    expect(message()).toMatchObject({
      status: shown,
      sid: sids[which - 1],
      params: { earlier_sids: [sids[2 - which]] },
    })
    expect(message().error_code).toBeUndefined()
    await outbox.stop()
  })

  it.each(['failed', 'undelivered'])(
    'the second is made, though late word says that the first %s',
    async (status) => {
      const { outbox, id, account, answer, told, message, bodies } = await unsure()
      account.endsWithLook = true
      await outbox.retry(id)
      await outbox.idle()
      await told(1, status, 30005)
      expect(message()).toMatchObject({ status: 'queued', sid: expect.stringMatching(/^local:/) as string })
      expect(message().error_code).toBeUndefined()
      account.isSet = true
      answer.resolve(undefined)
      outbox.kick()
      await outbox.idle()
      expect(bodies()).toHaveLength(2)
      await told(2, 'delivered')
      expect(message().status).toBe('delivered')
      expect(message().error_code).toBeUndefined()
      await outbox.stop()
    },
  )

  it.each(['sent', 'delivered'])('the second is not made where the first is %s', async (status) => {
    const { outbox, id, account, answer, told, message, bodies } = await unsure()
    account.endsWithLook = true
    await outbox.retry(id)
    await outbox.idle()
    await told(1, status)
    account.isSet = true
    answer.resolve(undefined)
    outbox.kick()
    await outbox.idle()
    expect(message().status).toBe(status)
    expect(bodies()).toHaveLength(1)
    await outbox.stop()
  })
})
