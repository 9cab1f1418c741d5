/** Going live in five steps: which are done, which one is open, and what each says it did. */
import type {
  AccountView,
  Addresses,
  LeavingView,
  LiveView,
  NumberView,
  TunnelView,
} from '../../../../shared/live.ts'
import { formatNumber } from '../../parts/phoneNumber.ts'
import { clockSeconds, ms, plural } from '../../words.ts'

export type StepId = 'account' | 'numbers' | 'way' | 'go' | 'text'
export type StepState = 'done' | 'current' | 'later'
export const STEPS: readonly StepId[] = ['account', 'numbers', 'way', 'go', 'text']

const isDone: Readonly<Record<StepId, (live: LiveView) => boolean>> = {
  // Not reached is no reason to enter it again.
  account: ({ account }) => account.sid !== null && account.state !== 'none' && account.state !== 'refused',
  // Of another account's choice nothing is known here: this one's are to be chosen.
  numbers: ({ numbers, wanted, numbers_read_at: read }) =>
    (wanted && read === null) || numbers.some(({ chosen }) => chosen),
  way: ({ way }) => way.kind !== 'none',
  go: ({ live, wanted, tunnel, numbers }) =>
    live ||
    (wanted &&
      tunnel.state !== 'up' &&
      numbers.every(({ chosen, problem, before }) => !chosen || (!problem && before !== null))),
  text: ({ heard }) => heard,
}

/** Done ones, the first that is not, and those after it. `skipped`: the last one, where a person does without. */
export function stepStates(live: LiveView, skipped = false): Record<StepId, StepState> {
  const states: Record<StepId, StepState> = {
    account: 'later',
    numbers: 'later',
    way: 'later',
    go: 'later',
    text: 'later',
  }
  let open = true
  for (const step of STEPS) {
    const done = isDone[step](live) || (step === 'text' && skipped)
    // What comes after an open step counts only once that is done.
    states[step] = done && open ? 'done' : open ? 'current' : 'later'
    if (!done) open = false
  }
  return states
}

export const doneCount = (states: Record<StepId, StepState>): number =>
  STEPS.filter((step) => states[step] === 'done').length

/** AC…41f7: enough to tell two accounts apart. */
export const shortSid = (sid: string): string => `${sid.slice(0, 2)}…${sid.slice(-4)}`

export function keptWords({ kept }: Pick<AccountView, 'kept'>): string {
  switch (kept) {
    case 'environment':
      return 'set by TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN; it is changed there'
    case 'key_store':
      return 'kept in the system’s key store'
    case 'in_memory':
      return 'kept until Switchboard ends, and then entered again'
    case 'none':
      return 'not kept'
  }
}

export function accountWords(account: AccountView): string {
  const who = [account.name, account.sid === null ? '' : shortSid(account.sid)].filter(Boolean).join(', ')
  const checked = account.state === 'good' ? 'Token checked and' : 'Token'
  return `${who}. ${checked} ${keptWords(account)}.`
}

/** Twilio names a number after itself unless somebody named it. */
export const isNamed = ({ name, number }: Pick<NumberView, 'name' | 'number'>): boolean =>
  name.replace(/\D/g, '') === '' || !number.endsWith(name.replace(/\D/g, '')) ? name.trim() !== '' : false

const numberWords = (number: NumberView): string =>
  `${number.kind === 'whatsapp' ? 'WhatsApp ' : ''}${isNamed(number) ? `${number.name} ` : ''}${formatNumber(number.number).replaceAll(' ', '\u00a0')}`

export function chosenWords(numbers: readonly NumberView[]): string {
  const chosen = numbers.filter((number) => number.chosen).map(numberWords)
  if (chosen.length === 0) return 'The chosen numbers were not read yet.'
  if (chosen.length > 3) return `${plural(chosen.length, 'number')}, the first ${chosen[0] ?? ''}.`
  return `${chosen.slice(0, -1).join(', ')}${chosen.length > 1 ? ' and ' : ''}${chosen.at(-1) ?? ''}.`
}

/** What is so of the way in, for its step. */
export function wayWords({ way, tunnel }: Pick<LiveView, 'way' | 'tunnel'>): string {
  const host = hostOf(tunnel.url ?? (way.kind === 'address' ? way.url : null))
  const name = way.kind === 'localtunnel' ? ['localtunnel', host].filter(Boolean).join(', ') : host
  const steadier = way.kind === 'localtunnel' ? ' An own address or ngrok is steadier.' : ''
  return `${name}. ${tunnelWords(tunnel)}${tunnel.state === 'up' ? steadier : ''}`
}

export const hostOf = (url: string | null): string => (url === null ? '' : (URL.parse(url)?.host ?? url))

export function tunnelWords({ state, reason }: Pick<TunnelView, 'state' | 'reason'>): string {
  switch (state) {
    case 'up':
      return 'Asked at this address, it leads here.'
    case 'opening':
      return 'It is being opened.'
    case 'checking':
      return 'It is open, and is being asked whether it leads here.'
    case 'down':
      return `The way in is down (${reason}) and is opened again by itself.`
    case 'off':
      return 'It is closed; it opens as you go live.'
  }
}

/** After "Stop being live": what is left to be put back, why, and what becomes of it. */
export function leavingWords({
  left,
  next_try_at: next,
  why,
}: Pick<LeavingView, 'left' | 'next_try_at' | 'why'>): string {
  const still = `${plural(left, 'number')} still ${left === 1 ? 'points' : 'point'} here.`
  const when =
    next === null
      ? `${left === 1 ? 'It is' : 'They are'} being put back now.`
      : `It is tried again by itself, next at ${clockSeconds(ms(next))}.`
  return [still, why, when, 'Until then what people write there arrives here while the way in is open.']
    .filter(Boolean)
    .join(' ')
}

/** What Twilio's console calls a number's addresses. */
export const SET_AT_TWILIO: Readonly<Partial<Record<keyof Addresses, string>>> = {
  sms_url: 'A message comes in',
  voice_url: 'A call comes in',
  voice_fallback_url: 'Primary handler fails',
  status_callback: 'Call status changes',
}

/** How a number stands at Twilio, in a few words. */
export function numberState({ state, chosen }: Pick<NumberView, 'state' | 'chosen'>): string {
  switch (state) {
    case 'here':
      return 'points here'
    case 'elsewhere':
      return 'changed by something else since'
    case 'overridden':
      return 'something at Twilio takes its place'
    case 'gone':
      return 'no longer in the account'
    case 'unread':
      return 'not read from Twilio yet'
    case 'untouched':
      return chosen ? 'chosen, not pointed here yet' : 'as you left it at Twilio'
  }
}

const SID = /^AC[0-9a-f]{32}$/i

/** What is wrong with what was entered, told before anybody is asked. */
export function wrongSid(sid: string): string | undefined {
  if (sid.trim() === '') return 'The account SID is missing.'
  if (SID.test(sid.trim())) return undefined
  if (/^SK/i.test(sid.trim())) return 'This is the SID of an API key. The account’s begins with AC.'
  return 'An account SID is AC and 32 more characters, digits and letters from a to f.'
}
export const wrongToken = (token: string): string | undefined =>
  token.trim() === '' ? 'The auth token is missing.' : undefined
