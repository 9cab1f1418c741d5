/** The limits of putting numbers back at the end: how long "too many requests" is waited for, and when it is over. */
import { expect, it } from 'vitest'
import type { Addresses } from '../../src/shared/live.ts'
import { fixedAccount } from '../../src/server/account.ts'
import type { CarrierError, Outcome } from '../../src/server/carrier/carrier.ts'
import type { CarrierAccount, NumberRecord } from '../../src/server/carrier/twilio-account.ts'
import { createLive } from '../../src/server/live/index.ts'
import { readKept } from '../../src/server/live/kept.ts'
import { createLog, manualClock } from '../../src/server/system/index.ts'
import type { Commit } from '../../src/server/store/types.ts'

const FREE = 'https://sb-1.localtunnel.me'
const SECOND = 1_000

const addresses = (sms_url: string): Addresses => ({
  ...{ sms_url, sms_method: 'POST', sms_fallback_url: '', status_callback: '' },
  ...{ voice_url: '', voice_method: 'POST', voice_fallback_url: '', voice_fallback_method: 'POST' },
  status_callback_method: 'POST',
})
const sidOf = (n: number): string => `PN${String(n).padStart(32, '0')}`
const never = (): never => {
  throw new Error('the end asks for no such thing')
}

/** Twilio's answer to one request to put a number back; the test gives it when it likes. */
interface Asked {
  sid: string
  at: number
  answer: (outcome: Outcome<NumberRecord>) => void
}

/** A console that is live with so many numbers at a free subdomain, and is about to end. */
function liveWith(count: number) {
  const clock = manualClock(0)
  const lines: string[] = []
  const sids = Array.from({ length: count }, (_, n) => sidOf(n))
  const pointed = sids.map((sid) => ({
    ...{ sid, before: addresses('https://before.example/sms'), account: 'AC1', free: [FREE] },
    ours: { sms_url: `${FREE}/webhooks/sms` },
  }))
  const settings = new Map<string, unknown>([
    ['live.kept', { wanted: true, chosen: sids.map((sid) => ({ sid, voice: 'leave' })), pointed }],
  ])
  const store = {
    settings: () => settings,
    commit: (commit: Commit) => {
      for (const { _id, value } of commit.settings ?? []) settings.set(_id, value)
      return Promise.resolve(1)
    },
    onState: () => () => undefined,
  }
  const record = (sid: string): NumberRecord => ({
    ...{ sid, number: `+1${sid.slice(-10)}`, name: '', can: { sms: true, mms: true, voice: true } },
    ...{ addresses: addresses(`${FREE}/webhooks/sms`), sms_overridden_by: '', voice_overridden_by: '' },
  })
  const asked: Asked[] = []
  const account: CarrierAccount = {
    messaging: {
      senders: () => Promise.resolve({ ok: true, value: [] }),
      ...{ services: never, application: never, pointSender: never, brands: never },
    },
    fetch: never,
    numbers: () => Promise.resolve({ ok: true, value: sids.map(record) }),
    update: (sid) =>
      new Promise((resolve) => {
        asked.push({ sid, at: clock.now(), answer: resolve })
      }),
  }
  const live = createLive({
    ...{ store, clock, hostedVoicemail: '', givenWay: undefined, givenNumbers: undefined },
    log: createLog({ clock, sinks: [(line) => lines.push(line)] }),
    keeper: fixedAccount({ accountSid: 'AC1', authToken: 'x' }),
    accountOf: () => account,
    tunnel: {
      ...{ view: never, bases: never, callbackBase: never, open: never, close: never, retry: never },
      onChange: () => () => undefined,
    },
    tell: () => undefined,
    onAccount: () => undefined,
  })
  let endedAt: number | undefined
  void live.stop().then(() => (endedAt = clock.now()))
  return {
    clock,
    lines,
    asked,
    left: () => readKept(store).pointed.length,
    endedAt: () => endedAt,
    answer: (one: Asked | undefined) => one?.answer({ ok: true, value: record(one.sid) }),
    /** All that can happen without the clock going on has happened. */
    settled: () => new Promise((resolve) => setImmediate(resolve)),
  }
}

const tooMany = (retryAfter?: number): { ok: false; error: CarrierError } => ({
  ok: false,
  error: {
    ...{ kind: 'limited', code: 20429, status: 429, sentence: 'Too many requests.' },
    ...(retryAfter !== undefined && { retryAfter }),
  },
})

it.each([
  ['says nothing of how long', undefined, [0, 1, 3]],
  ['asks for two seconds', 2 * SECOND, [0, 2, 4]],
])('a number that meets 429 is tried again while there is time: Twilio %s', async (_what, hint, seconds) => {
  const l = liveWith(1)
  await l.settled()
  for (let step = 0; step < 6 && l.asked.length < 3; step++) {
    l.asked.at(-1)?.answer(tooMany(hint))
    await l.settled()
    l.clock.advance(SECOND)
    await l.settled()
  }
  expect(l.asked.map(({ at }) => at / SECOND)).toEqual(seconds)
  l.answer(l.asked.at(-1))
  await l.settled()
  expect([l.left(), l.lines.filter((line) => line.includes('still point'))]).toEqual([0, []])
  expect(l.endedAt()).toBeDefined()
})

it('after four tries it is left for the next start, and said', async () => {
  // The others are done at once.
  const l = liveWith(60)
  await l.settled()
  const [first] = l.asked
  for (let tries = 0, seen = 0; tries < 20; tries++) {
    for (const one of l.asked.slice(seen)) {
      if (one.sid === first?.sid) one.answer(tooMany(2 * SECOND))
      else l.answer(one)
    }
    seen = l.asked.length
    await l.settled()
    if (seen === l.asked.length) l.clock.advance(SECOND)
    await l.settled()
  }
  expect(l.asked.filter(({ sid }) => sid === first?.sid).map(({ at }) => at / SECOND)).toEqual([0, 2, 4, 6])
  expect(l.left()).toBe(1)
  expect(l.lines.join('')).toContain('Too many requests. 1 of 60 are left.')
})

it('no hint is waited for longer than ten seconds', async () => {
  const l = liveWith(60)
  await l.settled()
  for (const one of [...l.asked]) one.answer(tooMany(300 * SECOND))
  await l.settled()
  const before = l.asked.length
  l.clock.advance(10 * SECOND - 1)
  await l.settled()
  expect(l.asked).toHaveLength(before)
  l.clock.advance(1)
  await l.settled()
  expect(l.asked).toHaveLength(2 * before)
})

it.each([1, 20, 500])('with %i numbers it is over after 20 s, whatever Twilio does', async (count) => {
  const limit = 20 * SECOND
  const l = liveWith(count)
  await l.settled()
  l.clock.advance(limit - 1)
  await l.settled()
  expect(l.endedAt()).toBeUndefined()
  l.clock.advance(1)
  await l.settled()
  expect(l.endedAt()).toBe(limit)
  expect(l.lines.join('')).toContain(`did not answer in time. ${String(count)} of ${String(count)} are left.`)
})

it('behind the limit nothing is asked of Twilio and nothing is written any more', async () => {
  const l = liveWith(20)
  await l.settled()
  // As many at once as there are; of the answers one is late, one is a wait that goes on beyond the end.
  const atOnce = l.asked.length
  expect(atOnce).toBeGreaterThan(1)
  l.clock.advance(19 * SECOND)
  l.asked[0]?.answer(tooMany(5 * SECOND))
  await l.settled()
  l.clock.advance(SECOND)
  await l.settled()
  expect(l.endedAt()).toBe(20 * SECOND)
  l.answer(l.asked[1])
  await l.settled()
  l.clock.advance(60 * SECOND)
  await l.settled()
  expect(l.asked).toHaveLength(atOnce)
  // What was put back and not written is found so by the next start.
  expect(l.left()).toBe(20)
})
