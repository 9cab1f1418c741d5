import { Cell } from './cell.ts'

export const PAGES = ['sessions', 'contacts', 'phone', 'settings'] as const
export type Page = (typeof PAGES)[number]
/** Where the page is: `#/settings/gap`, `#/contacts/+16075550142`. */
export interface Route {
  page: Page
  /** Section of the settings, number of the contact. */
  place?: string
}

function read(): Route {
  const [, page, place] = location.hash.split('/')
  const known = PAGES.find((name) => name === page)
  if (!known) return { page: 'sessions' }
  return place ? { page: known, place: decoded(place) } : { page: known }
}

/** As it is where it is no escaped text: an address may be typed by hand. */
function decoded(place: string): string {
  try {
    return decodeURIComponent(place)
  } catch {
    return place
  }
}

export const hrefOf = ({ page, place }: Route) => `#/${page}${place ? `/${encodeURIComponent(place)}` : ''}`
export const route = new Cell<Route>(read())
export const go = (to: Route) => {
  location.hash = hrefOf(to)
  route.set(read())
}
addEventListener('hashchange', () => route.set(read()))
