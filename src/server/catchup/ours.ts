import type { Medium } from '../../shared/documents.ts'
import type { NumberRecord } from '../carrier/twilio-account.ts'
import type { Store } from '../store/types.ts'

/** Whether what came to or from a number of the account is taken here; undefined while that can't be known. */
export type Ours = (number: string, medium: Medium) => Promise<boolean | undefined>

interface Parts {
  store: Pick<Store, 'channels' | 'keys'>
  /** The account's numbers; undefined while they can't be had. */
  numbers: () => Promise<readonly NumberRecord[] | undefined>
  /** Whether it was chosen to come here; undefined: nothing was chosen, and what is usual holds. */
  chosen: (number: string, medium: Medium) => boolean | undefined
}

/** A number as the telephone network knows it, short codes too; a name somebody sends under is no number to answer. */
const NUMBER = /^\+?\d{3,15}$/
/** Texts by RCS and Messenger go by addresses of their own; webhooks bring them as texts, so the lists do too. */
const AGENT = /^(?:rcs|messenger):\S{1,70}$/

/** Whether somebody can write to it. */
export const isAnswerable = (number: string): boolean => NUMBER.test(number) || AGENT.test(number)

/**
 * Where numbers were chosen, the choice decides, also against what came here before it: somebody else answers the
 * others. Where nothing was chosen, what the lists hold is all of this account, so its texts are ours; calls are ours
 * where calls come, to a number whose calls are sent here or were before: what something else took was not missed.
 * Made anew for each reading; the account's numbers are asked for once, and only when it depends on them.
 */
export function createOurs({ store, numbers, chosen }: Parts): Ours {
  let asked: Promise<ReadonlySet<string> | undefined> | undefined

  async function answeringHere(): Promise<ReadonlySet<string> | undefined> {
    const listed = await numbers()
    return (
      listed &&
      new Set(listed.filter(({ addresses }) => isOurs(addresses.voice_url)).map(({ number }) => number))
    )
  }

  function calledBefore(number: string): boolean {
    const channel = store.channels().find((c) => c.number === number)
    if (channel) {
      for (const key of store.keys({ channel_id: channel._id }))
        if (key.communication_type === 'voice') return true
    }
    return false
  }

  return async (number, medium) => {
    if (!isAnswerable(number)) return false
    const said = chosen(number, medium)
    if (said !== undefined) return said
    if (medium !== 'voice' || calledBefore(number)) return true
    asked ??= answeringHere()
    return (await asked)?.has(number)
  }
}

function isOurs(voiceUrl: string): boolean {
  return URL.canParse(voiceUrl) && new URL(voiceUrl).pathname.endsWith('/webhooks/voice')
}
