import type { World } from '../../../shared/contract.ts'
import { Cell } from './cell.ts'

export const PAGES = ['sessions', 'contacts', 'phone', 'settings'] as const
export type Page = (typeof PAGES)[number]
/** Where the page is: `#/settings/gap`, `#/contacts/+16075550142`, `#/simulation/sessions/6650…/contact`. */
export interface Route {
  page: Page
  /** Whose sessions or contacts these are; the other pages are of whichever world was shown before. */
  world: World
  /** The session in front, number of the contact, section of the settings. */
  place?: string
  /** Beside a session its contact: over it where there is little room, a page of its own where there is less. */
  pane?: 'contact'
}
/** Where to go; without a world in the one that is shown. */
export type Target = Omit<Route, 'world'> & { world?: World }

/**
 * Ids and numbers are of one world each, so the address says whose they are: read again, kept as a bookmark or come back
 * to, it can't show what the other world has under it. The test phone and the settings are no world's.
 */
export const namesWorld = (page: Page) => page === 'sessions' || page === 'contacts'

export function hrefOf({ page, world, place, pane }: Target): string {
  const parts = [
    ...(namesWorld(page) && world === 'simulation' ? ['simulation'] : []),
    page,
    ...(place ? [encodeURIComponent(place)] : []),
    ...(place && page === 'sessions' && pane ? [pane] : []),
  ]
  return `#/${parts.join('/')}`
}

/** What an address says; `before` is the world shown so far, for pages that name none. */
export function routeOf(hash: string, before: World = 'real'): Route {
  const parts = hash.split('/').slice(1)
  const simulated = parts[0] === 'simulation'
  const [name, place, pane] = simulated ? parts.slice(1) : parts
  const page = PAGES.find((known) => known === name) ?? 'sessions'
  const world = !namesWorld(page) ? before : simulated ? 'simulation' : 'real'
  if (!place || page !== name) return { page, world }
  const there = { page, world, place: decoded(place) }
  return page === 'sessions' && pane === 'contact' ? { ...there, pane } : there
}

/** As it is where it is no escaped text: an address may be typed by hand. */
function decoded(place: string): string {
  try {
    return decodeURIComponent(place)
  } catch {
    return place
  }
}

export const route = new Cell<Route>(routeOf(location.hash))

/** What an entry of the history keeps: the address from which a step was taken to it. None where it was typed. */
const below = (): unknown => (history.state as { below?: unknown } | null)?.below

/** The history is on its way back: until it is there its state is that of the entry being left, and what comes next waits. */
let isLeaving = false
const waiting: (() => void)[] = []

function write(change: () => void): void {
  if (isLeaving) waiting.push(change)
  else change()
}

function arrived(): void {
  isLeaving = false
  // One of them may go back again: what is after it waits anew.
  for (const change of waiting.splice(0)) write(change)
}

/**
 * The one way to another place. `push` is a step that Back takes back. `replace` is none: the way up from a place to the
 * one it is a part of, a look across the opened tabs, or the address put right. Where one came from there it is the
 * history's own Back, so that no place is in it twice in a row and Forward leads down again; else (a bookmark was
 * opened) the entry gives way.
 */
export function go(to: Target, how: 'push' | 'replace' = 'push'): void {
  const from = route.get()
  const next: Route = { ...to, world: to.world ?? from.world }
  const [left, href] = [hrefOf(from), hrefOf(next)]
  if (href === left && next.world === from.world) return
  if (href !== left)
    write(() => {
      if (how === 'push') history.pushState({ below: left }, '', href)
      else if (below() !== href) history.replaceState(history.state, '', href)
      else {
        isLeaving = true
        history.back()
      }
    })
  route.set(next)
}

// Told of each change but those of pushState and replaceState: Back, Forward, a link, an address typed by hand.
addEventListener('hashchange', () => {
  arrived()
  const { hash } = location
  // Any other fragment names a place within the page.
  if (isLeaving || (hash !== '' && !hash.startsWith('#/'))) return
  const now = route.get()
  const there = routeOf(hash, now.world)
  if (hrefOf(there) !== hrefOf(now)) route.set(there)
})
