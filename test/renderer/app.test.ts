import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { MemoryStorage } from './storage.ts'

beforeEach(() => {
  vi.resetModules()
  vi.stubGlobal('location', { hash: '#/sessions' })
  vi.stubGlobal('addEventListener', () => undefined)
  vi.stubGlobal('localStorage', new MemoryStorage())
  vi.stubGlobal('sessionStorage', new MemoryStorage())
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

/** A window beside a simulation that another one started, or none. */
async function opened(isSimulated: boolean) {
  const [{ createApp }, { go }, { MemoryWorld }] = await Promise.all([
    import('../../src/renderer/src/state/app.ts'),
    import('../../src/renderer/src/state/route.ts'),
    import('./world/MemoryWorld.ts'),
  ])
  const app = createApp(new MemoryWorld({ truth: { simulation_running: isSimulated } }))
  await vi.waitFor(() => expect(app.consoles.real.truth.get()).not.toBeNull())
  return { world: app.world, go }
}

test('from the test phone of another window’s simulation the pages go on in the simulation', async () => {
  const { world, go } = await opened(true)
  expect(world.get()).toBe('real')
  go({ page: 'phone' })
  go({ page: 'sessions' })
  expect(world.get()).toBe('simulation')
  world.set('real')
  go({ page: 'contacts' })
  expect(world.get()).toBe('real')
})

test('so they do in a window that is opened at the test phone', async () => {
  vi.stubGlobal('location', { hash: '#/phone' })
  const { world } = await opened(true)
  expect(world.get()).toBe('simulation')
})

test('where no simulation runs the test phone leads back to the real sessions', async () => {
  const { world, go } = await opened(false)
  go({ page: 'phone' })
  go({ page: 'sessions' })
  expect(world.get()).toBe('real')
})
