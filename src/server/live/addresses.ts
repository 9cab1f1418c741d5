import type { Addresses } from '../../shared/live.ts'

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
  if (kind === 'whatsapp') return { sms_url: `${base}/webhooks/whatsapp` }
  const sms = { sms_url: `${base}/webhooks/sms${RETRIES}`, sms_method: 'POST' }
  if (voice === 'leave') return sms
  return {
    ...sms,
    voice_url: `${base}/webhooks/voice${RETRIES}`,
    voice_method: 'POST',
    voice_fallback_url: before.voice_url || before.voice_fallback_url || hosted,
    status_callback: `${base}/webhooks/voice/status${RETRIES}`,
  }
}

/** Whether a number's addresses are these; what is not named does not count. */
export const areSet = (now: Addresses, wanted: Partial<Addresses>): boolean =>
  Object.entries(wanted).every(([name, value]) => now[name as keyof Addresses] === value)

/** The part of what was before that we change: all that has to be put back. */
export const toPutBack = (before: Addresses, ours: Partial<Addresses>): Partial<Addresses> =>
  Object.fromEntries(Object.keys(ours).map((name) => [name, before[name as keyof Addresses]]))

/**
 * What a number has now, without what a Switchboard set, this one or one before it: never kept as "what was before".
 * `bases`: addresses that led to this console. Others' programs have paths like ours, and theirs are kept.
 */
export function withoutOurs(addresses: Addresses, bases: readonly string[]): Addresses {
  const isOurs = (url: string): boolean =>
    isSwitchboards(url) || (pathOf(url) !== undefined && bases.some((base) => url.startsWith(`${base}/`)))
  const cleared = { ...addresses }
  for (const name of ['sms_url', 'voice_url', 'voice_fallback_url', 'status_callback'] as const)
    if (isOurs(addresses[name])) cleared[name] = ''
  // Behind an address of ours, what Twilio hosts is ours too.
  if (isOurs(addresses.voice_url) && addresses.voice_fallback_url.startsWith(HOSTED))
    cleared.voice_fallback_url = ''
  return cleared
}

/** Whether some Switchboard set it: its retries, or its name at a tunnel's server, are nobody else's. */
const isSwitchboards = (url: string): boolean => {
  const path = pathOf(url)
  return path !== undefined && (url.endsWith(`${path}${RETRIES}`) || FREE.test(url))
}

/** The path, where it is one of a webhook here; anybody's may be the same. */
const pathOf = (url: string): string | undefined => PATH.exec(url)?.[1]

const HOSTED = 'https://twimlets.com/echo?'
const PATH = /^https?:\/\/[^?#]+(\/webhooks\/(?:sms|whatsapp|voice|voice\/status|status))(?:#|$)/
/** A Switchboard's name at a localtunnel server: world/data-folder.ts. */
const FREE = /^https?:\/\/sb-[0-9a-f]{32}\./

/**
 * What is to be put back of what a number has now: the part that is still ours. What somebody else changed meanwhile is
 * theirs, and so is the method it is asked by.
 */
export function stillOurs(
  now: Addresses,
  {
    before,
    ours,
    was,
  }: { before: Addresses; ours: Partial<Addresses>; was?: Partial<Addresses> | undefined },
): Partial<Addresses> {
  const isOurs = (name: keyof Addresses): boolean =>
    [ours[name], was?.[name]].some((set) => set !== undefined && set === now[name])
  const names = (Object.keys({ ...was, ...ours }) as (keyof Addresses)[]).filter(
    (name) =>
      isOurs(name) &&
      (name !== 'sms_method' || isOurs('sms_url')) &&
      (name !== 'voice_method' || isOurs('voice_url')),
  )
  return Object.fromEntries(names.map((name) => [name, before[name]]))
}
