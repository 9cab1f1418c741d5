import { describe, expect, it } from 'vitest'
import type { SessionView } from '../../src/shared/contract.ts'
import { SessionList } from '../../src/renderer/src/state/sessionList.ts'

/** A list of what a console holds, the newest first, with sessions as small as they may be. */
function world(...names: string[]) {
  const held = new Map<string, SessionView>()
  let clock = Date.UTC(2025, 0, 15)
  const put = (id: string): void => {
    clock += 60_000
    const last_message_at = new Date(clock).toISOString()
    held.set(id, {
      _id: id,
      communication_type: 'sms',
      status: 'active',
      message_count: 1,
      unread_count: 0,
      last_message_at,
      first_message_at: last_message_at,
      metadata: {},
    } as unknown as SessionView)
  }
  for (const name of names) put(name)
  const list = new SessionList({
    read: () => {
      const sessions = [...held.values()].toReversed()
      return Promise.resolve({ ok: true, value: { sessions, total: sessions.length, seq: 0 } as never })
    },
    session: (id) => held.get(id),
    keep: () => undefined,
  })
  const told = (id: string): void => {
    put(id)
    list.changed([id])
  }
  return { list, told, ids: () => list.view.get().ids }
}

describe('a list that is held under the pointer', () => {
  it('lets what others do wait, counted, until it is let go', async () => {
    const { list, told, ids } = world('one', 'two')
    await list.again()
    list.hold(true)
    told('three')
    expect(ids()).toEqual(['two', 'one'])
    expect(list.view.get().waiting).toBe(1)
    list.hold(false)
    expect(ids()).toEqual(['three', 'two', 'one'])
  })

  it.each(['before', 'after'])('lays in what was done here by hand, told %s its answer', async (when) => {
    const { list, told, ids } = world('one', 'two')
    await list.again()
    list.hold(true)
    await list.during(() => {
      if (when === 'before') told('split off')
      return Promise.resolve({ ok: true })
    })
    if (when === 'after') told('split off')
    expect(ids()).toEqual(['split off', 'two', 'one'])
    // What comes after that is nobody's press.
    told('three')
    expect(ids()).toEqual(['split off', 'two', 'one'])
  })

  it('lays in what was done here while a page was on its way, once that came', async () => {
    const { list, told, ids } = world('one', 'two')
    await list.again()
    list.hold(true)
    const reading = list.again()
    await list.during(() => {
      told('split off')
      return Promise.resolve({ ok: true })
    })
    await reading
    expect(ids()).toEqual(['split off', 'two', 'one'])
    told('three')
    expect(ids()).toEqual(['split off', 'two', 'one'])
  })

  it('holds on when the act was refused', async () => {
    const { list, told, ids } = world('one', 'two')
    await list.again()
    list.hold(true)
    await list.during(() => Promise.resolve({ ok: false }))
    told('three')
    expect(ids()).toEqual(['two', 'one'])
  })
})
