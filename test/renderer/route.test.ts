import { afterEach, expect, it, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

it.each([
  ['#/contacts/%2B16075550142', { page: 'contacts', place: '+16075550142' }],
  ['#/contacts/%', { page: 'contacts', place: '%' }],
  ['#/settings/%zz', { page: 'settings', place: '%zz' }],
  ['#/nothing/%E0%A4%A', { page: 'sessions' }],
  ['', { page: 'sessions' }],
])('the address %s is a place to be at', async (hash, expected) => {
  vi.stubGlobal('location', { hash })
  vi.stubGlobal('addEventListener', () => undefined)
  const { route } = await import('../../src/renderer/src/state/route.ts')
  expect(route.get()).toEqual(expected)
})
