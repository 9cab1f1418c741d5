import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ANN, BEN, BUSINESS, type Running, running } from '../support/running.ts'
import { joinsOf } from '../../src/renderer/src/pages/sessions/joins.ts'
import type { Source } from '../../src/server/intake/types.ts'
import type { Commit } from '../../src/server/store/types.ts'
import { type Asking, asking, call, whatsapp } from './asking.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const CARA = '+15705550142'

let r: Running
let ask: Asking
beforeEach(async () => {
  r = await running()
  ask = asking(() => r.switchboard)
})
afterEach(() => r.close())

/** A text, a minute after the last thing. */
async function text(from: string, body: string): Promise<void> {
  r.clock.advance(MINUTE)
  await r.sms(from, body)
}
const refused = (code: string, message: string | RegExp): object => ({
  code,
  message: expect.stringMatching(message) as unknown,
})

describe('an act asked for twice', () => {
  /** Three sessions of Ann's, of one text each; the newest first. */
  const three = async (): Promise<string[]> => {
    for (const body of ['one', 'two', 'three']) {
      r.clock.advance(HOUR)
      await r.sms(ANN, body)
    }
    return (await ask('sessions.list', {})).sessions.map(({ _id }) => _id)
  }

  it('joins with the session before, and not with the one before that as well', async () => {
    const [id = ''] = await three()
    const presses = [ask('sessions.merge', { id }), ask('sessions.merge', { id })]
    const second = expect(presses[1]).rejects.toMatchObject(refused('not_possible', 'part of another'))
    const first = await presses[0]
    await second
    const sizes = async () => (await ask('sessions.list', {})).sessions.map((s) => s.message_count)
    expect(await sizes()).toEqual([2, 1])
    await ask('acts.undo', { undo: first?.undo ?? '' })
    expect(await sizes()).toEqual([1, 1, 1])
  })

  it('closes and reopens once, and offers nothing to undo for the second', async () => {
    const [id = ''] = await three()
    await ask('sessions.close', { id })
    await expect(ask('sessions.close', { id })).rejects.toMatchObject(
      refused('not_possible', 'closed already'),
    )
    await ask('sessions.reopen', { id })
    await expect(ask('sessions.reopen', { id })).rejects.toMatchObject(
      refused('not_possible', 'open already'),
    )
  })
})

describe('lists of sessions', () => {
  beforeEach(async () => {
    await text(ANN, 'a')
    await text(BEN, 'b')
    r.clock.advance(MINUTE)
    await whatsapp(r, CARA, 'c', { ProfileName: 'Cara' })
    r.clock.advance(MINUTE)
    await call(r, ANN)
    await text(ANN, 'again')
  })
  const list = async (input: Parameters<typeof ask<'sessions.list'>>[1]): Promise<string[]> =>
    (await ask('sessions.list', input)).sessions.map((s) => s.title)

  it('by medium, filter, order and page', async () => {
    const all = await list({})
    expect(all).toHaveLength(4)
    expect(all[0]).toBe(`SMS from ${ANN}`)
    expect(await list({ type: 'whatsapp' })).toEqual([`WhatsApp from ${CARA}`])
    expect(await list({ type: 'voice' })).toEqual([`Voice from ${ANN}`])
    expect((await list({ filter: 'waiting' }))[0]).toBe(`SMS from ${ANN}`)
    expect([...(await list({ limit: 3 })), ...(await list({ limit: 3, offset: 3 }))]).toEqual(all)
    const page = await ask('sessions.list', { limit: 1, offset: 9 })
    expect(page).toMatchObject({ sessions: [], total: 4, counts: { all: 4, sms: 2, whatsapp: 1, voice: 1 } })
    expect(page.seq).toBe(r.switchboard.store.seq)
  })

  it('closed and unread ones', async () => {
    const [first] = (await ask('sessions.list', { type: 'whatsapp' })).sessions
    const id = first?._id ?? ''
    await ask('sessions.close', { id })
    await ask('sessions.read', { id })
    expect(await list({ filter: 'closed' })).toEqual([`WhatsApp from ${CARA}`])
    expect(await list({ filter: 'unread' })).not.toContain(`WhatsApp from ${CARA}`)
    expect((await ask('sessions.list', {})).counts).toMatchObject({ closed: 1 })
  })

  it('are counted by medium, as each list has them', async () => {
    await ask('sessions.close', {
      id: (await ask('sessions.list', { type: 'voice' })).sessions[0]?._id ?? '',
    })
    await ask('sessions.read', { id: (await ask('sessions.list', { type: 'sms' })).sessions[0]?._id ?? '' })
    const { counts } = await ask('sessions.list', {})
    expect(counts.by).toEqual({
      sms: { waiting: 2, unread: 1, closed: 0 },
      whatsapp: { waiting: 1, unread: 1, closed: 0 },
      voice: { waiting: 0, unread: 1, closed: 1 },
    })
    for (const type of ['sms', 'whatsapp', 'voice'] as const)
      for (const filter of ['waiting', 'unread', 'closed'] as const)
        expect((await ask('sessions.list', { type, filter })).total).toBe(counts.by[type][filter])
  })

  it('a view knows the contact, the channel and its place', async () => {
    const [cara] = (await ask('sessions.list', { type: 'whatsapp' })).sessions
    expect(cara).toMatchObject({
      contact_name: 'Cara',
      channel_number: BUSINESS,
      place: 1,
      of: 1,
      earlier: null,
      later: null,
      composer: null,
      opted_out: false,
      gap_ms: 5 * MINUTE,
    })
    r.clock.advance(HOUR)
    await whatsapp(r, CARA, 'later')
    const [newer, older] = (await ask('sessions.list', { type: 'whatsapp' })).sessions
    expect(newer).toMatchObject({ place: 2, of: 2, earlier: older?._id, later: null })
    expect(older).toMatchObject({ place: 1, of: 2, earlier: null, later: newer?._id })
  })

  it('a name given by WhatsApp is the person’s by every medium, and finds them', async () => {
    r.clock.advance(MINUTE)
    await whatsapp(r, ANN, 'hello', { ProfileName: 'Ann' })
    // Longer ago than their newest session by WhatsApp, which says no name.
    r.clock.advance(HOUR)
    await whatsapp(r, ANN, 'still me')
    const { sessions } = await ask('sessions.list', {})
    const anns = sessions.filter((s) => s.metadata.fromNumber === ANN)
    expect(anns.map((s) => [s.communication_type, s.contact_name])).toEqual([
      ['whatsapp', 'Ann'],
      ['whatsapp', 'Ann'],
      ['sms', 'Ann'],
      ['voice', 'Ann'],
    ])
    expect((await ask('contacts.list', { search: 'ann' })).contacts).toMatchObject([
      { _id: ANN, name: 'Ann' },
    ])
    await ask('contacts.save', { number: ANN, name: 'Ann B.' })
    const again = (await ask('sessions.list', {})).sessions.filter((s) => s.metadata.fromNumber === ANN)
    expect(new Set(again.map((s) => s.contact_name))).toEqual(new Set(['Ann B.']))
  })

  it('messages come in pages, newest first to be read', async () => {
    for (const word of ['1', '2', '3']) await text(BEN, word)
    const { _id: id } = r.newest()
    const page = await ask('sessions.messages', { id, limit: 2 })
    expect([page.messages.map((m) => m.content), page.more]).toEqual([['2', '3'], true])
    const [first] = page.messages
    const before = { at: first?.createdAt ?? '', sid: first?.sid ?? '' }
    const rest = await ask('sessions.messages', { id, limit: 2, before })
    expect(rest.messages.map((m) => m.content).at(-1)).toBe('1')
    await expect(ask('sessions.get', { id: 'none' })).rejects.toMatchObject(
      refused('no_such_session', 'none'),
    )
  })
})

describe('acts and undo', () => {
  it('close and reopen, and back', async () => {
    await text(ANN, 'a')
    const { _id: id } = r.newest()
    const closed = await ask('sessions.close', { id })
    expect(closed).toMatchObject({ done: 'Session closed', session: { status: 'closed' } })
    expect(await ask('acts.undo', { undo: closed.undo })).toEqual({ done: 'Undone: Session closed' })
    expect(r.newest().status).toBe('active')
    await ask('sessions.close', { id })
    const reopened = await ask('sessions.reopen', { id })
    await ask('acts.undo', { undo: reopened.undo })
    expect(r.newest().status).toBe('closed')
  })

  it('merge and split, and back', async () => {
    await text(ANN, 'a')
    r.clock.advance(HOUR)
    await text(ANN, 'b')
    const merged = await ask('sessions.merge', { id: r.newest()._id })
    expect(r.sessions()).toHaveLength(1)
    await ask('acts.undo', { undo: merged.undo })
    expect(r.sessions()).toHaveLength(2)
    await text(ANN, 'c')
    const newest = r.newest()
    const [, c] = await r.messages(newest)
    const split = await ask('sessions.split', { id: newest._id, before: c?._id ?? '' })
    expect(r.sessions()).toHaveLength(3)
    await ask('acts.undo', { undo: split.undo })
    expect(r.sessions()).toHaveLength(2)
    await expect(ask('sessions.merge', { id: r.sessions()[1]?._id ?? '' })).rejects.toMatchObject(
      refused('not_possible', 'no earlier session'),
    )
  })

  it('what was joined says where, until it is undone or parted again', async () => {
    await text(ANN, 'a')
    r.clock.advance(HOUR)
    await text(ANN, 'b')
    await ask('sessions.close', { id: r.newest()._id })
    await text(ANN, 'c')
    const joins = async () => {
      const session = await ask('sessions.get', { id: r.newest()._id })
      const { messages } = await ask('sessions.messages', { id: session._id })
      const found = joinsOf(messages, session)
      return messages.map(({ _id, content }) => `${content} ${found.get(_id) ?? ''}`.trim())
    }
    expect(await joins()).toEqual(['c'])
    await ask('sessions.merge', { id: r.newest()._id })
    expect(await joins()).toEqual(['b', 'c you'])
    const again = await ask('sessions.merge', { id: r.newest()._id })
    expect(await joins()).toEqual(['a', 'b you', 'c you'])
    await ask('acts.undo', { undo: again.undo })
    expect(await joins()).toEqual(['b', 'c you'])
  })

  it('an undo is done once, also when pressed twice at once', async () => {
    await text(ANN, 'a')
    const { undo } = await ask('sessions.close', { id: r.newest()._id })
    const both = await Promise.allSettled([ask('acts.undo', { undo }), ask('acts.undo', { undo })])
    expect(both.map((b) => b.status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(ask('acts.undo', { undo })).rejects.toMatchObject(refused('undo_gone', 'no longer'))
    expect(r.newest().status).toBe('active')
  })

  it('an undo after another act takes back only its own', async () => {
    await text(ANN, 'a')
    const { _id: id } = r.newest()
    const muted = await ask('sessions.mute', { id, muted: true })
    await ask('sessions.close', { id })
    await ask('acts.undo', { undo: muted.undo })
    expect(r.newest()).toMatchObject({ status: 'closed' })
    expect(r.newest().metadata.muted).toBeUndefined()
    // Closed, another began, and the closing is taken back: both are one again.
    const closed = await ask('sessions.reopen', { id }).then(() => ask('sessions.close', { id }))
    await text(ANN, 'after')
    expect(r.sessions()).toHaveLength(2)
    await ask('acts.undo', { undo: closed.undo })
    expect(r.sessions()).toHaveLength(1)
  })

  describe('an undo that a later act has overtaken says so, changes nothing, and can be pressed when that is undone', () => {
    const overtaken = async (undo: string): Promise<void> => {
      const before = structuredClone([r.sessions(), [...r.switchboard.store.contacts()]])
      await expect(ask('acts.undo', { undo })).rejects.toMatchObject(refused('undo_overtaken', 'done later'))
      expect([r.sessions(), [...r.switchboard.store.contacts()]]).toEqual(before)
    }
    const undo = (one: { undo: string }): Promise<unknown> => ask('acts.undo', { undo: one.undo })

    it('a close that was reopened, and a reopening whose close was taken back', async () => {
      await text(ANN, 'a')
      const { _id: id } = r.newest()
      const closed = await ask('sessions.close', { id })
      const reopened = await ask('sessions.reopen', { id })
      await overtaken(closed.undo)
      await undo(reopened)
      expect(r.newest().status).toBe('closed')
      await undo(closed)
      expect(r.newest().status).toBe('active')
      // Another began before it was reopened: taking the close back joins them, and the reopening has nothing left to undo.
      const again = await ask('sessions.close', { id })
      await text(ANN, 'b')
      const open = await ask('sessions.reopen', { id })
      await undo(again)
      expect(r.sessions()).toHaveLength(1)
      await overtaken(open.undo)
    })

    it('a join that was parted at the same place, and a cut that was joined', async () => {
      await text(ANN, 'a')
      r.clock.advance(HOUR)
      await text(ANN, 'b')
      const merged = await ask('sessions.merge', { id: r.newest()._id })
      const [, b] = await r.messages(r.newest())
      const split = await ask('sessions.split', { id: r.newest()._id, before: b?._id ?? '' })
      await overtaken(merged.undo)
      const joined = await ask('sessions.merge', { id: r.newest()._id })
      await overtaken(split.undo)
      for (const one of [joined, split, merged]) await undo(one)
      expect(r.sessions()).toHaveLength(2)
      expect(r.newest().metadata.reason.kind).toBe('silence')
    })

    it('a name, notes, tags, and the sound of a session', async () => {
      await text(ANN, 'a')
      const { _id: id } = r.newest()
      const first = await ask('contacts.save', { number: ANN, name: 'Ann', tags: ['vip'] })
      const second = await ask('contacts.save', { number: ANN, name: 'Anna' })
      await overtaken(first.undo)
      await undo(second)
      await undo(first)
      expect(await ask('contacts.get', { number: ANN })).toMatchObject({ name: '', tags: [] })
      const off = await ask('sessions.mute', { id, muted: true })
      const on = await ask('sessions.mute', { id, muted: false })
      await overtaken(off.undo)
      await undo(on)
      await undo(off)
      expect(r.newest().metadata.muted).toBeUndefined()
    })

    it('an unread mark that was read', async () => {
      await text(ANN, 'a')
      const { _id: id } = r.newest()
      await ask('sessions.read', { id })
      const unread = await ask('sessions.unread', { id })
      await ask('sessions.read', { id })
      await overtaken(unread.undo)
    })

    it('a setting and the name of a channel that were changed again', async () => {
      await text(ANN, 'a')
      const ten = await ask('settings.set', { key: 'sessions.gap.sms', value: '10m' })
      expect(ten.done).toBe('Session gap changed')
      const twenty = await ask('settings.set', { key: 'sessions.gap.sms', value: '20m' })
      await overtaken(ten.undo)
      expect((await ask('settings.get', {})).gaps).toEqual({ 'sessions.gap.sms': '20m' })
      await undo(twenty)
      await undo(ten)
      expect((await ask('settings.get', {})).gaps).toEqual({})
      const [channel] = await ask('channels.list', {})
      const shop = await ask('channels.save', { id: channel?._id ?? '', name: 'Shop' })
      const desk = await ask('channels.save', { id: channel?._id ?? '', name: 'Desk' })
      await overtaken(shop.undo)
      await undo(desk)
      await undo(shop)
      expect(await ask('channels.list', {})).toMatchObject([{ name: channel?.name }])
    })
  })

  it('a disk that refuses leaves the undo to be pressed again', async () => {
    await text(ANN, 'a')
    const { undo } = await ask('contacts.save', { number: ANN, name: 'Ann' })
    const { store } = r.switchboard
    const { commit } = store
    store.commit = () => Promise.reject(new Error('full'))
    await expect(ask('acts.undo', { undo })).rejects.toMatchObject({ code: 'internal' })
    store.commit = commit
    expect((await ask('contacts.get', { number: ANN })).name).toBe('Ann')
    await ask('acts.undo', { undo })
    expect((await ask('contacts.get', { number: ANN })).name).toBe('')
  })

  it('read and unread, with what came meanwhile left unread', async () => {
    await text(ANN, 'a')
    await text(ANN, 'b')
    const { _id: id } = r.newest()
    const read = await ask('sessions.read', { id })
    expect(read.session?.unread_count).toBe(0)
    await text(ANN, 'c')
    await ask('acts.undo', { undo: read.undo })
    expect(r.newest().unread_count).toBe(3)
    await ask('sessions.read', { id })
    const unread = await ask('sessions.unread', { id })
    expect(unread.session?.unread_count).toBe(1)
    await ask('acts.undo', { undo: unread.undo })
    expect(r.newest().unread_count).toBe(0)
  })
})

describe('a number that is looked for', () => {
  beforeEach(async () => {
    await text(ANN, 'a')
    await text(CARA, 'c')
    await ask('contacts.save', { number: CARA, name: 'Cara', tags: ['since 2019'] })
  })
  const found = async (search: string): Promise<string[]> =>
    (await ask('contacts.list', { search })).contacts.map((c) => c.numbers[0] ?? '')

  it.each([
    '5705550142',
    '570-555',
    '(570) 555-0142',
    '570.555.0142',
    '570 555 0142',
    '570/555–0142',
    '+1 (570) 555-0142',
    '+1\u00a0570\u2011555\u20110142',
    '0570 5550142',
    '001 570 555 0142',
    '+1 (0)570 555 0142',
    'cara 555-01',
    '(570) cara',
    'since 2019',
    '2019',
  ])('is found as people write it: %s', async (search) => {
    expect(await found(search)).toEqual([CARA])
  })

  it.each(['570-556', '+570', '5550142 ann', '2018'])('and nobody for another: %s', async (search) => {
    expect(await found(search)).toEqual([])
  })
})

describe('contacts', () => {
  it('are everybody who ever wrote or called, whoever was heard of last first, with all their sessions', async () => {
    await text(ANN, 'a')
    await text(BEN, 'b')
    r.clock.advance(HOUR)
    await call(r, ANN)
    await whatsapp(r, CARA, 'c', { ProfileName: 'Cara' })
    await ask('contacts.save', { number: BEN, name: ' Ben Müller ', tags: ['regular', 'regular', ' late '] })
    const all = await ask('contacts.list', {})
    expect(all.total).toBe(3)
    expect(all.contacts.map((c) => c.name)).toContain('Cara')
    const found = async (search: string): Promise<string[]> =>
      (await ask('contacts.list', { search })).contacts.map((c) => c.numbers[0] ?? '')
    expect(await found('MÜLLER ben')).toEqual([BEN])
    expect(await found('cara')).toEqual([CARA])
    expect(await found('regular')).toEqual([BEN])
    await ask('contacts.save', { number: CARA, notes: 'Lends the blue bike.\nRings before nine.' })
    expect(await found('NINE blue')).toEqual([CARA])
    expect(await found('12345')).toEqual([ANN])
    expect(await found('nobody')).toEqual([])
    const pages = [
      await ask('contacts.list', { limit: 2 }),
      await ask('contacts.list', { limit: 2, offset: 2 }),
    ]
    expect(pages.flatMap((p) => p.contacts).map((c) => c.numbers)).toEqual(all.contacts.map((c) => c.numbers))
    const ann = await ask('contacts.get', { number: ANN })
    expect(ann.sessions.map((s) => s.communication_type)).toEqual(['voice', 'sms'])
    expect(ann.first_seen).toBe(ann.sessions[1]?.metadata.firstMessageAt)
    const ben = await ask('contacts.get', { number: BEN })
    expect(ben).toMatchObject({ name: 'Ben Müller', tags: ['regular', 'late'] })
    const wrote = (notes: string, notes_from?: string) =>
      ask('contacts.save', { number: BEN, notes, ...(notes_from !== undefined && { notes_from }) })
    await wrote('rings twice', '')
    // In another window the edit began before that was there.
    await expect(wrote('lends bikes', '')).rejects.toMatchObject({ code: 'note_changed' })
    expect(await ask('contacts.get', { number: BEN })).toMatchObject({ notes: 'rings twice' })
    await wrote('rings twice', '')
    await wrote('rings twice, lends bikes', 'rings twice')
    await wrote('all the same')
    expect(await ask('contacts.get', { number: BEN })).toMatchObject({ notes: 'all the same' })
    const nobody = { number: '+19998887777' }
    await expect(ask('contacts.get', nobody)).rejects.toMatchObject({ code: 'no_such_contact' })
    await expect(ask('contacts.save', { ...nobody, name: 'X' })).rejects.toMatchObject({
      code: 'no_such_contact',
    })
  })

  it('two changes at once lose nothing, and make one page', async () => {
    await text(ANN, 'a')
    await Promise.all([
      ask('contacts.save', { number: ANN, name: 'Ann' }),
      ask('contacts.save', { number: ANN, notes: 'likes tea' }),
      ask('contacts.save', { number: ANN, tags: ['vip'] }),
    ])
    expect(r.switchboard.store.contacts()).toMatchObject([{ name: 'Ann', notes: 'likes tea', tags: ['vip'] }])
    await r.restart()
    expect(await ask('contacts.get', { number: ANN })).toMatchObject({
      name: 'Ann',
      notes: 'likes tea',
      tags: ['vip'],
    })
  })

  it('an undo takes back what was saved, and no word about consent or later note', async () => {
    await text(ANN, 'a')
    const saved = await ask('contacts.save', { number: ANN, name: 'Ann' })
    await ask('contacts.save', { number: ANN, notes: 'later' })
    await text(ANN, 'STOP')
    await ask('acts.undo', { undo: saved.undo })
    expect(await ask('contacts.get', { number: ANN })).toMatchObject({
      name: '',
      notes: 'later',
      consent: [{ state: 'out' }],
    })
  })

  it('a name is on every row of theirs at once', async () => {
    await text(ANN, 'a')
    r.clock.advance(HOUR)
    await text(ANN, 'b')
    await ask('feed.start', {})
    const told: string[] = []
    ask.transport.subscribe((event) => {
      if (event.kind === 'changes')
        told.push(...event.changes.flatMap((c) => (c.sessions ?? []).map((s) => s.contact_name)))
    })
    await ask('contacts.save', { number: ANN, name: 'Ann' })
    r.clock.advance(20)
    expect(told).toEqual(['Ann', 'Ann'])
  })
})

describe('settings, templates and channels', () => {
  it.each([
    ['sessions.gap', '0s', 'bad_gap'],
    ['sessions.gap', 300, 'bad_gap'],
    ['sessions.gap.fax', '5m', 'no_such_setting'],
    ['privacy.log_bodies', 'maybe', 'bad_value'],
    ['notifications.quiet_hours', '25:00-07:00', 'bad_value'],
    ['replies.limit', 'many', 'bad_value'],
    ['replies.keywords', [{ words: [], answer: 'x' }], 'bad_value'],
    ['replies.nothing', true, 'no_such_setting'],
    ['templates', [], 'no_such_setting'],
    ['data.world', 'simulation', 'no_such_setting'],
    ['__proto__', 1, 'no_such_setting'],
  ])('%s can’t be %j', async (key, value, code) => {
    await expect(ask('settings.set', { key, value })).rejects.toMatchObject({ code })
  })

  it('a change that began from something else is refused, and nothing is written over', async () => {
    const key = 'replies.greeting'
    const greeting = async () => (await ask('settings.get', {})).values[key]
    const ready = await greeting()
    await ask('settings.set', { key, value: 'Hello', from: ready })
    await expect(ask('settings.set', { key, value: 'Hi', from: ready })).rejects.toMatchObject({
      code: 'setting_changed',
    })
    expect(await greeting()).toBe('Hello')
    await ask('settings.set', { key, value: 'Hi' })
    expect(await greeting()).toBe('Hi')
  })

  it.each(['', '12', 'true', '“Hi”', '"Hi"'])(
    'an automatic answer is said as it was written: %j',
    async (value) => {
      for (const key of ['replies.greeting', 'replies.acknowledgement']) {
        const before = (await ask('settings.get', {})).values[key]
        const set = await ask('settings.set', { key, value })
        expect((await ask('settings.get', {})).values[key]).toBe(value)
        await ask('acts.undo', { undo: set.undo })
        expect((await ask('settings.get', {})).values[key]).toBe(before)
      }
    },
  )

  it('a greeting that was emptied is not said', async () => {
    await ask('settings.set', { key: 'replies.enabled', value: true })
    await ask('settings.set', { key: 'replies.greeting', value: '' })
    await r.sms(ANN, 'Hello')
    await r.switchboard.idle()
    expect((await r.messages(r.newest())).map(({ content }) => content)).toEqual(['Hello'])
  })

  it('are set, taken back, and undone; what holds is the latest, also after a restart', async () => {
    const gaps = async (): Promise<object> => (await ask('settings.get', {})).gaps
    await ask('settings.set', { key: 'sessions.gap.sms', value: '10m' })
    const changed = await ask('settings.set', { key: 'sessions.gap.sms', value: '20m' })
    await r.restart()
    expect(await gaps()).toEqual({ 'sessions.gap.sms': '20m' })
    await expect(ask('acts.undo', { undo: changed.undo })).rejects.toMatchObject({ code: 'undo_gone' })
    const back = await ask('settings.set', { key: 'sessions.gap.sms', value: null })
    expect(await gaps()).toEqual({})
    await ask('acts.undo', { undo: back.undo })
    expect(await gaps()).toEqual({ 'sessions.gap.sms': '20m' })
    await ask('settings.set', { key: 'privacy.log_bodies', value: false })
    expect((await ask('settings.get', {})).values).toMatchObject({
      'privacy.log_bodies': false,
      'privacy.log_numbers': true,
      // Off for real numbers, with the greeting ready: a screen has something to switch on.
      'replies.enabled': false,
      'replies.greeting': expect.stringContaining('thanks for your message') as unknown,
    })
    const unset = await ask('settings.set', { key: 'privacy.log_bodies', value: 'default' })
    expect(r.switchboard.store.settings().has('privacy.log_bodies')).toBe(false)
    await ask('acts.undo', { undo: unset.undo })
    expect((await ask('settings.get', {})).values).toMatchObject({ 'privacy.log_bodies': false })
    expect((await ask('settings.get', {})).gap_default).toBe('5m')
  })

  it('templates are kept by name; a removed one comes back beside newer ones', async () => {
    const hours = await ask('templates.save', { name: 'Hours', body: 'From 9' })
    await ask('templates.save', { name: 'Address', body: 'Here' })
    await ask('templates.save', { id: hours._id, name: 'Hours', body: 'From 8' })
    const names = async (): Promise<string[]> =>
      (await ask('templates.list', {})).map((t) => `${t.name}: ${t.body}`)
    expect(await names()).toEqual(['Address: Here', 'Hours: From 8'])
    const removed = await ask('templates.remove', { id: hours._id })
    await ask('templates.save', { name: 'New', body: 'x' })
    await ask('acts.undo', { undo: removed.undo })
    expect(await names()).toEqual(['Address: Here', 'Hours: From 8', 'New: x'])
    for (const id of ['none', 'settings'])
      await expect(ask('templates.remove', { id })).rejects.toMatchObject({ code: 'no_such_template' })
    const list = await ask('templates.list', {})
    await expect(ask('templates.save', { id: 'none', name: 'New', body: 'y' })).rejects.toMatchObject({
      code: 'no_such_template',
    })
    expect(await ask('templates.list', {})).toEqual(list)
  })

  it('a template that another window changed is not written over unasked', async () => {
    const { _id: id, ...words } = await ask('templates.save', { name: 'Hours', body: 'From 9' })
    await ask('templates.save', { id, name: 'Hours', body: 'From 8', from: words })
    await expect(
      ask('templates.save', { id, name: 'Hours', body: 'From 10', from: words }),
    ).rejects.toMatchObject({ code: 'setting_changed' })
    expect(await ask('templates.list', {})).toMatchObject([{ body: 'From 8' }])
    await ask('templates.save', { id, name: 'Hours', body: 'From 10', from: { ...words, body: 'From 8' } })
    expect(await ask('templates.list', {})).toMatchObject([{ body: 'From 10' }])
  })

  it('a place sent by WhatsApp is no empty line in the list', async () => {
    await whatsapp(r, ANN, '', { Latitude: '52.5163', Longitude: '13.3777', Label: 'The gate', Address: '' })
    expect(r.newest().metadata.preview).toBe('Location: The gate')
  })

  it('a channel is renamed, and back', async () => {
    await text(ANN, 'a')
    const [channel] = await ask('channels.list', {})
    const id = channel?._id ?? ''
    const renamed = await ask('channels.save', { id, name: ' Shop ' })
    expect(await ask('channels.list', {})).toMatchObject([{ name: 'Shop', number: BUSINESS }])
    await ask('acts.undo', { undo: renamed.undo })
    expect((await ask('channels.list', {}))[0]?.name).toBe(channel?.name)
  })
})

describe('the composer', () => {
  const bar = async (): Promise<string | undefined> =>
    (await ask('sessions.get', { id: r.newest()._id })).composer?.code

  it('is open for texts, and shut for calls and senders without a number', async () => {
    await text(ANN, 'a')
    expect(await bar()).toBeUndefined()
    r.clock.advance(MINUTE)
    await call(r, BEN)
    expect(await bar()).toBe('voice')
    await text('KETTLE', 'from a name')
    expect(await bar()).toBe('no_number')
  })

  it('needs an account', async () => {
    await text(ANN, 'a')
    await r.close()
    r = await running(undefined, { credentials: () => undefined })
    await r.switchboard.intake.message(
      { sid: 'SM1', medium: 'sms', channel: BUSINESS, contact: ANN, body: 'x', media: [], params: {} },
      { kind: 'history', at: r.clock.now() },
    )
    expect(await bar()).toBe('no_account')
    expect(await ask('truth.get', {})).toMatchObject({
      state: 'stopped',
      account: 'none',
      action: { request: 'go_phone' },
    })
  })

  it('by WhatsApp is open for 24 hours after the contact’s last message', async () => {
    await whatsapp(r, CARA, 'hello')
    const session = r.newest()
    r.clock.advance(24 * HOUR - 1)
    expect(await bar()).toBeUndefined()
    r.clock.advance(1)
    expect(await bar()).toBe('window_closed')
    const { channel_id } = session
    const message = {
      channel_id,
      medium: 'whatsapp' as const,
      contact: CARA,
      body: 'Hi',
      draft: 'draft-0001',
    }
    await expect(ask('messages.send', message)).rejects.toMatchObject(refused('not_possible', '24 hours'))
    expect(r.switchboard.store.outbox()).toEqual([])
    await whatsapp(r, CARA, 'again')
    expect(await bar()).toBeUndefined()
    // What the business says doesn't keep it open.
    r.clock.advance(23 * HOUR)
    await ask('messages.send', message)
    r.clock.advance(2 * HOUR)
    expect(await bar()).toBe('window_closed')
  })
})

describe('what a contact says about being written to', () => {
  const state = async (): Promise<string[]> =>
    (await ask('contacts.get', { number: ANN })).consent.map((c) => `${c.medium} ${c.state}`)
  const channel = (): string => r.newest().channel_id

  it.each(['STOP', 'stop', ' Unsubscribe\n', 'END', 'Quit', 'STOPALL', 'revoke', 'OptOut', 'cancel'])(
    '%j opts out, START opts in again',
    async (word) => {
      await text(ANN, word)
      expect(await state()).toEqual(['sms out'])
      const view = await ask('sessions.get', { id: r.newest()._id })
      expect(view).toMatchObject({ opted_out: true, composer: { code: 'opted_out' } })
      await text(ANN, 'Start')
      expect(await state()).toEqual(['sms in'])
      expect((await ask('sessions.get', { id: r.newest()._id })).composer).toBeNull()
    },
  )

  it.each(['Please stop', 'STOP it', 'HELP', 'yes', 'the end'])('%j says nothing of it', async (words) => {
    await text(ANN, words)
    expect(await state()).toEqual([])
  })

  it('holds for that medium only, with when and why, and after a restart', async () => {
    await whatsapp(r, ANN, 'hello')
    await text(ANN, 'STOP')
    const [consent] = (await ask('contacts.get', { number: ANN })).consent
    expect(consent).toMatchObject({
      channel_id: channel(),
      at: r.newest().last_message_at,
      why: 'They texted “STOP”.',
    })
    await r.restart()
    const views = (await ask('sessions.list', {})).sessions
    expect(views.map((s) => [s.communication_type, s.opted_out])).toEqual([
      ['sms', true],
      ['whatsapp', false],
    ])
    // So that the composer says it, and does not offer SMS as the way out of another medium.
    expect(views.map((s) => [s.opt_out, s.sms_opted_out])).toEqual([
      [{ at: consent?.at, why: consent?.why }, true],
      [undefined, true],
    ])
    await text(ANN, 'UNSTOP')
    await r.restart()
    expect(await state()).toEqual(['sms in'])
  })

  it('is logged as it is: of one number of ours, and only where it opened something', async () => {
    const OTHER = '+15703251810'
    const told = () => r.lines.filter((line) => line.includes('written to')).map((line) => line.slice(7))
    const taken = (sid: string, body: string, source: Source, to = BUSINESS) =>
      r.switchboard.intake.message(
        { sid, medium: 'sms', channel: to, contact: ANN, body, media: [], params: {} },
        source,
      )
    const earlier: Source = { kind: 'list', at: r.clock.now() - 3 * HOUR }
    await text(ANN, 'STOP')
    await taken('SM89', 'START', { kind: 'webhook' }, OTHER)
    await taken('SM90', 'START', earlier)
    await text(ANN, 'START')
    await taken('SM91', 'STOP', earlier)
    expect(told()).toEqual([
      `${ANN} asked not to be written to by SMS from ${BUSINESS}`,
      `${ANN} asked to be written to by SMS from ${OTHER}, and may be`,
      `${ANN} asked to be written to by SMS from ${BUSINESS}, but perhaps before they asked not to be: they still may not be`,
      `${ANN} may be written to again by SMS from ${BUSINESS}`,
      `${ANN} asked not to be written to by SMS from ${BUSINESS}, but has asked to be since: they still may be`,
    ])
  })

  it('Twilio’s own word for it counts before the text', async () => {
    const say = (body: string, type: string): Promise<unknown> => {
      r.clock.advance(MINUTE)
      return r.post('/webhooks/sms', {
        MessageSid: `SM${body}${type}`.padEnd(34, '0'),
        From: ANN,
        To: BUSINESS,
        Body: body,
        OptOutType: type,
      })
    }
    await say('arret', 'STOP')
    expect(await state()).toEqual(['sms out'])
    await say('stop', 'HELP')
    expect(await state()).toEqual(['sms out'])
    await say('allo', 'START')
    expect(await state()).toEqual(['sms in'])
  })

  it('the outbox refuses what was queued before, and the composer what comes after', async () => {
    await text(ANN, 'hello')
    const message = {
      channel_id: channel(),
      medium: 'sms' as const,
      contact: ANN,
      body: 'Hi',
      draft: 'draft-0001',
    }
    await text(ANN, 'STOP')
    await expect(ask('messages.send', message)).rejects.toMatchObject(refused('not_possible', 'START'))
    expect(r.switchboard.store.outbox()).toEqual([])
    await text(ANN, 'START')
    expect(await ask('messages.send', message)).toMatchObject({ status: 'queued' })
  })

  it('ends the wait for an answer, which nobody may give any more', async () => {
    const waiting = async () =>
      (await ask('sessions.list', { filter: 'waiting' })).sessions.map((s) => s.metadata.preview)
    await text(ANN, 'When do you open?')
    expect(await waiting()).toHaveLength(1)
    await text(ANN, 'STOP')
    expect(await waiting()).toEqual([])
    await text(ANN, 'One more thing.')
    expect(await waiting()).toEqual([])
    await text(ANN, 'START')
    expect(await waiting()).toEqual([])
    await text(ANN, 'And on Sunday?')
    expect(await waiting()).toHaveLength(1)
  })

  it('imported late, an old word changes nothing that was said since', async () => {
    await text(ANN, 'START')
    const old = {
      sid: 'SM77',
      medium: 'sms' as const,
      channel: BUSINESS,
      contact: ANN,
      body: 'STOP',
      media: [],
      params: {},
    }
    await r.switchboard.intake.message(old, { kind: 'history', at: r.clock.now() - 3 * HOUR })
    expect(await state()).toEqual(['sms in'])
  })

  it('is written in one record with the word, and its history is kept', async () => {
    const records: Commit[] = []
    r.switchboard.store.onCommit((commit) => void records.push(commit))
    await text(ANN, 'STOP')
    await text(ANN, 'start ')
    const spoken = records.filter(({ messages }) => messages?.some(({ sender }) => sender === 'contact'))
    expect(spoken.map(({ contacts }) => contacts?.[0]?.consent[0]?.state)).toEqual(['out', 'in'])
    const [contact] = r.switchboard.store.contacts()
    expect(contact?.consent_log).toMatchObject([
      { medium: 'sms', state: 'out', why: 'They texted “STOP”.' },
      { medium: 'sms', state: 'in', why: 'They texted “start”.' },
    ])
    await r.restart()
    expect(await state()).toEqual(['sms in'])
  })

  it('is also said by a word of the business’s own that Twilio knows', async () => {
    await r.switchboard.intake.message(
      {
        sid: 'SM78',
        medium: 'sms',
        channel: BUSINESS,
        contact: ANN,
        body: 'ARRÊT',
        media: [],
        opt_out: 'STOP',
        params: {},
      },
      { kind: 'webhook' },
    )
    expect(await state()).toEqual(['sms out'])
  })
})
