import { describe, expect, it, vi } from 'vitest'
import type { Carrier, CarrierError, CarrierMessage } from '../../src/server/carrier/carrier.ts'
import type { SimulationClock } from '../../src/server/carrier/simulator/index.ts'
import { afterCallback, type Outbox, type OutboxOptions } from '../../src/server/outbox/index.ts'
import { ANN, BUSINESS, messageOf, MORNING, sending, waiting } from './support.ts'

const MINUTE = 60_000
const never = () => new Promise<never>(() => {})
/** What was said long before. */
const old: CarrierMessage = {
  sid: 'SMold',
  medium: 'sms',
  direction: 'outbound',
  from: BUSINESS,
  to: ANN,
  body: 'Hello',
  status: 'delivered',
  media_count: 0,
  created_at: MORNING - 24 * 60 * MINUTE,
}

describe('a lost answer', () => {
  it('is found in the carrier’s list', async () => {
    const { start, bodies, disk, simulator } = await sending()
    const { outbox, send } = start()
    await outbox.start()
    simulator.faults.rest({ kind: 'drop', when: 'after' }, 'create')
    const id = await send()
    await outbox.idle()
    const [sent] = simulator.account.messages.values()
    expect(messageOf(disk, id).sid).toBe(sent?.sid)
    expect(bodies()).toEqual(['Hello'])
    expect(waiting(disk)).toEqual([])
  })

  it('ends though the disk refused its end when a callback told it', async () => {
    const { start, disk, simulator, clock } = await sending()
    const { outbox, store, send } = start()
    await outbox.start()
    simulator.faults.rest({ kind: 'drop', when: 'after' }, 'create')
    simulator.faults.rest({ kind: 'drop', when: 'before' }, 'list')
    const id = await send()
    await outbox.idle()
    const [sent] = simulator.account.messages.values()
    const told = afterCallback(messageOf(disk, id), { sid: sent?.sid ?? '', status: 'delivered' })
    if (!told) throw new Error('nothing changed')
    store.fate = ({ why }) => (why === 'no longer unsure' ? 'refused' : 'durable')
    await store.commit({ why: 'status', messages: [told] })
    await outbox.idle()
    store.fate = () => 'durable'
    await clock.advance(10 * MINUTE)
    await outbox.idle()
    expect(disk.outbox.size).toBe(0)
    await outbox.stop()
  })

  it('is looked for again where a disk that is full kept it from being written down', async () => {
    const { start, disk, simulator, clock } = await sending()
    const { outbox, store, send } = start()
    await outbox.start()
    simulator.faults.rest({ kind: 'drop', when: 'after' }, 'create')
    simulator.faults.rest({ kind: 'drop', when: 'before' }, 'list')
    const id = await send()
    await outbox.idle()
    expect(messageOf(disk, id).status).toBe('unsure')
    store.fate = ({ why }) => (why === 'no longer unsure' ? 'refused' : 'durable')
    await clock.advance(MINUTE)
    await outbox.idle()
    store.fate = () => 'durable'
    for (let minutes = 0; minutes < 10; minutes++) {
      await clock.advance(MINUTE)
      await outbox.idle()
    }
    const [sent] = simulator.account.messages.values()
    expect(messageOf(disk, id).sid).toBe(sent?.sid)
    await outbox.stop()
  })

  it('never takes what another message claims', async () => {
    const { start, bodies, disk, simulator, clock } = await sending()
    const { outbox, send } = start()
    await outbox.start()
    const first = await send()
    await outbox.idle()
    simulator.faults.rest({ kind: 'drop', when: 'before' }, 'create')
    const second = await send()
    await outbox.idle()
    await clock.advance(5_000)
    await outbox.idle()
    expect(messageOf(disk, first).sid).toMatch(/^SM/)
    expect(messageOf(disk, second)).toMatchObject({ status: 'unsure', sid: `local:${second}` })
    expect(disk.outbox.get(second)).toMatchObject({ state: 'unsure' })
    expect(bodies()).toEqual(['Hello'])
  })

  it('never takes what another message is just being called with', async () => {
    const { start, bodies, disk, simulator, clock, real } = await sending()
    const answer = Promise.withResolvers<undefined>()
    const taken = Promise.withResolvers<undefined>()
    const slow: Carrier = {
      ...real,
      async send(message) {
        const sent = await real.send(message)
        if (!sent.ok) return sent
        taken.resolve(undefined)
        await answer.promise
        return sent
      },
    }
    const { outbox, send } = start({ carrier: () => slow })
    await outbox.start()
    simulator.faults.rest({ kind: 'drop', when: 'before' }, 'create')
    simulator.faults.rest({ kind: 'drop', when: 'before' }, 'list')
    const first = await send()
    await outbox.idle()
    const second = await send()
    await taken.promise
    await clock.advance(30_000)
    await expect(outbox.retry(first)).rejects.toThrow('just being sent')
    expect(messageOf(disk, first)).toMatchObject({ status: 'unsure', sid: `local:${first}` })

    answer.resolve(undefined)
    await outbox.idle()
    const [sid] = simulator.account.messages.keys()
    expect(messageOf(disk, second).sid).toBe(sid)
    expect(messageOf(disk, first).status).toBe('unsure')
    await outbox.retry(first)
    await outbox.idle()
    expect(bodies()).toEqual(['Hello', 'Hello'])
    expect(messageOf(disk, first).sid).toBe([...simulator.account.messages.keys()][1])
  })

  it('is of one message only, where two were said alike and both are looked for at once', async () => {
    const { start, disk, simulator, clock, real } = await sending()
    let open = Promise.resolve()
    let asked = 0
    const held: Carrier = {
      ...real,
      async *listMessages(query) {
        const pages = []
        for await (const page of real.listMessages(query)) pages.push(page)
        asked += 1
        await open
        yield* pages
      },
    }
    const { outbox, send } = start({ carrier: () => held })
    await outbox.start()
    const ids: string[] = []
    for (const when of ['after', 'before'] as const) {
      simulator.faults.rest({ kind: 'drop', when }, 'create')
      simulator.faults.rest({ kind: 'drop', when: 'before' }, 'list')
      ids.push(await send())
      await outbox.idle()
    }
    const gate = Promise.withResolvers<undefined>()
    open = gate.promise.then(() => undefined)
    asked = 0
    await clock.advance(30_000)
    await vi.waitUntil(() => asked === 2)
    gate.resolve(undefined)
    await outbox.idle()
    const found = ids.map((id) => messageOf(disk, id))
    expect(found.map(({ status }) => status).sort()).toEqual(['delivered', 'unsure'])
    // The other is looked for on and on.
    expect(waiting(disk).map(({ _id, state }) => [_id, state])).toEqual(
      found.filter(({ status }) => status === 'unsure').map(({ _id }) => [_id, 'unsure']),
    )
  })

  it('does not take an older text of the same words', async () => {
    const { start, disk, simulator, clock, real } = await sending()
    const { outbox, send } = start()
    await real.send({ medium: 'sms', from: '+15703251809', to: '+1234567890', body: 'Hello' })
    await clock.advance(60_000)
    await outbox.start()
    simulator.faults.rest({ kind: 'drop', when: 'before' }, 'create')
    const id = await send()
    await outbox.idle()
    await clock.advance(5_000)
    await outbox.idle()
    expect(messageOf(disk, id).status).toBe('unsure')
  })

  it('leaves the message unsure, never sends it again by itself, and lets the next one go', async () => {
    const { start, bodies, disk, simulator, clock } = await sending()
    const { outbox, send } = start()
    await outbox.start()
    simulator.faults.rest({ kind: 'drop', when: 'before' }, 'create')
    const id = await send({ body: 'lost' })
    const next = await send({ body: 'next' })
    await outbox.idle()
    // It is looked for once more before it counts as unsure: the list may lag behind.
    expect(bodies()).toEqual([])
    await clock.advance(5_000)
    await outbox.idle()
    expect(bodies()).toEqual(['next'])
    await clock.advance(48 * 3_600_000)
    await outbox.idle()
    expect(bodies()).toEqual(['next'])
    expect(messageOf(disk, id).status).toBe('unsure')
    expect(messageOf(disk, next).sid).toMatch(/^SM/)

    await outbox.retry(id)
    await outbox.idle()
    expect(bodies()).toEqual(['next', 'lost'])
    expect(messageOf(disk, id)).toMatchObject({
      status: 'queued',
      sid: expect.stringMatching(/^SM/) as string,
    })
    expect(waiting(disk)).toEqual([])
  })

  it('is found later when the list could not be asked at first', async () => {
    const { start, bodies, disk, simulator, clock } = await sending()
    const { outbox, send } = start()
    await outbox.start()
    simulator.faults.rest({ kind: 'drop', when: 'after' }, 'create')
    simulator.faults.rest({ kind: 'drop', when: 'before' }, 'list')
    const id = await send()
    await outbox.idle()
    expect(messageOf(disk, id).status).toBe('unsure')
    await clock.advance(30_000)
    await outbox.idle()
    expect(messageOf(disk, id)).toMatchObject({ sid: expect.stringMatching(/^SM/) as string })
    expect(waiting(disk)).toEqual([])
    expect(bodies()).toEqual(['Hello'])
  })

  it('is looked up before it is sent again by hand', async () => {
    const { start, bodies, disk, simulator } = await sending()
    const { outbox, send } = start()
    await outbox.start()
    simulator.faults.rest({ kind: 'drop', when: 'after' }, 'create')
    simulator.faults.rest({ kind: 'drop', when: 'before' }, 'list')
    const id = await send()
    await outbox.idle()
    expect(await outbox.retry(id)).toMatchObject({ sid: expect.stringMatching(/^SM/) as string })
    await outbox.idle()
    expect(bodies()).toEqual(['Hello'])
    expect(messageOf(disk, id).sid).toMatch(/^SM/)
  })

  it('is not sent again by hand while nobody can be asked, for it would be without that look', async () => {
    const { start, bodies, disk, simulator, real } = await sending()
    let error: CarrierError | undefined
    const carrier: Carrier = {
      ...real,
      send: async (message) => (error ? { ok: false, error } : real.send(message)),
      async *listMessages(query) {
        if (error) yield { ok: false, error }
        else yield* real.listMessages(query)
      },
    }
    let isHeld = false
    const { outbox, send } = start({ carrier: () => (isHeld ? undefined : carrier) })
    await outbox.start()
    simulator.faults.rest({ kind: 'drop', when: 'after' }, 'create')
    simulator.faults.rest({ kind: 'drop', when: 'before' }, 'list')
    const id = await send()
    await outbox.idle()
    const failed = (kind: CarrierError['kind'], code = 0, status = 0): CarrierError => ({
      kind,
      code,
      status,
      sentence: 'No.',
    })
    for (const why of [
      'held',
      failed('unreached'),
      failed('unknown'),
      failed('trouble', 0, 503),
      failed('limited', 20_429, 429),
      failed('refused', 20_003, 401),
    ]) {
      isHeld = typeof why === 'string'
      error = typeof why === 'string' ? undefined : why
      await expect(outbox.retry(id)).rejects.toMatchObject({ code: 'not_possible' })
      expect(messageOf(disk, id).status).toBe('unsure')
    }
    isHeld = false
    error = undefined
    await outbox.retry(id)
    await outbox.idle()
    expect(bodies()).toEqual(['Hello'])
    expect(messageOf(disk, id).sid).toMatch(/^SM/)
    await outbox.stop()
  })

  it('is sent again by hand where the list may never be read', async () => {
    const { start, bodies, disk, simulator } = await sending()
    const { outbox, send } = start()
    await outbox.start()
    simulator.faults.rest({ kind: 'drop', when: 'before' }, 'create')
    simulator.faults.rest({ kind: 'drop', when: 'before' }, 'list')
    const id = await send()
    await outbox.idle()
    expect(messageOf(disk, id).status).toBe('unsure')
    simulator.faults.rest({ kind: 'refuse', code: 20_008 }, 'list')
    await outbox.retry(id)
    await outbox.idle()
    expect(bodies()).toEqual(['Hello'])
    await outbox.stop()
  })

  it('ends with a callback for the message', async () => {
    const { start, disk, simulator, clock } = await sending()
    const { outbox, store, send } = start()
    await outbox.start()
    simulator.faults.rest({ kind: 'drop', when: 'before' }, 'create')
    const id = await send()
    await outbox.idle()
    await clock.advance(5_000)
    await outbox.idle()
    expect(messageOf(disk, id).status).toBe('unsure')
    // As the intake does it.
    const told = afterCallback(messageOf(disk, id), { sid: 'SMlate', status: 'delivered' })
    await store.commit({ why: 'status', messages: told ? [told] : [] })
    await outbox.idle()
    expect(messageOf(disk, id)).toMatchObject({ sid: 'SMlate', status: 'delivered' })
    expect(waiting(disk)).toEqual([])
  })

  it('keeps what a callback told before the answer came', async () => {
    const { start, disk, real } = await sending()
    const { outbox, store, send } = start({
      carrier: () => ({
        ...real,
        async send(message) {
          const sent = await real.send(message)
          const [waiting] = disk.messages.values()
          const told =
            waiting && sent.ok && afterCallback(waiting, { sid: sent.value.sid, status: 'delivered' })
          if (told) await store.commit({ why: 'status', messages: [told] })
          return sent
        },
      }),
    })
    await outbox.start()
    const id = await send()
    await outbox.idle()
    expect(messageOf(disk, id).status).toBe('delivered')
  })
})

describe('an error of the carrier’s own (HTTP 500)', () => {
  /** Lets `ms` pass in small steps, so that each answer has come before the next moment. */
  async function pass({ clock, outbox }: { clock: SimulationClock; outbox: Outbox }, ms: number) {
    for (let left = ms; left > 0; left -= 5_000) {
      await outbox.idle()
      await clock.advance(Math.min(left, 5_000))
    }
    await outbox.idle()
  }
  async function started(changes: Partial<OutboxOptions> = {}) {
    const made = await sending()
    const console = made.start(changes)
    await console.outbox.start()
    return { ...made, ...console }
  }

  it.each([0, 3_000, 60_000, 290_000])(
    'although it took the message: it arrives once, though the list lags by %i ms',
    async (lagMs) => {
      const c = await started()
      c.simulator.faults.lists({ lagMs })
      c.simulator.faults.rest({ kind: 'status', status: 500, taken: true }, 'create')
      const id = await c.send()
      await pass(c, 15 * MINUTE)
      expect(c.bodies()).toEqual(['Hello'])
      expect(messageOf(c.disk, id).sid).toBe([...c.simulator.account.messages.keys()][0])
      expect(waiting(c.disk)).toEqual([])
    },
  )

  it('is believed only when the list, read five minutes later, still lacks the message', async () => {
    const c = await started()
    c.simulator.faults.rest({ kind: 'status', status: 503 }, 'create')
    const id = await c.send()
    await pass(c, 2 * MINUTE)
    // Hurrying it by hand is another look, not another call.
    await c.outbox.retry(id)
    await pass(c, 3 * MINUTE - 1_000)
    expect(c.bodies()).toEqual([])
    expect(messageOf(c.disk, id).status).toBe('queued')
    await pass(c, 1_000)
    expect(c.bodies()).toEqual(['Hello'])
    expect(waiting(c.disk)).toEqual([])
  })

  it('leaves the message unsure where the list has other words to the same contact since', async () => {
    const c = await started()
    c.simulator.faults.rest({ kind: 'status', status: 500 }, 'create')
    const id = await c.send({ body: 'Ready at 5 – see you' })
    await c.outbox.idle()
    // It may be the same: Twilio writes letters that cost more otherwise.
    await c.real.send({ medium: 'sms', from: BUSINESS, to: ANN, body: 'Ready at 5 - see you' })
    await pass(c, 30 * MINUTE)
    expect(messageOf(c.disk, id).status).toBe('unsure')
    expect(c.bodies()).toEqual(['Ready at 5 - see you'])
  })

  it('leaves the message unsure where the list is too long to be read to its end', async () => {
    const made = await sending()
    const endless: Carrier = {
      ...made.real,
      async *listMessages() {
        await Promise.resolve()
        for (;;) yield { ok: true, value: Array.from({ length: 1_000 }, () => old) }
      },
    }
    const c = made.start({ carrier: () => endless })
    await c.outbox.start()
    made.simulator.faults.rest({ kind: 'status', status: 500 }, 'create')
    const id = await c.send()
    await pass({ ...made, ...c }, 10 * MINUTE)
    expect(messageOf(made.disk, id).status).toBe('unsure')
    expect(made.bodies()).toEqual([])
  })

  it('waits by the carrier’s clock where ours was set ahead, and an hour at most', async () => {
    let theirs = MORNING
    const c = await started({ heardAt: () => theirs })
    c.simulator.faults.rest({ kind: 'status', status: 500 }, 'create')
    await c.send({ body: 'first' })
    await pass(c, 10 * MINUTE)
    expect(c.bodies()).toEqual([])
    theirs += 5 * MINUTE
    await pass(c, 10 * MINUTE)
    expect(c.bodies()).toEqual(['first'])
    c.simulator.faults.rest({ kind: 'status', status: 500 }, 'create')
    const id = await c.send({ body: 'second' })
    await pass(c, 70 * MINUTE)
    expect(messageOf(c.disk, id).status).toBe('unsure')
    expect(c.bodies()).toEqual(['first'])
  })

  it.each([
    ['refuses to be read', { kind: 'refuse', code: 20003, status: 401 }],
    ['cannot be read for an hour', { kind: 'status', status: 500 }],
  ] as const)('leaves the message unsure where the list %s', async (_, fault) => {
    const c = await started()
    c.simulator.faults.rest({ kind: 'status', status: 500 }, 'create')
    c.simulator.faults.rest(fault, 'list', 1_000)
    const id = await c.send()
    await pass(c, 70 * MINUTE)
    expect(messageOf(c.disk, id).status).toBe('unsure')
    expect(c.bodies()).toEqual([])
  })
})

describe('a crash', () => {
  it('before the attempt was written down: sent after the restart', async () => {
    const { start, bodies, disk } = await sending()
    const before = start()
    await before.outbox.start()
    before.store.fate = ({ why }) => (why === 'calling' ? 'dies_before' : 'durable')
    const id = await before.send()
    const { outbox } = start()
    await outbox.start()
    await outbox.idle()
    expect(bodies()).toEqual(['Hello'])
    expect(messageOf(disk, id).sid).toMatch(/^SM/)
  })

  it('after that and before the call: unsure', async () => {
    const { start, bodies, disk, clock } = await sending()
    const before = start()
    await before.outbox.start()
    before.store.fate = ({ why }) => (why === 'calling' ? 'dies_after' : 'durable')
    const id = await before.send()
    await new Promise((resolve) => setImmediate(resolve))
    expect(disk.outbox.get(id)).toMatchObject({ state: 'calling', attempts: 1 })
    const { outbox } = start()
    await outbox.start()
    await outbox.idle()
    await clock.advance(5_000)
    await outbox.idle()
    expect(bodies()).toEqual([])
    expect(messageOf(disk, id).status).toBe('unsure')
  })

  it('after the carrier took it, before its answer: found', async () => {
    const { start, bodies, disk, real } = await sending()
    let taken: () => void = () => {}
    const isTaken = new Promise<void>((resolve) => (taken = resolve))
    const dying: Carrier = {
      ...real,
      async send(message) {
        await real.send(message)
        taken()
        return never()
      },
    }
    const before = start({ carrier: () => dying })
    await before.outbox.start()
    const id = await before.send()
    await isTaken
    before.store.isDead = true
    const { outbox } = start()
    await outbox.start()
    await outbox.idle()
    expect(bodies()).toEqual(['Hello'])
    expect(messageOf(disk, id).sid).toMatch(/^SM/)
    expect(waiting(disk)).toEqual([])
  })

  it('before the result was written down: found', async () => {
    const { start, bodies, disk, simulator } = await sending()
    const before = start()
    await before.outbox.start()
    let died: () => void = () => {}
    const isDead = new Promise<void>((resolve) => (died = resolve))
    before.store.fate = ({ why }) => {
      if (why !== 'handed over') return 'durable'
      died()
      return 'dies_before'
    }
    const id = await before.send()
    await isDead
    const { outbox } = start()
    await outbox.start()
    await outbox.idle()
    expect(bodies()).toEqual(['Hello'])
    expect(messageOf(disk, id).sid).toBe([...simulator.account.messages.keys()][0])
  })

  it('while unsure: shown as before, looked for again', async () => {
    const { start, bodies, disk, simulator, clock } = await sending()
    const before = start()
    await before.outbox.start()
    simulator.faults.rest({ kind: 'drop', when: 'after' }, 'create')
    simulator.faults.rest({ kind: 'drop', when: 'before' }, 'list')
    const id = await before.send()
    await before.outbox.idle()
    await before.outbox.stop()
    expect(messageOf(disk, id).status).toBe('unsure')
    const { outbox } = start()
    await outbox.start()
    await clock.advance(0)
    await outbox.idle()
    expect(messageOf(disk, id).sid).toMatch(/^SM/)
    expect(bodies()).toEqual(['Hello'])
  })
})

describe('sending again by hand', () => {
  it('makes a new attempt of the same message, and knows the old one’s late word', async () => {
    const { start, bodies, disk, simulator } = await sending()
    const { outbox, send } = start()
    await outbox.start()
    simulator.faults.rest({ kind: 'refuse', code: 30007 }, 'create')
    const id = await send()
    await outbox.idle()
    expect(messageOf(disk, id)).toMatchObject({ status: 'failed', error_code: 30007 })
    const { createdAt } = messageOf(disk, id)
    await outbox.retry(id)
    await outbox.idle()
    const sent = messageOf(disk, id)
    expect(sent).toMatchObject({ status: 'queued', createdAt })
    expect(sent.error_code).toBeUndefined()
    expect(bodies()).toEqual(['Hello'])

    const undelivered = afterCallback(sent, { sid: sent.sid, status: 'undelivered', error_code: 30003 })
    if (!undelivered) throw new Error('nothing changed')
    disk.messages.set(id, undelivered)
    await outbox.retry(id)
    await outbox.idle()
    const again = messageOf(disk, id)
    expect(again.params?.['earlier_sids']).toEqual([sent.sid])
    expect(again.sid).not.toBe(sent.sid)
    expect(afterCallback(again, { sid: sent.sid, status: 'undelivered' })).toBeUndefined()
    expect(bodies()).toEqual(['Hello', 'Hello'])
  })

  it('is not done when a phone confirms the first attempt while the second waits', async () => {
    const { start, bodies, disk, simulator, clock } = await sending()
    const { outbox, store, send } = start()
    await outbox.start()
    const id = await send()
    await outbox.idle()
    const { sid } = messageOf(disk, id)
    const told = async (status: string) => {
      const next = afterCallback(messageOf(disk, id), { sid, status })
      if (!next) throw new Error('nothing changed')
      await store.commit({ why: 'status', messages: [next] })
    }
    await told('undelivered')
    simulator.faults.rest({ kind: 'limited', retryAfter: 60 }, 'create')
    await outbox.retry(id)
    await outbox.idle()
    await told('delivered')
    await clock.advance(2 * MINUTE)
    await outbox.idle()
    expect(bodies()).toEqual(['Hello'])
    expect(messageOf(disk, id)).toMatchObject({ sid, status: 'delivered' })
    expect(disk.outbox.size).toBe(0)
  })

  it('hurries one that waits, and refuses the rest', async () => {
    const { start, bodies, disk, simulator } = await sending()
    const { outbox, send } = start()
    await outbox.start()
    simulator.faults.rest({ kind: 'limited', retryAfter: 3600 }, 'create')
    const id = await send()
    await outbox.idle()
    await outbox.retry(id)
    await outbox.idle()
    expect(bodies()).toEqual(['Hello'])
    expect(waiting(disk)).toEqual([])
    await expect(outbox.retry(id)).rejects.toMatchObject({ code: 'not_possible' })
    await expect(outbox.retry('nobody')).rejects.toMatchObject({ code: 'no_such_message' })
  })

  it('pressed twice sends once', async () => {
    const { start, bodies, disk, simulator } = await sending()
    const { outbox, send } = start()
    await outbox.start()
    simulator.faults.rest({ kind: 'refuse', code: 30007 }, 'create')
    const id = await send()
    await outbox.idle()
    await Promise.allSettled([outbox.retry(id), outbox.retry(id)])
    await outbox.idle()
    expect(bodies()).toEqual(['Hello'])
    expect(disk.log.filter((why) => why === 'retry')).toHaveLength(1)
  })
})
