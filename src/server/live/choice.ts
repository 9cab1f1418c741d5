import type { Medium } from '../../shared/documents.ts'
import { type Endpoint, isSender } from './endpoints.ts'
import type { Kept } from './kept.ts'

type Chosen = Kept['chosen']
type Choice = Pick<Kept, 'chosen' | 'chosen_of' | 'earlier'>

/** What was chosen of this account the last time, be it none; undefined where nothing of it ever was. */
function lastChoice(
  { chosen, chosen_of: of, earlier }: Choice,
  account: string | undefined,
): Chosen | undefined {
  const isPresent = of === '' ? chosen.length > 0 : of === account
  return isPresent ? chosen : earlier.find((one) => one.account === account)?.chosen
}

/**
 * Whether texts or calls of a number come here by what was chosen; undefined where nothing was ever chosen, and a number
 * is used that was pointed by hand. No longer live, or the account forgotten and entered again, it stays with what was
 * chosen last, and with none where the last one was taken out: the others' texts are nobody's here. What was chosen of
 * another `account` says nothing of this one.
 */
export function isChosen(
  kept: Choice,
  number: string,
  medium: Medium,
  account: string | undefined,
): boolean | undefined {
  return lastChoice(kept, account)?.some(
    (one) =>
      // Kept by a version before this one, which did not write the number down, and not read since.
      (one.number === '' || one.number === number) &&
      isSender(one.sid) === (medium === 'whatsapp') &&
      (medium !== 'voice' || one.voice === 'here'),
  )
}

/** These are chosen of this account now; the choice of another one is remembered. None of nothing is no choice. */
export function choose(kept: Choice, chosen: Chosen, account: string | undefined): Choice {
  const isChoice = chosen.length > 0 || lastChoice(kept, account) !== undefined
  const { earlier } = kept.chosen_of === account ? kept : unchoose(kept, account)
  return {
    chosen,
    chosen_of: isChoice ? (account ?? '') : '',
    earlier: earlier.filter((one) => one.account !== account),
  }
}

/** Nothing is chosen any more, for the account is not used any more: what was last is remembered under its SID. */
export function unchoose(kept: Choice, account: string | undefined): Choice {
  const of = kept.chosen_of || account
  const last = lastChoice(kept, of)
  const others = kept.earlier.filter((one) => one.account !== of)
  const earlier = of !== undefined && last ? [...others, { account: of, chosen: last }] : kept.earlier
  return { chosen: [], chosen_of: '', earlier }
}

/**
 * With the numbers that a version before this one did not write down, as the account's `endpoints` have them; undefined
 * where none is to be filled in.
 */
export function withNumbers(kept: Choice, endpoints: readonly Endpoint[]): Partial<Choice> | undefined {
  const numbers = new Map(endpoints.map(({ sid, number }) => [sid, number]))
  const isOpen = (one: Chosen[number]): boolean => one.number === '' && numbers.has(one.sid)
  const fill = (chosen: Chosen): Chosen =>
    chosen.map((one) => (isOpen(one) ? { ...one, number: numbers.get(one.sid) ?? '' } : one))
  if (![kept.chosen, ...kept.earlier.map(({ chosen }) => chosen)].some((chosen) => chosen.some(isOpen)))
    return undefined
  return {
    chosen: fill(kept.chosen),
    earlier: kept.earlier.map((one) => ({ ...one, chosen: fill(one.chosen) })),
  }
}
