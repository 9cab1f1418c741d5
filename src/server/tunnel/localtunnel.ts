import localtunnel from 'localtunnel'
import type { Clock } from '../ports.ts'
import type { Tunnel, TunnelEvents } from './tunnel.ts'

/** With an unreachable host localtunnel's promise never settles (reference twilio.md §6): our own limit, ms. */
const OPEN_WITHIN_MS = 15_000
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 60_000

interface Options {
  /** The webhook port. */
  port: number
  /** Unguessable, asked for again each time, so that the address stays while the server gives it. */
  subdomain: string
  /** Another localtunnel server than the public one. */
  host?: string
  clock: Clock
  /** Between 0 and 1, for the jitter. */
  random: () => number
}

/**
 * Holds a localtunnel open: closed and opened again, with back-off, whenever it fails. The package never reconnects by
 * itself and throws when nobody listens to its errors.
 */
export function holdLocaltunnel(
  { port, subdomain, host, clock, random }: Options,
  events: TunnelEvents,
): Tunnel {
  let current: localtunnel.Tunnel | undefined
  let stopped = false
  let takeBack: (() => void) | undefined
  let wait = FIRST_WAIT_MS

  function open(): void {
    let settled = false
    const stopWaiting = clock.after(OPEN_WITHIN_MS, () => {
      fail('it did not open within 15 s')
    })

    function fail(reason: string): void {
      if (settled) return
      settled = true
      stopWaiting()
      again(reason)
    }

    localtunnel({ port, subdomain, local_host: '127.0.0.1', ...(host !== undefined && { host }) }).then(
      (tunnel) => {
        if (settled || stopped) {
          tunnel.on('error', () => undefined)
          tunnel.close()
          return
        }
        settled = true
        stopWaiting()
        up(tunnel)
      },
      (error: unknown) => {
        fail(error instanceof Error ? error.message : String(error))
      },
    )
  }

  function up(tunnel: localtunnel.Tunnel): void {
    let over = false
    const down = (reason: string): void => {
      if (over) return
      over = true
      current = undefined
      tunnel.close()
      again(reason)
    }
    tunnel.on('error', (error: Error) => {
      down(error.message)
    })
    tunnel.on('close', () => {
      down('it was closed')
    })
    current = tunnel
    wait = FIRST_WAIT_MS
    events.onUp(tunnel.url.replace(/\/$/, ''))
  }

  function again(reason: string): void {
    if (stopped) return
    events.onDown(reason)
    takeBack = clock.after(wait * (0.75 + random() / 2), open)
    wait = Math.min(wait * 2, LONGEST_WAIT_MS)
  }

  open()
  return {
    get url() {
      return current?.url.replace(/\/$/, '')
    },
    close() {
      stopped = true
      takeBack?.()
      current?.close()
    },
  }
}
