import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { WorldOptions } from './world/MemoryWorld.ts'
import { Address } from './address.ts'
import { MemoryStorage } from './storage.ts'

beforeEach(() => {
  vi.resetModules()
  vi.stubGlobal('localStorage', new MemoryStorage())
  vi.stubGlobal('sessionStorage', new MemoryStorage())
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

/** A window at an address, `width` px wide. */
async function opened(hash: string, { width = 1440, ...options }: WorldOptions & { width?: number } = {}) {
  const address = new Address(hash, width)
  const [{ createApp }, { go, route }, visit, { MemoryWorld }] = await Promise.all([
    import('../../src/renderer/src/state/app.ts'),
    import('../../src/renderer/src/state/route.ts'),
    import('../../src/renderer/src/state/visit.ts'),
    import('./world/MemoryWorld.ts'),
  ])
  const world = new MemoryWorld(options)
  const app = createApp(world, (task) => task())
  await vi.waitFor(() => expect(app.consoles.real.started.get()).toBe(true))
  await vi.waitFor(() => expect(app.consoles.real.truth.get()).not.toBeNull())
  const idOf = (name: string) => world.byName(name)._id
  return { address, app, go, route, visit, world, idOf, console: app.consoles.real }
}
const simulated = { truth: { simulation_running: true } }
const DEV = 'Dev Anand'
const BUSINESS = '+15005550006'
const JOSE = 'José Ñúñez Ibáñez'

describe('the world that is shown', () => {
  test('from the test phone of another window’s simulation the pages go on in the simulation', async () => {
    const { app, go } = await opened('#/sessions', simulated)
    expect(app.world.get()).toBe('real')
    go({ page: 'phone' })
    go({ page: 'sessions' })
    expect(app.world.get()).toBe('simulation')
    go({ page: 'contacts', world: 'real' })
    expect(app.world.get()).toBe('real')
  })

  test('so they do in a window that is opened at the test phone', async () => {
    const { app } = await opened('#/phone', simulated)
    expect(app.world.get()).toBe('simulation')
  })

  test('where no simulation runs the test phone leads back to the real sessions', async () => {
    const { app, go } = await opened('#/sessions')
    go({ page: 'phone' })
    go({ page: 'sessions' })
    expect(app.world.get()).toBe('real')
  })

  test('a session of the simulation is none of the real console’s: Back goes back to the world it was of', async () => {
    const { app, address, visit, idOf } = await opened('#/sessions', simulated)
    const { real, simulation } = app.consoles
    visit.openSession(real, idOf(DEV))
    visit.showWorld(simulation)
    visit.openSession(simulation, idOf(JOSE))
    expect(address.steps.at(-1)).toBe(`[#/simulation/sessions/${idOf(JOSE)}]`)
    expect(real.opened.get().ids).toEqual([idOf(DEV)])
    address.go(-1)
    address.go(-1)
    expect([app.world.get(), real.opened.get().current]).toEqual(['real', idOf(DEV)])
    expect(simulation.opened.get().ids).toEqual([idOf(JOSE)])
  })

  test('read again, the page is in the world of its address; without a simulation at the test phone', async () => {
    const there = await opened('#/simulation/sessions/5eed', simulated)
    expect(there.app.world.get()).toBe('simulation')
    expect(there.console.opened.get().ids).toEqual([])
    vi.resetModules()
    const { address, app, console, go } = await opened('#/simulation/sessions/5eed')
    expect(app.world.get()).toBe('real')
    expect(address.steps).toEqual(['[#/phone]'])
    expect(console.opened.get().ids).toEqual([])
    expect(app.toasts.shown.get()).toMatchObject([
      { words: expect.stringContaining('none is running') as string },
    ])
    // Gone on with, it is shown where the address led; whoever goes elsewhere first is not taken there.
    expect(app.wanted).toEqual({ page: 'sessions', world: 'simulation', place: '5eed' })
    go({ page: 'contacts' })
    expect(app.wanted).toBeNull()
  })

  test('one that is ended in another window says so, and the real sessions are shown', async () => {
    const { app, address, visit, world } = await opened('#/sessions', simulated)
    visit.showWorld(app.consoles.simulation)
    const { real, simulation } = app.consoles
    for (const { drafts, notes } of [real, simulation]) for (const kept of [drafts, notes]) kept.set('x', 'y')
    world.emit({ kind: 'truth', world: 'real', truth: { ...world.truth, simulation_running: false } })
    await vi.waitFor(() => expect(address.steps[0]).toBe('[#/sessions]'))
    expect(app.world.get()).toBe('real')
    // What was being written in it is gone with it.
    expect(
      [simulation, real].map(({ drafts, notes }) => [...drafts.texts.keys(), ...notes.texts.keys()]),
    ).toEqual([[], ['x', 'x']])
    expect(app.toasts.shown.get()).toMatchObject([
      { words: expect.stringContaining('ended elsewhere') as string },
    ])
  })

  test('the window that ends it is not led back by what is still heard of its running, nor told that somebody else ended it', async () => {
    const { app, go, world } = await opened('#/phone')
    const { endSimulation } = await import('../../src/renderer/src/pages/phone/simulation.ts')
    const runs = (simulation_running: boolean) => {
      world.emit({ kind: 'truth', world: 'real', truth: { ...world.truth, simulation_running } })
    }
    let isAsked = false
    Object.assign(world.answers, {
      'simulation.stop': () => {
        // Heard of only now: it had just begun.
        runs(true)
        runs(false)
        return {}
      },
      'simulation.kept': () => {
        isAsked = true
        return { sessions: 0 }
      },
    })
    app.consoles.simulation.phone.set({ running: true, phones: [], business: BUSINESS, now: world.truth.now })
    go({ page: 'phone', world: 'simulation' })
    await endSimulation(app)
    await vi.waitFor(() => expect(isAsked).toBe(true))
    await vi.waitFor(() => expect(app.toasts.shown.get()).toHaveLength(1))
    expect(app.world.get()).toBe('real')
    expect(app.toasts.shown.get()).toMatchObject([
      { words: expect.stringMatching(/^The simulation has ended/) as string },
    ])
  })

  test('what its phones still say as it ends in another window keeps nobody in it', async () => {
    const { app, address, visit, world } = await opened('#/sessions', simulated)
    const { simulation } = app.consoles
    visit.showWorld(simulation)
    const phone = { running: true, phones: [], business: BUSINESS, now: world.truth.now }
    simulation.phone.set(phone)
    world.emit({ kind: 'truth', world: 'real', truth: { ...world.truth, simulation_running: false } })
    world.emit({ kind: 'phone', world: 'simulation', phone: { ...phone } })
    await vi.waitFor(() => expect(address.steps[0]).toBe('[#/sessions]'))
    expect([app.world.get(), simulation.phone.get()]).toEqual(['real', null])
  })

  test('the next one is read from its beginning, however far the last one had come', async () => {
    const { app, world } = await opened('#/sessions', simulated)
    const { simulation } = app.consoles
    await vi.waitFor(() => expect(simulation.started.get()).toBe(true))
    const runs = (simulation_running: boolean) => {
      world.emit({ kind: 'truth', world: 'real', truth: { ...world.truth, simulation_running } })
    }
    world.asked.length = 0
    runs(false)
    runs(true)
    const asked = () => world.asked.find(({ name }) => name === 'feed.start')?.input
    await vi.waitFor(() => expect(asked()).toEqual({}))
  })

  test('nor can Back show one that has ended', async () => {
    const { app, address, visit, world } = await opened('#/sessions', simulated)
    visit.showWorld(app.consoles.simulation)
    visit.showWorld(app.consoles.real)
    world.emit({ kind: 'truth', world: 'real', truth: { ...world.truth, simulation_running: false } })
    address.go(-1)
    expect(app.world.get()).toBe('real')
    await vi.waitFor(() => expect(address.steps[0]).toBe('[#/sessions]'))
  })
})

describe('the address', () => {
  test('names the session in front, and opens it', async () => {
    const { address, console, idOf, route, visit } = await opened('#/sessions')
    const [dev, jose] = [idOf(DEV), idOf(JOSE)]
    visit.openSession(console, dev)
    visit.openSession(console, jose)
    expect(address.steps).toEqual(['#/sessions', `#/sessions/${dev}`, `[#/sessions/${jose}]`])
    address.go(-1)
    expect(console.opened.get()).toEqual({ ids: [dev, jose], current: dev })
    address.go(-1)
    expect(route.get().place).toBeUndefined()
    // From the list alone a tab is a step, from there on it is none.
    for (const id of [jose, dev, jose, dev]) visit.turnTo(console, id)
    expect(address.steps).toEqual(['#/sessions', `[#/sessions/${dev}]`])
  })

  test('goes with the session in front where that gives way: closed, or joined', async () => {
    const { address, console, idOf, visit, world } = await opened('#/settings')
    const { _id: later, earlier } = world.byName('Marguerite Delacroix-Vandenberghe')
    visit.openSession(console, idOf(DEV))
    visit.openSession(console, later)
    await console.act('sessions.merge', { id: later })
    await vi.waitFor(() => expect(address.steps.at(-1)).toBe(`[#/sessions/${earlier ?? ''}]`))
    visit.closeTab(console, earlier ?? '')
    await vi.waitFor(() => expect(address.steps[1]).toBe(`[#/sessions/${idOf(DEV)}]`))
    visit.closeTab(console, idOf(DEV))
    expect(address.steps.slice(0, 2)).toEqual(['#/settings', '[#/sessions]'])
    // Where it was joined, the old address leads to what is left.
    address.type(`#/sessions/${later}`)
    await vi.waitFor(() => expect(console.opened.get().current).toBe(earlier))
  })

  test('of a session that is not there stays, no tab is left of it, and the reader goes on from it', async () => {
    for (const id of ['nowhere', '%', 'x'.repeat(200)]) {
      const { address, console, idOf, visit } = await opened(`#/sessions/${id}`)
      await vi.waitFor(() => expect(console.isGone(id)).toBe(true))
      expect(console.opened.get()).toEqual({ ids: [], current: null })
      expect(address.steps).toEqual([`[#/sessions/${id}]`])
      visit.openSession(console, idOf(DEV))
      expect(console.opened.get().ids).toEqual([idOf(DEV)])
      localStorage.clear()
      vi.unstubAllGlobals()
      vi.stubGlobal('localStorage', new MemoryStorage())
      vi.stubGlobal('sessionStorage', new MemoryStorage())
      vi.resetModules()
    }
  })

  test('without a place shows what was in front when the page was left, where there is room for both', async () => {
    const first = await opened('#/sessions')
    const id = first.idOf(DEV)
    first.visit.openSession(first.console, id)
    for (const [hash, width, steps] of [
      ['', 1440, `[#/sessions/${id}]`],
      ['', 400, '[]'],
      ['#/sessions', 1440, '[#/sessions]'],
    ] as const) {
      vi.resetModules()
      expect((await opened(hash, { width })).address.steps).toEqual([steps])
    }
  })

  test('a notification leads to its session from any page', async () => {
    const { address, console, idOf, world } = await opened('#/settings/gap')
    world.emit({ kind: 'open', world: 'real', session: idOf(DEV) })
    expect(address.steps).toEqual(['#/settings/gap', `[#/sessions/${idOf(DEV)}]`])
    expect(console.opened.get().current).toBe(idOf(DEV))
  })

  test('the test phone’s own console has none', async () => {
    const { address, app, idOf, visit } = await opened('#/phone', simulated)
    visit.openSession(app.consoles.simulation, idOf(DEV))
    expect(app.consoles.simulation.opened.get().current).toBe(idOf(DEV))
    expect(address.steps).toEqual(['[#/phone]'])
  })
})

describe('at 400 px', () => {
  test('list, session and contact are a step each, and Esc goes up them', async () => {
    const { address, console, idOf, visit } = await opened('#/sessions', { width: 400 })
    const id = idOf(DEV)
    visit.openSession(console, id)
    visit.toContact(console, id)
    const all = ['#/sessions', `#/sessions/${id}`, `#/sessions/${id}/contact`]
    expect(address.steps).toEqual([all[0], all[1], `[${all[2] ?? ''}]`])
    visit.stepUp(console)
    visit.stepUp(console)
    visit.stepUp(console)
    await vi.waitFor(() => expect(address.steps).toEqual([`[${all[0] ?? ''}]`, all[1], all[2]]))
  })

  test('a session of the contact’s is a step from the contact', async () => {
    const { address, console, idOf, visit } = await opened('#/sessions', { width: 400 })
    visit.openSession(console, idOf(DEV))
    visit.toContact(console, idOf(DEV))
    visit.openSession(console, idOf(JOSE))
    expect(address.steps).toHaveLength(4)
    // The list is not what lies below: its arrow takes the entry's place, and leaves the console not.
    visit.toList(console)
    expect(address.steps.slice(2)).toEqual([`#/sessions/${idOf(DEV)}/contact`, '[#/sessions]'])
  })
})

test('wide, neither Esc nor the contact beside the session changes the address', async () => {
  const { address, console, idOf, visit } = await opened('#/sessions')
  visit.openSession(console, idOf(DEV))
  visit.renameContact(console, idOf(DEV), '+1')
  visit.stepUp(console)
  expect(address.steps).toEqual(['#/sessions', `[#/sessions/${idOf(DEV)}]`])
})
