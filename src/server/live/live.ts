import type { Handlers } from '../../shared/contract.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import type { LeavingView, LiveView, SelfTestView, WayView } from '../../shared/live.ts'
import type { AccountKeeper, Credentials } from '../account.ts'
import type { Outcome } from '../carrier/carrier.ts'
import type { AccountRecord, CarrierAccount } from '../carrier/twilio-account.ts'
import type { GivenNumber } from '../given-numbers.ts'
import { iso } from '../iso.ts'
import type { Clock, Log } from '../ports.ts'
import type { Store } from '../store/types.ts'
import type { SelfTest } from '../tunnel/self-test.ts'
import type { TunnelSupervisor } from '../tunnel/tunnel.ts'
import { type Endpoint, readEndpoints } from './endpoints.ts'
import { chosenOf } from './given.ts'
import { heldBy, keep, readKept } from './kept.ts'
import { isRegistered, NO_SURROUNDINGS, overrideOf, readSurroundings } from './overrides.ts'
import { Pointing, type Problems } from './pointing.ts'
import { accountView, type Checked, NO_SID, numberView } from './views.ts'
import { warningsOf } from './warnings.ts'
import { checkWay } from './way.ts'

export interface LiveParts {
  store: Pick<Store, 'settings' | 'commit'>
  clock: Clock
  log: Log
  keeper: AccountKeeper
  /** The account behind these credentials, whether they are kept or not. */
  accountOf: (credentials: Required<Credentials>) => CarrierAccount
  tunnel: TunnelSupervisor
  /** A way given from outside (flags): it holds until a screen chooses another. */
  givenWay: WayView | undefined
  /** Numbers given from outside (the environment): it goes live with them by itself. */
  givenNumbers: readonly GivenNumber[] | undefined
  /** Where Twilio itself answers a call nobody here can, and nobody did before. */
  hostedVoicemail: string
  /** Sends a signed request around; told of each hop. Undefined where that can't be done. */
  selfTest?: SelfTest
  /** Has `then` called with each answer of 401 to the credentials that are set. */
  onUnauthorized?: (then: () => void) => void
  tell: (view: LiveView) => void
  /** The account was entered, changed or forgotten. */
  onAccount: () => void
}

export interface Live {
  view(): LiveView
  handlers: Pick<Handlers, LiveName>
  /** Goes live where that was wanted before. */
  start(): void
  /** A text has come by a webhook. */
  heard(): void
  /** Twilio answers: where it could not be asked about the account before, or refused it, it is asked now. */
  answered(): void
  /** Something was refused as if the account were not ours: Twilio is asked about it, once a minute at most. */
  doubted(): void
  /** Puts back, within a limit, what a free subdomain must not keep; goes live again at the next start. */
  stop(): Promise<void>
}

type LiveName = Extract<keyof Handlers, `live.${string}`>

/** Doubt of the account has Twilio asked so often at most, ms. */
const DOUBT_EVERY_MS = 60_000
/** The numbers are looked at again this often while live, and after a failure that may pass, ms. */
const LOOK_EVERY_MS = 600_000
const FIRST_WAIT_MS = 2_000
const LONGEST_WAIT_MS = 300_000
/** At the end Twilio has so long at most to take many numbers back, ms. */
const LONGEST_END_MS = 20_000

/** From an account to numbers that lead here, step by step, each of which can be undone. */
export function createLive(parts: LiveParts): Live {
  const { store, clock, log, keeper, tunnel } = parts
  let record: Checked | undefined
  let { givenWay } = parts
  let endpoints: Endpoint[] = []
  let around = NO_SURROUNDINGS
  let readAt: number | undefined
  let problems: Problems = new Map()
  let doing = ''
  let test: SelfTestView | null = null
  let heardSince = false
  /** From the word to leave until every number is put back: then the way is closed, unless one was chosen meanwhile. */
  let isLeaving = false
  let isEnding = false
  let isStopped = false
  let doubtedAt: number | undefined
  let failures = 0
  /** When what failed is tried again, ms; undefined while nothing failed, or it is being tried. */
  let nextTryAt: number | undefined
  let stopWaiting: (() => void) | undefined
  let last: Promise<unknown> = Promise.resolve()

  const account = (): CarrierAccount | undefined => {
    const set = keeper.current()
    return set?.accountSid === undefined ? undefined : parts.accountOf({ ...set, accountSid: set.accountSid })
  }
  const pointing = new Pointing({
    store,
    clock,
    log,
    account,
    accountSid: () => keeper.current()?.accountSid,
    hosted: parts.hostedVoicemail,
  })

  const changed = (): void => {
    if (!isStopped) parts.tell(view())
  }

  /** One after another, with what is under way in words. */
  function inTurn<T>(words: string, task: () => Promise<T>): Promise<T> {
    const done = last.then(async () => {
      doing = words
      changed()
      try {
        return await task()
      } finally {
        doing = ''
        changed()
      }
    })
    last = done.catch(() => undefined)
    return done
  }

  function way(): WayView {
    return givenWay ?? readKept(store).way
  }

  async function check(of: CarrierAccount, sid: string): Promise<Outcome<AccountRecord>> {
    const outcome = await of.fetch()
    if (sid === keeper.current()?.accountSid) record = { of: sid, checkedAt: clock.now(), outcome }
    return outcome
  }

  /** The account and its numbers, as Twilio knows them now. */
  async function askAll(): Promise<void> {
    const sid = keeper.current()?.accountSid
    const of = account()
    if (of && sid !== undefined) await check(of, sid)
    await readNumbers()
  }

  async function readNumbers(): Promise<void> {
    const of = account()
    if (!of) return
    const listed = await readEndpoints(of, heldBy(readKept(store), keeper.current()?.accountSid))
    if (listed.ok) {
      around = await readSurroundings(of, listed.value)
      endpoints = listed.value
      readAt = clock.now()
      problems = new Map([...problems].filter(([sid]) => sid !== ''))
    } else problems = new Map([...problems, ['', listed.error.sentence]])
  }

  /** Brings the numbers to what is wanted: those no longer to come here are put back, the chosen are pointed here. */
  async function pointHere(asked: 'takeOver' | 'unlessChanged'): Promise<void> {
    const of = account()
    if (!of) return
    nextTryAt = undefined
    const unwanted = pointing.unwanted()
    const back = await pointing.putBack(unwanted)
    const { url, state, provider } = tunnel.view()
    const canPoint = state === 'up' && url !== null && readKept(store).wanted
    if (!canPoint && unwanted.size === 0) return
    const here = canPoint ? await pointing.point(url, asked, provider === 'localtunnel') : undefined
    problems = new Map([...back.problems, ...(here?.problems ?? [])])
    const now = here?.endpoints.length ? here.endpoints : back.endpoints
    if (now.length > 0) {
      around = await readSurroundings(of, now)
      endpoints = now
      readAt = clock.now()
    }
    const isLeft = pointing.unwanted().size > 0
    if (isLeft || canPoint)
      lookAgain(isLeft || here?.again === true, canPoint ? 'Looking at the numbers' : PUTTING_BACK, () =>
        pointHere('unlessChanged'),
      )
    else closeIfLeft()
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
    stopWaiting = clock.after(wait, () => later(words, look))
  }

  /** What the environment says, done as a person would do it on the page. */
  async function goAsGiven(given: readonly GivenNumber[]): Promise<void> {
    const set = keeper.current()
    const of = account()
    if (set?.accountSid !== undefined && of) await check(of, set.accountSid)
    await readNumbers()
    if (readAt === undefined) {
      log.warn(`The numbers could not be read, so it is not live yet: ${problems.get('') ?? NO_SID}`)
      return lookAgain(true, 'Going live', () => goAsGiven(given))
    }
    const { chosen, missing } = chosenOf(given, endpoints)
    if (missing.length > 0) {
      const sentence = new SwitchboardError('numbers_unknown', { numbers: missing.join(', ') }).message
      log.error(sentence)
      problems = new Map([...problems, ['', sentence]])
    }
    if (chosen.length === 0) return
    await keep(store, { chosen, wanted: true })
    tunnel.open(way())
    await pointHere('unlessChanged')
  }

  function later(words: string, task: () => Promise<void>): void {
    inTurn(words, task).catch((error: unknown) => {
      if (!isStopped) log.error(`${words} failed`, error)
    })
  }

  const stopWatching = tunnel.onChange(({ state, url }) => {
    if (state === 'up' && readKept(store).wanted && !isPointedAt(url))
      later('Pointing the numbers here', () => pointHere('unlessChanged'))
    else changed()
  })

  /** Whether the last thing we set was this address. */
  const isPointedAt = (url: string | null): boolean => {
    const { chosen, pointed } = readKept(store)
    return chosen.every(({ sid }) =>
      pointed.some((one) => one.sid === sid && url !== null && one.ours.sms_url?.startsWith(`${url}/`)),
    )
  }

  function leavingView(): LeavingView | null {
    const left = readKept(store).wanted ? [] : [...pointing.unwanted()]
    if (left.length === 0) return null
    const whys = [...left, ''].map((sid) => problems.get(sid) ?? '')
    return {
      left: left.length,
      next_try_at: nextTryAt === undefined ? null : iso(nextTryAt),
      why: whys.find((why) => why !== '') ?? '',
      refused: pointing.isRefused,
      numbers: pointing.left(),
    }
  }

  function view(): LiveView {
    const kept = readKept(store)
    const { wanted } = kept
    const tunnelView = tunnel.view()
    const base = tunnelView.url
    const all = endpoints.map((one) => numberView(one, kept, around, problems, base))
    const chosen = all.filter((number) => number.chosen)
    const of = accountView(keeper, record)
    return {
      account: of,
      numbers: all,
      numbers_read_at: readAt === undefined ? null : iso(readAt),
      way: way(),
      tunnel: tunnelView,
      wanted,
      leaving: leavingView(),
      live:
        wanted &&
        tunnelView.state === 'up' &&
        chosen.length > 0 &&
        isPointedAt(base) &&
        chosen.every(({ state }) => state === 'here'),
      doing,
      problem: problems.get('') ?? '',
      warnings: warningsOf(of, all, way(), (sid) => isRegistered(sid, around)),
      test,
      sandbox:
        base === null
          ? null
          : {
              when_a_message_comes_in: `${base}/webhooks/whatsapp`,
              status_callback: `${base}/webhooks/status`,
            },
      heard: heardSince,
    }
  }

  /** `anyway`: though Twilio refuses to put the numbers back; what cannot be asked is no refusal. */
  async function leave(anyway = false): Promise<void> {
    stopWaiting?.()
    // Durable first: what can't be put back now is put back by itself, after a new start too.
    await keep(store, { wanted: false })
    heardSince = false
    isLeaving = true
    await pointHere('unlessChanged')
    if (pointing.unwanted().size === 0) return closeIfLeft()
    if (anyway && pointing.isRefused) {
      stopWaiting?.()
      nextTryAt = undefined
      await pointing.setAside()
      return closeIfLeft()
    }
    const [why = ''] = problems.values()
    throw new SwitchboardError('not_possible', { what: `The numbers could not be put back: ${why}` })
  }

  function doubted(): void {
    if (
      isEnding ||
      isStopped ||
      doing !== '' ||
      !account() ||
      accountView(keeper, record).state === 'refused'
    )
      return
    const since = doubtedAt === undefined ? DOUBT_EVERY_MS : clock.now() - doubtedAt
    // A clock that was set back does not keep it from being asked.
    if (since >= 0 && since < DOUBT_EVERY_MS) return
    doubtedAt = clock.now()
    later('Asking Twilio', askAll)
  }
  parts.onUnauthorized?.(doubted)

  const handlers: Live['handlers'] = {
    'live.get': async () => {
      if (readAt === undefined && account() && doing === '') later('Asking Twilio', askAll)
      return view()
    },

    'live.account': ({ account_sid, auth_token }) =>
      inTurn('Asking Twilio', async () => {
        if (keeper.kept === 'environment') throw new SwitchboardError('account_fixed')
        if (!/^AC[0-9a-fA-F]{32}$/.test(account_sid))
          throw new SwitchboardError('account_refused', {
            why: 'an account SID is AC and 32 more characters; it stands on the first page of Twilio’s console.',
          })
        if (auth_token === '')
          throw new SwitchboardError('account_refused', { why: 'the auth token is missing.' })
        const given = { accountSid: account_sid, authToken: auth_token }
        const outcome = await parts.accountOf(given).fetch()
        if (!outcome.ok) {
          const { kind, code, sentence: said } = outcome.error
          const why = code === WRONG_CREDENTIALS ? NOT_TOGETHER : said
          throw new SwitchboardError(kind === 'refused' ? 'account_refused' : 'account_unreached', { why })
        }
        if (outcome.value.status !== 'active')
          throw new SwitchboardError('account_refused', { why: `it is ${outcome.value.status}.` })
        const present = keeper.current()?.accountSid
        if (present !== undefined && present !== account_sid && pointing.held().length > 0)
          throw new SwitchboardError('not_possible', {
            what: 'Numbers of the other account still point here. Stop being live first, so that they are put back. Where Twilio refuses that, forget the account.',
          })
        await keeper.set(given)
        record = { of: account_sid, checkedAt: clock.now(), outcome }
        parts.onAccount()
        await readNumbers()
        if (pointing.unwanted().size > 0) await pointHere('unlessChanged')
        return view()
      }),

    'live.forget': ({ anyway }) =>
      inTurn('Forgetting the account', async () => {
        if (keeper.kept === 'environment') throw new SwitchboardError('account_fixed')
        if (pointing.held().length > 0 || readKept(store).wanted) await leave(anyway)
        await keeper.set(undefined)
        record = undefined
        endpoints = []
        readAt = undefined
        problems = new Map()
        await keep(store, { chosen: [] })
        parts.onAccount()
        return view()
      }),

    'live.numbers': () =>
      inTurn('Reading the numbers', async () => {
        if (!account()) throw new SwitchboardError('account_missing')
        await askAll()
        return view()
      }),

    'live.choose': ({ numbers: chosen }) =>
      inTurn('Choosing numbers', async () => {
        for (const { sid } of chosen)
          if (!endpoints.some((one) => one.sid === sid))
            throw new SwitchboardError('not_possible', {
              what: 'One of these numbers is no longer in the account. Read the numbers again.',
            })
        const dropped = readKept(store).chosen.filter(({ sid }) => !chosen.some((one) => one.sid === sid))
        const known = new Map(endpoints.map((one) => [one.sid, one.number]))
        await keep(store, { chosen: chosen.map((one) => ({ ...one, number: known.get(one.sid) ?? '' })) })
        if (readKept(store).wanted || dropped.length > 0) await pointHere('takeOver')
        return view()
      }),

    'live.way': ({ kind, url }) =>
      inTurn('Opening the way in', async () => {
        const wanted = checkWay({ kind, url: url.trim().replace(/\/+$/, '') })
        if (wanted.kind === 'none' && readKept(store).wanted) await leave()
        await keep(store, { way: wanted })
        givenWay = undefined
        isLeaving = false
        // Open from now on, so that it is proved before a number depends on it.
        if (wanted.kind === 'none') tunnel.close()
        else tunnel.open(wanted)
        return view()
      }),

    'live.go': () =>
      inTurn('Going live', async () => {
        if (!account()) throw new SwitchboardError('account_missing')
        if (readKept(store).chosen.length === 0) throw new SwitchboardError('numbers_missing')
        if (way().kind === 'none') throw new SwitchboardError('way_missing')
        heardSince = false
        isLeaving = false
        await keep(store, { wanted: true })
        tunnel.open(way())
        await pointHere('takeOver')
        return view()
      }),

    'live.leave': () =>
      inTurn(PUTTING_BACK, async () => {
        await leave()
        return view()
      }),

    'live.test': ({ sid }) =>
      inTurn('Testing the way around', async () => {
        const { url } = tunnel.view()
        if (url === null || !parts.selfTest) throw new SwitchboardError('way_missing')
        await readNumbers()
        const wanted = sid ?? readKept(store).chosen[0]?.sid
        if (wanted === undefined) throw new SwitchboardError('numbers_missing')
        const tested = endpoints.find((one) => one.sid === wanted)
        await parts.selfTest(
          tested && {
            number: tested.number,
            medium: tested.kind === 'whatsapp' ? 'whatsapp' : 'sms',
            addresses: tested.addresses,
            overridden: overrideOf(tested, 'leave', around),
          },
          url,
          (now) => {
            test = now
            changed()
          },
        )
        return view()
      }),
  }

  return {
    view,
    handlers,
    start() {
      const { wanted, way: kept } = readKept(store)
      if (!keeper.current()) return
      if (parts.givenNumbers) later('Going live', () => goAsGiven(parts.givenNumbers ?? []))
      else {
        if (wanted || kept.kind !== 'none') tunnel.open(way())
        // Not put back at the end, or no longer chosen.
        if (pointing.unwanted().size > 0) later(PUTTING_BACK, () => pointHere('unlessChanged'))
      }
    },
    heard() {
      if (heardSince || !readKept(store).wanted) return
      heardSince = true
      changed()
    },
    answered() {
      if (record && accountView(keeper, record).state !== 'good' && doing === '')
        later('Asking Twilio', askAll)
    },
    doubted,
    async stop() {
      stopWaiting?.()
      stopWatching()
      // Whoever gets a free subdomain next would get the business's messages; an own address stays its owner's.
      isEnding = true
      pointing.end(false)
      const atFree = (): number => pointing.held().filter(({ free }) => free.length > 0).length
      const count = atFree()
      const end = async (): Promise<void> => {
        await last
        if (count === 0 || !account()) return
        const [why] = (await pointing.putBack('free')).problems.values()
        if (why !== undefined)
          log.warn(`${STILL_HERE} ${why} ${String(atFree())} of ${String(count)} are left.`)
      }
      const isDone = await withinLimit(clock, Math.min(5_000 + 250 * count, LONGEST_END_MS), end(), log)
      pointing.end(true)
      isStopped = true
      if (!isDone && count > 0)
        log.warn(
          `${STILL_HERE} Twilio did not answer in time. ${String(atFree())} of ${String(count)} are left.`,
        )
    },
  }
}

const PUTTING_BACK = 'Putting the numbers back'
/** Twilio's code for credentials it does not know, or that may not do this. */
const WRONG_CREDENTIALS = 20_003
const NOT_TOGETHER =
  'the SID and the token don’t belong together, or the token was renewed. Compare both with the first page of Twilio’s console.'

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
