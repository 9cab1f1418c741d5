import { SwitchboardError } from '../../shared/errors.ts'
import type { CatchUpView } from '../../shared/live.ts'
import { iso } from '../iso.ts'
import type { Medium } from '../../shared/documents.ts'
import type { Carrier } from '../carrier/carrier.ts'
import type { CarrierLists, ListingCarrier } from '../carrier/lists.ts'
import type { Clock } from '../ports.ts'
import type { Store } from '../store/types.ts'
import { type Asking, Details } from './details.ts'
import type { Outcomes, Round } from './found.ts'
import { Cancelled, CarrierFailed, Hurry, type ListsFailed, patiently, type Patience } from './gather.ts'
import { begun, withAhead } from './kept.ts'
import { Memory } from './memory.ts'
import { createOurs } from './ours.ts'
import { pass, WEBHOOK_FIRST } from './pass.ts'
import { GIVEN_UP_AFTER, Taker, type TakeParts } from './take.ts'
import { createTriggers } from './triggers.ts'
import {
  CANCELLED,
  doneWords,
  failedWords,
  FIRST_TIME,
  NO_CATCH_UP,
  NOT_YET,
  OTHER_ACCOUNT,
  READING,
  untakenWords,
  WISH_CANCELLED,
} from './words.ts'

export interface CatchUpOptions extends Omit<TakeParts, 'store'> {
  store: Pick<
    Store,
    'commit' | 'find' | 'mayHave' | 'isErased' | 'channels' | 'key' | 'keys' | 'settings' | 'onCommit'
  >
  /** One without lists can't be caught up with. */
  carrier: () => Carrier | ListingCarrier | undefined
  /** The account the carrier is of; undefined while there is none. */
  account: () => string | undefined
  clock: Clock
  /** Whether a number's texts or calls are taken; undefined: it doesn't say, and what is usual holds. */
  chosen?: (number: string, medium: Medium) => boolean | undefined
  /** The machine was asleep, or its clock was set: to begin a reading is for whoever is told. By default it begins. */
  woke?: () => void
  /** A reading has ended, well or not; another may follow at once. */
  ended?: () => void
  /** How it looks has changed. */
  changed: (view: CatchUpView) => void
  /** ms between two requests; by default 100. */
  pause?: number
  /** 1–1000; by default the longest. */
  pageSize?: number
}

/** Reads the carrier's lists for what no webhook brought, and offers it to the intake. One reading at a time. */
export interface CatchUp {
  /** From now on by itself: at once, every few minutes, and when the machine was asleep. */
  start(): void
  /** Looks whether the machine was asleep since it was last looked, and tells (`woke`) before it returns. */
  look(): void
  /** Something may have been missed: the machine woke, or the way in is open again. Returns at once. */
  now(): void
  /** By hand; with days also what is that old. Returns at once; throws SwitchboardError not_possible without an account. */
  read(days?: number): void
  /** Ends what is under way; what was taken stays. Resolves when it has ended. */
  cancel(): Promise<void>
  /** A webhook brought what had been taken from a list before. */
  brought(sid: string): void
  /** The notice of what arrived meanwhile was seen. */
  seen(): Promise<void>
  view(): CatchUpView
  /** The last reading ended because the carrier could not be reached at all. */
  isUnreached(): boolean
  /** How far the carrier's clock was ahead of ours when the last reading began, ms; undefined before the first. */
  ahead(): number | undefined
  /** The same as it was known before the start: it may not hold any more. */
  aheadBefore(): number | undefined
  /** Resolves when nothing is being read. */
  idle(): Promise<void>
  stop(): Promise<void>
}

const PAUSE = 100
const DAY_MS = 86_400_000
/** What is left of days asked for may be much to read, and is so this seldom (ms). */
const ASKED_EVERY = 15 * 60_000
/** Read so soon (ms) after its account was there, a first reading has missed nothing. */
const AT_ONCE = 5_000

export function createCatchUp(options: CatchUpOptions): CatchUp {
  const { store, carrier, account, clock, log, changed, chosen = () => undefined, pause = PAUSE } = options
  const details = new Details(log)
  const taker = new Taker(options, details)
  let running: Promise<void> | undefined
  let aborting: AbortController | undefined
  let again = false
  /** Days asked for by hand, and of which account. */
  let asked: { days: number; of: string } | undefined
  /** Of days asked for something is left: before this (ms, the carrier's clock) it is not looked at again. */
  let askedNext = 0
  /** What was cancelled last had been asked for by hand. */
  let dropped = false
  let status: Pick<CatchUpView, 'state' | 'looked_at' | 'found' | 'sentence'> = {
    state: 'idle',
    looked_at: 0,
    found: 0,
    sentence: NOT_YET,
  }
  let told = ''
  const memory = new Memory(store, account, () => {
    tell()
  })
  let stopped = false
  let ahead: number | undefined
  const hurry = new Hurry()

  let isUnreached = false
  /** Asked for by a person, who is to see that it begins. */
  let isByHand = false
  const triggers = createTriggers(clock, go, options.woke)

  function view(): CatchUpView {
    const known = memory.now()
    if (!source()) return NO_CATCH_UP
    return {
      ...status,
      read_to: known?.unread ? null : (known?.read_to ?? null),
      away: known?.away ?? null,
    }
  }

  function source(): { account: string; carrier: Carrier; lists: CarrierLists } | undefined {
    const [of, by] = [account(), carrier()]
    return of !== undefined && by && 'lists' in by ? { account: of, carrier: by, lists: by.lists } : undefined
  }

  function tell(more: Partial<typeof status> = {}): void {
    status = { ...status, ...more }
    const now = view()
    const text = JSON.stringify(now)
    if (text !== told) changed(now)
    told = text
  }

  /** Begins, or has what is under way followed by another. */
  function go(): void {
    if (stopped) return
    if (running) {
      again = true
      return
    }
    again = false
    running = run().finally(() => {
      options.ended?.()
      running = undefined
      if (again) go()
    })
  }

  async function run(): Promise<void> {
    const from = source()
    if (!from) {
      isUnreached = false
      tell({ state: 'idle', sentence: NOT_YET })
      return triggers.whenPossible()
    }
    aborting = new AbortController()
    const patience: Patience = { clock, signal: aborting.signal, pause, hurry }
    // While there is no network it is tried again and again, and what was said of it stands.
    if (!isUnreached || isByHand) tellReading()
    isByHand = false
    try {
      const soon = await read(from, patience)
      isUnreached = false
      if (soon) triggers.soon()
      else triggers.later()
    } catch (cause) {
      const wasUnreached = isUnreached
      if (cause instanceof Cancelled) {
        const isStopped = aborting.signal.aborted
        // Ended by hand, it says nothing of the network; of another account that is not known yet.
        isUnreached = wasUnreached && isStopped
        tell({
          state: 'idle',
          sentence: !isStopped ? OTHER_ACCOUNT : dropped ? WISH_CANCELLED : CANCELLED,
        })
        return isUnreached ? triggers.afterFailure(true) : triggers.later()
      }
      isUnreached = cause instanceof CarrierFailed && cause.error.kind === 'unreached'
      const isForeseen = cause instanceof SwitchboardError || cause instanceof CarrierFailed
      if (isUnreached && wasUnreached) log.debug('Twilio still cannot be reached')
      else if (isForeseen) log.warn(`Twilio’s lists could not be read: ${cause.message}`)
      else log.error('Catching up ended in a way that was not foreseen', cause)
      tell({ state: 'failed', sentence: failedWords(cause) })
      triggers.afterFailure(isUnreached)
    } finally {
      aborting = undefined
    }
  }

  function tellReading(): void {
    tell({ state: 'reading', looked_at: 0, found: 0, sentence: READING })
  }

  /** Resolves with whether to look again soon. */
  async function read(
    { account: of, lists }: { account: string; lists: CarrierLists },
    patience: Patience,
  ): Promise<boolean> {
    const stillThis = (): void => {
      if (account() !== of) throw new Cancelled()
    }
    // From now on nothing of this account is missed, also where its lists can't be read at once.
    if (memory.now() === undefined) {
      const at = iso(clock.now())
      await memory.begin({ account: of, since: at, read_to: at, unread: true })
    }
    // The first page of nothing: tells that the account can be read, and what time it is there.
    await patiently(() => lists.messages({ after: clock.now(), pageSize: 1 }), patience)
    stillThis()
    if (status.state !== 'reading') tellReading()
    const heard = lists.heardAt()
    ahead = heard === undefined ? undefined : heard - clock.now()
    const now = heard ?? clock.now()
    const before = memory.now()
    if (!before) throw new Cancelled()
    const first = before.unread === true
    const known = first ? begun(before, ahead ?? 0, now) : before
    const kept = withAhead(known, ahead)
    if (kept !== before) await memory.begin(kept)
    const asking: Asking = { lists, patience, now }
    const round: Round = {
      ...asking,
      ours: createOurs({ store, numbers: () => details.numbers(asking), chosen }),
      others: memory.others,
      since: Date.parse(known.since),
      horizon: now - WEBHOOK_FIRST,
    }
    let soon = false
    let failed: ListsFailed | undefined
    const common = {
      taker,
      round,
      pageSize: options.pageSize,
      progress: (outcomes: Outcomes) => (stillThis(), progress(outcomes)),
    }
    if (!first || now - round.since > AT_ONCE) {
      const end = await pass({
        ...common,
        from: Math.min(Date.parse(known.read_to), now),
        floor: round.since,
        reached: (to) => (stillThis(), memory.reached(to, status.found > 0)),
      })
      soon = end.soon
      failed = end.failed
    }
    const { days } = asked?.of === of ? asked : {}
    asked = undefined
    if (days !== undefined) {
      // Of what was asked for before something may be left.
      const left = Date.parse(memory.now()?.asked?.from ?? iso(now))
      memory.change({ asked: { from: iso(Math.min(now - days * DAY_MS, left)), at: iso(now), found: 0 } })
      await memory.write()
    }
    const wanted = memory.now()?.asked
    if (wanted && (days !== undefined || now >= askedNext)) {
      const from = Date.parse(wanted.from)
      const { at = iso(now) } = wanted
      const askedAt = Date.parse(at)
      // Broken off before, it goes on with what it had found.
      tell({ found: status.found + (wanted.found ?? 0) })
      const end = await pass({
        ...common,
        round: { ...round, askedAt },
        from,
        floor: from,
        progress: (outcomes) => (stillThis(), progress(outcomes, true)),
        reached: (to) => (stillThis(), cameTo(to, at)),
      })
      failed ??= end.failed
      const isUntaken = end.untaken !== undefined && now - askedAt < GIVEN_UP_AFTER
      if (!end.failed && isUntaken) askedNext = now + ASKED_EVERY
      else if (!end.failed) memory.change({ asked: undefined })
      await memory.write()
    }
    if (failed) throw failed
    tell({
      state: 'idle',
      sentence: memory.now()?.asked
        ? untakenWords(status.found)
        : first && !wanted && status.found === 0
          ? FIRST_TIME
          : doneWords(status.found),
    })
    return soon
  }

  async function progress({ looked, fresh, heard }: Outcomes, isAsked = false): Promise<void> {
    memory.missed(heard)
    tell({ looked_at: status.looked_at + looked, found: status.found + fresh })
    const wish = memory.now()?.asked
    if (isAsked && wish) memory.change({ asked: { ...wish, found: status.found } })
    if (heard.length > 0) await memory.write()
  }

  async function cameTo(to: number, at: string): Promise<void> {
    memory.change({ asked: { from: iso(to), at, found: status.found } })
    await memory.write()
  }

  return {
    start() {
      triggers.start()
      go()
    },
    look: () => {
      triggers.look()
    },
    now: go,
    read(days) {
      const from = source()
      if (!from) {
        const what =
          'There is no Twilio account to read from yet. Enter its SID and token in the settings first.'
        throw new SwitchboardError('not_possible', { what })
      }
      const before = asked?.of === from.account ? asked.days : 0
      if (days !== undefined) asked = { days: Math.max(before, days), of: from.account }
      askedNext = 0
      hurry.ask()
      isByHand = true
      go()
    },
    async cancel() {
      again = false
      dropped = asked !== undefined || memory.now()?.asked !== undefined
      asked = undefined
      aborting?.abort()
      await running
      if (memory.now()?.asked) {
        memory.change({ asked: undefined })
        await memory.write()
      }
    },
    brought: (sid) => {
      taker.brought(sid)
    },
    async seen() {
      if (!memory.now()?.away) return
      memory.change({ away: undefined })
      await memory.write()
    },
    view,
    isUnreached: () => isUnreached,
    ahead: () => ahead,
    aheadBefore: () => memory.now()?.ahead,
    async idle() {
      while (running) await running
    },
    async stop() {
      stopped = true
      again = false
      triggers.stop()
      aborting?.abort()
      await running
    },
  }
}
