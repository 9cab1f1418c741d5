import type { Addresses, LeftNumber } from '../../shared/live.ts'

/** Twilio tries again three times, on any failure, within 15 s altogether (reference twilio.md §4). Never sent to us. */
const RETRIES = '#rc=3&rp=all&ct=2000&rt=5000&tt=15000'

/**
 * What a number is to have so that its messages, and its calls where they are wanted, come here. What answered calls
 * before becomes the fallback, or else what Twilio itself can do (`hosted`): a sleeping computer must not cost a call.
 */
export function addressesHere(
  kind: 'phone' | 'whatsapp',
  base: string,
  voice: 'leave' | 'here',
  before: Addresses,
  hosted: string,
): Partial<Addresses> {
  // A sender's statuses stay with whoever sends by it too: what we send says itself where its statuses go. Whether
  // Twilio minds a fragment there is written nowhere, so there is none.
  if (kind === 'whatsapp') return { sms_url: `${base}/webhooks/whatsapp`, sms_method: 'POST' }
  const sms = { sms_url: `${base}/webhooks/sms${RETRIES}`, sms_method: 'POST' }
  if (voice === 'leave') return sms
  return {
    ...sms,
    voice_url: `${base}/webhooks/voice${RETRIES}`,
    voice_method: 'POST',
    ...fallbackOf(before, hosted),
    status_callback: `${base}/webhooks/voice/status${RETRIES}`,
    status_callback_method: 'POST',
  }
}

/** Who answered calls before, asked as before; of another Switchboard, which sleeps too, who answers in its place. */
function fallbackOf(
  before: Addresses,
  hosted: string,
): Pick<Addresses, 'voice_fallback_url' | 'voice_fallback_method'> {
  const { voice_url, voice_method, voice_fallback_url: url, voice_fallback_method: method } = before
  if (voice_url !== '' && !isSwitchboards(voice_url))
    return { voice_fallback_url: voice_url, voice_fallback_method: voice_method || 'POST' }
  return url === ''
    ? { voice_fallback_url: hosted, voice_fallback_method: 'POST' }
    : { voice_fallback_url: url, voice_fallback_method: method || 'POST' }
}

/** What a person finds set at Twilio, and puts back by hand; without how it is tried again and asked. */
export const addressesSet = ({ before, ours }: Known): LeftNumber['set'] =>
  URLS.flatMap(([name]) => {
    const now = ours[name]?.replace(/#.*$/, '')
    return now === undefined ? [] : [{ name, now, before: before[name] }]
  })

/** Whether a number's addresses are these; what is not named does not count. */
export const areSet = (now: Addresses, wanted: Partial<Addresses>): boolean =>
  Object.entries(wanted).every(([name, value]) => now[name as Field] === value)

/** The part of what was before that we change: all that has to be put back. */
export const toPutBack = (before: Addresses, ours: Partial<Addresses>): Partial<Addresses> =>
  only(before, Object.keys(ours) as Field[])

/** These of them; an address may be empty, how it is asked is never set to nothing: then it is not known. */
export const only = (addresses: Addresses, names: Iterable<Field>): Partial<Addresses> =>
  Object.fromEntries(
    [...names]
      .filter((name) => addresses[name] !== '' || addressOf(name) === name)
      .map((name) => [name, addresses[name]]),
  )

export type Field = keyof Addresses

/** What was known of a number when it was pointed here last. */
export interface Known {
  before: Addresses
  ours: Partial<Addresses>
  was?: Partial<Addresses> | undefined
}

/**
 * What a number has before it is pointed here, to be put back later: whatever it has now, for another console's address
 * is somebody's too, and others' programs have paths like ours. But not an address nobody can rely on: a free name, or
 * one of `bases`, which led to this console. Taken back from another, it is per address what was `known` where that is
 * still ours, is another Switchboard's, who has ours to put back, or was emptied.
 */
export function beforeOf(now: Addresses, bases: readonly string[], known?: Known): Addresses {
  const before = { ...now }
  const isLost = (url: string): boolean =>
    (pathOf(url) !== undefined && isFree(url)) || bases.some((base) => leadsHere(url, base))
  for (const [url, method] of URLS) {
    const set = now[url]
    if (
      known &&
      (set === '' || isSwitchboards(set) || isSenders(known, url, set) || isSetBy(known, url, set))
    ) {
      before[url] = known.before[url]
      before[method] = known.before[method] || now[method]
    } else if (isLost(set)) before[url] = ''
  }
  // What Twilio hosts stands behind an address of a Switchboard's only, and goes with it.
  if (before.voice_url !== now.voice_url && before.voice_fallback_url.startsWith(HOSTED))
    before.voice_fallback_url = known?.before.voice_fallback_url ?? ''
  return before
}

/** A sender's address has no retries to tell a Switchboard's by: taken back, one with our path is taken for another's. */
const isSenders = ({ ours }: Known, url: Field, set: string): boolean =>
  [ours[url] ?? '', set].every((one) => pathOf(one) === '/webhooks/whatsapp')

const isSetBy = ({ ours, was }: Known, url: Field, set: string): boolean =>
  [ours[url], was?.[url]].includes(set)

/** Whether some Switchboard set it: its retries, or its name at a tunnel's server, are nobody else's. */
const isSwitchboards = (url: string): boolean => {
  const path = pathOf(url)
  return path !== undefined && (url.endsWith(`${path}${RETRIES}`) || isFree(url))
}

/** A Switchboard's name at a localtunnel server (world/data-folder.ts): anybody's, once it is let go. */
const isFree = (url: string): boolean => /^https?:\/\/sb-[0-9a-f]{32}\./.test(url)

/** Whether it is the address of one of our webhooks at `base` itself: below it on the same host another program may be. */
export function leadsHere(url: string, base: string): boolean {
  const path = pathOf(url)
  return path !== undefined && url.replace(/#.*$/, '') === base + path
}

/** Whether anything of these leads to a host that is ours alone. */
export const leadsTo = (now: Addresses, base: string): boolean =>
  Object.values(now).some((url: string) => url.startsWith(`${base}/`))

/** The path, where it is one of a webhook here; anybody's may be the same. */
const pathOf = (url: string): string | undefined => PATH.exec(url)?.[1]

const HOSTED = 'https://twimlets.com/echo?'
const PATH = /^https?:\/\/[^?#]+(\/webhooks\/(?:sms|whatsapp|voice|voice\/status|status))(?:#|$)/
/** Each address with how it is asked. */
const URLS = [
  ['sms_url', 'sms_method'],
  ['voice_url', 'voice_method'],
  ['voice_fallback_url', 'voice_fallback_method'],
  ['status_callback', 'status_callback_method'],
] as const

/** With an address goes the method it is asked by: who set the one means the other. An address goes with itself. */
export const addressOf = (name: Field): Field => URLS.find(([, method]) => method === name)?.[0] ?? name

/**
 * What is to be put back of what a number has now: the part that is still ours. What somebody else changed meanwhile is
 * theirs, and so is the method it is asked by. What is empty may have been left so by another console that had found a
 * free name of ours there: at the end that counts as ours too, for else what was there first is lost.
 */
export function stillOurs(
  now: Addresses,
  known: Known,
  emptied: 'theirs' | 'ours' = 'theirs',
): Partial<Addresses> {
  const { before, ours, was } = known
  const isOurs = (name: Field): boolean =>
    isSetBy(known, name, now[name]) ||
    (emptied === 'ours' && now[name] === '' && URLS.some(([url]) => url === name))
  const names = (Object.keys({ ...was, ...ours }) as Field[]).filter(
    (name) => isOurs(name) && isOurs(addressOf(name)),
  )
  return only(before, names)
}

/** What we set that a number still has, be it of a time before the last; of the rest what was set last. */
export function lastSet(now: Addresses, known: Known): Partial<Addresses> {
  const names = Object.keys({ ...known.was, ...known.ours }) as Field[]
  return {
    ...known.was,
    ...known.ours,
    ...only(
      now,
      names.filter((name) => isSetBy(known, name, now[name])),
    ),
  }
}
