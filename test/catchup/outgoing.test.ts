import { describe, expect, it } from 'vitest'
import type { Message } from '../../src/shared/documents.ts'
import { Machine } from '../soak/machine.ts'
import { ANN, bed, BUSINESS, hangingCarrier, type Bed } from './bed.ts'
import { withoutAnswers } from './passing.ts'

const MINUTE = 60_000

/** Ann has written, so that she can be answered. */
async function withAnn(): Promise<Bed & { send(body: string): Promise<Message> }> {
  const b = await bed()
  await withoutAnswers(b)
  await b.text(ANN, 'hello')
  await b.console.idle()
  const send = async (body: string): Promise<Message> => {
    const [session] = b.sessions()
    return b.console.end.handlers['messages.send']({
      channel_id: session?.channel_id ?? '',
      medium: 'sms',
      contact: ANN,
      body,
      draft: `draft ${body} ${String(b.clock.now())}`,
    })
  }
  return Object.assign(b, { send })
}

const outbound = async (b: Bed): Promise<Message[]> =>
  (await b.messages()).filter(({ sender }) => sender !== 'contact')
const atCarrier = (b: Bed): string[] =>
  [...b.simulator.account.messages.values()]
    .filter(({ direction }) => direction !== 'inbound')
    .map(({ sid }) => sid)
    .toSorted()
const sids = (messages: Message[]): string[] => messages.map(({ sid }) => sid).toSorted()

describe('what the business sent', () => {
  it.each([
    ['a minute before', MINUTE],
    ['a second before, its webhook perhaps on its way', 1_000],
  ])('and still waits at a start does not go out where STOP was said %s', async (_when, ago) => {
    const b = await withAnn()
    const limited = {
      kind: 'limited',
      code: 20429,
      status: 429,
      sentence: 'Too many.',
      retryAfter: 1_000,
    } as const
    await b.close()
    await b.open({
      carrier: () => ({ ...b.carrier, send: () => Promise.resolve({ ok: false, error: limited }) }),
    })
    const { _id } = await b.send('an offer')
    await b.console.idle()
    await b.kill()
    await b.text(ANN, 'STOP')
    await b.clock.advance(ago)
    const sent: string[] = []
    await b.open({
      carrier: () => ({
        ...b.carrier,
        send: (message) => (sent.push(message.body), b.carrier.send(message)),
      }),
    })
    await b.caughtUp()
    expect(sent).toEqual([])
    expect((await outbound(b)).find((message) => message._id === _id)).toMatchObject({
      status: 'canceled',
      error_code: 21_610,
    })
  })

  it('waits no longer than that for lists that cannot be read', async () => {
    const b = await withAnn()
    let end: (of: Awaited<ReturnType<typeof b.carrier.lists.messages>>) => void = () => undefined
    const stuck = new Promise<Parameters<typeof end>[0]>((resolve) => (end = resolve))
    const sent: string[] = []
    await b.close()
    await b.open({
      carrier: () => ({
        ...b.carrier,
        lists: { ...b.carrier.lists, messages: () => stuck },
        send: (message) => (sent.push(message.body), b.carrier.send(message)),
      }),
    })
    await b.send('an answer')
    await b.console.outbox.idle()
    expect(sent).toEqual([])
    await b.clock.advance(20_000)
    await b.console.outbox.idle()
    expect(sent).toEqual(['an answer'])
    end({ ok: false, error: { kind: 'refused', code: 0, status: 400, sentence: 'No.' } })
  })

  it('by other means appears, by its time, and ends the wait', async () => {
    const b = await withAnn()
    await b.clock.advance(MINUTE)
    await b.simulator.idle()
    const other = await fetchSend(b, 'from another program')
    await b.clock.advance(MINUTE)
    await b.caughtUp()
    const [message] = await outbound(b)
    expect(message).toMatchObject({
      content: 'from another program',
      sid: other,
      sender: 'operator',
      status: 'delivered',
      createdAt: '2025-01-15T10:01:00.000Z',
    })
    expect(b.sessions()).toHaveLength(1)
    expect(b.sessions()[0]?.metadata.waitingSince).toBeUndefined()
    expect(b.console.catchUp.view().away).toBeNull()
  })

  it('from here is not there twice, and what became of it meanwhile is known', async () => {
    const b = await withAnn()
    b.simulator.faults.callback({ kind: 'lose' }, undefined, 3)
    await b.send('an answer')
    await b.console.idle()
    await b.simulator.idle()
    expect((await outbound(b)).map(({ status }) => status)).toEqual(['queued'])
    await b.clock.advance(MINUTE)
    await b.caughtUp()
    expect(await outbound(b)).toMatchObject([{ content: 'an answer', status: 'delivered' }])
    expect(sids(await outbound(b))).toEqual(atCarrier(b))
  })

  it.each(['before', 'after'] as const)(
    'is not doubled by a kill, its request lost %s it was taken',
    async (when) => {
      const b = await withAnn()
      let stuck: (() => void) | undefined
      const isStuck = new Promise<void>((resolve) => (stuck = resolve))
      await b.close()
      const hanging = hangingCarrier(b, when, () => stuck?.())
      await b.open({ carrier: hanging })
      await b.send('an answer')
      await isStuck
      await b.clock.advance(5 * MINUTE)
      await b.kill()
      await b.open()
      await settle(b)
      await b.caughtUp()
      const messages = await outbound(b)
      expect(messages).toHaveLength(1)
      // Nobody knows of a request that was lost on its way whether it was: it is not made again by itself.
      if (when === 'before') expect(messages[0]?.status).toBe('unsure')
      else expect(sids(messages)).toEqual(atCarrier(b))
      expect(atCarrier(b)).toHaveLength(when === 'before' ? 0 : 1)
    },
  )

  it('is left until its answer is there, while the answer is out', async () => {
    const b = await withAnn()
    await b.close()
    let stuck: (() => void) | undefined
    const isStuck = new Promise<void>((resolve) => (stuck = resolve))
    await b.open({ carrier: hangingCarrier(b, 'after', () => stuck?.()) })
    b.simulator.faults.callback({ kind: 'lose' }, undefined, 3)
    await b.send('an answer')
    await isStuck
    await b.clock.advance(MINUTE)
    b.console.catchUp.now()
    await b.console.catchUp.idle()
    expect(await outbound(b)).toMatchObject([{ status: 'queued' }])
    expect((await outbound(b))[0]?.sid).toMatch(/^local:/)
    // Had something else sent the same by then, it would have waited too, and not be lost.
    const other = await fetchSend(b, 'an answer')
    await b.clock.advance(MINUTE)
    await b.kill()
    await b.open()
    await settle(b)
    await b.caughtUp()
    expect(sids(await outbound(b))).toEqual(atCarrier(b))
    expect(atCarrier(b)).toContain(other)
  })

  it('and stayed in doubt is found in the list, its doubt over', async () => {
    const b = await withAnn()
    b.simulator.faults.callback({ kind: 'lose' }, undefined, 3)
    // The list lags: whoever looks at once finds nothing.
    b.simulator.faults.lists({ lagMs: 10 * MINUTE })
    b.simulator.faults.rest({ kind: 'drop', when: 'after' }, 'create')
    await b.send('an answer')
    await settle(b)
    expect(await outbound(b)).toMatchObject([{ status: 'unsure' }])
    expect(b.console.store.outbox()).toHaveLength(1)
    b.simulator.faults.lists({ lagMs: 0 })
    await b.caughtUp()
    expect(await outbound(b)).toMatchObject([{ content: 'an answer', status: 'delivered' }])
    expect(sids(await outbound(b))).toEqual(atCarrier(b))
    expect(b.console.store.outbox()).toEqual([])
  })

  it.each([-60, -3, 3, 60])('is found although this computer’s clock is %i minutes off', async (minutes) => {
    const b = await withAnn()
    await b.close()
    const machine = new Machine(b.clock)
    await b.open({ clock: machine })
    await b.console.catchUp.idle()
    machine.step(minutes * MINUTE)
    b.simulator.faults.callback({ kind: 'lose' }, undefined, 3)
    b.simulator.faults.lists({ lagMs: 10 * MINUTE })
    b.simulator.faults.rest({ kind: 'drop', when: 'after' }, 'create')
    await b.send('an answer')
    // A clock that jumped may have been a sleep: the lists are read first.
    await b.console.catchUp.idle()
    await settle(b)
    expect(await outbound(b)).toMatchObject([{ status: 'unsure' }])
    b.simulator.faults.lists({ lagMs: 0 })
    await b.caughtUp()
    expect(await outbound(b)).toMatchObject([{ content: 'an answer', status: 'delivered' }])
    expect(sids(await outbound(b))).toEqual(atCarrier(b))
  })

  it('twice with the same words, both in doubt, is both', async () => {
    const b = await withAnn()
    b.simulator.faults.callback({ kind: 'lose' }, undefined, 6)
    b.simulator.faults.lists({ lagMs: 60 * MINUTE })
    b.simulator.faults.rest({ kind: 'drop', when: 'after' }, 'create', 2)
    await b.send('yes')
    await settle(b)
    await b.send('yes')
    await settle(b)
    b.simulator.faults.lists({})
    await b.caughtUp()
    expect(sids(await outbound(b))).toEqual(atCarrier(b))
    expect(b.console.store.outbox()).toEqual([])
  })

  it('and was sent again by hand does not come back as its first attempt', async () => {
    const b = await withAnn()
    const { number } = b.simulator.faults
    number(ANN, { at: 'delivery', code: 30003, status: 'undelivered' })
    const { _id } = await b.send('an answer')
    await b.console.idle()
    await b.simulator.idle()
    expect(await outbound(b)).toMatchObject([{ status: 'undelivered' }])
    number(ANN, undefined)
    await b.clock.advance(MINUTE)
    await b.console.end.handlers['messages.retry']({ id: _id })
    await b.console.idle()
    await b.simulator.idle()
    await b.clock.advance(MINUTE)
    await b.caughtUp()
    await b.close()
    await b.open()
    await b.caughtUp()
    expect(atCarrier(b)).toHaveLength(2)
    expect(await outbound(b)).toMatchObject([{ content: 'an answer', status: 'delivered' }])
  })
})

/** Another program of the business's sends. */
async function fetchSend(b: Bed, body: string): Promise<string> {
  const { api, accountSid, authToken } = b.simulator
  const response = await fetch(`${api}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
    method: 'POST',
    headers: {
      Authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ From: BUSINESS, To: ANN, Body: body }).toString(),
  })
  const { sid } = (await response.json()) as { sid: string }
  await b.simulator.idle()
  return sid
}

/** The outbox looks and waits until it has made up its mind. */
async function settle(b: Bed): Promise<void> {
  for (let n = 0; n < 4; n++) {
    await b.console.idle()
    await b.simulator.idle()
    await b.clock.advance(6_000)
  }
  await b.console.idle()
}
