import type { Console } from './console.ts'
import { withClosed } from './opened.ts'
import { go, route, type Route } from './route.ts'
import { isNarrow, isWide } from './width.ts'

/**
 * The ways to a session, its contact and the list, for every link, key and notification. A session that is opened is a
 * step, and Back takes it back; so is the contact where it covers the session. Going along the opened tabs is none: they
 * are all in sight, and an arrow key held down would bury where one came from.
 */

/** Where a world's sessions are shown; with a place the session in front. */
const at = ({ world }: Console, place?: string | null): Route => ({
  page: 'sessions',
  world,
  ...(typeof place === 'string' && { place }),
})

/** The test phone has a console of its own beside it: there sessions come to the front without an address. */
const isBesidePhone = ({ world }: Console) => route.get().page === 'phone' && world === 'simulation'

/** The session that this console's address names; undefined while another page, or the list alone, is shown. */
function placeIn({ world }: Console): string | undefined {
  const now = route.get()
  return now.page === 'sessions' && now.world === world ? now.place : undefined
}

/** Opens a session, wherever that was asked for. */
export function openSession(console: Console, id: string): void {
  if (isBesidePhone(console)) return console.open(id)
  console.keepUnread.set(null)
  go(at(console, id))
}

/** Brings one of the opened tabs to the front. */
export function turnTo(console: Console, id: string): void {
  if (isBesidePhone(console)) return console.open(id)
  console.keepUnread.set(null)
  // From the list alone it is a step like any other.
  if (placeIn(console) === undefined) return go(at(console, id))
  const { pane } = route.get()
  go({ ...at(console, id), ...(pane && { pane }) }, 'replace')
}

/** Shows the list: alone where there is room for one thing, else beside the session that was last in front. */
export function toList(console: Console): void {
  // From a session that covers it, it is the way up.
  go(listOf(console), placeIn(console) === undefined ? 'push' : 'replace')
}

function listOf(console: Console): Route {
  // Before the start nobody knows whether what was kept is still there.
  const isBeside = !isNarrow() && console.started.get()
  return at(console, isBeside ? console.opened.get().current : null)
}

/** The same page in the other world. A place of one is none of the other. */
export function showWorld(console: Console, how: 'push' | 'replace' = 'push'): void {
  const now = route.get()
  const { world } = console
  if (now.world === world) return
  if (now.page === 'sessions') go(listOf(console), how)
  else if (now.page === 'contacts') go({ page: 'contacts', world }, how)
  else go({ ...now, world }, how)
}

/** Shows the contact of a session where it isn't in sight already. */
export function toContact(console: Console, id: string): void {
  go({ ...at(console, id), ...(!isWide() && { pane: 'contact' }) })
}

/** Shows the contact, or takes it away again. */
export function toggleContact(console: Console, id: string): void {
  if (route.get().pane === 'contact') stepUp(console)
  else toContact(console, id)
}

/** The contact with its name to be edited. */
export function renameContact(console: Console, id: string, number: string): void {
  console.renaming.set(number)
  toContact(console, id)
}

/** From the contact back to its session, from a session back to the list where that was covered by it. */
export function stepUp(console: Console): void {
  const place = placeIn(console)
  if (place === undefined) return
  if (route.get().pane === 'contact') go(at(console, place), 'replace')
  else if (isNarrow()) go(at(console), 'replace')
}

/** Closes a tab; the next one comes to the front, or the list when it was the last. */
export const closeTab = (console: Console, id: string) => console.opened.update((now) => withClosed(now, id))

/**
 * Ties what is opened to the address, both ways: the session an address names is opened, and where the one in front gives
 * way to another (joined, closed, split, sent into the next) the address goes with it.
 */
export function followAddress(consoles: readonly Console[]): void {
  const isBare = ['', '#', '#/'].includes(location.hash)
  const open = () => {
    for (const console of consoles) {
      const place = placeIn(console)
      if (place !== undefined && place !== console.opened.get().current) console.open(place)
    }
  }
  const follow = (console: Console) => {
    const place = placeIn(console)
    const { current } = console.opened.get()
    // Of a session that is not there the address stays, and the page says so.
    if (place === undefined || place === current || console.isGone(place)) return
    const { pane } = route.get()
    go({ ...at(console, current), ...(pane && current !== null && { pane }) }, 'replace')
  }
  open()
  route.subscribe(open)
  for (const console of consoles) {
    console.opened.subscribe(() => follow(console))
    // Started without a place, the page shows what was in front when it was left.
    const stop = console.started.subscribe(() => {
      stop()
      const now = route.get()
      const nowhere = isBare && now.page === 'sessions' && now.place === undefined
      if (nowhere && now.world === console.world) go(listOf(console), 'replace')
    })
  }
}
