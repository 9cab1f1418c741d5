import type { Handlers } from '../../shared/contract.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import type { LiveView, SelfTestView, WayView } from '../../shared/live.ts'
import type { AccountKeeper, Credentials } from '../account.ts'
import type { CarrierAccount } from '../carrier/twilio-account.ts'
import type { GivenNumber } from '../given-numbers.ts'
import { iso } from '../iso.ts'
import type { Clock, Log } from '../ports.ts'
import type { Store } from '../store/types.ts'
import type { SelfTest } from '../tunnel/self-test.ts'
import type { TunnelSupervisor } from '../tunnel/tunnel.ts'
import { createAccountPart } from './account.ts'
import { choose, withNumbers } from './choice.ts'
import { keep, readKept } from './kept.ts'
import { createLifecycle, PUTTING_BACK } from './lifecycle.ts'
import { isRegistered, overrideOf } from './overrides.ts'
import { Pointing } from './pointing.ts'
import { Seen } from './seen.ts'
import { Turns } from './turns.ts'
import { numberViews } from './views.ts'
import { warningsOf } from './warnings.ts'
import { checkWay } from './way.ts'

export interface LiveParts {
  store: Pick<Store, 'settings' | 'commit' | 'onState'>
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

/** From an account to numbers that lead here, step by step, each of which can be undone. */
export function createLive(parts: LiveParts): Live {
  const { store, clock, log, keeper, tunnel } = parts
  let { givenWay } = parts
  let test: SelfTestView | null = null

  const account = (): CarrierAccount | undefined => {
    const set = keeper.current()
    return set?.accountSid === undefined ? undefined : parts.accountOf({ ...set, accountSid: set.accountSid })
  }
  const accountSid = (): string | undefined => keeper.current()?.accountSid
  const way = (): WayView => givenWay ?? readKept(store).way
  const changed = (): void => {
    if (!turns.isStopped) parts.tell(view())
  }

  const turns = new Turns(changed, log)
  const seen = new Seen({
    clock,
    account,
    taken: async (endpoints) => {
      const filled = withNumbers(readKept(store), endpoints)
      // A look goes well on a full disk too: what is not written is filled in by the next one.
      if (filled) await keep(store, filled).catch((error: unknown) => log.error(NOT_FILLED_IN, error))
    },
  })
  const pointing = new Pointing({ store, clock, log, account, accountSid, hosted: parts.hostedVoicemail })
  const lifecycle = createLifecycle({
    store,
    clock,
    log,
    tunnel,
    way,
    account,
    accountSid,
    check: () => accountPart.check(),
    seen,
    pointing,
    turns,
    changed,
  })
  const accountPart = createAccountPart({
    store,
    clock,
    keeper,
    accountOf: parts.accountOf,
    account,
    seen,
    pointing,
    turns,
    lifecycle,
    onAccount: parts.onAccount,
    view: () => view(),
  })
  parts.onUnauthorized?.(() => accountPart.doubted())

  function view(): LiveView {
    const kept = readKept(store)
    const { wanted } = kept
    const { around, problems, readAt } = seen
    const tunnelView = tunnel.view()
    const base = tunnelView.url
    const all = numberViews(seen, kept, accountSid(), base)
    const chosen = all.filter((number) => number.chosen)
    const of = accountPart.view()
    return {
      account: of,
      numbers: all,
      numbers_read_at: readAt === undefined ? null : iso(readAt),
      way: way(),
      tunnel: tunnelView,
      wanted,
      leaving: lifecycle.leavingView(),
      live:
        wanted &&
        tunnelView.state === 'up' &&
        chosen.length > 0 &&
        lifecycle.isPointedAt(base) &&
        chosen.every(({ state }) => state === 'here'),
      doing: turns.doing,
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
      heard: lifecycle.hasHeard,
    }
  }

  const handlers: Live['handlers'] = {
    ...accountPart.handlers,

    'live.get': async () => {
      if (seen.readAt === undefined && account() && turns.doing === '')
        turns.later('Asking Twilio', () => accountPart.askAll())
      return view()
    },

    'live.numbers': () =>
      turns.inTurn('Reading the numbers', async () => {
        if (!account()) throw new SwitchboardError('account_missing')
        await accountPart.askAll()
        return view()
      }),

    'live.choose': ({ numbers: chosen }) =>
      turns.inTurn('Choosing numbers', async () => {
        const { endpoints } = seen
        const before = new Map(readKept(store).chosen.map((one) => [one.sid, one.number]))
        for (const { sid } of chosen)
          // One that is gone since may stay chosen, whatever else is changed.
          if (!endpoints.some((one) => one.sid === sid) && !before.has(sid))
            throw new SwitchboardError('not_possible', {
              what: 'One of these numbers is no longer in the account. Read the numbers again.',
            })
        const isDropped = [...before.keys()].some((sid) => !chosen.some((one) => one.sid === sid))
        const known = new Map([...before, ...endpoints.map((one) => [one.sid, one.number] as const)])
        const withNumber = chosen.map((one) => ({ ...one, number: known.get(one.sid) ?? '' }))
        await keep(store, choose(readKept(store), withNumber, accountSid()))
        // The last one was gone: there is nothing to be live with.
        if (chosen.length === 0 && readKept(store).wanted) await lifecycle.leave()
        else if (readKept(store).wanted || isDropped) await lifecycle.pointHere('takeOver')
        return view()
      }),

    'live.way': ({ kind, url }) =>
      turns.inTurn('Opening the way in', async () => {
        const wanted = checkWay({ kind, url })
        if (wanted.kind === 'none' && readKept(store).wanted) await lifecycle.leave()
        await keep(store, { way: wanted, open: true })
        givenWay = undefined
        lifecycle.staysOpen()
        // Open from now on, so that it is proved before a number depends on it.
        if (wanted.kind === 'none') tunnel.close()
        else tunnel.open(wanted)
        return view()
      }),

    'live.go': () =>
      turns.inTurn('Going live', async () => {
        if (!account()) throw new SwitchboardError('account_missing')
        if (readKept(store).chosen.length === 0) throw new SwitchboardError('numbers_missing')
        if (way().kind === 'none') throw new SwitchboardError('way_missing')
        await lifecycle.go()
        return view()
      }),

    'live.leave': () =>
      turns.inTurn(PUTTING_BACK, async () => {
        await lifecycle.leave()
        return view()
      }),

    'live.test': ({ sid }) =>
      turns.inTurn('Testing the way around', async () => {
        const { url } = tunnel.view()
        if (url === null || !parts.selfTest) throw new SwitchboardError('way_missing')
        await seen.read()
        const { chosen } = readKept(store)
        const isThere = (one: { sid: string }): boolean => seen.endpoints.some(({ sid }) => sid === one.sid)
        const wanted = sid ?? (chosen.find(isThere) ?? chosen[0])?.sid
        if (wanted === undefined) throw new SwitchboardError('numbers_missing')
        const tested = seen.endpoints.find((one) => one.sid === wanted)
        await parts.selfTest(
          tested && {
            number: tested.number,
            medium: tested.kind === 'whatsapp' ? 'whatsapp' : 'sms',
            addresses: tested.addresses,
            isElsewhere: view().numbers.some((one) => one.sid === wanted && one.state === 'elsewhere'),
            overridden: overrideOf(tested, 'leave', seen.around),
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
      if (keeper.current()) lifecycle.start(parts.givenNumbers)
    },
    heard: () => lifecycle.heard(),
    answered: () => accountPart.answered(),
    doubted: () => accountPart.doubted(),
    stop: () => lifecycle.stop(),
  }
}

const NOT_FILLED_IN = 'Which numbers were chosen could not be written down'
