import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { PhoneView } from '../../src/shared/contract.ts'
import { Address } from './address.ts'
import { MemoryStorage } from './storage.ts'

beforeEach(() => {
  vi.resetModules()
  vi.stubGlobal('localStorage', new MemoryStorage())
  vi.stubGlobal('sessionStorage', new MemoryStorage())
  new Address('#/settings')
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

const PHONE: PhoneView = {
  running: true,
  now: '2025-01-15T10:00:00.000Z',
  business: '+15005550006',
  phones: [],
}

async function opened() {
  const [{ createApp }, phones, plays, { MemoryWorld }] = await Promise.all([
    import('../../src/renderer/src/state/app.ts'),
    import('../../src/renderer/src/pages/phone/phones.ts'),
    import('../../src/renderer/src/pages/phone/played.ts'),
    import('./world/MemoryWorld.ts'),
  ])
  const world = new MemoryWorld({ truth: { simulation_running: true } })
  const app = createApp(world, (task) => task())
  await vi.waitFor(() => expect(app.consoles.simulation.started.get()).toBe(true))
  app.consoles.simulation.phone.set(PHONE)
  return { app, world, ...phones, ...plays }
}

test('a scenario that the end of its simulation broke off says nothing in the next one', async () => {
  const { app, world, played, play, forgetPlayed } = await opened()
  world.answers['phone.scenario'] = () => {
    throw new Error('No simulation is running.')
  }
  const playing = play(app.consoles.simulation, 'within', 'after')
  expect(played.get().running).toBe('within')
  forgetPlayed()
  await playing
  expect(played.get()).toEqual({ running: null, outcomes: {} })
})

test('ended in another window too, a simulation takes along its phones and what its scenarios came to', async () => {
  const { app, held, addPhone, played, forgetWith } = await opened()
  forgetWith(app.consoles.simulation)
  addPhone([])
  played.set({ running: null, outcomes: { within: { problem: 'It did not work.' } } })
  app.consoles.simulation.phone.set({ ...PHONE })
  expect(held.get().added).toHaveLength(1)
  app.consoles.simulation.phone.set(null)
  expect([held.get().added, played.get().outcomes]).toEqual([[], {}])
})
