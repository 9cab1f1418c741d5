import fc from 'fast-check'
import { afterEach, describe, expect, it, test, vi } from 'vitest'
import type { Route } from '../../src/renderer/src/state/route.ts'
import { Address } from './address.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

async function opened(hash: string) {
  const address = new Address(hash)
  return { address, ...(await import('../../src/renderer/src/state/route.ts')) }
}

const real = { world: 'real' } as const

it.each([
  ['#/contacts/%2B16075550142', { ...real, page: 'contacts', place: '+16075550142' }],
  ['#/contacts/%', { ...real, page: 'contacts', place: '%' }],
  ['#/settings/%zz', { ...real, page: 'settings', place: '%zz' }],
  ['#/nothing/%E0%A4%A', { ...real, page: 'sessions' }],
  ['#/sessions/6650aa', { ...real, page: 'sessions', place: '6650aa' }],
  ['#/sessions/6650aa/contact', { ...real, page: 'sessions', place: '6650aa', pane: 'contact' }],
  ['#/sessions/6650aa/nothing', { ...real, page: 'sessions', place: '6650aa' }],
  ['#/sessions//contact', { ...real, page: 'sessions' }],
  ['#/simulation/sessions/6650aa', { world: 'simulation', page: 'sessions', place: '6650aa' }],
  ['#/simulation', { world: 'simulation', page: 'sessions' }],
  ['#main', { ...real, page: 'sessions' }],
  ['', { ...real, page: 'sessions' }],
])('the address %s is a place to be at', async (hash, expected) => {
  const { route } = await opened(hash)
  expect(route.get()).toEqual(expected)
})

test('every place has an address that leads to it', async () => {
  const { routeOf, hrefOf } = await opened('')
  const world = fc.constantFrom('real' as const, 'simulation' as const)
  const place = fc.option(fc.string({ unit: 'binary', minLength: 1 }), { nil: undefined })
  const pane = fc.constantFrom('contact' as const, undefined)
  const page = fc.constantFrom(
    'sessions' as const,
    'contacts' as const,
    'phone' as const,
    'settings' as const,
  )
  const wellFormed = ({ place: name = '' }: { place?: string | undefined }) => name.isWellFormed()
  fc.assert(
    fc.property(fc.record({ page, world, place, pane }).filter(wellFormed), (any) => {
      const there: Route = {
        page: any.page,
        world: any.world,
        ...(any.place !== undefined && { place: any.place }),
        ...(any.place !== undefined && any.page === 'sessions' && any.pane && { pane: any.pane }),
      }
      // A page that names no world is of the one shown before.
      expect(routeOf(hrefOf(there), there.world)).toEqual(there)
    }),
  )
})

describe('going', () => {
  test('a step is in the history once, and what is no step takes its place', async () => {
    const { address, go } = await opened('#/sessions')
    go({ page: 'sessions', place: 'a' })
    go({ page: 'sessions', place: 'a' })
    go({ page: 'sessions', place: 'b' }, 'replace')
    expect(address.steps).toEqual(['#/sessions', '[#/sessions/b]'])
  })

  test('the way up is Back where one came from there, and Forward leads down again', async () => {
    const { address, go, route } = await opened('#/sessions')
    go({ page: 'sessions', place: 'a' })
    go({ page: 'sessions', place: 'a', pane: 'contact' })
    go({ page: 'sessions', place: 'a' }, 'replace')
    // Pressed twice, and the next way up before the history is there: neither leaves the console.
    go({ page: 'sessions', place: 'a' }, 'replace')
    go({ page: 'sessions' }, 'replace')
    const all = ['#/sessions', '#/sessions/a', '#/sessions/a/contact']
    await vi.waitFor(() => expect(address.steps).toEqual(['[#/sessions]', ...all.slice(1)]))
    expect(route.get()).toEqual({ page: 'sessions', world: 'real' })
    address.go(1)
    expect(route.get().place).toBe('a')
  })

  test('from a bookmark the way up leaves nothing behind to come back to', async () => {
    const { address, go } = await opened('#/sessions/a')
    go({ page: 'sessions' }, 'replace')
    expect(address.steps).toEqual(['[#/sessions]'])
  })

  test('a step taken while the history is on its way back comes after it', async () => {
    const { address, go, route } = await opened('#/sessions')
    go({ page: 'sessions', place: 'a' })
    go({ page: 'sessions' }, 'replace')
    go({ page: 'settings' })
    expect(route.get().page).toBe('settings')
    await vi.waitFor(() => expect(address.steps).toEqual(['#/sessions', '[#/settings]']))
    expect(route.get().page).toBe('settings')
    address.go(-1)
    expect(route.get()).toEqual({ page: 'sessions', world: 'real' })
  })

  test('an address typed by hand is gone to; a fragment that is none of ours is not', async () => {
    const { address, route } = await opened('#/settings/gap')
    address.type('#main')
    expect(route.get()).toMatchObject({ page: 'settings', place: 'gap' })
    address.type('#/sessions/a')
    expect(route.get()).toMatchObject({ page: 'sessions', place: 'a' })
  })
})
