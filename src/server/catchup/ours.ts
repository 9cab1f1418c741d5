import type { Medium } from '../../shared/documents.ts'
import type { CarrierLists } from '../carrier/lists.ts'
import type { Store } from '../store/types.ts'

/** Whether what came to or from a number of the account is taken here. */
export type Ours = (number: string, medium: Medium) => Promise<boolean>

interface Parts {
  store: Pick<Store, 'channels' | 'keys'>
  numbers: CarrierLists['numbers']
  /** Whether it was chosen to come here; undefined: nothing was chosen, and what is usual holds. */
  chosen: (number: string, medium: Medium) => boolean | undefined
}

/** A number as the telephone network knows it, short codes too; a name somebody sends under is no number to answer. */
const NUMBER = /^\+?\d{3,15}$/
/** Texts by RCS and Messenger go by addresses of their own; webhooks bring them as texts, so the lists do too. */
const AGENT = /^(?:rcs|messenger):\S{1,70}$/

/**
 * What the lists hold is all of this account, so its texts are ours, unless numbers were chosen: then those of others
 * are only where they came here before. Calls are ours where calls come: to a number whose calls are sent here, or were
 * before; otherwise something else answers them, and a call it took was not missed.
 * Made anew for each pass; the account's numbers are asked for once, and only when it depends on them.
 */
export function createOurs({ store, numbers, chosen }: Parts): Ours {
  let asked: Promise<ReadonlySet<string>> | undefined
  const voice = new Map<string, Promise<boolean>>()

  async function answeringHere(): Promise<ReadonlySet<string>> {
    const listed = await numbers()
    if (!listed.ok) return new Set()
    return new Set(
      listed.value.filter(({ addresses }) => isOurs(addresses.voice_url)).map(({ number }) => number),
    )
  }

  /** Whether something of this medium came to this number before. */
  function cameBefore(number: string, medium: Medium): boolean {
    const channel = store.channels().find((c) => c.number === number)
    if (channel) {
      for (const key of store.keys({ channel_id: channel._id }))
        if (key.communication_type === medium) return true
    }
    return false
  }

  async function takesCalls(number: string): Promise<boolean> {
    if (cameBefore(number, 'voice')) return true
    asked ??= answeringHere()
    return (await asked).has(number)
  }

  return async (number, medium) => {
    if (!NUMBER.test(number) && !AGENT.test(number)) return false
    const said = chosen(number, medium)
    if (said === true) return true
    if (medium !== 'voice') return said === undefined || cameBefore(number, medium)
    const known = voice.get(number) ?? takesCalls(number)
    voice.set(number, known)
    return known
  }
}

function isOurs(voiceUrl: string): boolean {
  return URL.canParse(voiceUrl) && new URL(voiceUrl).pathname.endsWith('/webhooks/voice')
}
