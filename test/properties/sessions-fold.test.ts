import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Act } from '../../src/shared/documents.ts'
import { ActIndex, comparePositions, fold, type Position } from '../../src/server/sessions/index.ts'
import { type Conversation, defined, Desk, iso } from '../sessions/model.ts'
import { runs } from './runs.ts'

const MINUTE = 60_000
const START = Date.parse('2025-01-15T10:00:00.000Z')

/** A minute and a half apart, so that silences meet gaps of 3 and 6 minutes exactly; some a millisecond off. */
const time = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.constantFrom(-1, 0, 0, 0, 0, 1))
  .map(([steps, off]) => START + steps * 1.5 * MINUTE + off)
const pick = fc.nat({ max: 1_000 })
const gap = fc.constantFrom(null, 1.5 * MINUTE, 3 * MINUTE, 6 * MINUTE, 15 * MINUTE)
const CHANNELS = ['+100', '+200'] as const
const KEYS = [
  ['+1', CHANNELS[0]],
  ['+2', CHANNELS[0]],
  ['+1', CHANNELS[1]],
] as const
const SETTINGS = [
  'sessions.gap',
  'sessions.gap.sms',
  `channels.${CHANNELS[0]}.sessions.gap`,
  `channels.${CHANNELS[1]}.sessions.gap.sms`,
]

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('message' as const), at: time, fromContact: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('call' as const), at: time, lasts: fc.nat({ max: 20 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('prolong' as const), pick, lasts: fc.nat({ max: 20 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('close' as const), pick, now: time }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('split' as const), pick, now: time }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('merge' as const), pick, now: time }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reply' as const), pick, at: time }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reopen' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('undo' as const), pick }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('gap' as const),
      setting: fc.constantFrom(...SETTINGS),
      value: gap,
      at: time,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('regroup' as const),
      setting: fc.constantFrom('regroup', 'channels.+100.regroup'),
      value: gap,
      at: time,
    }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** Does one thing to one key (gap changes: to all), as an operator, a contact or a carrier would. */
function perform(step: Step, conversation: Conversation, desk: Desk, sid: string): void {
  const { sessions, items, acts } = conversation
  const one = <T>(among: readonly T[], pick: number): T | undefined => among[pick % Math.max(1, among.length)]
  switch (step.do) {
    case 'message':
      conversation.arrive(step.at, `SM${sid}`, { fromContact: step.fromContact })
      return
    case 'call':
      conversation.arrive(step.at, `CA${sid}`, { until: step.at + step.lasts * MINUTE })
      return
    case 'prolong': {
      const call = one(items, step.pick)
      if (call) conversation.prolong(call.sid, call.until + step.lasts * MINUTE)
      return
    }
    case 'close':
      if (sessions.length > 0) conversation.close(step.pick % sessions.length, step.now)
      return
    case 'split': {
      const before = one(items, step.pick)
      if (before) conversation.split(before.sid, step.now)
      return
    }
    case 'merge':
      if (sessions.length > 0) conversation.merge(step.pick % sessions.length, step.now)
      return
    case 'reply': {
      const answered = one(items, step.pick)
      if (answered && answered.at <= step.at) conversation.reply(answered, step.at, `SM${sid}`)
      return
    }
    case 'reopen':
      if (sessions.length > 0) conversation.reopen(step.pick % sessions.length)
      return
    case 'undo': {
      const act = one(
        acts.filter((a) => !a.undone),
        step.pick,
      )
      if (act) conversation.undo(act)
      return
    }
    case 'gap':
    case 'regroup':
      desk.setGap(step.setting, step.value, step.at)
  }
}

/** The sessions as the naive fold makes them from all that ever arrived. */
function expectFolded(conversation: Conversation, arrived: number): void {
  const runs = fold(conversation.items, new ActIndex(conversation.acts), conversation.gapAt)
  const listed = conversation.sessions.map(({ id: _, ...session }) => session)
  const expected = runs.map((run) => ({
    ...run,
    first: place(run.items[0]),
    last: place(run.items.at(-1)),
    until: Math.max(...run.items.map((i) => i.until)),
  }))
  // Comparing is most of the work, and `expect` takes its time: it only tells the difference.
  if (!isDeepStrictEqual(listed, expected)) expect(listed).toEqual(expected)
  expect(new Set(conversation.items.map((i) => i.sid)).size).toBe(arrived)
  expect(conversation.items).toHaveLength(arrived)
}

const place = (item: Position | undefined): Position => ({ at: defined(item).at, sid: defined(item).sid })

/** Of the sessions there were, the earliest whose first message is in a run gives the run its id; the others lead to it. */
function expectIdsKept(before: { id: string; first: Position }[], conversation: Conversation): void {
  const given = new Set<string>()
  for (const { id, first } of before) {
    const home = conversation.sessions.findLast((s) => comparePositions(s.first, first) <= 0)
    if (conversation.resolve(id) !== home) expect(conversation.resolve(id)).toBe(home)
    if (!given.has(defined(home).id)) expect(defined(home).id).toBe(id)
    given.add(defined(home).id)
  }
  for (const id of conversation.mergedInto.keys())
    expect(conversation.sessions).toContain(conversation.resolve(id))
  expect(new Set(conversation.sessions.map((s) => s.id)).size).toBe(conversation.sessions.length)
}

test(
  'whatever happens in whatever order, the resolver ends in the fold’s sessions after every step',
  { timeout: 600_000 },
  () => {
    const history = fc.array(fc.tuple(fc.constantFrom(...KEYS), step), { maxLength: 40, size: 'max' })
    fc.assert(
      fc.property(history, (steps) => {
        const desk = new Desk()
        const arrived = new Map<Conversation, number>()
        for (const [i, [[contact, channel], step]] of steps.entries()) {
          const conversation = desk.key(contact, 'sms', channel)
          const before = desk.conversations.map(
            (c) => [c, c.sessions.map(({ id, first }) => ({ id, first }))] as const,
          )
          const had = conversation.items.length
          perform(step, conversation, desk, String(i % 10).padStart(2, '0') + String(i))
          const grew =
            step.do === 'message' ||
            step.do === 'call' ||
            (step.do === 'reply' && conversation.items.length > had)
          arrived.set(conversation, (arrived.get(conversation) ?? 0) + (grew ? 1 : 0))
          for (const [other, sessions] of before) {
            expectFolded(other, arrived.get(other) ?? 0)
            expectIdsKept(sessions, other)
          }
        }
      }),
      runs(600),
    )
  },
)

test(
  'what the act index finds by seeking is what the acts say, read one by one',
  { timeout: 600_000 },
  () => {
    const position = fc.record({
      at: fc.nat({ max: 9 }).map((n) => START + n),
      sid: fc.constantFrom('A', 'B', 'C'),
    })
    const written = position.map(({ at, sid }) => ({ at: iso(at), sid }))
    const act = fc.record(
      {
        kind: fc.constantFrom('close', 'split', 'reply', 'merge'),
        at: written.map((w) => w.at),
        from: written,
        to: written,
        lifted: fc.constantFrom('removed', 'open'),
        undone: fc.constant(true),
      },
      { requiredKeys: ['kind', 'at', 'to'] },
    )
    fc.assert(
      fc.property(
        fc.array(act, { maxLength: 12 }),
        position,
        fc.option(position, { nil: undefined }),
        (drafts, one, other) => {
          const [previous, next] = other && comparePositions(other, one) < 0 ? [other, one] : [one, other]
          const acts = drafts.map(({ lifted, ...draft }, order) => {
            const act = { ...draft, order } as Act
            return lifted && act.kind === 'close' ? { ...act, lifted } : act
          })
          expect(new ActIndex(acts).between(previous, next)).toEqual(verdict(acts, previous, next))
        },
      ),
      runs(5_000),
    )
  },
)

/** Design §3 word for word: the later act wins between a cut and a span. */
function verdict(acts: Act[], previous: Position, next: Position | undefined) {
  const read = (p: { at: string; sid: string }): Position => ({ at: Date.parse(p.at), sid: p.sid })
  const valid = acts.filter((a) => !a.undone && !(a.kind === 'close' && a.lifted === 'removed'))
  const span = valid.findLast(
    (a) =>
      (a.kind === 'reply' || a.kind === 'merge') &&
      a.from &&
      a.to &&
      next &&
      comparePositions(read(a.from), previous) <= 0 &&
      comparePositions(next, read(a.to)) <= 0,
  )
  const cuts = valid.filter((a) => {
    if (a.order < (span?.order ?? 0)) return false
    if (a.kind === 'split' || (a.kind === 'close' && a.from)) {
      const before = a.from && read(a.from)
      return (
        before && comparePositions(previous, before) < 0 && (!next || comparePositions(before, next) <= 0)
      )
    }
    const at = Date.parse(a.at)
    return a.kind === 'close' && previous.at <= at && (!next || at < next.at)
  })
  return {
    cut: cuts.at(-1),
    carried: span !== undefined,
    closed: cuts.some((a) => a.kind === 'close' && !a.lifted),
  }
}
