import { beforeEach, describe, expect, test, vi } from 'vitest'
import { Console } from '../../src/renderer/src/state/console.ts'
import { Toasts } from '../../src/renderer/src/state/toasts.ts'
import { MemoryWorld, type WorldOptions } from './world/MemoryWorld.ts'
import { MemoryStorage } from './storage.ts'

/** Frames that come when the test says so. */
class Frames {
  #tasks: (() => void)[] = []
  readonly schedule = (task: () => void) => void this.#tasks.push(task)
  get waiting(): number {
    return this.#tasks.length
  }
  run(): void {
    for (const task of this.#tasks.splice(0)) task()
  }
}

async function started(options: WorldOptions = {}) {
  const world = new MemoryWorld(options)
  const frames = new Frames()
  const console = new Console(world, 'real', new Toasts(), frames.schedule)
  world.subscribe((event) => console.take(event))
  await console.start()
  return { world, frames, console, list: console.list }
}
const settled = () => new Promise((done) => setTimeout(done, 0))

beforeEach(() => {
  vi.stubGlobal('localStorage', new MemoryStorage())
})

describe('the feed', () => {
  test('tells each change once, in order, a frame at a time', async () => {
    const { world, frames, console } = await started()
    const { _id: id } = world.byName('José Ñúñez Ibáñez')
    console.transcripts.need(id)
    await settled()
    const before = console.transcripts.bySession.get(id)?.messages.length ?? 0
    for (let at = 0; at < 50; at += 1) world.receive(id, `text ${at}`)
    expect(frames.waiting).toBe(1)
    expect(console.transcripts.bySession.get(id)?.messages.length).toBe(before)
    frames.run()
    const texts = console.transcripts.bySession.get(id)?.messages.map((message) => message.content)
    expect(texts?.slice(before)).toEqual(Array.from({ length: 50 }, (_, at) => `text ${at}`))
    expect(console.sessions.get(id)?.message_count).toBe(before + 50)
  })

  test('a change told twice, or told late, is shown once and never undoes a newer one', async () => {
    const { world, frames, console } = await started()
    const session = world.byName('José Ñúñez Ibáñez')
    const counts = world.counts()
    const older = { ...session, metadata: { ...session.metadata, preview: 'older' } }
    const newer = { ...session, metadata: { ...session.metadata, preview: 'newer' } }
    const changes = [
      { seq: 102, sessions: [newer] },
      { seq: 101, sessions: [older] },
    ]
    console.take({ kind: 'changes', world: 'real', changes, counts })
    frames.run()
    expect(console.sessions.get(session._id)?.metadata.preview).toBe('newer')
    console.take({ kind: 'changes', world: 'real', changes: [{ seq: 101, sessions: [older] }], counts })
    frames.run()
    expect(console.sessions.get(session._id)?.metadata.preview).toBe('newer')
  })

  test('another world’s events are not this one’s', async () => {
    const { frames, console, world } = await started()
    console.take({ kind: 'changes', world: 'simulation', changes: [], counts: world.counts() })
    expect(frames.waiting).toBe(0)
  })

  test('after a reset everything is read again, and older changes that still wait are dropped', async () => {
    const { world, frames, console } = await started()
    const { _id: id } = world.byName('Dev Anand')
    world.receive(id, 'before the reset')
    world.documents.sessions.set(id, { ...world.session(id), contact_name: 'Dev A.' })
    console.take({ kind: 'reset', world: 'real', seq: world.seq })
    await settled()
    expect(console.sessions.get(id)?.contact_name).toBe('Dev A.')
    frames.run()
    expect(console.sessions.get(id)?.contact_name).toBe('Dev A.')
  })

  test('reconnecting goes on from the last change that was shown', async () => {
    const { world, frames, console } = await started()
    world.receive(world.byName('Dev Anand')._id, 'hello')
    frames.run()
    world.asked.length = 0
    world.answers['feed.start'] = () => ({ seq: world.seq, world: 'real', of: 'kettle', fresh: false })
    await console.start()
    expect(world.asked.map(({ name }) => name)).toEqual(['feed.start', 'truth.get'])
    expect(world.asked[0]?.input).toEqual({ after: world.seq, of: 'kettle' })
  })
})

describe('attached files', () => {
  test('are said to be wanted at the start, and once a day as long as a draft holds them', async () => {
    const hash = 'a'.repeat(64)
    const file = { hash, size: 3, content_type: 'image/png' }
    localStorage.setItem('switchboard/real/attached/ann', JSON.stringify([{ name: 'a.png', file }]))
    const { world, console } = await started()
    await settled()
    const said = () => world.asked.filter(({ name }) => name === 'media.keep').map(({ input }) => input)
    expect(said()).toEqual([{ hashes: [hash] }])
    const truth = console.truth.get()
    if (!truth) throw new Error('there is no truth')
    const later = (hours: number) => {
      const now = new Date(Date.parse(truth.now) + hours * 3_600_000).toISOString()
      console.take({ kind: 'truth', world: 'real', truth: { ...truth, now } })
    }
    later(23)
    expect(said()).toHaveLength(1)
    later(25)
    expect(said()).toHaveLength(2)
    console.attachments.set('ann', [])
    later(50)
    expect(said()).toHaveLength(2)
  })
})

describe('the list', () => {
  test('a session that speaks goes to the top at once', async () => {
    const { world, frames, list } = await started()
    const { _id: id } = world.byName('José Ñúñez Ibáñez')
    world.receive(id, 'still there?')
    frames.run()
    expect(list.view.get().ids[0]).toBe(id)
    expect(new Set(list.view.get().ids).size).toBe(list.view.get().total)
  })

  test('nothing moves while it is held; what waits is counted and laid in on release', async () => {
    const { world, frames, list } = await started()
    const before = list.view.get().ids
    list.hold(true)
    const { _id: id } = world.byName('José Ñúñez Ibáñez')
    world.receive(id, 'still there?')
    frames.run()
    expect(list.view.get().ids).toBe(before)
    expect(list.view.get().waiting).toBe(1)
    list.hold(false)
    expect(list.view.get().ids[0]).toBe(id)
    expect(list.view.get().waiting).toBe(0)
  })

  test('counts what was laid in on release, also where it was not read to its end', async () => {
    const { world, frames, list } = await started({ extra: 1000 })
    const { total } = list.view.get()
    const one = world.byName('José Ñúñez Ibáñez')
    const begin = (id: string) => {
      world.documents.sessions.set(id, { ...one, _id: id, last_message_at: world.truth.now })
      world.tell({ sessions: [world.session(id)] })
      frames.run()
    }
    list.hold(true)
    begin('a'.repeat(24))
    expect(list.view.get()).toMatchObject({ total, waiting: 1 })
    list.hold(false)
    expect(list.view.get().total).toBe(total + 1)
    list.hold(true)
    await list.during(() => {
      begin('b'.repeat(24))
      return Promise.resolve({ ok: true })
    })
    expect(list.view.get().total).toBe(total + 2)
  })

  test('a session that no longer fits the filter leaves it', async () => {
    const { world, frames, list, console } = await started()
    await list.show({ type: 'all', filter: 'unread', order: 'latest' })
    const { total } = list.view.get()
    const { _id: id } = world.byName('Dev Anand')
    expect(list.view.get().ids).toContain(id)
    await console.ask('sessions.read', { id })
    frames.run()
    expect(list.view.get().ids).not.toContain(id)
    expect(list.view.get().total).toBe(total - 1)
  })

  test('pages are read as they come into view, and places stay true when others moved meanwhile', async () => {
    const { world, frames, list } = await started({ extra: 1000 })
    expect(list.view.get().ids.filter(Boolean)).toHaveLength(100)
    list.need(500, 520)
    await settled()
    const id = list.view.get().ids[510]
    expect(id).toBeDefined()
    world.receive(id ?? '', 'hello again')
    frames.run()
    expect(list.view.get().ids[0]).toBe(id)
    list.need(500, 520)
    await settled()
    const ids = list.view.get().ids.filter((one) => one !== undefined)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('a list that cannot be read says so and can be read again', async () => {
    const { world, list } = await started()
    const answer = world.answers['sessions.list']
    world.answers['sessions.list'] = () => {
      throw new Error('The disk is gone.')
    }
    await list.show({ type: 'sms', filter: 'all', order: 'latest' })
    expect(list.view.get()).toMatchObject({ state: 'failed', message: 'The disk is gone.' })
    if (answer) world.answers['sessions.list'] = answer
    await list.again()
    expect(list.view.get().state).toBe('ready')
  })
})

describe('a message on its way', () => {
  test('is shown at once and gives way to the console’s own, whichever comes first', async () => {
    const { world, frames, console } = await started()
    const { _id: id } = world.byName('José Ñúñez Ibáñez')
    console.transcripts.need(id)
    await settled()
    const sent = console.transcripts.send(id, 'Yes, until six.', 'sms')
    expect(console.transcripts.bySession.get(id)?.outgoing).toMatchObject([
      { body: 'Yes, until six.', became: null },
    ])
    await sent
    frames.run()
    const there = console.transcripts.bySession.get(id)
    const mine = there?.messages.filter((message) => message.content === 'Yes, until six.')
    expect(mine).toHaveLength(1)
    expect(there?.outgoing[0]?.became).toBe(mine?.[0]?._id)
  })

  test('that is refused stays with the reason, and goes out again under the same draft', async () => {
    const { world, console } = await started()
    const { _id: id } = world.byName('José Ñúñez Ibáñez')
    console.transcripts.need(id)
    await settled()
    world.answers['messages.send'] = () => {
      throw new Error('The outbox is full.')
    }
    await console.transcripts.send(id, 'Yes.', 'sms', 'draft-0001')
    expect(console.transcripts.bySession.get(id)?.outgoing).toMatchObject([
      { refused: 'The outbox is full.' },
    ])
    world.answers['messages.send'] = () => world.receive(id, 'Yes.', { sender: 'operator' })
    await console.transcripts.send(id, 'Yes.', 'sms', 'draft-0001')
    const drafts = world.asked.filter(({ name }) => name === 'messages.send').map(({ input }) => input)
    expect(drafts).toMatchObject([{ draft: 'draft-0001' }, { draft: 'draft-0001' }])
    expect(console.transcripts.bySession.get(id)?.outgoing).toHaveLength(1)
  })

  test('that was not taken is there again in a page opened later, until it is sent or thrown away', async () => {
    const file = { hash: 'a'.repeat(64), size: 10, content_type: 'image/png' }
    const opened = async () => {
      const page = await started()
      const { _id: id } = page.world.byName('José Ñúñez Ibáñez')
      page.console.transcripts.need(id)
      await settled()
      const rows = () => page.console.transcripts.bySession.get(id)?.outgoing ?? []
      return { ...page, id, rows }
    }
    const first = await opened()
    first.world.answers['messages.send'] = () => {
      throw new Error('The connection was lost.')
    }
    await first.console.transcripts.send(first.id, 'Yes.', 'sms', 'draft-0001', [file])
    await first.console.transcripts.send(first.id, 'Until six.', 'sms', 'draft-0002')

    const second = await opened()
    expect(second.rows()).toMatchObject([
      { draft: 'draft-0001', body: 'Yes.', files: [file], refused: 'The connection was lost.' },
      { draft: 'draft-0002', body: 'Until six.' },
    ])
    expect(second.world.asked.filter(({ name }) => name === 'messages.send')).toEqual([])
    expect(second.world.asked.find(({ name }) => name === 'media.keep')?.input).toEqual({
      hashes: [file.hash],
    })
    second.world.answers['messages.send'] = () =>
      second.world.receive(second.id, 'Yes.', { sender: 'operator' })
    await second.console.transcripts.send(second.id, 'Yes.', 'sms', 'draft-0001', [file])

    const third = await opened()
    expect(third.rows().map(({ body }) => body)).toEqual(['Until six.'])
    third.console.transcripts.discard(third.id, 'draft-0002')
    expect((await opened()).rows()).toEqual([])
  })

  test('that was not taken marks its session, until it is sent or thrown away, in every window', async () => {
    const windows = new EventTarget()
    vi.stubGlobal('addEventListener', windows.addEventListener.bind(windows))
    const { console, world } = await started()
    const { _id: id } = world.byName('José Ñúñez Ibáñez')
    const mark = () => console.unsent.refused.get(id)?.body
    const send = world.answers['messages.send']
    console.transcripts.need(id)
    await settled()
    world.answers['messages.send'] = () => {
      throw new Error('The connection was lost.')
    }
    const sent = console.transcripts.send(id, 'Yes.', 'sms', 'draft-0001')
    expect(mark()).toBeUndefined()
    await sent
    expect(mark()).toBe('Yes.')
    await console.transcripts.send(id, 'Until six.', 'sms', 'draft-0002')
    expect(mark()).toBe('Until six.')
    const other = (await started()).console
    expect(other.unsent.refused.get(id)?.body).toBe('Until six.')
    console.transcripts.discard(id, 'draft-0002')
    expect(mark()).toBe('Yes.')
    if (send) world.answers['messages.send'] = send
    const again = console.transcripts.send(id, 'Yes.', 'sms', 'draft-0001')
    expect(mark()).toBeUndefined()
    await again
    expect(mark()).toBeUndefined()
    const key = `switchboard/real/unsent/${id}/draft-0001`
    windows.dispatchEvent(Object.assign(new Event('storage'), { key, storageArea: localStorage }))
    expect(other.unsent.refused.get(id)).toBeUndefined()
  })

  test('is kept from the moment it is sent, also where the page never hears back', async () => {
    const { console, world } = await started()
    const { _id: id } = world.byName('José Ñúñez Ibáñez')
    console.transcripts.need(id)
    const later = await started()
    const sent = console.transcripts.send(id, 'Yes.', 'sms', 'draft-0001')
    later.console.transcripts.need(id)
    const [row] = later.console.transcripts.bySession.get(id)?.outgoing ?? []
    expect(row?.body).toBe('Yes.')
    expect(row?.refused).toMatch(/^The page was left/)
    await sent
    expect(console.unsent.of(id)).toEqual([])
  })

  test('that was taken although the page never heard back is not called unsent where it is read', async () => {
    const first = await started()
    const { _id: id } = first.world.byName('José Ñúñez Ibáñez')
    first.console.transcripts.need(id)
    await settled()
    first.world.answers['messages.send'] = () => {
      first.world.receive(id, 'Yes.', { sender: 'operator' })
      throw new Error('The connection was lost.')
    }
    await first.console.transcripts.send(id, 'Yes.', 'sms', 'draft-0001')
    const later = new Console(first.world, 'real', new Toasts(), first.frames.schedule)
    later.transcripts.need(id)
    await settled()
    const there = later.transcripts.bySession.get(id)
    expect(there?.outgoing).toMatchObject([{ became: there?.messages.at(-1)?._id, refused: null }])
    expect(later.unsent.of(id)).toEqual([])
  })

  test('with files shows them at once, and is told from one with the same words', async () => {
    const { world, console } = await started()
    const { _id: id } = world.byName('José Ñúñez Ibáñez')
    console.transcripts.need(id)
    await settled()
    const file = { hash: 'a'.repeat(64), size: 10, content_type: 'image/png' }
    const sent = console.transcripts.send(id, '', 'sms', 'draft-0002', [file])
    const row = () => console.transcripts.bySession.get(id)?.outgoing[0]
    expect(row()?.files).toEqual([file])
    world.receive(id, '', { sender: 'operator' })
    await sent
    expect(world.asked.find(({ name }) => name === 'messages.send')?.input).toMatchObject({
      media: [file.hash],
    })
  })

  test('that went into another session opens that one', async () => {
    const { world, console } = await started()
    const { _id: id } = world.byName('José Ñúñez Ibáñez')
    const { _id: newest } = world.byName('Marguerite Delacroix-Vandenberghe')
    console.open(id)
    console.transcripts.need(id)
    world.answers['messages.send'] = () => world.receive(newest, 'Yes.', { sender: 'operator' })
    await console.transcripts.send(id, 'Yes.', 'sms')
    expect(console.opened.get().current).toBe(newest)
    expect(console.transcripts.bySession.get(id)?.outgoing).toEqual([])
  })

  test('that went into another session leaves who turned to somebody else meanwhile where they are', async () => {
    const { world, console } = await started()
    const { _id: id } = world.byName('José Ñúñez Ibáñez')
    const { _id: newest } = world.byName('Marguerite Delacroix-Vandenberghe')
    const { _id: other } = world.byName('Dev Anand')
    console.open(id)
    console.transcripts.need(id)
    world.answers['messages.send'] = () => world.receive(newest, 'Yes.', { sender: 'operator' })
    const sent = console.transcripts.send(id, 'Yes.', 'sms')
    console.open(other)
    await sent
    expect(console.opened.get()).toEqual({ ids: [id, other], current: other })
  })
})

describe('regrouping', () => {
  test('joined sessions: the tab goes on with the one that is left, and each message is there once', async () => {
    const { world, frames, console } = await started()
    const session = world.byName('Marguerite Delacroix-Vandenberghe')
    const earlier = session.earlier ?? ''
    console.open(session._id)
    for (const id of [session._id, earlier]) console.transcripts.need(id)
    await settled()
    await console.act('sessions.merge', { id: session._id })
    frames.run()
    await settled()
    expect(console.opened.get()).toEqual({ ids: [earlier], current: earlier })
    expect(console.transcripts.bySession.get(earlier)?.messages).toHaveLength(10)
    expect(console.transcripts.bySession.get(session._id)).toBeUndefined()
    expect(console.list.view.get().ids).not.toContain(session._id)
  })

  test('a message that was sent goes along where its session is split, and leaves nothing behind', async () => {
    const { world, frames, console } = await started()
    const { _id: id } = world.byName('José Ñúñez Ibáñez')
    const { _id: other } = world.byName('Dev Anand')
    console.transcripts.need(id)
    await settled()
    await console.transcripts.send(id, 'Yes, until six.', 'sms')
    frames.run()
    const [row] = console.transcripts.bySession.get(id)?.outgoing ?? []
    const message = console.transcripts.bySession.get(id)?.messages.find(({ _id }) => _id === row?.became)
    if (!message) throw new Error('it was not sent')
    world.tell({ messages: [{ ...message, session_id: other }] })
    frames.run()
    expect(console.transcripts.bySession.get(id)?.messages).not.toContainEqual(message)
    expect(console.transcripts.bySession.get(id)?.outgoing).toEqual([])
  })

  describe('a message on its way in a session that is joined to the one before', () => {
    /** Sent, and joined before it is answered; the console has taken it by then, unless it refuses. */
    async function joinedMeanwhile({ opened, refuses = '' }: { opened: boolean; refuses?: string }) {
      const page = await started()
      const { world, frames, console } = page
      const session = world.byName('Marguerite Delacroix-Vandenberghe')
      const earlier = session.earlier ?? ''
      console.open(session._id)
      console.transcripts.need(session._id)
      if (opened) console.transcripts.need(earlier)
      await settled()
      world.answers['messages.send'] = () => {
        if (refuses !== '') throw new Error(refuses)
        return world.receive(earlier, 'Yes.', { sender: 'operator', status: 'delivered' })
      }
      const answered = Promise.withResolvers<undefined>()
      const taken = Promise.withResolvers<undefined>()
      const request = world.request.bind(world)
      vi.spyOn(world, 'request').mockImplementation(async (...asked) => {
        if (asked[1] !== 'messages.send') return request(...asked)
        await taken.promise
        const answer = await request(...asked)
        await answered.promise
        return answer
      })
      const sent = console.transcripts.send(session._id, 'Yes.', 'sms', 'draft-0001')
      await console.act('sessions.merge', { id: session._id })
      frames.run()
      const there = () => console.transcripts.bySession.get(earlier)
      const rows = () => there()?.outgoing.map(({ became, refused }) => ({ became, refused }))
      const answer = async () => {
        answered.resolve(undefined)
        await sent
        frames.run()
      }
      return { ...page, earlier, taken: () => taken.resolve(undefined), answer, there, rows }
    }

    test.each([true, false])(
      'is on its way there, and then sent once (opened before: %s)',
      async (opened) => {
        const { console, earlier, taken, answer, there, rows } = await joinedMeanwhile({ opened })
        console.transcripts.need(earlier)
        expect(rows()).toEqual([{ became: null, refused: null }])
        taken()
        await settled()
        await answer()
        const mine = there()?.messages.filter(({ content }) => content === 'Yes.')
        expect(mine).toHaveLength(1)
        expect(rows()).toEqual([{ became: mine?.[0]?._id, refused: null }])
        expect(console.unsent.of(earlier)).toEqual([])
        expect(console.opened.get().current).toBe(earlier)
      },
    )

    test('is told from one that was not sent also where it is read before it is answered', async () => {
      const { console, earlier, taken, answer, there, rows } = await joinedMeanwhile({ opened: false })
      taken()
      await settled()
      console.transcripts.need(earlier)
      await settled()
      await answer()
      const mine = there()?.messages.filter(({ content }) => content === 'Yes.')
      expect(rows()).toEqual([{ became: mine?.[0]?._id, refused: null }])
    })

    test('stands there with the reason where it is refused, and over a reload', async () => {
      const refuses = 'They opted out.'
      const { console, earlier, taken, answer, rows } = await joinedMeanwhile({ opened: true, refuses })
      taken()
      await settled()
      await answer()
      expect(rows()).toEqual([{ became: null, refused: refuses }])
      expect(console.unsent.of(earlier)).toMatchObject([{ draft: 'draft-0001', refused: refuses }])
    })
  })

  test('pressed again before it is answered, it is done once', async () => {
    const { world, console } = await started()
    const { _id: id } = world.byName('José Ñúñez Ibáñez')
    const asked = () => world.asked.filter(({ name }) => name === 'sessions.close').length
    await Promise.all([console.act('sessions.close', { id }), console.act('sessions.close', { id })])
    expect([asked(), console.toasts.shown.get().length]).toEqual([1, 1])
    await console.act('sessions.close', { id })
    expect(asked()).toBe(2)
  })

  test('what was done can be undone from its toast', async () => {
    const { world, frames, console } = await started()
    const { _id: id } = world.byName('José Ñúñez Ibáñez')
    await console.act('sessions.close', { id })
    frames.run()
    expect(console.sessions.get(id)?.status).toBe('closed')
    expect(console.toasts.undo()).toBe(true)
    await settled()
    frames.run()
    expect(console.sessions.get(id)?.status).toBe('active')
  })
})

describe('while a session is read again', () => {
  /** Reads it again with an answer from before `meanwhile`, which is told of before the answer comes. */
  async function readAgain(meanwhile: (world: MemoryWorld, id: string, other: string) => void) {
    const { world, frames, console } = await started()
    const { _id: id } = world.byName('José Ñúñez Ibáñez')
    const { _id: other } = world.byName('Dev Anand')
    for (const one of [id, other]) console.transcripts.need(one)
    await settled()
    const contents = () => console.transcripts.bySession.get(id)?.messages.map(({ content }) => content) ?? []
    const before = contents()
    const read = world.answers['sessions.messages']
    let isTold = false
    world.answers['sessions.messages'] = (input) => {
      const page = read?.(input)
      if (!page) throw new Error('This world has no messages.')
      const answer = { ...page, messages: [...page.messages] }
      if (input.id !== id || isTold) return answer
      isTold = true
      meanwhile(world, id, other)
      frames.run()
      return answer
    }
    console.transcripts.again()
    await settled()
    return { before, after: contents() }
  }

  test('what comes stays', async () => {
    const { before, after } = await readAgain((world, id) => world.receive(id, 'said meanwhile'))
    expect(after).toEqual([...before, 'said meanwhile'])
  })

  /** The first page of messages asked for from here on comes only when the test lets it. */
  function holdFirst(world: MemoryWorld): () => void {
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const ask = world.request.bind(world)
    let isHeld = false
    vi.spyOn(world, 'request').mockImplementation(async (...given) => {
      const answer = await ask(...given)
      if (given[1] === 'sessions.messages' && !isHeld) {
        isHeld = true
        await promise
      }
      return answer
    })
    return () => resolve(undefined)
  }

  test('an older answer that comes after a newer one changes nothing', async () => {
    const { world, frames, console } = await started()
    const { _id: id } = world.byName('José Ñúñez Ibáñez')
    console.transcripts.need(id)
    await settled()
    const release = holdFirst(world)
    console.transcripts.again()
    await settled()
    world.receive(id, 'said meanwhile')
    frames.run()
    console.transcripts.again()
    await settled()
    release()
    await settled()
    expect(console.transcripts.bySession.get(id)?.messages.at(-1)?.content).toBe('said meanwhile')
  })

  test('it is read again though a page of earlier ones came before it', async () => {
    const { world, console } = await started()
    const { _id: id } = world.byName('José Ñúñez Ibáñez')
    console.transcripts.need(id)
    await settled()
    const [gone] = world.documents.messages.get(id) ?? []
    world.documents.messages.set(id, (world.documents.messages.get(id) ?? []).slice(1))
    const release = holdFirst(world)
    console.transcripts.again()
    await settled()
    world.seq += 1
    await console.transcripts.earlier(id)
    release()
    await settled()
    expect(gone).toBeDefined()
    expect(console.transcripts.bySession.get(id)?.messages).not.toContainEqual(gone)
  })

  test('what goes to another session does not come back', async () => {
    const { before, after } = await readAgain((world, id, other) => {
      const [first] = world.documents.messages.get(id) ?? []
      const session = world.session(id)
      if (first)
        world.tell({
          sessions: [{ ...session, message_count: session.message_count - 1 }],
          messages: [{ ...first, session_id: other }],
        })
    })
    expect(after).toEqual(before.slice(1))
  })
})

test('earlier messages that could not be read are not passed over in silence', async () => {
  const { world, console } = await started()
  const { _id: id } = world.byName('José Ñúñez Ibáñez')
  console.transcripts.need(id)
  await settled()
  world.answers['sessions.messages'] = () => {
    throw new Error('The connection was lost.')
  }
  await console.transcripts.earlier(id)
  expect(console.toasts.shown.get()).toMatchObject([
    { tone: 'failed', words: expect.stringContaining('The connection was lost.') as string },
  ])
})

describe('kept over a reload', () => {
  test('opened tabs and drafts', async () => {
    const first = await started()
    const { _id: id } = first.world.byName('Dev Anand')
    first.console.open(id)
    first.console.drafts.set('a/sms/+1', 'half a sentence')
    const second = await started()
    expect(second.console.opened.get()).toEqual({ ids: [id], current: id })
    expect(second.console.drafts.texts.get('a/sms/+1')).toBe('half a sentence')
    second.console.drafts.set('a/sms/+1', '')
    expect((await started()).console.drafts.texts.get('a/sms/+1')).toBeUndefined()
  })

  test('of what was kept by another hand, only what can be opened is', async () => {
    const { console, world } = await started()
    console.open('x')
    const [name = ''] = Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at) ?? '')
    const { _id: id } = world.byName('Dev Anand')
    const ids = [...Array.from({ length: 5000 }, (_, at) => `s${at}`), id, id, '"]', '', 'x'.repeat(81)]
    localStorage.setItem(name, JSON.stringify({ ids, current: 'nowhere' }))
    const kept = () => new Console(new MemoryWorld(), 'real', new Toasts(), () => undefined).opened.get()
    const { ids: opened, current } = kept()
    expect(opened).toHaveLength(12)
    expect(opened.at(-1)).toBe(id)
    expect(new Set(opened).size).toBe(12)
    expect(current).toBeNull()
    for (const odd of ['null', '[]', '{"ids":5,"current":null}', '{"ids":[{}],"current":null}', '{']) {
      localStorage.setItem(name, odd)
      expect(kept()).toEqual({ ids: [], current: null })
    }
  })
})
