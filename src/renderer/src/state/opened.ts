import { Cell } from './cell.ts'
import { keptHere } from './kept.ts'

/** Sessions opened as tabs, and the one in front. */
export interface Opened {
  ids: readonly string[]
  current: string | null
}

const MOST = 12

export const withOpened = ({ ids, current }: Opened, id: string): Opened => {
  if (ids.includes(id)) return { ids, current: id }
  const kept = ids.length < MOST ? ids : ids.filter((other, at) => at > 0 || other === current)
  return { ids: [...kept, id], current: id }
}

export const withClosed = ({ ids, current }: Opened, id: string): Opened => {
  const at = ids.indexOf(id)
  const rest = ids.filter((other) => other !== id)
  return { ids: rest, current: current === id ? (rest[Math.min(at, rest.length - 1)] ?? null) : current }
}

/** Another session takes the tab's place: earlier and later, or the one it was merged into. */
export const withReplaced = ({ ids, current }: Opened, id: string, by: string): Opened => {
  if (ids.includes(by)) return withClosed({ ids, current: current === id ? by : current }, id)
  return { ids: ids.map((other) => (other === id ? by : other)), current: current === id ? by : current }
}

export const withNeighbour = ({ ids, current }: Opened, step: 1 | -1): Opened => {
  const at = current === null ? -1 : ids.indexOf(current)
  return { ids, current: ids[(at + step + ids.length) % ids.length] ?? current }
}

const isOpened = (value: unknown): value is Opened =>
  typeof value === 'object' &&
  value !== null &&
  'ids' in value &&
  Array.isArray(value.ids) &&
  value.ids.every((id) => typeof id === 'string') &&
  'current' in value &&
  (value.current === null || typeof value.current === 'string')

/** What was kept may be of an older version, or of another hand: no session twice, no more than there are tabs for. */
function sound({ ids, current }: Opened): Opened {
  const known = [...new Set(ids)].filter((id) => /^[\w-]{1,80}$/.test(id)).slice(-MOST)
  return { ids: known, current: current !== null && known.includes(current) ? current : null }
}

/** The opened tabs, kept over a reload. */
export function keptOpened(name: string): Cell<Opened> {
  const cell = new Cell<Opened>({ ids: [], current: null })
  try {
    const kept: unknown = JSON.parse(keptHere.get(name) ?? 'null')
    if (isOpened(kept)) cell.set(sound(kept))
  } catch {
    // What cannot be read is as good as nothing kept.
  }
  cell.subscribe(() => keptHere.set(name, JSON.stringify(cell.get())))
  return cell
}
