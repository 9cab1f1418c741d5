import { afterEach, beforeEach, expect, describe, test, vi } from 'vitest'
import { markRead, markUnread } from '../../src/renderer/src/state/acts.ts'
import { settled, started } from './started.ts'
import { MemoryStorage } from './storage.ts'

beforeEach(() => {
  vi.stubGlobal('localStorage', new MemoryStorage())
})
afterEach(() => {
  vi.unstubAllGlobals()
})

describe('a session marked unread', () => {
  const markedUnread = async () => {
    const page = await started()
    const { _id: id } = page.world.byName('José Ñúñez Ibáñez')
    page.console.open(id)
    await markUnread(page.console, id)
    const isRead = async () => {
      page.world.receive(id, 'Still there?')
      await markRead(page.console, id)
      return page.world.session(id).unread_count === 0
    }
    return { ...page, isRead }
  }
  test('stays so while it is in front', async () => {
    expect(await (await markedUnread()).isRead()).toBe(false)
  })
  test('is read like any other once that was undone', async () => {
    const { console, isRead } = await markedUnread()
    console.toasts.undo()
    await settled()
    expect(await isRead()).toBe(true)
  })
  test('or could not be done', async () => {
    const page = await started()
    const { _id: id } = page.world.byName('José Ñúñez Ibáñez')
    page.world.answers['sessions.unread'] = () => {
      throw new Error('The disk is full.')
    }
    page.console.open(id)
    await markUnread(page.console, id)
    expect(page.console.keepUnread.get()).toBeNull()
  })
})
