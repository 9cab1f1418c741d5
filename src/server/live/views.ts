import type { AccountView, NumberView } from '../../shared/live.ts'
import type { AccountKeeper } from '../account.ts'
import type { Outcome } from '../carrier/carrier.ts'
import type { AccountRecord } from '../carrier/twilio-account.ts'
import { iso } from '../iso.ts'
import { areSet, leadsHere } from './addresses.ts'
import { leading } from './changes.ts'
import { type Endpoint, GONE, isSender, unreadOf, unreadWords } from './endpoints.ts'
import { isOf, type Kept } from './kept.ts'
import { overrideOf, type Surroundings } from './overrides.ts'
import type { Problems } from './pointing.ts'
import type { Seen } from './seen.ts'

/** What Twilio said of an account, and when (ms). */
export interface Checked {
  of: string
  checkedAt: number
  outcome: Outcome<AccountRecord>
}

export function accountView(keeper: AccountKeeper, checked: Checked | undefined): AccountView {
  const set = keeper.current()
  const { kept, sentence: about } = keeper
  const sid = set?.accountSid ?? null
  const nothing = { sid, name: '', trial: false, checked_at: null, kept }
  if (!set) return { ...nothing, state: 'none', sentence: about || NO_ACCOUNT }
  const record = checked?.of === sid ? checked : undefined
  const checked_at = record ? iso(record.checkedAt) : null
  if (!record?.outcome.ok) {
    const error = record?.outcome.ok === false ? record.outcome.error : undefined
    const state = error?.kind === 'refused' ? 'refused' : 'unreached'
    const sentence = error?.sentence ?? (sid === null ? NO_SID : NOT_ASKED)
    return { ...nothing, state, checked_at, sentence: join(sentence, about) }
  }
  const { name, isTrial: trial, status } = record.outcome.value
  const isActive = status === 'active'
  const sentence = isActive ? 'Twilio knows this account.' : `Twilio says that this account is ${status}.`
  return {
    ...nothing,
    state: isActive ? 'good' : 'refused',
    name,
    trial,
    checked_at,
    sentence: join(sentence, about),
  }
}

/** The account's numbers as they were read, and behind them those chosen that it no longer has. */
export function numberViews(
  { endpoints, around, problems, readAt, unread }: Omit<Seen, 'read' | 'take' | 'forget'>,
  kept: Kept,
  account: string | undefined,
  base: string | null,
): NumberView[] {
  const held = new Set([...kept.chosen, ...kept.pointed].map(({ sid }) => sid))
  const whyUnread = (sid: string): string => {
    const error = unreadOf(sid, unread)
    return error && held.has(sid) ? unreadWords(error) : ''
  }
  const there = endpoints.map((one) => {
    const view = numberView(one, kept, around, problems, base)
    return { ...view, problem: view.problem || whyUnread(one.sid) }
  })
  // Of another account's choice nothing is known.
  if (readAt === undefined || !isOf({ account: kept.chosen_of }, account)) return there
  const missing = kept.chosen.filter(({ sid }) => !endpoints.some((one) => one.sid === sid))
  const missingViews = missing.map((one) => missingView(one, kept, whyUnread(one.sid)))
  return [...there, ...missingViews]
}

/** `unread`: why it is not known whether the account still has it; empty where it is gone. */
function missingView(
  { sid, number, voice }: Kept['chosen'][number],
  { pointed }: Kept,
  unread: string,
): NumberView {
  const kind = isSender(sid) ? 'whatsapp' : 'phone'
  return {
    sid,
    kind,
    // A version before this one did not write the number down.
    number: number || sid,
    name: '',
    can: { sms: false, mms: false, voice: false, whatsapp: kind === 'whatsapp' },
    chosen: true,
    voice,
    state: unread === '' ? 'gone' : 'unread',
    before: pointed.find((one) => one.sid === sid)?.before ?? null,
    problem: unread || GONE,
  }
}

function numberView(
  endpoint: Endpoint,
  { chosen, pointed }: Kept,
  around: Surroundings,
  problems: Problems,
  base: string | null,
): NumberView {
  const { sid, kind, number, name, can, addresses } = endpoint
  const choice = chosen.find((one) => one.sid === sid)
  const entry = pointed.find((one) => one.sid === sid)
  const voice = choice?.voice ?? 'leave'
  const overridden = overrideOf(endpoint, voice, around)
  const isOurs = entry !== undefined && areSet(addresses, leading(entry.ours))
  // Set by us, at an address that is not the present one: nothing of it comes here.
  const isAway = isOurs && base !== null && !leadsHere(entry.ours.sms_url ?? '', base)
  return {
    sid,
    kind,
    number,
    name,
    can: { ...can, whatsapp: kind === 'whatsapp' },
    chosen: choice !== undefined,
    voice,
    state:
      overridden !== ''
        ? 'overridden'
        : entry === undefined
          ? 'untouched'
          : isOurs && !isAway
            ? 'here'
            : 'elsewhere',
    before: entry?.before ?? null,
    problem:
      problems.get(sid) ?? (overridden || (isAway && choice && AWAY) || (endpoint.isOnline ? '' : OFFLINE)),
  }
}

const NO_ACCOUNT = 'No Twilio account is entered yet.'
export const NO_SID =
  'The token takes webhooks; to send, and to choose numbers, the account SID is needed too.'
const NOT_ASKED = 'Twilio was not asked about it yet.'
const AWAY =
  'It still points at an address that was the way in before. It is pointed here by itself once the present one is open.'
const OFFLINE =
  'Twilio says that this WhatsApp sender is not online, so nothing comes or goes by it. Look at it there.'
const join = (...sentences: string[]): string => sentences.filter(Boolean).join(' ')
