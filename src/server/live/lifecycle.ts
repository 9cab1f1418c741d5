import { SwitchboardError } from '../../shared/errors.ts'
import type { LeavingView, WayView } from '../../shared/live.ts'
import type { CarrierAccount } from '../carrier/twilio-account.ts'
import type { GivenNumber } from '../given-numbers.ts'
import { iso } from '../iso.ts'
import type { Clock, Log } from '../ports.ts'
import type { Store } from '../store/types.ts'
import type { TunnelSupervisor } from '../tunnel/tunnel.ts'
import { leadsHere } from './addresses.ts'
import { choose } from './choice.ts'
import { chosenOf } from './given.ts'
import { keep, readKept } from './kept.ts'
import type { Pointing } from './pointing.ts'
import type { Seen } from './seen.ts'
import type { Turns } from './turns.ts'
import { NO_SID } from './views.ts'

interface LifecycleParts {
  store: Pick<Store, 'settings' | 'commit' | 'onState'>
  clock: Clock
  log: Log
  tunnel: TunnelSupervisor
  way: () => WayView
  /** The account that is set. */
  account: () => CarrierAccount | undefined
  accountSid: () => string | undefined
  /** Asks Twilio about it. */
  check: () => Promise<void>
  seen: Seen
  pointing: Pointing
  turns: Turns
  changed: () => void
}

/** From the wish to be live to numbers that lead here, and back, over outages, starts and ends. */
export interface Lifecycle {
  /** The program ends: nothing is begun any more. */
  readonly isEnding: boolean
  /** A first text has come by a webhook since going live. */
  readonly hasHeard: boolean
  heard(): void
  /** Whether the last thing we set was this address. */
  isPointedAt(url: string | null): boolean
  /** Brings the numbers to what is wanted: those no longer to come here are put back, the chosen are pointed here. */
  pointHere(asked: 'takeOver' | 'unlessChanged'): Promise<void>
  go(): Promise<void>
  /** `anyway`: though Twilio refuses to put the numbers back; what cannot be asked is no refusal. */
  leave(anyway?: boolean): Promise<void>
  /** A way was chosen: it stays open when the numbers are put back. */
  staysOpen(): void
  leavingView(): LeavingView | null
  /** Goes live where that was wanted before, or with the numbers given. */
  start(given: readonly GivenNumber[] | undefined): void
  /** An account was entered: goes on with what was wanted, as a start would. */
  goOn(): Promise<void>
  stop(): Promise<void>
}

/** The numbers are looked at again this often while live, and after a failure that may pass, ms. */
const LOOK_EVERY_MS = 600_000
const FIRST_WAIT_MS = 2_000
const LONGEST_WAIT_MS = 300_000
/** At the end Twilio has so long to take the numbers back: some requests, of seconds each where it is slow, ms. */
const END_MS = 20_000

export const PUTTING_BACK = 'Putting the numbers back'

export function createLifecycle(parts: LifecycleParts): Lifecycle {
  const { store, clock, log, tunnel, seen, pointing, turns } = parts
  let hasHeard = false
  /** From the word to leave until every number is put back: then the way is closed, unless one was chosen meanwhile. */
  let isLeaving = false
  let isEnding = false
  /** With the way as it is open now: what is kept may be of a moment before Twilio was asked, or of one that failed. */
  let hasLooked = false
  /** A person asked for the numbers, and none could be pointed since. */
  let isTakingOver = false
  let failures = 0
  /** When what failed is tried again, ms; undefined while nothing failed, or it is being tried. */
  let nextTryAt: number | undefined
  let stopWaiting: (() => void) | undefined

  async function pointHere(asked: 'takeOver' | 'unlessChanged'): Promise<void> {
    try {
      await bringAbout(asked)
    } catch (error) {
      // Whatever it was, a disk that is full perhaps: the numbers are not left alone for it.
      lookAgain(true, 'Looking at the numbers', () => pointHere('unlessChanged'))
      throw error
    }
  }

  async function bringAbout(asked: 'takeOver' | 'unlessChanged'): Promise<void> {
    const of = parts.account()
    if (!of) return
    isTakingOver ||= asked === 'takeOver'
    nextTryAt = undefined
    const unwanted = pointing.unwanted()
    const back = await pointing.putBack(unwanted)
    const { url, state, provider } = tunnel.view()
    const canPoint = state === 'up' && url !== null && readKept(store).wanted
    hasLooked = canPoint
    if (!canPoint && unwanted.size === 0) return
    const how = isTakingOver ? 'takeOver' : 'unlessChanged'
    const here = canPoint ? await pointing.point(url, how, provider === 'localtunnel') : undefined
    // Once all were taken a later look goes on with what is written down.
    if (here?.listed && !here.again) isTakingOver = false
    seen.problems = new Map([...back.problems, ...(here?.problems ?? [])])
    const now = here?.listed ?? back.listed
    if (now) await seen.take(of, now)
    const isLeft = pointing.unwanted().size > 0
    if (isLeft || canPoint)
      lookAgain(isLeft || here?.again === true, canPoint ? 'Looking at the numbers' : PUTTING_BACK, () =>
        pointHere('unlessChanged'),
      )
    else closeIfLeft()
  }

  /** The way that was open the last time, and where numbers were not put back yet until they are. */
  function openAgain(): void {
    const { wanted, open, way: kept } = readKept(store)
    isLeaving ||= !wanted && !open && pointing.unwanted().size > 0 && tunnel.view().state === 'off'
    if (wanted || isLeaving || (open && kept.kind !== 'none')) tunnel.open(parts.way())
  }

  function closeIfLeft(): void {
    if (isLeaving) tunnel.close()
    isLeaving = false
  }

  /** Later, when all is well; soon, and less and less soon, where something failed that may pass. */
  function lookAgain(hasFailed: boolean, words: string, look: () => Promise<void>): void {
    if (isEnding) return
    failures = hasFailed ? failures + 1 : 0
    stopWaiting?.()
    const wait = hasFailed ? Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS) : LOOK_EVERY_MS
    nextTryAt = hasFailed ? clock.now() + wait : undefined
    stopWaiting = clock.after(wait, () => turns.later(words, look))
  }

  /** What the environment says, done as a person would do it on the page. */
  async function goAsGiven(given: readonly GivenNumber[]): Promise<void> {
    await parts.check()
    await seen.read()
    if (seen.readAt === undefined) {
      log.warn(`The numbers could not be read, so it is not live yet: ${seen.problems.get('') ?? NO_SID}`)
      return lookAgain(true, 'Going live', () => goAsGiven(given))
    }
    const { chosen, missing, waiting } = chosenOf(given, seen, readKept(store).chosen)
    if (missing.length > 0) {
      const sentence = new SwitchboardError('numbers_unknown', { numbers: missing.join(', ') }).message
      log.error(sentence)
      seen.problems = new Map([...seen.problems, ['', sentence]])
    }
    if (chosen.length === 0 && !waiting) return
    try {
      await keep(store, { ...choose(readKept(store), chosen, parts.accountSid()), wanted: true })
      tunnel.open(parts.way())
      await pointHere('unlessChanged')
      if (waiting) lookAgain(true, 'Going live', () => goAsGiven(given))
    } catch (error) {
      lookAgain(true, 'Going live', () => goAsGiven(given))
      throw error
    }
  }

  const isPointedAt = (url: string | null): boolean => {
    const { chosen, pointed } = readKept(store)
    return chosen.every(({ sid }) =>
      pointed.some((one) => one.sid === sid && url !== null && leadsHere(one.ours.sms_url ?? '', url)),
    )
  }

  const stopWatching = tunnel.onChange(({ state, url }) => {
    if (state === 'up' && readKept(store).wanted && (!hasLooked || isTakingOver || !isPointedAt(url)))
      turns.later('Pointing the numbers here', () => pointHere('unlessChanged'))
    else parts.changed()
  })
  const stopWatchingDisk = store.onState(({ state }) => {
    const { wanted } = readKept(store)
    // What could not be written down was not done either.
    if (state === 'ok' && (wanted || pointing.unwanted().size > 0))
      turns.later('Looking at the numbers', () => pointHere('unlessChanged'))
  })

  return {
    get isEnding() {
      return isEnding
    },
    get hasHeard() {
      return hasHeard
    },
    heard() {
      if (hasHeard || !readKept(store).wanted) return
      hasHeard = true
      parts.changed()
    },
    isPointedAt,
    pointHere,
    async go() {
      hasHeard = false
      isLeaving = false
      await keep(store, { wanted: true })
      tunnel.open(parts.way())
      await pointHere('takeOver')
    },
    async leave(anyway = false) {
      // Durable first: what can't be put back now is put back by itself, after a new start too.
      await keep(store, { wanted: false, open: false })
      isTakingOver = false
      stopWaiting?.()
      hasHeard = false
      isLeaving = true
      await pointHere('unlessChanged')
      if (pointing.unwanted().size === 0) return closeIfLeft()
      if (anyway && pointing.isRefused) {
        stopWaiting?.()
        nextTryAt = undefined
        await pointing.setAside()
        return closeIfLeft()
      }
      const [why = ''] = seen.problems.values()
      throw new SwitchboardError('not_possible', { what: `The numbers could not be put back: ${why}` })
    },
    staysOpen() {
      isLeaving = false
    },
    leavingView() {
      const left = readKept(store).wanted ? [] : [...pointing.unwanted()]
      if (left.length === 0) return null
      const whys = [...left, ''].map((sid) => seen.problems.get(sid) ?? '')
      return {
        left: left.length,
        next_try_at: nextTryAt === undefined ? null : iso(nextTryAt),
        why: whys.find((why) => why !== '') ?? '',
        refused: pointing.isRefused,
        numbers: pointing.left(),
      }
    },
    start(given) {
      if (given) return turns.later('Going live', () => goAsGiven(given))
      openAgain()
      // Not put back at the end, or no longer chosen.
      if (pointing.unwanted().size > 0) turns.later(PUTTING_BACK, () => pointHere('unlessChanged'))
    },
    async goOn() {
      openAgain()
      await pointHere('unlessChanged')
    },
    async stop() {
      stopWaiting?.()
      stopWatching()
      stopWatchingDisk()
      // Whoever gets a free subdomain next would get the business's messages; an own address stays its owner's.
      isEnding = true
      pointing.end(false)
      const atFree = (): number => pointing.held().filter(({ free }) => free.length > 0).length
      const count = atFree()
      const end = async (): Promise<void> => {
        await turns.over()
        if (count === 0 || !parts.account()) return
        const [why] = (await pointing.putBack('free')).problems.values()
        if (why !== undefined)
          log.warn(`${STILL_HERE} ${why} ${String(atFree())} of ${String(count)} are left.`)
      }
      const isDone = await withinLimit(clock, END_MS, end(), log)
      pointing.end(true)
      turns.stop()
      if (!isDone && count > 0)
        log.warn(
          `${STILL_HERE} Twilio did not answer in time. ${String(atFree())} of ${String(count)} are left.`,
        )
    },
  }
}

const STILL_HERE =
  'The numbers still point at an address that is no longer ours; the next start goes on with them.'

/** Waits for it so long and no longer, and says whether it was done; what is not is done at the next start. */
async function withinLimit(clock: Clock, ms: number, work: Promise<unknown>, log: Log): Promise<boolean> {
  let stop: () => void = () => undefined
  const late = new Promise<'late'>((resolve) => {
    stop = clock.after(ms, () => resolve('late'))
  })
  const done = work.catch((error: unknown) => log.error('The numbers could not be put back', error))
  const first = await Promise.race([done, late])
  stop()
  return first !== 'late'
}
