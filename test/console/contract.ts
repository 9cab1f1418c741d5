import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createConsole } from '../../src/server/console/console.ts'
import type { ConsoleEnd } from '../../src/server/console/console.ts'
import {
  type RequestName,
  requestSchemas,
  type Result,
  type Results,
  type Transport,
} from '../../src/shared/contract.ts'
import { createLog } from '../../src/server/system/index.ts'
import { ANN, BEN, type Running, running } from '../support/running.ts'
import { Screen } from './screen.ts'

/** A carrier of requests between one console and any number of screens. */
export interface Carrier {
  /** A screen that is new to the console: a window, a tab. */
  open(): Promise<Line>
  close(): Promise<void>
}

export interface Line {
  transport: Transport
  /** Sends what no typed screen would: resolves with what it is answered. */
  raw(envelope: { world?: unknown; name?: unknown; input?: unknown }): Promise<Result<unknown>>
  /** The screen goes away; resolves when the console has heard of it. */
  leave(): Promise<void>
}

export type Connect = (console: ConsoleEnd) => Promise<Carrier>

/** Every request with what it takes to be understood; whether it can be done is another matter. */
const INPUTS: Record<RequestName, object> = {
  'feed.start': {},
  'truth.get': {},
  'sessions.list': {},
  'sessions.get': { id: 'none' },
  'sessions.messages': { id: 'none' },
  'contacts.list': {},
  'contacts.get': { number: ANN },
  'channels.list': {},
  'settings.get': {},
  'templates.list': {},
  'sessions.close': { id: 'none' },
  'sessions.reopen': { id: 'none' },
  'sessions.merge': { id: 'none' },
  'sessions.split': { id: 'none', before: 'none' },
  'sessions.read': { id: 'none' },
  'sessions.unread': { id: 'none' },
  'sessions.mute': { id: 'none', muted: true },
  'acts.undo': { undo: 'none' },
  'contacts.save': { number: '+19995550000' },
  'channels.save': { id: 'none', name: 'Shop' },
  'settings.set': { key: 'nothing', value: 1 },
  'templates.save': { name: 'Hello', body: 'Hello there' },
  'templates.remove': { id: 'none' },
  'content.list': { channel_id: 'none' },
  'messages.send': { channel_id: 'none', medium: 'sms', contact: ANN, body: 'Hi', draft: 'draft-0001' },
  'messages.retry': { id: 'none' },
  'media.add': { name: 'a.png', data: '', medium: 'sms' },
  'media.keep': { hashes: ['0'.repeat(64)] },
  'media.retry': { message: 'none', index: 0 },
  'simulation.kept': {},
  'simulation.start': {},
  'simulation.stop': {},
  'phone.text': { from: ANN, medium: 'sms', body: 'Hi' },
  'phone.call': { from: ANN },
  'phone.advance': { ms: 1 },
  'phone.scenario': { name: 'within' },
  'phone.get': {},
  'phone.remove': { number: ANN },
  'live.get': {},
  'live.account': { account_sid: 'AC1', auth_token: 't' },
  'live.forget': {},
  'live.numbers': {},
  'live.choose': { numbers: [] },
  'live.way': { kind: 'none', url: '' },
  'live.go': {},
  'live.leave': {},
  'live.test': { sid: 'PN1' },
  'tunnel.retry': {},
  'catch_up.start': {},
  'catch_up.cancel': {},
  'catch_up.seen': {},
  'backup.now': {},
  'support.log': {},
  'app.open_folder': { what: 'data' },
  'app.save_file': { hash: '0'.repeat(64), name: 'photo.png' },
  'app.open_link': { url: 'https://example.com' },
  'app.get': {},
  'app.set': { key: 'theme', value: 'dark' },
  'app.painted': {},
}

/** Requests that succeed on a console nothing has happened to; every other is refused. */
const ANSWERED = new Set<string>([
  'feed.start',
  'truth.get',
  'sessions.list',
  'contacts.list',
  'channels.list',
  'settings.get',
  'templates.list',
  'templates.save',
  'tunnel.retry',
  'backup.now',
  'support.log',
  'catch_up.cancel',
  'catch_up.seen',
  'app.painted',
  'media.keep',
])

const BAD: [RequestName, unknown, string][] = [
  ['sessions.list', { limit: 0 }, 'limit'],
  ['sessions.list', { filter: 'some' }, 'filter'],
  ['sessions.get', {}, 'id'],
  ['sessions.get', { id: 'x'.repeat(81) }, 'id'],
  ['sessions.messages', { id: 'a', before: { at: 1, sid: 'b' } }, 'before.at'],
  ['sessions.mute', { id: 'a', muted: 'yes' }, 'muted'],
  ['contacts.save', { number: ANN, tags: ['ok', ''] }, 'tags.1'],
  ['settings.set', { key: 'sessions.gap' }, 'value'],
  ['messages.send', { channel_id: 'c', medium: 'fax', contact: ANN, body: 'x', draft: 'draft-01' }, 'medium'],
  ['messages.send', { channel_id: 'c', medium: 'sms', contact: ANN, body: '', draft: 'draft-01' }, 'body'],
  ['messages.send', { channel_id: 'c', medium: 'sms', contact: ANN, body: ' ', draft: 'draft-01' }, 'body'],
  ['feed.start', { after: -1 }, 'after'],
  ['phone.advance', { ms: 0.5 }, 'ms'],
]

/** What every carrier has to do alike. */
export function contractTests(name: string, connect: Connect): void {
  describe(`the contract over ${name}`, () => {
    let r: Running
    let simulated: Running | undefined
    let console: ConsoleEnd
    let errors: string[]
    let carrier: Carrier
    beforeEach(async () => {
      r = await running()
      simulated = undefined
      errors = []
      console = createConsole({
        real: r.switchboard.end,
        simulation: () => simulated?.switchboard.end,
        log: createLog({ clock: r.clock, sinks: [(line) => errors.push(line)] }),
      })
      carrier = await connect(console)
    })
    afterEach(async () => {
      await carrier.close()
      await simulated?.close()
      await r.close()
    })

    const frame = (): void => r.clock.advance(20)
    const commitTemplate = (text: string): Promise<number> =>
      r.switchboard.store.commit({ why: 'test', settings: [{ _id: 'templates', value: [{ _id: text }] }] })
    async function commitMany(count: number): Promise<number> {
      const seqs = await Promise.all(Array.from({ length: count }, (_, i) => commitTemplate(String(i))))
      return Math.max(...seqs)
    }
    async function screen(after?: number): Promise<Screen & { line: Line; first: Results['feed.start'] }> {
      const line = await carrier.open()
      const made = new Screen(line.transport)
      const started = await line.transport.request('real', 'feed.start', after === undefined ? {} : { after })
      if (!started.ok) throw new Error(started.error.message)
      return Object.assign(made, { line, first: started.value })
    }

    it.each(Object.keys(requestSchemas) as RequestName[])(
      '%s answers or refuses as a value',
      async (request) => {
        const line = await carrier.open()
        const result = await line.raw({ world: 'real', name: request, input: INPUTS[request] })
        if (ANSWERED.has(request)) expect(result).toMatchObject({ ok: true })
        else {
          expect(result).toEqual({
            ok: false,
            error: {
              code: expect.stringMatching(/^(not_possible|bad_request|undo_gone|no_such_\w+)$/) as unknown,
              message: expect.any(String) as unknown,
            },
          })
        }
      },
    )

    it.each(BAD)('%s with %j names the field %s', async (request, input, field) => {
      const line = await carrier.open()
      const result = await line.raw({ world: 'real', name: request, input })
      expect(result).toMatchObject({ ok: false, error: { code: 'bad_request' } })
      expect(result.ok ? '' : result.error.message).toContain(`${request}: ${field}: `)
    })

    it.each([
      ['an unknown request', { world: 'real', name: 'sessions.burn', input: {} }, 'name: '],
      ['a name of every object', { world: 'real', name: 'constructor', input: {} }, 'name: '],
      ['no name', { world: 'real', input: {} }, 'name: '],
      ['an unknown world', { world: 'mars', name: 'truth.get', input: {} }, 'world: '],
      ['no world', { name: 'truth.get', input: {} }, 'world: '],
    ])('%s is a bad request', async (_, envelope, said) => {
      const line = await carrier.open()
      const result = await line.raw(envelope)
      expect(result).toMatchObject({ ok: false, error: { code: 'bad_request' } })
      expect(result.ok ? '' : result.error.message.startsWith(said)).toBe(true)
    })

    it('without input, and with the simulation when none runs, is refused in words', async () => {
      const line = await carrier.open()
      expect(await line.raw({ world: 'real', name: 'truth.get' })).toMatchObject({
        ok: false,
        error: { code: 'bad_request' },
      })
      expect(await line.transport.request('simulation', 'truth.get', {})).toMatchObject({
        ok: false,
        error: { code: 'not_possible', message: expect.stringContaining('test phone') as unknown },
      })
    })

    it('a defect in a handler is a value too, and is logged', async () => {
      r.switchboard.end.handlers['truth.get'] = () => {
        throw new TypeError('oh')
      }
      const line = await carrier.open()
      const result = await line.transport.request('real', 'truth.get', {})
      expect(result).toMatchObject({ ok: false, error: { code: 'internal' } })
      expect(errors.some((l) => l.includes('The request truth.get failed'))).toBe(true)
    })

    it('tells each change once and in order, in one batch a frame', async () => {
      const one = await screen()
      expect(one.first.fresh).toBe(true)
      await r.sms(ANN, 'Hello')
      await r.sms(BEN, 'Hi')
      frame()
      await r.sms(ANN, 'Again')
      frame()
      await one.until(() => one.seqs().at(-1) === r.switchboard.store.seq)
      await one.settle()
      const seqs = one.seqs()
      expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b))
      expect(one.events.map((e) => e.kind).filter((k) => k !== 'truth')).toEqual(['changes', 'changes'])
      expect(
        one
          .changes()
          .flatMap((c) => c.messages ?? [])
          .map((m) => m.content),
      ).toEqual(['Hello', 'Hi', 'Again'])
      const { sessions } = r.switchboard.store.sessions({})
      const told = new Map(
        one
          .changes()
          .flatMap((c) => c.sessions ?? [])
          .map((s) => [s._id, s.message_count]),
      )
      expect(told).toEqual(new Map(sessions.map((s) => [s._id, s.message_count])))
    })

    it('a screen that was away gets exactly what it missed', async () => {
      const first = await screen()
      await r.sms(ANN, 'one')
      frame()
      await first.until(() => first.seqs().length > 0)
      const seen = Math.max(...first.seqs())
      await first.line.leave()
      await r.sms(ANN, 'two')
      await r.sms(ANN, 'three')
      frame()
      const again = await screen(seen)
      expect(again.first).toMatchObject({ fresh: false, seq: r.switchboard.store.seq })
      frame()
      await again.until(() => again.seqs().at(-1) === r.switchboard.store.seq)
      expect(
        again
          .changes()
          .flatMap((c) => c.messages ?? [])
          .map((m) => m.content),
      ).toEqual(['two', 'three'])
      expect(
        first
          .changes()
          .flatMap((c) => c.messages ?? [])
          .map((m) => m.content),
      ).toEqual(['one'])
    })

    it('one that missed nothing is told nothing; too old, or of a time to come, starts fresh', async () => {
      await commitMany(9_000)
      frame()
      const now = r.switchboard.store.seq
      const up = await screen(now)
      expect(up.first).toMatchObject({ fresh: false, seq: now })
      expect((await screen(1)).first.fresh).toBe(true)
      expect((await screen(now + 50)).first.fresh).toBe(true)
      frame()
      await up.settle()
      expect(up.changes()).toEqual([])
    })

    it('a burst of 5,000 is a reset, and goes on from there', async () => {
      const one = await screen()
      const last = await commitMany(5_000)
      frame()
      await one.until(() => one.events.length > 0)
      expect(one.events).toMatchObject([{ kind: 'reset', seq: last, world: 'real' }])
      const next = await commitTemplate('next')
      frame()
      await one.until(() => one.seqs().length > 0)
      expect(one.seqs()).toEqual([next])
    })

    it('a burst of 5,000 over some frames is batched and complete', async () => {
      const one = await screen()
      const from = r.switchboard.store.seq
      for (let i = 0; i < 10; i++) {
        await commitMany(500)
        frame()
      }
      await one.until(() => one.seqs().length >= 5_000)
      expect(one.seqs()).toEqual(Array.from({ length: 5_000 }, (_, i) => from + 1 + i))
      expect(one.events.filter((e) => e.kind === 'changes')).toHaveLength(10)
    })

    it('two screens are told the same, and each goes without the other', async () => {
      const one = await screen()
      const two = await screen()
      await r.sms(ANN, 'both')
      frame()
      await Promise.all([one, two].map((s) => s.until(() => s.seqs().length > 0)))
      expect(one.events.filter((e) => e.kind === 'changes')).toEqual(
        two.events.filter((e) => e.kind === 'changes'),
      )
      expect(r.switchboard.end.feed.size).toBe(2)
      await one.line.leave()
      expect(r.switchboard.end.feed.size).toBe(1)
      const told = one.events.length
      await r.sms(ANN, 'one of them')
      frame()
      await two.until(() => two.seqs().at(-1) === r.switchboard.store.seq)
      expect(one.events.length).toBe(told)
    })

    it('keeps the worlds apart, over one line', async () => {
      simulated = await running('2030-05-05T05:00:00.000Z', { world: 'simulation' })
      const one = await screen()
      expect(await one.transport.request('simulation', 'feed.start', {})).toMatchObject({
        ok: true,
        value: { world: 'simulation', fresh: true },
      })
      await simulated.sms(BEN, 'simulated')
      simulated.clock.advance(20)
      await one.until(() => one.seqs('simulation').length > 0)
      expect(one.changes('real')).toEqual([])
      await r.sms(ANN, 'real')
      frame()
      await one.until(() => one.seqs('real').length > 0)
      const words = (world: 'real' | 'simulation'): string[] =>
        one
          .changes(world)
          .flatMap((c) => c.messages ?? [])
          .map((m) => m.content)
      expect([words('real'), words('simulation')]).toEqual([['real'], ['simulated']])
      const lists = await Promise.all(
        (['real', 'simulation'] as const).map((world) => one.transport.request(world, 'sessions.list', {})),
      )
      expect(lists.map((l) => l.ok && l.value.sessions.map((s) => s.metadata.fromNumber))).toEqual([
        [ANN],
        [BEN],
      ])
      await one.line.leave()
      expect([r.switchboard.end.feed.size, simulated.switchboard.end.feed.size]).toEqual([0, 0])
    })

    it('numbers of other data, as of a simulation that has ended, are not gone on from', async () => {
      await r.sms(ANN, 'one')
      const { line, first } = await screen()
      const ask = (of: string) => line.transport.request('real', 'feed.start', { after: first.seq, of })
      expect(await ask('another')).toMatchObject({ value: { of: first.of, fresh: true } })
      expect(await ask(first.of)).toMatchObject({ value: { of: first.of, fresh: false } })
    })

    it('a whole program that is a simulation tells a page with two consoles everything, whichever asks last', async () => {
      // Both worlds are one feed then; what the first asked for must not be forgotten for the second.
      simulated = r
      const before = await screen()
      await r.sms(ANN, 'seen')
      frame()
      await before.until(() => before.seqs().length > 0)
      const seen = Math.max(...before.seqs())
      await before.line.leave()
      await r.sms(ANN, 'missed')
      const again = await screen(seen)
      await again.transport.request('simulation', 'feed.start', {})
      frame()
      await again.until(() => again.seqs().at(-1) === r.switchboard.store.seq)
      expect(
        again
          .changes()
          .flatMap((c) => c.messages ?? [])
          .map((m) => m.content),
      ).toEqual(['missed'])
      simulated = undefined
    })

    it('settings, templates and channels reach every screen', async () => {
      await r.sms(ANN, 'Hello')
      const one = await screen()
      const ask = one.transport
      await ask.request('real', 'settings.set', { key: 'sessions.gap.sms', value: '10m' })
      await ask.request('real', 'settings.set', { key: 'privacy.log_bodies', value: false })
      await ask.request('real', 'settings.set', { key: 'privacy.log_bodies', value: null })
      await ask.request('real', 'templates.save', { name: 'Hours', body: 'We open at 9.' })
      const [channel] = r.switchboard.store.channels()
      await ask.request('real', 'channels.save', { id: channel?._id ?? '', name: 'Shop' })
      frame()
      await one.until(() => one.seqs().at(-1) === r.switchboard.store.seq)
      const changes = one.changes()
      expect(changes).toHaveLength(5)
      expect(changes[0]?.settings?.gaps).toEqual({ 'sessions.gap.sms': '10m' })
      expect(changes[2]?.settings?.values).toMatchObject({ 'privacy.log_bodies': true })
      expect(changes[3]).toMatchObject({ templates: true })
      expect(changes[3]?.settings).toBeUndefined()
      expect(changes[4]?.channels?.map((c) => c.name)).toEqual(['Shop'])
    })
  })
}
