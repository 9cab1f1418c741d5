import fc from 'fast-check'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CarrierMessage } from '../../src/server/carrier/carrier.ts'
import type { ListingCarrier } from '../../src/server/carrier/lists.ts'
import { ActIndex, DEFAULT_GAP_MS, fold } from '../../src/server/sessions/index.ts'
import { createSwitchboard } from '../../src/server/switchboard.ts'
import { createIds, createLog, manualClock } from '../../src/server/system/index.ts'
import { runs } from '../properties/runs.ts'
import { ANN, BEN, BUSINESS, MORNING } from './bed.ts'

const START = Date.parse(MORNING)

/** Something said: seconds since what was said before, by whom, and how it came. */
const step = fc.record({
  after: fc.oneof(
    fc.integer({ min: 0, max: 20 }),
    fc.integer({ min: 280, max: 320 }),
    fc.integer({ min: 600, max: 900 }),
  ),
  who: fc.constantFrom(ANN, BEN),
  medium: fc.constantFrom('sms' as const, 'whatsapp' as const),
  /** The business wrote it by other means: only the list has it. */
  isOurs: fc.boolean(),
  cameBy: fc.constantFrom('webhook', 'webhook', 'list', 'both'),
  /** The lists are read behind it. */
  isRead: fc.boolean(),
  order: fc.constantFrom('as it is', 'backwards'),
})

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchboard-split-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('however a conversation is split between webhooks and the list, its sessions are the oracle’s', async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const clock = manualClock(START)
      const listed: CarrierMessage[] = []
      let isBackwards = false
      const carrier = listing(listed, clock.now, () => isBackwards)
      const console = await createSwitchboard({
        world: 'real',
        folder: join(folder, String(++run)),
        clock,
        ids: createIds(clock),
        log: createLog({ clock, sinks: [] }),
        credentials: () => ({ accountSid: 'AC', authToken: 'token' }),
        version: 'test',
        carrier: () => carrier,
        catchUp: { pause: 0 },
      })
      const read = async (): Promise<void> => {
        console.catchUp.read()
        await console.catchUp.idle()
      }
      try {
        await read()
        let at = START
        for (const [n, { after, who, medium, isOurs, cameBy, isRead, order }] of steps.entries()) {
          at += after * 1_000
          clock.set(at)
          isBackwards = order === 'backwards'
          const message = of(n, at, who, medium, isOurs)
          if (cameBy !== 'webhook' || isOurs) listed.push(message)
          if (cameBy !== 'list' && !isOurs) {
            const { sid, from: contact, body } = message
            await console.intake.message(
              { sid, medium, channel: BUSINESS, contact, body, media: [], params: {} },
              { kind: 'webhook' },
            )
          }
          // The webhook's time is over.
          if (isRead) {
            clock.set(at + 31_000)
            await read()
            at += 31_000
          }
        }
        clock.set(at + 60_000)
        await read()
        const all = steps.map((_, n) => n)
        expect(await found(console.store)).toEqual(expected(steps, all))
      } finally {
        await console.close()
      }
    }),
    { ...runs(40), endOnFailure: false },
  )
}, 120_000)

const sidOf = (n: number): string => `SM${String(n).padStart(32, '0')}`

function of(n: number, at: number, who: string, medium: 'sms' | 'whatsapp', isOurs: boolean): CarrierMessage {
  return {
    sid: sidOf(n),
    medium,
    direction: isOurs ? 'outbound' : 'inbound',
    from: isOurs ? BUSINESS : who,
    to: isOurs ? who : BUSINESS,
    body: `text ${n}`,
    status: isOurs ? 'delivered' : 'received',
    media_count: 0,
    created_at: at,
    sent_at: at,
  }
}

interface Told {
  key: string
  sids: string[]
  reason: string
  unread: number
}

function expected(
  steps: readonly { after: number; who: string; medium: string; isOurs: boolean; isRead: boolean }[],
  all: readonly number[],
): Told[] {
  const times: number[] = []
  let at = START
  for (const { after, isRead } of steps) {
    at += after * 1_000
    times.push(at)
    if (isRead) at += 31_000
  }
  const keys = [...new Set(steps.map(({ who, medium }) => `${medium} ${who}`))]
  return keys
    .flatMap((key) => {
      const own = all.filter((n) => `${String(steps[n]?.medium)} ${String(steps[n]?.who)}` === key)
      const items = own.map((n) => ({
        at: times[n] ?? 0,
        until: times[n] ?? 0,
        sid: sidOf(n),
        isOurs: steps[n]?.isOurs,
      }))
      return fold(items, new ActIndex([]), () => DEFAULT_GAP_MS).map((run) => ({
        key,
        sids: run.items.map(({ sid }) => sid),
        reason: run.reason.kind,
        unread: run.items.filter(({ isOurs }) => isOurs === false).length,
      }))
    })
    .toSorted(bySid)
}

async function found(store: Awaited<ReturnType<typeof createSwitchboard>>['store']): Promise<Told[]> {
  const sessions = store.sessions({}).sessions
  const told = await Promise.all(
    sessions.map(async (s) => {
      const messages = await store.messages([s._id])
      expect(s.message_count).toBe(messages.length)
      return {
        key: `${s.communication_type} ${s.metadata.fromNumber}`,
        sids: messages.map(({ sid }) => sid),
        reason: s.metadata.reason.kind,
        unread: s.unread_count,
      }
    }),
  )
  return told.toSorted(bySid)
}

const bySid = (a: Told, b: Told): number => ((a.sids[0] ?? '') < (b.sids[0] ?? '') ? -1 : 1)

/** The carrier's list, in memory. */
function listing(listed: CarrierMessage[], now: () => number, isBackwards: () => boolean): ListingCarrier {
  const unused = () => Promise.reject(new Error('unused'))
  const none = async () => ({ ok: true as const, value: { items: [], next: undefined } })
  return {
    send: unused,
    fetchMessage: unused,
    listMessages: () => {
      throw new Error('unused')
    },
    lists: {
      messages: async () => ({
        ok: true,
        value: { items: isBackwards() ? listed.toReversed() : [...listed], next: undefined },
      }),
      calls: none,
      recordings: none,
      call: unused,
      transcripts: unused,
      mediaOf: unused,
      numbers: unused,
      heardAt: now,
    },
  }
}
