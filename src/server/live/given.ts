import type { Medium } from '../../shared/documents.ts'
import type { GivenNumber } from '../given-numbers.ts'
import type { Endpoint } from './endpoints.ts'
import type { Kept } from './kept.ts'

/** What is to be chosen of the account's, and what the account does not have, as it was named. */
export function chosenOf(
  given: readonly GivenNumber[],
  endpoints: readonly Endpoint[],
): { chosen: Kept['chosen']; missing: string[] } {
  const chosen: Kept['chosen'] = []
  const missing: string[] = []
  for (const { kind, number, voice } of given) {
    const found = endpoints.find((one) => one.kind === kind && one.number === number)
    if (found) chosen.push({ sid: found.sid, voice, number })
    else missing.push(kind === 'whatsapp' ? `whatsapp:${number}` : number)
  }
  return { chosen, missing }
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
