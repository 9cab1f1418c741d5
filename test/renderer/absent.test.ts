import { beforeEach, describe, expect, test, vi } from 'vitest'
import { Console } from '../../src/renderer/src/state/console.ts'
import { Toasts } from '../../src/renderer/src/state/toasts.ts'
import { MemoryStorage } from './storage.ts'
import { MemoryWorld } from './world/MemoryWorld.ts'

beforeEach(() => {
  vi.stubGlobal('localStorage', new MemoryStorage())
})
const settled = () => new Promise((done) => setTimeout(done, 0))

describe('a session that is not here', () => {
  test('there is none: no tab is left of it, nor of one that was kept', async () => {
    const world = new MemoryWorld()
    const console = new Console(world, 'real', new Toasts(), (task) => task())
    await console.start()
    const { _id: id } = world.byName('Dev Anand')
    console.open(id)
    console.open('nowhere')
    await settled()
    expect(console.isGone('nowhere')).toBe(true)
    expect(console.opened.get()).toEqual({ ids: [id], current: null })
    console.open('not an id')
    expect(console.isGone('not an id')).toBe(true)
    expect(world.asked.filter(({ input }) => JSON.stringify(input).includes('not an id'))).toEqual([])
  })

  test('it could not be read: it says why, and is asked for again when the line is back', async () => {
    const world = new MemoryWorld()
    const { _id: id } = world.byName('Dev Anand')
    const console = new Console(world, 'real', new Toasts(), (task) => task())
    const answer = world.answers['sessions.get']
    world.answers['sessions.get'] = () => {
      throw new Error('The disk is gone.')
    }
    await console.start()
    world.documents.sessions.set('5eed', { ...world.session(id), _id: '5eed' })
    console.open('5eed')
    await settled()
    expect(console.refused.get('5eed')?.message).toBe('The disk is gone.')
    expect(console.opened.get().current).toBe('5eed')
    if (answer) world.answers['sessions.get'] = answer
    world.answers['feed.start'] = () => ({ seq: world.seq, world: 'real', of: 'kettle', fresh: false })
    await console.start()
    await settled()
    expect(console.sessions.get('5eed')?._id).toBe('5eed')
    expect(console.refused.get('5eed')).toBeUndefined()
  })
})
