import { SwitchboardError } from '../shared/errors.ts'

/**
 * Opens the first of the ports that is free (0: any). Throws SwitchboardError `port_taken` when none is, and whatever
 * else opening throws.
 */
export async function openOnFirstFree<T>(
  open: (port: number) => Promise<T>,
  ports: readonly number[],
): Promise<T> {
  for (const [at, port] of ports.entries()) {
    try {
      return await open(port)
    } catch (error) {
      // Windows keeps ranges of ports for itself, and says so of each as of one that wants more rights.
      const isNext = isCode(error, 'EACCES') && at < ports.length - 1
      if (!isNext && !isCode(error, 'EADDRINUSE')) throw error
    }
  }
  throw new SwitchboardError('port_taken', { port: ports[0] ?? 0 })
}

/** A default port and those after it: one that is taken gives the next. */
export function portsFrom(port: number): number[] {
  return Array.from({ length: 50 }, (_, i) => port + i)
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
