import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { SLOW_BYTES } from '../../src/server/console/feed.ts'
import { createConsole } from '../../src/server/console/console.ts'
import { createIds, createLog, systemClock } from '../../src/server/system/index.ts'
import { startWebConsole } from '../../src/server/web/web-console.ts'
import { ANN, type Running, running } from '../support/running.ts'
import { MemoryTransport } from './memory-transport.ts'
import { Screen } from './screen.ts'

let r: Running
let lines: string[]
const consoleOf = (): ReturnType<typeof createConsole> =>
  createConsole({
    real: r.switchboard.end,
    simulation: () => undefined,
    log: createLog({ clock: r.clock, sinks: [(line) => lines.push(line)] }),
  })
beforeEach(async () => {
  lines = []
  r = await running()
})
afterEach(() => r.close())

const commit = (name: string): Promise<number> =>
  r.switchboard.store.commit({ why: 'test', settings: [{ _id: 'templates', value: [{ _id: name }] }] })

describe('a slow screen', () => {
  it('is left alone, costs nobody anything, and goes on complete when its carrier has drained', async () => {
    const slow = new MemoryTransport(consoleOf())
    const quick = new MemoryTransport(consoleOf())
    const [one, two] = [new Screen(slow), new Screen(quick)]
    for (const line of [slow, quick]) await line.request('real', 'feed.start', {})
    slow.hold(SLOW_BYTES + 1)
    const from = r.switchboard.store.seq
    for (let i = 0; i < 10; i++) {
      await commit(String(i))
      r.clock.advance(20)
    }
    expect(two.seqs()).toHaveLength(10)
    expect(one.events).toEqual([])
    const waiting = r.clock.waiting
    r.clock.advance(366 * 86_400_000)
    expect(r.clock.waiting).toBeLessThanOrEqual(waiting)
    slow.hold(0)
    r.clock.advance(20)
    expect(one.seqs()).toEqual(Array.from({ length: 10 }, (_, i) => from + 1 + i))
  })

  it('far behind it is told to read anew, once', async () => {
    const slow = new MemoryTransport(consoleOf())
    const one = new Screen(slow)
    await slow.request('real', 'feed.start', {})
    slow.hold(SLOW_BYTES + 1)
    await Promise.all(Array.from({ length: 5_000 }, (_, i) => commit(String(i))))
    r.clock.advance(20)
    slow.hold(0)
    r.clock.advance(20)
    expect(one.events.map((e) => e.kind)).toEqual(['reset'])
    const next = await commit('next')
    r.clock.advance(20)
    expect(one.seqs()).toEqual([next])
  })

  it('is told of truth and phone only the last', async () => {
    const slow = new MemoryTransport(consoleOf())
    const one = new Screen(slow)
    await slow.request('real', 'feed.start', {})
    slow.hold(SLOW_BYTES + 1)
    for (let at = 1; at <= 5; at++) {
      r.switchboard.truth.set({ lastWebhookAt: at })
      r.clock.advance(300)
    }
    expect(one.events).toEqual([])
    slow.hold(0)
    expect(one.events).toMatchObject([
      { kind: 'truth', truth: { last_webhook_at: new Date(5).toISOString() } },
    ])
  })

  it('that has left meanwhile is not told any more', async () => {
    const slow = new MemoryTransport(consoleOf())
    const one = new Screen(slow)
    await slow.request('real', 'feed.start', {})
    slow.hold(SLOW_BYTES + 1)
    await commit('x')
    r.clock.advance(20)
    slow.leave()
    slow.hold(0)
    r.clock.advance(20)
    expect(one.events).toEqual([])
  })

  it('over a real socket: commits go on while it does not read, and then it is complete or reset', async () => {
    const log = createLog({ clock: r.clock, sinks: [] })
    const web = await startWebConsole({
      console: consoleOf(),
      pageFolder: r.folder,
      port: 0,
      ids: createIds(systemClock),
      log,
    })
    const { host } = new URL(web.url)
    const entered = await fetch(web.url, { redirect: 'manual' })
    const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
    const socket = new WebSocket(`ws://${host}/ws`, { headers: { cookie, origin: `http://${host}` } })
    await new Promise((resolve) => socket.once('open', resolve))
    const started = new Promise((resolve) => socket.once('message', resolve))
    socket.send(JSON.stringify({ id: 1, world: 'real', name: 'feed.start', input: {} }))
    await started
    const told: number[] = []
    let caughtUp: () => void = () => undefined
    socket.on('message', (data: Buffer) => {
      const { event } = JSON.parse(data.toString()) as {
        event?: { kind: string; seq?: number; changes?: { seq: number }[] }
      }
      if (event?.kind === 'reset') told.push(event.seq ?? 0)
      told.push(...(event?.changes ?? []).map((c) => c.seq))
      if (told.at(-1) === r.switchboard.store.seq) caughtUp()
    })
    socket.pause()
    const page = 'x'.repeat(1_000_000)
    const { store } = r.switchboard
    for (let i = 0; i < 30; i++) {
      await store.commit({
        why: 'test',
        contacts: [
          {
            _id: 'c',
            numbers: [ANN],
            name: '',
            notes: page,
            tags: [],
            consent: [],
            createdAt: '',
            updatedAt: String(i),
          },
        ],
      })
      r.clock.advance(20)
    }
    const done = new Promise<void>((resolve) => (caughtUp = resolve))
    socket.resume()
    // The test's clock stands still: a frame is let by whenever the socket has drained.
    const frames = setInterval(() => r.clock.advance(20), 5)
    await done
    clearInterval(frames)
    expect(told).toEqual([...new Set(told)].sort((a, b) => a - b))
    socket.terminate()
    await web.close()
  })
})

describe('a screen that breaks', () => {
  it('is dropped, and the others are told', async () => {
    const good = new MemoryTransport(consoleOf())
    const one = new Screen(good)
    const send = vi.fn(() => {
      throw new Error('gone')
    })
    r.switchboard.end.feed.start({ id: 'broken', send }, undefined)
    await good.request('real', 'feed.start', {})
    await commit('a')
    r.clock.advance(20)
    await commit('b')
    r.clock.advance(20)
    expect(send).toHaveBeenCalledTimes(1)
    expect(one.seqs()).toHaveLength(2)
  })
})

describe('a batch', () => {
  it('tells of a session once, as it is now, and of a merged one where it went', async () => {
    const line = new MemoryTransport(consoleOf())
    const one = new Screen(line)
    await r.sms(ANN, 'a')
    r.clock.advance(3_600_000)
    await line.request('real', 'feed.start', {})
    await r.sms(ANN, 'b')
    await r.sms(ANN, 'c')
    const [later, first] = r.sessions()
    await line.request('real', 'sessions.merge', { id: later?._id ?? '' })
    r.clock.advance(20)
    const told = one.changes().flatMap((c) => c.sessions ?? [])
    expect(told.map((s) => s._id).sort()).toEqual([first?._id, later?._id].sort())
    const [stays] = r.sessions()
    expect(told.find((s) => s._id === stays?._id)?.message_count).toBe(3)
    expect(told.find((s) => s._id !== stays?._id)?.merged_into).toBe(stays?._id)
  })
})
