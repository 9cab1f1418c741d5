import { useConsole } from './app.ts'
import { useCell } from './cell.ts'
import { route } from './route.ts'

/** The session in front on this part of the page: the one the address names, or the test phone's own. */
export function useFront(): string | null {
  const console = useConsole()
  const { page, world, place } = useCell(route)
  const { current } = useCell(console.opened)
  if (page !== 'sessions') return current
  return world === console.world ? (place ?? null) : null
}
