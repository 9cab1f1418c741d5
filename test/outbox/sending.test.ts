import { describe, expect, it, vi } from 'vitest'
import type { Carrier, Outgoing } from '../../src/server/carrier/carrier.ts'
import type { Contact } from '../../src/shared/documents.ts'
import { ANN, BEN, BUSINESS, hello, messageOf, MORNING, sending, waiting } from './support.ts'

describe('sending', () => {
  it('hands a message over: marked before the call, its id in the callback, SID and status in one commit', async () => {
    const { start, disk, simulator } = await sending()
    const { outbox, send } = start({ statusCallbackBase: () => 'https://shop.example' })
    await outbox.start()
    const id = await send()
    await outbox.idle()
    const [sent] = simulator.account.messages.values()
    expect(messageOf(disk, id)).toMatchObject({ sid: sent?.sid, status: 'queued', sender: 'operator' })
    expect(sent).toMatchObject({
      from: BUSINESS,
      to: ANN,
      body: 'Hello',
      status_callback: `https://shop.example/webhooks/status?m=${id}`,
    })
    expect(waiting(disk)).toEqual([])
    expect(disk.log).toEqual(['message', 'calling', 'handed over'])
    await outbox.stop()
  })

  it('logs why Twilio refused a message without the number, where the log is to show none', async () => {
    const { start } = await sending()
    const sentence = `Twilio refused it with code 21601: The phone number ${ANN} is not ours.`
    const refusing: Carrier = {
      ...unused,
      send: () =>
        Promise.resolve({ ok: false, error: { kind: 'refused', code: 21601, status: 400, sentence } }),
    }
    const { outbox, log, send } = start({ carrier: () => refusing })
    log.person = () => '•••'
    await outbox.start()
    await send()
    await outbox.idle()
    expect(log.lines.join()).toContain('code 21601: The phone number ••• is not ours.')
    await outbox.stop()
  })

  it('prepares a message that stands behind the one it answers', async () => {
    const { start } = await sending()
    const { outbox } = start()
    const at = new Date(MORNING).toISOString()
    const { message, entry } = outbox.prepare({
      ...hello,
      sender: 'ai',
      after: at,
      in_reply_to: 'SM1',
      answered_by: 'rule',
    })
    expect(message).toMatchObject({
      createdAt: '2025-01-15T10:00:00.001Z',
      status: 'queued',
      in_reply_to: 'SM1',
      answered_by: 'rule',
      media: [],
    })
    expect(entry).toEqual({ _id: message._id, state: 'queued', attempts: 0, updatedAt: at })
  })

  it('keeps the order of each contact, and lets contacts go side by side', async () => {
    const { start, simulator, clock } = await sending()
    const { outbox, send } = start()
    let inFlight = 0
    let most = 0
    const lanes = new Map<string, string[]>()
    const slow: Carrier = {
      ...unused,
      async send(message) {
        most = Math.max(most, ++inFlight)
        const lane = lanes.get(message.to) ?? []
        lanes.set(message.to, lane)
        expect(lane.at(-1)?.startsWith('open'), 'one in flight per contact').not.toBe(true)
        const place = lane.push(`open ${message.body}`) - 1
        await new Promise((resolve) => setImmediate(resolve))
        lane[place] = message.body
        inFlight -= 1
        return { ok: true, value: { sid: `SM${message.to}${message.body}`, status: 'queued' } }
      },
    }
    const other = start({ carrier: () => slow, atOnce: 3 })
    for (let i = 0; i < 5; i++) {
      for (const contact of [ANN, BEN, '+15550000001', '+15550000002']) await send({ contact, body: `${i}` })
      await clock.advance(1)
    }
    await other.outbox.start()
    await other.outbox.idle()
    expect(most).toBe(3)
    for (const lane of lanes.values()) expect(lane).toEqual(['0', '1', '2', '3', '4'])
    expect(simulator.account.messages.size).toBe(0)
    await outbox.stop()
  })

  it('says why it was refused, and goes on with the next', async () => {
    const { start, disk, bodies, simulator } = await sending()
    const { outbox, send } = start()
    simulator.faults.rest({ kind: 'refuse', code: 21614 }, 'create')
    await outbox.start()
    const [first, second] = [await send({ body: 'one' }), await send({ body: 'two' })]
    await outbox.idle()
    expect(messageOf(disk, first)).toMatchObject({ status: 'failed', error_code: 21614 })
    expect(messageOf(disk, second)).toMatchObject({ status: 'queued' })
    expect(bodies()).toEqual(['two'])
    expect(waiting(disk)).toEqual([])
  })

  it('keeps waiting what met a token that is no longer right, in its order, and goes on once it is', async () => {
    const { start, disk, bodies, simulator } = await sending()
    const { outbox, send } = start()
    const right = simulator.authToken
    simulator.account.token = 'renewed'
    await outbox.start()
    const ids = [await send({ body: 'one' }), await send({ body: 'two' })]
    await outbox.idle()
    for (const id of ids) expect(messageOf(disk, id)).toMatchObject({ status: 'queued' })
    expect(waiting(disk)).toHaveLength(2)
    simulator.account.token = right
    outbox.resume()
    await outbox.idle()
    expect(bodies()).toEqual(['one', 'two'])
    await outbox.stop()
  })

  it('tries again by itself what met such a token', async () => {
    const { start, bodies, simulator, clock } = await sending()
    const { outbox, send } = start()
    simulator.faults.rest({ kind: 'refuse', code: 20003, status: 401 }, 'create', 1)
    await outbox.start()
    await send()
    await outbox.idle()
    expect(bodies()).toEqual([])
    await clock.advance(60_000)
    await outbox.idle()
    expect(bodies()).toEqual(['Hello'])
    await outbox.stop()
  })

  it('does not send what may not be written', async () => {
    const { start, disk, simulator } = await sending()
    const mayWrite = () => ({ code: 21610, sentence: 'They said STOP.' })
    const { outbox, send } = start({ mayWrite })
    await outbox.start()
    const id = await send()
    await outbox.idle()
    expect(messageOf(disk, id)).toMatchObject({ status: 'canceled', error_code: 21610 })
    expect(simulator.account.messages.size).toBe(0)
    expect(disk.log).not.toContain('calling')
  })

  it('goes on with a thousand that were queued, reading the whole queue a few times and not once for each', async () => {
    const { start, disk } = await sending()
    const before = start({ carrier: () => undefined })
    for (let at = 0; at < 1_000; at++)
      await before.send({ contact: `+1555${String(at).padStart(7, '0')}`, body: String(at) })
    const taking: Carrier = {
      ...unused,
      send: ({ to }) => Promise.resolve({ ok: true, value: { sid: `SM${to}`, status: 'queued' } }),
    }
    const { outbox, store } = start({ carrier: () => taking })
    const read = vi.spyOn(store, 'outbox')
    await outbox.start()
    await outbox.idle()
    expect(waiting(disk)).toEqual([])
    expect(disk.outbox.size).toBe(1_000)
    expect(read.mock.calls.length).toBeLessThan(10)
    await outbox.stop()
  })

  it('waits while there is no account', async () => {
    const { start, bodies, real } = await sending()
    const account: { carrier?: Carrier } = {}
    const { outbox, send } = start({ carrier: () => account.carrier })
    await outbox.start()
    await send()
    await outbox.idle()
    expect(bodies()).toEqual([])
    account.carrier = real
    outbox.kick()
    await outbox.idle()
    expect(bodies()).toEqual(['Hello'])
  })

  it('sends later what is due later, and lets others pass', async () => {
    const { start, bodies, disk, clock } = await sending()
    const { outbox, send } = start()
    await outbox.start()
    const later = await send({ body: 'later', due: MORNING + 3_600_000 })
    await send({ body: 'now' })
    await outbox.idle()
    expect(bodies()).toEqual(['now'])
    expect(messageOf(disk, later)).toMatchObject({
      status: 'scheduled',
      createdAt: '2025-01-15T11:00:00.000Z',
    })
    await clock.advance(3_600_000)
    await outbox.idle()
    expect(bodies()).toEqual(['now', 'later'])
  })
})

describe('STOP', () => {
  it('calls off what waits at once, whatever it waits for, and a START soon after does not bring it back', async () => {
    const { start, bodies, clock, simulator, disk } = await sending()
    const isOut = { now: false }
    const { outbox, store, send } = start({
      mayWrite: ({ contact }) =>
        isOut.now && contact === ANN ? { code: 21610, sentence: 'They said STOP.' } : undefined,
    })
    simulator.faults.rest({ kind: 'limited', retryAfter: 600 }, 'create')
    await outbox.start()
    const [one, two] = [await send({ body: 'one' }), await send({ body: 'two' })]
    const later = await send({ body: 'later', due: MORNING + 3_600_000 })
    await outbox.idle()
    const other = await send({ body: 'other', contact: BEN })
    await outbox.idle()
    // As the console keeps it: the contact says so, in memory first.
    isOut.now = true
    await store.commit({ why: 'consent', contacts: [ann] })
    await outbox.idle()
    for (const id of [one, two, later])
      expect(messageOf(disk, id)).toMatchObject({ status: 'canceled', error_code: 21610 })
    expect(waiting(disk).map(({ _id }) => _id)).toEqual([other])
    isOut.now = false
    await store.commit({ why: 'consent', contacts: [ann] })
    await clock.advance(2 * 3_600_000)
    await outbox.idle()
    expect(bodies()).toEqual(['other'])
    // By hand it may go after all.
    await outbox.retry(two)
    await outbox.idle()
    expect(bodies()).toEqual(['other', 'two'])
  })

  it.each(['still out', 'in again'])(
    'calls off what was being called when it came and was put off then, they being %s',
    async (then) => {
      const { start, bodies, clock, simulator, disk, real } = await sending()
      const isOut = { now: false }
      const held = Promise.withResolvers<undefined>()
      const asked = Promise.withResolvers<undefined>()
      const { outbox, store, send } = start({
        mayWrite: () => (isOut.now ? { code: 21610, sentence: 'They said STOP.' } : undefined),
        carrier: () => ({
          ...real,
          async send(message) {
            asked.resolve(undefined)
            await held.promise
            return real.send(message)
          },
        }),
      })
      simulator.faults.rest({ kind: 'limited', retryAfter: 600 }, 'create')
      await outbox.start()
      const [called, behind] = [await send({ body: 'called' }), await send({ body: 'behind' })]
      await asked.promise
      isOut.now = true
      await store.commit({ why: 'consent', contacts: [ann] })
      isOut.now = then === 'still out'
      await store.commit({ why: 'consent', contacts: [ann] })
      held.resolve(undefined)
      await outbox.idle()
      for (const id of [called, behind])
        expect(messageOf(disk, id)).toMatchObject({ status: 'canceled', error_code: 21610 })
      await clock.advance(3_600_000)
      await outbox.idle()
      expect(bodies()).toEqual([])
    },
  )

  it('does not call off what may be on its way already', async () => {
    const { start, bodies, clock, simulator, disk } = await sending()
    const isOut = { now: false }
    const { outbox, store, send } = start({
      mayWrite: () => (isOut.now ? { code: 21610, sentence: 'They said STOP.' } : undefined),
    })
    simulator.faults.rest({ kind: 'status', status: 500, taken: true }, 'create')
    await outbox.start()
    const [taken, behind] = [await send({ body: 'taken' }), await send({ body: 'behind' })]
    await outbox.idle()
    isOut.now = true
    await store.commit({ why: 'consent', contacts: [ann] })
    await outbox.idle()
    expect(messageOf(disk, taken).status).toBe('queued')
    await clock.advance(10_000)
    await outbox.idle()
    expect(messageOf(disk, taken).sid).toMatch(/^SM/)
    expect(messageOf(disk, behind)).toMatchObject({ status: 'canceled', error_code: 21610 })
    expect(bodies()).toEqual(['taken'])
  })
})

describe('when it does not go at once', () => {
  it('waits as long as the carrier says, in order', async () => {
    const { start, bodies, clock, simulator } = await sending()
    const { outbox, send } = start()
    simulator.faults.rest({ kind: 'limited', retryAfter: 30 }, 'create')
    await outbox.start()
    await send({ body: 'one' })
    await send({ body: 'two' })
    await outbox.idle()
    await send({ body: 'other', contact: BEN })
    await outbox.idle()
    // For whoever asks when the next try is.
    expect(outbox.pausedUntil()).toBeGreaterThanOrEqual(clock.now() + 30_000)
    await clock.advance(29_999)
    await outbox.idle()
    expect(bodies()).toEqual([])
    await clock.advance(1)
    await outbox.idle()
    expect(bodies().sort()).toEqual(['one', 'other', 'two'])
    const ann = bodies().filter((body) => body !== 'other')
    expect(ann).toEqual(['one', 'two'])
  })

  it('tries again with growing waits while the carrier cannot be reached', async () => {
    const { start, bodies, clock, real, disk } = await sending()
    let tries = 0
    const offline: Carrier = {
      ...real,
      async send(message: Outgoing) {
        if (++tries > 4) return real.send(message)
        return { ok: false, error: { kind: 'unreached', code: 0, status: 0, sentence: 'Offline.' } }
      },
    }
    const { outbox, send } = start({ carrier: () => offline })
    await outbox.start()
    const id = await send()
    const times: number[] = []
    for (let i = 0; i < 20 && waiting(disk).length > 0; i++) {
      await outbox.idle()
      const entry = disk.outbox.get(id)
      if (!entry?.not_before) break
      expect(entry).toMatchObject({ state: 'queued', attempts: tries })
      times.push(Date.parse(entry.not_before) - clock.now())
      await clock.advance(Date.parse(entry.not_before) - clock.now())
    }
    expect(times).toEqual([500, 1000, 2000, 4000])
    expect(bodies()).toEqual(['Hello'])
  })

  it('asks the list after trouble at the carrier, and sends again only what it did not take', async () => {
    const { start, bodies, clock, simulator, disk } = await sending()
    const { outbox, send } = start()
    simulator.faults.rest({ kind: 'status', status: 503 }, 'create')
    simulator.faults.rest({ kind: 'status', status: 500 }, 'list')
    await outbox.start()
    const refused = await send({ body: 'not taken' })
    // Longer than a list may lag behind: only then is it believed that it was not taken.
    for (let i = 0; i < 70; i++) {
      await outbox.idle()
      await clock.advance(5_000)
    }
    await outbox.idle()
    expect(bodies()).toEqual(['not taken'])
    simulator.faults.rest({ kind: 'status', status: 500, taken: true }, 'create')
    const taken = await send({ body: 'taken' })
    for (let i = 0; i < 4; i++) {
      await outbox.idle()
      await clock.advance(5_000)
    }
    await outbox.idle()
    expect(bodies()).toEqual(['not taken', 'taken'])
    expect(messageOf(disk, refused).sid).toMatch(/^SM/)
    expect(messageOf(disk, taken).sid).toMatch(/^SM/)
    expect(waiting(disk)).toEqual([])
  })

  it('gives up when trouble never ends', async () => {
    const { start, bodies, clock, simulator, disk } = await sending()
    const { outbox, send } = start()
    simulator.faults.rest({ kind: 'status', status: 503 }, 'create', 1000)
    await outbox.start()
    const id = await send()
    for (let i = 0; i < 40; i++) {
      await outbox.idle()
      await clock.advance(300_000)
    }
    expect(messageOf(disk, id)).toMatchObject({ status: 'failed' })
    expect(bodies()).toEqual([])
    expect(waiting(disk)).toEqual([])
  })
})

describe('a full disk', () => {
  it('calls nobody while nothing can be written down', async () => {
    const { start, bodies, clock } = await sending()
    const { outbox, store, send } = start()
    await outbox.start()
    store.fate = ({ why }) => (why === 'calling' ? 'refused' : 'durable')
    await send()
    await outbox.idle()
    expect(bodies()).toEqual([])
    store.fate = () => 'durable'
    await clock.advance(5_000)
    await outbox.idle()
    expect(bodies()).toEqual(['Hello'])
  })

  it('never sends again what it could not note as sent', async () => {
    const { start, bodies, clock, disk } = await sending()
    const { outbox, store, send } = start()
    await outbox.start()
    store.fate = ({ why }) => (why === 'handed over' ? 'refused' : 'durable')
    const id = await send()
    await outbox.idle()
    await clock.advance(60_000)
    await outbox.idle()
    store.fate = () => 'durable'
    await clock.advance(5_000)
    await outbox.idle()
    expect(bodies()).toEqual(['Hello'])
    expect(messageOf(disk, id).sid).toMatch(/^SM/)
    expect(waiting(disk)).toEqual([])
  })
})

it('a full disk: does not send what is blocked, once the block could be noted', async () => {
  const { start, bodies, clock, disk } = await sending()
  const block: { now?: { code: number; sentence: string } } = { now: { code: 63016, sentence: 'Closed.' } }
  const { outbox, store, send } = start({ mayWrite: () => block.now })
  await outbox.start()
  store.fate = ({ why }) => (why === 'handed over' ? 'refused' : 'durable')
  const id = await send()
  await outbox.idle()
  store.fate = () => 'durable'
  delete block.now
  await clock.advance(60_000)
  await outbox.idle()
  expect(bodies()).toEqual([])
  expect(messageOf(disk, id)).toMatchObject({ status: 'failed', error_code: 63016 })
})

it('that its contact unsubscribed at Twilio is known though the disk could not be told so at first', async () => {
  const { start, clock, disk, bodies } = await sending()
  const told: boolean[] = []
  const { outbox, send } = start({
    optedOut: () => {
      told.push(told.length > 0)
      return told.length > 1 ? Promise.resolve() : Promise.reject(new Error('disk_full'))
    },
  })
  await outbox.start()
  const id = await send({ contact: '+15005550004' })
  await outbox.idle()
  for (let second = 0; second < 30; second++) {
    await clock.advance(1_000)
    await outbox.idle()
  }
  expect(messageOf(disk, id)).toMatchObject({ status: 'failed', error_code: 21_610 })
  expect(told).toEqual([false, true])
  expect([bodies(), waiting(disk)]).toEqual([[], []])
  await outbox.stop()
})

const ann: Contact = {
  _id: 'ann',
  numbers: [ANN],
  name: '',
  notes: '',
  tags: [],
  consent: [],
  createdAt: new Date(MORNING).toISOString(),
  updatedAt: new Date(MORNING).toISOString(),
}

const unused: Carrier = {
  send: () => Promise.reject(new Error('unused')),
  fetchMessage: () => Promise.reject(new Error('unused')),
  listMessages: () => {
    throw new Error('unused')
  },
}
