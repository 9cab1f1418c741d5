import type { GivenNumber } from '../given-numbers.ts'
import { isSender } from './endpoints.ts'
import type { Kept } from './kept.ts'
import type { Seen } from './seen.ts'

/**
 * What is to be chosen of the account's, and what the account does not have, as it was named. `waiting`: a sender is
 * among them, and Twilio does not say which there are; one that was chosen `before` stays so.
 */
export function chosenOf(
  given: readonly GivenNumber[],
  { endpoints, unread }: Pick<Seen, 'endpoints' | 'unread'>,
  before: Kept['chosen'],
): { chosen: Kept['chosen']; missing: string[]; waiting: boolean } {
  const chosen: Kept['chosen'] = []
  const missing: string[] = []
  let waiting = false
  for (const { kind, number, voice } of given) {
    const isUnread = kind === 'whatsapp' && unread !== undefined
    const found =
      endpoints.find((one) => one.kind === kind && one.number === number) ??
      before.find((one) => isUnread && isSender(one.sid) && one.number === number)
    waiting ||= isUnread && unread.kind !== 'refused'
    if (found) chosen.push({ sid: found.sid, voice, number })
    else if (!isUnread || unread.kind === 'refused')
      missing.push(kind === 'whatsapp' ? `whatsapp:${number}` : number)
  }
  return { chosen, missing, waiting }
}
