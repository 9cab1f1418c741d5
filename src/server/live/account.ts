import type { Handlers } from '../../shared/contract.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import type { AccountView, LiveView } from '../../shared/live.ts'
import type { AccountKeeper, Credentials } from '../account.ts'
import { WRONG_CREDENTIALS } from '../twilio-codes.ts'
import type { CarrierAccount } from '../carrier/twilio-account.ts'
import type { Clock } from '../ports.ts'
import type { Store } from '../store/types.ts'
import { unchoose } from './choice.ts'
import { keep, readKept } from './kept.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { Pointing } from './pointing.ts'
import type { Seen } from './seen.ts'
import type { Turns } from './turns.ts'
import { accountView, type Checked } from './views.ts'

interface AccountParts {
  store: Pick<Store, 'settings' | 'commit'>
  clock: Clock
  keeper: AccountKeeper
  /** The account behind these credentials, whether they are kept or not. */
  accountOf: (credentials: Required<Credentials>) => CarrierAccount
  /** The account that is set. */
  account: () => CarrierAccount | undefined
  seen: Seen
  pointing: Pointing
  turns: Turns
  lifecycle: Lifecycle
  /** The account was entered, changed or forgotten. */
  onAccount: () => void
  view: () => LiveView
}

/** The account: entered, asked about, and forgotten. */
export interface AccountPart {
  view(): AccountView
  /** What Twilio says of it. */
  check(): Promise<void>
  /** It and its numbers, as Twilio knows them now. */
  askAll(): Promise<void>
  answered(): void
  doubted(): void
  handlers: Pick<Handlers, 'live.account' | 'live.forget'>
}

/** Doubt of the account has Twilio asked so often at most, ms. */
const DOUBT_EVERY_MS = 60_000

export function createAccountPart(parts: AccountParts): AccountPart {
  const { store, clock, keeper, seen, pointing, turns, lifecycle } = parts
  let record: Checked | undefined
  let doubtedAt: number | undefined

  const view = (): AccountView => accountView(keeper, record)

  async function check(): Promise<void> {
    const of = parts.account()
    const sid = keeper.current()?.accountSid
    if (!of || sid === undefined) return
    const outcome = await of.fetch()
    if (sid === keeper.current()?.accountSid) record = { of: sid, checkedAt: clock.now(), outcome }
  }

  async function askAll(): Promise<void> {
    const wasRefused = view().state === 'refused'
    await check()
    await seen.read()
    // What it was refused to change meanwhile.
    if (wasRefused && view().state === 'good') await lifecycle.goOn()
  }

  return {
    view,
    check,
    askAll,
    answered() {
      if (record && view().state !== 'good' && turns.doing === '') turns.later('Asking Twilio', askAll)
    },
    doubted() {
      if (lifecycle.isEnding || turns.doing !== '' || !parts.account() || view().state === 'refused') return
      const since = doubtedAt === undefined ? DOUBT_EVERY_MS : clock.now() - doubtedAt
      // A clock that was set back does not keep it from being asked.
      if (since >= 0 && since < DOUBT_EVERY_MS) return
      doubtedAt = clock.now()
      turns.later('Asking Twilio', askAll)
    },
    handlers: {
      'live.account': ({ account_sid, auth_token }) =>
        turns.inTurn('Asking Twilio', async () => {
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
          if (present !== account_sid) seen.forget()
          record = { of: account_sid, checkedAt: clock.now(), outcome }
          parts.onAccount()
          await seen.read()
          await lifecycle.goOn()
          return parts.view()
        }),

      'live.forget': ({ anyway }) =>
        turns.inTurn('Forgetting the account', async () => {
          if (keeper.kept === 'environment') throw new SwitchboardError('account_fixed')
          if (pointing.held().length > 0 || readKept(store).wanted) await lifecycle.leave(anyway)
          const account = keeper.current()?.accountSid
          await keeper.set(undefined)
          record = undefined
          seen.forget()
          // Whatever the disk says to the rest: from now on nothing is taken, and that is to be seen.
          parts.onAccount()
          await keep(store, unchoose(readKept(store), account))
          return parts.view()
        }),
    },
  }
}

const NOT_TOGETHER =
  'the SID and the token don’t belong together, or the token was renewed. Compare both with the first page of Twilio’s console.'
