import type { Handlers } from '../../shared/contract.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import type { AccountView, LiveView, NumberView, SelfTestView, WayView } from '../../shared/live.ts'
import type { AccountKeeper, Credentials } from '../account.ts'
import type { Outcome } from '../carrier/carrier.ts'
import type { AccountRecord, CarrierAccount, NumberRecord } from '../carrier/twilio-account.ts'
import type { Clock, Log } from '../ports.ts'
import type { Store } from '../store/types.ts'
import type { SelfTest } from '../tunnel/self-test.ts'
import type { TunnelSupervisor } from '../tunnel/tunnel.ts'
import { areSet } from './addresses.ts'
import { keep, readKept } from './kept.ts'
import { hasWhatsApp, isRegistered, NO_SURROUNDINGS, overrideOf, readSurroundings } from './overrides.ts'
import { Pointing, type Problems } from './pointing.ts'
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
  /** A way given from outside (flags), which no screen has chosen. */
  givenWay: WayView | undefined
  /** Sends a signed request around; told of each hop. Undefined where that can't be done. */
  selfTest?: SelfTest
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
  /** Puts back, within a limit, what a free subdomain must not keep; goes live again at the next start. */
  stop(): Promise<void>
}

type LiveName = Extract<keyof Handlers, `live.${string}`>

/** The numbers are looked at again this often while live, and after a failure that may pass, ms. */
const LOOK_EVERY_MS = 600_000
const FIRST_WAIT_MS = 2_000
const LONGEST_WAIT_MS = 300_000
/** At the end Twilio has so long to take the numbers back, ms. */
const PUT_BACK_WITHIN_MS = 5_000

/** From an account to numbers that lead here, step by step, each of which can be undone. */
export function createLive(parts: LiveParts): Live {
  const { store, clock, log, keeper, tunnel } = parts
  let record: { of: string; checkedAt: number; outcome: Outcome<AccountRecord> } | undefined
  let numbers: NumberRecord[] = []
  let around = NO_SURROUNDINGS
  let readAt: number | undefined
  let problems: Problems = new Map()
  let doing = ''
  let test: SelfTestView | null = null
  let heardSince = false
  let isStopped = false
  let failures = 0
  let stopWaiting: (() => void) | undefined
  let last: Promise<unknown> = Promise.resolve()

  const account = (): CarrierAccount | undefined => {
    const set = keeper.current()
    return set?.accountSid === undefined ? undefined : parts.accountOf({ ...set, accountSid: set.accountSid })
  }
  const pointing = new Pointing({ store, log, account })

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
    const kept = readKept(store).way
    return kept.kind === 'none' && parts.givenWay ? parts.givenWay : kept
  }

  async function check(of: CarrierAccount, sid: string): Promise<Outcome<AccountRecord>> {
    const outcome = await of.fetch()
    if (sid === keeper.current()?.accountSid) record = { of: sid, checkedAt: clock.now(), outcome }
    return outcome
  }

  async function readNumbers(): Promise<void> {
    const of = account()
    const listed = await of?.numbers()
    if (!of || !listed) return
    if (listed.ok) {
      around = await readSurroundings(of, listed.value)
      numbers = listed.value
      readAt = clock.now()
      problems = new Map([...problems].filter(([sid]) => sid !== ''))
    } else problems = new Map([...problems, ['', listed.error.sentence]])
  }

  async function pointHere(asked: 'takeOver' | 'unlessChanged'): Promise<void> {
    const { url, state } = tunnel.view()
    const of = account()
    if (state !== 'up' || url === null || !readKept(store).wanted || !of) return
    const result = await pointing.point(url, asked)
    problems = result.problems
    if (result.numbers.length > 0) {
      around = await readSurroundings(of, result.numbers)
      numbers = result.numbers
      readAt = clock.now()
    }
    failures = result.again ? failures + 1 : 0
    stopWaiting?.()
    const wait = result.again ? Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS) : LOOK_EVERY_MS
    stopWaiting = clock.after(wait, () => later('Looking at the numbers', () => pointHere('unlessChanged')))
  }

  function later(words: string, task: () => Promise<void>): void {
    inTurn(words, task).catch((error: unknown) => log.error(`${words} failed`, error))
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

  function accountView(): AccountView {
    const set = keeper.current()
    const { kept, sentence: about } = keeper
    const sid = set?.accountSid ?? null
    if (!set)
      return {
        state: 'none',
        sid,
        name: '',
        trial: false,
        checked_at: null,
        kept,
        sentence: about || NO_ACCOUNT,
      }
    const of = record?.of === sid ? record : undefined
    const checked_at = of ? iso(of.checkedAt) : null
    if (!of?.outcome.ok) {
      const error = of?.outcome.ok === false ? of.outcome.error : undefined
      const state = error?.kind === 'refused' ? 'refused' : 'unreached'
      const sentence = error?.sentence ?? (sid === null ? NO_SID : NOT_ASKED)
      return { state, sid, name: '', trial: false, checked_at, kept, sentence: join(sentence, about) }
    }
    const { name, isTrial, status } = of.outcome.value
    const isActive = status === 'active'
    const sentence = isActive ? 'Twilio knows this account.' : `Twilio says that this account is ${status}.`
    return {
      state: isActive ? 'good' : 'refused',
      sid,
      name,
      trial: isTrial,
      checked_at,
      kept,
      sentence: join(sentence, about),
    }
  }

  function numberView(number: NumberRecord): NumberView {
    const { chosen, pointed } = readKept(store)
    const choice = chosen.find(({ sid }) => sid === number.sid)
    const entry = pointed.find(({ sid }) => sid === number.sid)
    const overridden = overrideOf(number, choice?.voice ?? 'leave', around)
    const isHere = entry !== undefined && areSet(number.addresses, entry.ours)
    return {
      sid: number.sid,
      number: number.number,
      name: number.name,
      can: { ...number.can, whatsapp: hasWhatsApp(number.number, around) },
      chosen: choice !== undefined,
      voice: choice?.voice ?? 'leave',
      state:
        overridden !== '' ? 'overridden' : entry === undefined ? 'untouched' : isHere ? 'here' : 'elsewhere',
      before: entry?.before ?? null,
      problem: problems.get(number.sid) ?? overridden,
    }
  }

  function view(): LiveView {
    const { wanted } = readKept(store)
    const all = numbers.map(numberView)
    const tunnelView = tunnel.view()
    const chosen = all.filter((number) => number.chosen)
    const base = tunnelView.url
    const of = accountView()
    return {
      account: of,
      numbers: all,
      numbers_read_at: readAt === undefined ? null : iso(readAt),
      way: way(),
      tunnel: tunnelView,
      wanted,
      live:
        wanted &&
        tunnelView.state === 'up' &&
        chosen.length > 0 &&
        isPointedAt(base) &&
        chosen.every(({ state }) => state === 'here'),
      doing,
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

  async function leave(): Promise<void> {
    stopWaiting?.()
    const result = await pointing.putBack()
    problems = result.problems
    if (result.numbers.length > 0) numbers = result.numbers
    const [why] = result.problems.values()
    if (why !== undefined)
      throw new SwitchboardError('not_possible', { what: `The numbers could not be put back: ${why}` })
    await keep(store, { wanted: false })
    tunnel.close()
    heardSince = false
  }

  const handlers: Live['handlers'] = {
    'live.get': async () => {
      if (readAt === undefined && account() && doing === '')
        later('Asking Twilio', async () => {
          const sid = keeper.current()?.accountSid
          const of = account()
          if (of && sid !== undefined) await check(of, sid)
          await readNumbers()
        })
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
          const { kind, sentence: why } = outcome.error
          throw new SwitchboardError(kind === 'refused' ? 'account_refused' : 'account_unreached', { why })
        }
        if (outcome.value.status !== 'active')
          throw new SwitchboardError('account_refused', { why: `it is ${outcome.value.status}.` })
        if (readKept(store).pointed.length > 0 && keeper.current()?.accountSid !== account_sid)
          throw new SwitchboardError('not_possible', {
            what: 'Numbers of the other account still point here. Stop being live first, so that they are put back.',
          })
        await keeper.set(given)
        record = { of: account_sid, checkedAt: clock.now(), outcome }
        parts.onAccount()
        await readNumbers()
        return view()
      }),

    'live.forget': () =>
      inTurn('Forgetting the account', async () => {
        if (keeper.kept === 'environment') throw new SwitchboardError('account_fixed')
        if (readKept(store).pointed.length > 0 || readKept(store).wanted) await leave()
        await keeper.set(undefined)
        record = undefined
        numbers = []
        readAt = undefined
        problems = new Map()
        await keep(store, { chosen: [] })
        parts.onAccount()
        return view()
      }),

    'live.numbers': () =>
      inTurn('Reading the numbers', async () => {
        if (!account()) throw new SwitchboardError('account_missing')
        await readNumbers()
        return view()
      }),

    'live.choose': ({ numbers: chosen }) =>
      inTurn('Choosing numbers', async () => {
        for (const { sid } of chosen)
          if (!numbers.some((number) => number.sid === sid))
            throw new SwitchboardError('not_possible', {
              what: 'One of these numbers is no longer in the account. Read the numbers again.',
            })
        const dropped = readKept(store).chosen.filter(({ sid }) => !chosen.some((one) => one.sid === sid))
        await keep(store, { chosen })
        if (dropped.length > 0) await pointing.putBack(new Set(dropped.map(({ sid }) => sid)))
        if (readKept(store).wanted) await pointHere('takeOver')
        else if (dropped.length > 0) await readNumbers()
        return view()
      }),

    'live.way': ({ kind, url }) =>
      inTurn('Opening the way in', async () => {
        const wanted = checkWay({ kind, url: url.trim().replace(/\/+$/, '') })
        if (wanted.kind === 'none' && readKept(store).wanted) await leave()
        await keep(store, { way: wanted })
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
        await keep(store, { wanted: true })
        tunnel.open(way())
        await pointHere('takeOver')
        return view()
      }),

    'live.leave': () =>
      inTurn('Putting the numbers back', async () => {
        await leave()
        return view()
      }),

    'live.test': ({ sid }) =>
      inTurn('Testing the way around', async () => {
        const { url } = tunnel.view()
        if (url === null || !parts.selfTest) throw new SwitchboardError('way_missing')
        await readNumbers()
        const tested = numbers.find((number) => number.sid === sid)
        await parts.selfTest(
          tested && {
            number: tested.number,
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
      if (wanted || kept.kind !== 'none') tunnel.open(way())
    },
    heard() {
      if (heardSince || !readKept(store).wanted) return
      heardSince = true
      changed()
    },
    async stop() {
      stopWaiting?.()
      stopWatching()
      await last
      // Whoever gets a free subdomain next would get the business's messages; an own address stays its owner's.
      const mustPutBack = way().kind === 'localtunnel' && readKept(store).pointed.length > 0 && account()
      if (mustPutBack) await withinLimit(clock, pointing.putBack(), log)
      isStopped = true
    },
  }
}

/** Waits for it so long and no longer; what is not done then is done at the next start. */
async function withinLimit(clock: Clock, work: Promise<unknown>, log: Log): Promise<void> {
  let stop: () => void = () => undefined
  const late = new Promise<'late'>((resolve) => {
    stop = clock.after(PUT_BACK_WITHIN_MS, () => resolve('late'))
  })
  const done = work.catch((error: unknown) => log.error('The numbers could not be put back', error))
  if ((await Promise.race([done, late])) === 'late')
    log.warn('Twilio did not answer in time: the numbers still point here. The next start goes on with them.')
  stop()
}

const NO_ACCOUNT = 'No Twilio account is entered yet.'
const NO_SID = 'The token takes webhooks; to send, and to choose numbers, the account SID is needed too.'
const NOT_ASKED = 'Twilio was not asked about it yet.'
const join = (...sentences: string[]): string => sentences.filter(Boolean).join(' ')
const iso = (ms: number): string => new Date(ms).toISOString()
