import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { manualClock, type SimulationClock } from '../../src/server/carrier/simulator/index.ts'
import type { Carrier, CarrierError, CarrierMessage, FailureKind } from '../../src/server/carrier/carrier.ts'
import { createOutbox } from '../../src/server/outbox/index.ts'
import { channel, countingIds, emptyDisk, MemoryStore, silentLog, type Fate } from './memory-store.ts'
import { ANN, BEN, BUSINESS, hello, MORNING } from './support.ts'

/** What becomes of a request: an answer, an error before or after it was taken. */
type CarrierFate = 'ok' | FailureKind | 'unknown_taken' | 'trouble_taken'

/** A carrier in memory whose requests end as the plan says; then all is well. What it took is listed `lag` ms later. */
function fickle(clock: SimulationClock, plan: CarrierFate[], lag: number) {
  const taken: CarrierMessage[] = []
  const error = (kind: FailureKind): { ok: false; error: CarrierError } => ({
    ok: false,
    error: { kind, code: kind === 'refused' ? 30007 : 0, status: 0, sentence: kind },
  })
  const carrier: Carrier = {
    async send({ medium, from, to, body }) {
      const fate = plan.shift() ?? 'ok'
      if (['ok', 'unknown_taken', 'trouble_taken'].includes(fate)) {
        taken.push({
          sid: `SM${taken.length}`,
          medium,
          direction: 'outbound',
          from,
          to,
          body,
          status: 'queued',
          media_count: 0,
          created_at: clock.now(),
        })
      }
      const value = { sid: `SM${taken.length - 1}`, status: 'queued' as const }
      await Promise.resolve()
      if (fate === 'ok') return { ok: true, value }
      return error(fate === 'unknown_taken' ? 'unknown' : fate === 'trouble_taken' ? 'trouble' : fate)
    },
    async *listMessages({ to }) {
      await Promise.resolve()
      const fate = plan.shift()
      if (fate === 'unreached' || fate === 'limited') yield error(fate)
      else
        yield {
          ok: true,
          value: taken.filter((one) => one.to === to && one.created_at <= clock.now() - lag).reverse(),
        }
    },
    fetchMessage: () => Promise.reject(new Error('unused')),
  }
  return { carrier, taken }
}

const carrierFates = fc.constantFrom<CarrierFate>(
  'ok',
  'refused',
  'limited',
  'unreached',
  'trouble',
  'unknown',
  'unknown_taken',
  'trouble_taken',
)
const diskFates = fc.constantFrom<Fate>(
  'durable',
  'durable',
  'durable',
  'refused',
  'dies_before',
  'dies_after',
)

describe('whatever fails and whenever the process dies', () => {
  it('nothing is sent twice by itself, nothing is lost, and doubt is shown', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(carrierFates, { maxLength: 12 }),
        fc.array(diskFates, { maxLength: 25 }),
        fc.array(fc.constantFrom(ANN, BEN), { minLength: 1, maxLength: 5 }),
        fc.constantFrom(0, 1_000, 20_000, 60_000, 290_000),
        async (plan, fates, contacts, lag) => {
          const clock = manualClock(MORNING)
          const disk = emptyDisk(channel(BUSINESS, clock))
          const { carrier, taken } = fickle(clock, [...plan], lag)
          const left = [...fates]
          const console = () => {
            const store = new MemoryStore(disk)
            const outbox = createOutbox({
              store,
              carrier: () => carrier,
              clock,
              ids: countingIds(),
              log: silentLog(),
              statusCallbackBase: () => undefined,
            })
            return { store, outbox }
          }
          // What the operator wrote is durable before anything else; every text is another.
          const writer = console()
          for (const [index, contact] of contacts.entries()) {
            const { message, entry } = writer.outbox.prepare({ ...hello, contact, body: `text ${index}` })
            await writer.store.commit({ why: 'message', messages: [message], outbox: [entry] })
            await clock.advance(1)
          }

          let current = console()
          for (let round = 0; round < 100; round++) {
            if (round === 0 || current.store.isDead) {
              current = console()
              current.store.fate = () => left.shift() ?? 'durable'
              void current.outbox.start()
            }
            for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve))
            await clock.advance(60_000)
          }
          await clock.advance(24 * 3_600_000)
          // What the disk refused to the very last is settled at the next start.
          await current.outbox.stop()
          current = console()
          void current.outbox.start()
          for (let round = 0; round < 10; round++) {
            for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve))
            await clock.advance(60_000)
          }

          for (const message of disk.messages.values()) {
            const sent = taken.filter(({ body }) => body === message.content)
            expect(sent.length, `${message.content} was sent`).toBeLessThanOrEqual(1)
            if (message.status === 'queued') expect(sent[0]?.sid).toBe(message.sid)
            else if (message.status === 'failed') expect(sent).toEqual([])
            else expect(message.status).toBe('unsure')
          }
          for (const { _id, state } of disk.outbox.values())
            expect(state).toBe(disk.messages.get(_id)?.status === 'queued' ? 'handed_over' : 'unsure')
          for (const contact of [ANN, BEN]) {
            const order = taken.filter(({ to }) => to === contact).map(({ body }) => body)
            expect(order).toEqual([...order].sort())
          }
        },
      ),
      { numRuns: 60 },
    )
  }, 60_000)
})
