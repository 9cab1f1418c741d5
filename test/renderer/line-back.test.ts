import { afterEach, beforeEach, expect, describe, test, vi } from 'vitest'
import { Console } from '../../src/renderer/src/state/console.ts'
import { Toasts } from '../../src/renderer/src/state/toasts.ts'
import { MemoryWorld } from './world/MemoryWorld.ts'
import { settled, started } from './started.ts'
import { MemoryStorage } from './storage.ts'

beforeEach(() => {
  vi.stubGlobal('localStorage', new MemoryStorage())
})
afterEach(() => {
  vi.unstubAllGlobals()
})

describe('once the line is back', () => {
  test('what is told only as it changes is read again: the test phones, how going live stands, the settings', async () => {
    const { world, console } = await started()
    const phone = { running: true, now: world.truth.now, business: '+15005550006', phones: [] }
    const later = { ...phone, phones: [{ number: '+15550100001', label: 'Ann', lines: [] }] }
    console.phone.set(phone)
    world.answers['phone.get'] = () => later
    world.answers['feed.start'] = () => ({ seq: world.seq, world: 'real', of: 'kettle', fresh: false })
    await console.start()
    await settled()
    expect(console.phone.get()).toEqual(later)
    expect(world.asked.some(({ name }) => name === 'live.get' || name === 'settings.get')).toBe(false)
  })

  test('what was asked for as it broke is read: templates, channels and the first list', async () => {
    const world = new MemoryWorld()
    const { 'sessions.list': list, 'templates.list': templates, 'channels.list': channels } = world.answers
    const broken = () => {
      throw new Error('The connection was lost.')
    }
    Object.assign(world.answers, {
      'sessions.list': broken,
      'templates.list': broken,
      'channels.list': broken,
    })
    const console = new Console(world, 'real', new Toasts(), (task) => task())
    await console.start()
    // Nothing is known yet: nobody is to be welcomed as if there were no sessions.
    expect(console.started.get()).toBe(false)
    Object.assign(world.answers, {
      'sessions.list': list,
      'templates.list': templates,
      'channels.list': channels,
      'feed.start': () => ({ seq: world.seq, world: 'real', of: 'kettle', fresh: false }),
    })
    await console.start()
    await settled()
    expect(console.started.get()).toBe(true)
    expect(console.list.view.get().state).toBe('ready')
    expect([console.templates.get().length, console.channels.get().length]).toEqual([2, 1])
  })
})
