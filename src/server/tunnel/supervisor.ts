import type { TunnelMoment, TunnelView, WayView } from '../../shared/live.ts'
import { iso } from '../iso.ts'
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
/** A localtunnel server keeps a name a second after its last socket closed: asked sooner, it gives another one. */
const FIRST_WAIT_MS = 2_000
const LONGEST_WAIT_MS = 60_000
/**
 * Our name is 128 random bits: who has it is we ourselves, a moment ago, and the server lets go of it soon. Another
 * name, which anybody may guess, is taken only when ours was refused so often.
 */
const OWN_NAME_TRIES = 2
/** Requests signed for a former address are taken this long, ms. */
const FORMER_FOR_MS = 3_600_000
const MOST_BASES = 5
const MOST_MOMENTS = 50
/** A person (or a computer that woke) asks to try again: what has been opening for so long is given up for a new try. */
const GIVEN_UP_AFTER_MS = 5_000

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
  readonly began: number
  isOver: boolean
  readonly stop: AbortController
  tunnel?: OpenTunnel
  misses: number
  hasBeenUp: boolean
  /** The check under way. */
  asking?: AbortController
  cancel: () => void
}

interface Base {
  url: string
  /** Undefined while it is the present one. */
  until?: number
  /** It was proved to lead here, or the operator says so: Twilio may be given it. */
  isOurs: boolean
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
  let lostAt: number | undefined
  let tries = 0
  let reason = ''
  let nextTry: number | undefined
  let stopWaiting: (() => void) | undefined
  let run: Run | undefined
  let known: Base[] = []
  let otherNames = 0

  function set(to: TunnelView['state'], words: string): void {
    // Each check that finds it up would be told otherwise.
    if (to === state && to === 'up') return
    if (to !== state) {
      since = clock.now()
      note({ at: iso(since), state: to, words })
    }
    if (to === 'down') lostAt ??= clock.now()
    else if (to === 'up' || to === 'off') lostAt = undefined
    state = to
    reason = to === 'down' ? words : to === 'up' ? '' : reason
    const now = view()
    for (const listener of listeners) listener(now)
  }

  /** A night of tries that all end alike is one moment, or it would push out everything worth seeing. */
  function note(moment: TunnelMoment): void {
    const last = history.findLastIndex(({ state: was }) => was !== 'opening' && was !== 'checking')
    if (moment.state === 'down' && history[last]?.state === 'down' && history[last].words === moment.words)
      history.length = last + 1
    else history.push(moment)
    if (history.length > MOST_MOMENTS) history.shift()
  }

  function begin(): void {
    stopWaiting?.()
    stopWaiting = undefined
    nextTry = undefined
    const from = provider(way)
    if (!from) return set('off', '')
    const own: Run = {
      began: clock.now(),
      isOver: false,
      stop: new AbortController(),
      misses: 0,
      hasBeenUp: false,
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
        otherNames = tunnel.isAsAsked ? 0 : otherNames + 1
        if (otherNames > 0 && otherNames <= OWN_NAME_TRIES) {
          tunnel.close()
          return fail(own, 'its server gave another name; ours is asked for again')
        }
        otherNames = 0
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
    if (own.isOver || !tunnel) return
    own.cancel()
    // One still under way is let go: after a sleep its connection is dead, and it would find that out late.
    own.asking?.abort()
    const asking = new AbortController()
    own.asking = asking
    void probe(tunnel.url, asking.signal).then((proof) => {
      if (own.isOver || own.asking !== asking) return
      delete own.asking
      if (proof.ok) {
        own.misses = 0
        own.hasBeenUp = true
        tries = 0
        for (const base of known) if (base.url === tunnel.url) base.isOurs = true
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
    own.asking?.abort()
    own.tunnel?.close()
    // Nobody was told of an address that never led here; kept, a few of them would push out those that did.
    known = known.filter(({ isOurs }) => isOurs)
    if (run === own) run = undefined
  }

  function fail(own: Run, why: string): void {
    if (own.isOver) return
    end(own)
    tries += 1
    const backoff = Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS)
    // Whole milliseconds: what is told as the next try is when it comes.
    const wait = Math.round(backoff * (0.75 + random() / 2))
    nextTry = clock.now() + wait
    stopWaiting = clock.after(wait, begin)
    set('down', why)
  }

  function remember(url: string): void {
    const now = clock.now()
    for (const base of known) if (base.url !== url) base.until ??= now + FORMER_FOR_MS
    const isOurs = way.kind === 'address' || known.some((base) => base.url === url && base.isOurs)
    known = [{ url, isOurs }, ...known.filter((base) => base.url !== url && isValid(base, now))].slice(
      0,
      MOST_BASES,
    )
  }

  function stop(): void {
    stopWaiting?.()
    stopWaiting = undefined
    nextTry = undefined
    if (run) end(run)
    tries = 0
    lostAt = undefined
    const now = clock.now()
    for (const base of known) base.until ??= now + FORMER_FOR_MS
  }

  function view(): TunnelView {
    return {
      provider: way.kind,
      state,
      url: run?.tunnel?.url ?? known.find(({ until }) => until === undefined)?.url ?? null,
      since: iso(since),
      lost_at: lostAt === undefined ? null : iso(lostAt),
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
    callbackBase: () => known.find(({ until, isOurs }) => until === undefined && isOurs)?.url,
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
      if (run?.tunnel) return check(run)
      if (run) {
        if (clock.now() - run.began < GIVEN_UP_AFTER_MS) return
        end(run)
      }
      // It is about to try by itself; sooner, the server may hold the name for the tunnel that was just closed.
      const wait = (nextTry ?? 0) - clock.now()
      if (way.kind !== 'none' && !(wait > 0 && wait <= FIRST_WAIT_MS * 1.25)) begin()
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const isValid = ({ until }: Base, now: number): boolean => until === undefined || until > now
