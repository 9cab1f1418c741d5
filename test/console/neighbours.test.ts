import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Console } from '../../src/renderer/src/state/console.ts'
import { Toasts } from '../../src/renderer/src/state/toasts.ts'
import { MOST_IN_LINE } from '../../src/server/console/lines.ts'
import { createConsole } from '../../src/server/console/console.ts'
import type { Message, Session } from '../../src/shared/documents.ts'
import { createLog } from '../../src/server/system/index.ts'
import { MemoryStorage } from '../renderer/storage.ts'
import { ANN, BEN, type Running, running } from '../support/running.ts'
import { call, whatsapp } from './asking.ts'
import { MemoryTransport } from './memory-transport.ts'

const HOUR = 3_600_000

let r: Running
let line: MemoryTransport
let screen: Console
beforeEach(async () => {
  vi.stubGlobal('localStorage', new MemoryStorage())
  r = await running()
  const log = createLog({ clock: r.clock, sinks: [] })
  line = new MemoryTransport(createConsole({ real: r.switchboard.end, simulation: () => undefined, log }))
  screen = new Console(line, 'real', new Toasts(), (task) => {
    task()
  })
  line.subscribe((event) => {
    screen.take(event)
  })
  await screen.start()
})
afterEach(async () => {
  vi.unstubAllGlobals()
  await r.close()
})

const frame = (): void => r.clock.advance(20)
const ask = (name: 'sessions.merge' | 'sessions.close' | 'sessions.reopen', id: string) =>
  screen.ask(name, { id })

/** A text an hour after the last, which begins a session. */
async function later(from: string, body = 'hello'): Promise<void> {
  r.clock.advance(HOUR)
  await r.sms(from, body)
}
/** Nobody waits in the newest session any more, so that what comes next changes nothing of it but its place. */
async function answered(): Promise<void> {
  const { metadata, ...newest } = r.newest()
  const { waitingSince: _, ...rest } = metadata
  await r.switchboard.store.commit({ why: 'test', sessions: [{ ...newest, metadata: rest }] })
}
/** Every session the screen knows, as it shows it and as the console would send it now. */
async function compared(): Promise<{ shown: unknown[]; true: unknown[] }> {
  const shown: unknown[] = []
  const truly: unknown[] = []
  for (const id of screen.sessions.keys()) {
    const known = screen.sessions.get(id)
    if (!known || known.merged_into !== undefined) continue
    const answer = await line.request('real', 'sessions.get', { id })
    shown.push(known)
    truly.push(answer.ok ? answer.value : answer.error)
  }
  return { shown, true: truly }
}

describe('a session that begins', () => {
  it('is told to the one before it on an open screen', async () => {
    await later(ANN)
    frame()
    const [first] = screen.list.view.get().ids
    await answered()
    await later(ANN)
    frame()
    const [second] = screen.list.view.get().ids
    expect(screen.sessions.get(first ?? '')).toMatchObject({ place: 1, of: 2, earlier: null, later: second })
    expect(screen.sessions.get(second ?? '')).toMatchObject({ place: 2, of: 2, earlier: first, later: null })
  })

  it('is told with the ids of its neighbours, however many sessions the contact has', async () => {
    for (let i = 0; i < 5; i++) await later(ANN)
    frame()
    await answered()
    frame()
    const told: unknown[] = []
    line.subscribe((event) => {
      if (event.kind === 'changes') told.push(...event.changes.flatMap((change) => change.lines ?? []))
    })
    await later(ANN)
    frame()
    const [newest, before] = screen.list.view.get().ids
    expect(told).toMatchObject([{ contact: ANN, of: 6, from: 5, ids: [before, newest] }])
    told.length = 0
    await r.sms(ANN, 'and on')
    await r.sms(BEN, 'somebody new')
    frame()
    expect(told).toEqual([])
  })
})

describe('what a screen knows of each session', () => {
  it('stays true while sessions are joined, parted, closed and reopened', async () => {
    for (let i = 0; i < 6; i++) await later(ANN)
    await later(BEN)
    frame()
    const [, , , middle = ''] = screen.list.view.get().ids
    const merged = await screen.ask('sessions.merge', { id: middle })
    frame()
    expect((await compared()).shown).toHaveLength(6)
    await expectTrue()
    if (merged.ok) await screen.ask('acts.undo', { undo: merged.value.undo })
    frame()
    await expectTrue()
    const [, , , , oldest = ''] = screen.list.view.get().ids
    await ask('sessions.close', oldest)
    await later(ANN)
    frame()
    await expectTrue()
    await ask('sessions.merge', oldest)
    await ask('sessions.reopen', oldest)
    await later(ANN)
    frame()
    await expectTrue()
  })

  it('stays true when an old session comes in far before the others', async () => {
    const channel_id = r.switchboard.store.channels()[0]?._id ?? (await firstChannel())
    const at = (hour: number): string => new Date(Date.UTC(2024, 0, 1) + hour * HOUR).toISOString()
    const many = MOST_IN_LINE + 60
    const put = (hour: number): Promise<number> => {
      const id = `s${String(hour).padStart(5, '0')}`
      const sid = `SM${id}`
      return r.switchboard.store.commit({
        why: 'test',
        sessions: [session(id, channel_id, sid, at(hour))],
        messages: [message(id, channel_id, sid, at(hour))],
      })
    }
    for (let i = 0; i < many; i++) await put(2 * i + 10)
    frame()
    await put(15)
    frame()
    await put(1)
    frame()
    const known = (hour: number) => screen.sessions.get(`s${String(hour).padStart(5, '0')}`)
    expect(known(10)).toMatchObject({ place: 2, of: many + 2, earlier: 's00001' })
    expect(known(14)).toMatchObject({ place: 4, later: 's00015' })
    expect(known(2 * (many - 1) + 10)).toMatchObject({ place: many + 2, of: many + 2, later: null })
    await expectTrue()
  })
})

describe('a person', () => {
  const names = (): string[] =>
    screen.list.view.get().ids.map((id) => screen.sessions.get(id ?? '')?.contact_name ?? '?')

  it('has one name over all media, as soon as they give it', async () => {
    await later(BEN)
    r.clock.advance(HOUR)
    await call(r, BEN)
    frame()
    expect(names()).toEqual(['', ''])
    r.clock.advance(HOUR)
    await whatsapp(r, BEN, 'hello', { ProfileName: 'Ben' })
    frame()
    expect(names()).toEqual(['Ben', 'Ben', 'Ben'])
    expect(await compared()).toMatchObject({ true: (await compared()).shown })
    r.clock.advance(HOUR)
    await whatsapp(r, BEN, 'again', { ProfileName: 'Benjamin' })
    await later(BEN, 'and a text')
    frame()
    expect(names()).toEqual(Array<string>(5).fill('Benjamin'))
    await line.request('real', 'contacts.save', { number: BEN, name: 'Ben the tall' })
    frame()
    expect(names()).toEqual(Array<string>(5).fill('Ben the tall'))
  })

  it('whose window opens again may be written to in an earlier session that is open', async () => {
    await whatsapp(r, BEN, 'hello')
    frame()
    const [first = ''] = screen.list.view.get().ids
    await answered()
    r.clock.advance(25 * HOUR)
    expect((await line.request('real', 'sessions.get', { id: first })).ok).toBe(true)
    await whatsapp(r, BEN, 'one more thing')
    frame()
    const [second = ''] = screen.list.view.get().ids
    const until = screen.sessions.get(second)?.window_until
    expect(until).toBeDefined()
    expect(screen.sessions.get(first)).toMatchObject({ window_until: until, composer: null })
  })
})

async function expectTrue(): Promise<void> {
  const places = (views: unknown[]): unknown[] =>
    (views as { _id: string; place: number; of: number; earlier: unknown; later: unknown }[]).map(
      ({ _id, place, of, earlier, later: next }) => ({ _id, place, of, earlier, later: next }),
    )
  const both = await compared()
  expect(places(both.shown)).toEqual(places(both.true))
}

async function firstChannel(): Promise<string> {
  await r.sms(BEN, 'hello')
  return r.switchboard.store.channels()[0]?._id ?? ''
}

function session(_id: string, channel_id: string, sid: string, at: string): Session {
  return {
    _id,
    channel_id,
    communication_type: 'sms',
    title: `SMS from ${ANN}`,
    status: 'active',
    message_count: 1,
    last_message_at: at,
    metadata: {
      fromNumber: ANN,
      firstMessageAt: at,
      reason: { kind: 'first' },
      firstSid: sid,
      lastSid: sid,
      lastSender: 'contact',
      preview: 'hello',
    },
    unread_count: 0,
    createdAt: at,
    updatedAt: at,
  }
}

function message(session_id: string, channel_id: string, sid: string, at: string): Message {
  return {
    _id: `m-${session_id}`,
    session_id,
    content: 'hello',
    sender: 'contact',
    createdAt: at,
    sid,
    channel_id,
    communication_type: 'sms',
    contact: ANN,
    status: 'received',
    media: [],
  }
}
