import type { Medium } from '../../shared/documents.ts'
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

/**
 * Whether texts or calls of a number come here by what was chosen; undefined where nothing was chosen, and a number is
 * used that was pointed by hand. No longer live, it stays with what was chosen: the others' texts are nobody's here.
 * What was chosen of another `account` says nothing of this one.
 */
export function isChosen(
  { chosen, chosen_of: of }: Kept,
  number: string,
  medium: Medium,
  account: string | undefined,
): boolean | undefined {
  if (chosen.length === 0 || (of !== '' && of !== account)) return undefined
  return chosen.some(
    (one) =>
      // Kept by a version before this one, which did not write the number down.
      one.number === '' ||
      (one.number === number &&
        one.sid.startsWith('XE') === (medium === 'whatsapp') &&
        (medium !== 'voice' || one.voice === 'here')),
  )
}
