import { describe, expect, test } from 'vitest'
import type { Change, CountsView, FeedEvent, TruthView } from '../../src/shared/contract.ts'
import { FeedLine } from '../../src/main/feed-line.ts'
import { FeedQueue } from '../../src/main/feed-queue.ts'

const NONE = { waiting: 0, unread: 0, closed: 0 }
const counts = (all: number): CountsView => ({
  all,
  sms: 0,
  whatsapp: 0,
  voice: 0,
  waiting: 0,
  unread: 0,
  closed: 0,
  by: { sms: NONE, whatsapp: NONE, voice: NONE },
})
const changes = (...seqs: number[]): FeedEvent => ({
  kind: 'changes',
  world: 'real',
  changes: seqs.map((seq): Change => ({ seq })),
  counts: counts(seqs.at(-1) ?? 0),
})
const truth = (sentence: string): FeedEvent => ({
  kind: 'truth',
  world: 'real',
  truth: { sentence } as TruthView,
})

describe('what waits for a screen', () => {
  test('changes are joined in order, with the latest counts', () => {
    const queue = new FeedQueue()
    queue.add(changes(1, 2))
    queue.add(changes(3))
    expect(queue.take()).toEqual([{ ...changes(1, 2, 3), counts: counts(3) }])
    expect(queue.isEmpty).toBe(true)
  })
  test('of truth and of sessions to open, only the last counts', () => {
    const queue = new FeedQueue()
    queue.add(truth('old'))
    queue.add({ kind: 'open', world: 'real', session: 'a' })
    queue.add(truth('new'))
    queue.add({ kind: 'open', world: 'real', session: 'b' })
    expect(queue.take()).toEqual([truth('new'), { kind: 'open', world: 'real', session: 'b' }])
  })
  test('too much becomes one reset of that world, with the seq to go on from', () => {
    const queue = new FeedQueue(3)
    const phone: FeedEvent = {
      kind: 'changes',
      world: 'simulation',
      changes: [{ seq: 1 }],
      counts: counts(1),
    }
    queue.add(phone)
    queue.add(changes(1))
    queue.add(changes(2, 3))
    expect(queue.take()).toEqual([phone, { kind: 'reset', world: 'real', seq: 3 }])
  })
  test('after a reset, what follows is told again', () => {
    const queue = new FeedQueue(2)
    queue.add(changes(1, 2, 3))
    queue.add(changes(4))
    expect(queue.take()).toEqual([{ kind: 'reset', world: 'real', seq: 3 }, changes(4)])
  })
})

describe('the feed of a window', () => {
  function line() {
    const posted: FeedEvent[][] = []
    return { posted, feed: new FeedLine((batch) => void posted.push(batch), new FeedQueue(100)) }
  }
  test('one batch is under way until the page has taken it', () => {
    const { posted, feed } = line()
    feed.send(changes(1))
    feed.send(changes(2))
    feed.send(changes(3))
    expect(posted).toEqual([[changes(1)]])
    feed.taken()
    expect(posted).toEqual([[changes(1)], [changes(2, 3)]])
    feed.taken()
    feed.taken()
    expect(posted).toHaveLength(2)
  })
  test('a page that hangs costs a reset, not memory', () => {
    const { posted, feed } = line()
    for (let seq = 1; seq <= 50_000; seq += 1) feed.send(changes(seq))
    feed.taken()
    expect(posted).toHaveLength(2)
    const [first, ...rest] = posted[1] ?? []
    expect(first).toMatchObject({ kind: 'reset' })
    const seqs = rest.flatMap((event) =>
      event.kind === 'changes' ? event.changes.map(({ seq }) => seq) : [],
    )
    expect(seqs.length).toBeLessThanOrEqual(100)
    expect(seqs[0]).toBe(first?.kind === 'reset' ? first.seq + 1 : 0)
    expect(seqs.at(-1)).toBe(50_000)
  })
  test('a page that loads again starts with nothing of the last one', () => {
    const { posted, feed } = line()
    feed.send(changes(1))
    feed.send(changes(2))
    feed.restart()
    feed.send(changes(3))
    expect(posted).toEqual([[changes(1)], [changes(3)]])
  })
})
