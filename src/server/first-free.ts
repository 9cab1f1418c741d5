import { SwitchboardError } from '../shared/errors.ts'

/**
 * Opens the first of the ports that is free (0: any). Throws SwitchboardError `port_taken` when none is, and whatever
 * else opening throws.
 */
export async function openOnFirstFree<T>(
  open: (port: number) => Promise<T>,
  ports: readonly number[],
): Promise<T> {
  for (const port of ports) {
    try {
      return await open(port)
    } catch (error) {
      if (!isTaken(error)) throw error
    }
  }
  throw new SwitchboardError('port_taken', { port: ports[0] ?? 0 })
}

/** A default port and those after it: one that is taken gives the next. */
export function portsFrom(port: number): number[] {
  return Array.from({ length: 50 }, (_, i) => port + i)
}

const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
