import type { TunnelMoment, TunnelView, WayView } from '../../shared/live.ts'
import type { Clock } from '../ports.ts'
import type { OpenTunnel, Proof, Provider, TunnelSupervisor } from './tunnel.ts'

/** A provider that has not opened by then won't (localtunnel's promise may never settle), ms. */
const OPEN_WITHIN_MS = 15_000
/** Between checks while it is up, and before the second one when the first found nothing, ms. */
const CHECK_EVERY_MS = 10_000
const CHECK_AGAIN_MS = 2_000
/** Checks in a row that find nothing: it is down. Ten seconds, two answers of five and two in between: within 30 s. */
const MISSES = 2
/** A tunnel just opened may need a moment until its server knows of it. */
const FIRST_MISSES = 4
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 60_000
/** Requests signed for a former address are taken this long, ms. */
const FORMER_FOR_MS = 3_600_000
const MOST_BASES = 5
const MOST_MOMENTS = 50

export interface SupervisorOptions {
  clock: Clock
  /** Between 0 and 1, for the jitter. */
  random: () => number
  /** What opens this way; undefined for none. */
  provider: (way: WayView) => Provider | undefined
  /** Asks from outside whether the address leads here; never rejects. */
  probe: (url: string, signal: AbortSignal) => Promise<Proof>
}

/** One try: from opening to the moment it is lost. */
interface Run {
  isOver: boolean
  readonly stop: AbortController
  tunnel?: OpenTunnel
  misses: number
  hasBeenUp: boolean
  isProbing: boolean
  cancel: () => void
}

interface Base {
  url: string
  /** Undefined while it is the present one. */
  until?: number
}

export function createTunnelSupervisor({
  clock,
  random,
  provider,
  probe,
}: SupervisorOptions): TunnelSupervisor {
  const listeners = new Set<(view: TunnelView) => void>()
  const history: TunnelMoment[] = []
  let way: WayView = { kind: 'none', url: '' }
  let state: TunnelView['state'] = 'off'
  let since = clock.now()
  let tries = 0
  let reason = ''
  let nextTry: number | undefined
  let stopWaiting: (() => void) | undefined
  let run: Run | undefined
  let known: Base[] = []

  function set(to: TunnelView['state'], words: string): void {
    if (to !== state) {
      since = clock.now()
      history.push({ at: iso(since), state: to, words })
      if (history.length > MOST_MOMENTS) history.shift()
    }
    state = to
    reason = to === 'down' ? words : to === 'up' ? '' : reason
    const now = view()
    for (const listener of listeners) listener(now)
  }

  function begin(): void {
    stopWaiting?.()
    stopWaiting = undefined
    nextTry = undefined
    const from = provider(way)
    if (!from) return
    const own: Run = {
      isOver: false,
      stop: new AbortController(),
      misses: 0,
      hasBeenUp: false,
      isProbing: false,
      cancel: clock.after(OPEN_WITHIN_MS, () => {
        fail(own, `it did not open within ${String(OPEN_WITHIN_MS / 1_000)} s`)
      }),
    }
    run = own
    set('opening', way.url)
    from.open(own.stop.signal).then(
      (tunnel) => {
        // Too late: nobody waits for it any more, and a second one may be open.
        if (own.isOver) return tunnel.close()
        own.cancel()
        own.tunnel = tunnel
        remember(tunnel.url)
        set('checking', tunnel.url)
        tunnel.onLost((why) => fail(own, why))
        check(own)
      },
      (error: unknown) => {
        fail(own, error instanceof Error ? error.message : String(error))
      },
    )
  }

  function check(own: Run): void {
    const { tunnel } = own
    if (own.isOver || own.isProbing || !tunnel) return
    own.cancel()
    own.isProbing = true
    void probe(tunnel.url, own.stop.signal).then((proof) => {
      own.isProbing = false
      if (own.isOver) return
      if (proof.ok) {
        own.misses = 0
        own.hasBeenUp = true
        tries = 0
        set('up', tunnel.url)
        own.cancel = clock.after(CHECK_EVERY_MS, () => check(own))
        return
      }
      own.misses += 1
      if (own.misses >= (own.hasBeenUp ? MISSES : FIRST_MISSES)) fail(own, proof.reason)
      else own.cancel = clock.after(CHECK_AGAIN_MS, () => check(own))
    })
  }

  function end(own: Run): void {
    own.isOver = true
    own.cancel()
    own.stop.abort()
    own.tunnel?.close()
    if (run === own) run = undefined
  }

  function fail(own: Run, why: string): void {
    if (own.isOver) return
    end(own)
    tries += 1
    const wait = Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS) * (0.75 + random() / 2)
    nextTry = clock.now() + wait
    stopWaiting = clock.after(wait, begin)
    set('down', why)
  }

  function remember(url: string): void {
    const now = clock.now()
    for (const base of known) if (base.url !== url) base.until ??= now + FORMER_FOR_MS
    known = [{ url }, ...known.filter((base) => base.url !== url && isValid(base, now))].slice(0, MOST_BASES)
  }

  function stop(): void {
    stopWaiting?.()
    stopWaiting = undefined
    nextTry = undefined
    if (run) end(run)
    tries = 0
    const now = clock.now()
    for (const base of known) base.until ??= now + FORMER_FOR_MS
  }

  function view(): TunnelView {
    return {
      provider: way.kind,
      state,
      url: run?.tunnel?.url ?? known.find(({ until }) => until === undefined)?.url ?? null,
      since: iso(since),
      tries,
      next_try_at: nextTry === undefined ? null : iso(nextTry),
      reason,
      history: [...history],
    }
  }

  return {
    view,
    bases: () => {
      const now = clock.now()
      return known.filter((base) => isValid(base, now)).map(({ url }) => url)
    },
    open(wanted) {
      if (wanted.kind === way.kind && wanted.url === way.url && state !== 'off') return
      stop()
      way = wanted
      if (wanted.kind === 'none') set('off', '')
      else begin()
    },
    close() {
      stop()
      way = { kind: 'none', url: '' }
      set('off', '')
    },
    retry() {
      if (run) check(run)
      else if (way.kind !== 'none') begin()
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const isValid = ({ until }: Base, now: number): boolean => until === undefined || until > now

const iso = (ms: number): string => new Date(ms).toISOString()
