import type { Made, RequestInput } from '../../../../shared/contract.ts'
import { Cell } from '../../state/cell.ts'
import type { Console } from '../../state/console.ts'
import { route } from '../../state/route.ts'
import { clock } from '../../words.ts'
import { forgetPhones, takeInHand } from './phones.ts'
import { playScenario } from './simulation.ts'

export type ScenarioName = RequestInput<'phone.scenario'>['name']
export type Outcome = { at: string; made: Made } | { problem: string }

interface Played {
  running: ScenarioName | null
  outcomes: Readonly<Partial<Record<ScenarioName, Outcome>>>
}

const NOTHING: Played = { running: null, outcomes: {} }
/** The scenarios that were played: kept while other pages are looked at, where the one under way goes on. */
export const played = new Cell<Played>(NOTHING)
/** Counts simulations: what one that was broken off by its end came to is nothing of the next. */
let simulation = 0

/** With the simulation what its scenarios came to is gone. */
export function forgetPlayed(): void {
  simulation += 1
  played.set(NOTHING)
}

/** Forgets them, and the phones, with the simulation they are of, whichever window ends it. */
export function forgetWith({ phone }: Console): void {
  phone.subscribe(() => {
    if (phone.get() !== null) return
    forgetPlayed()
    forgetPhones()
  })
}

/** Plays one after the other, each with its phone and its session brought forward, until one can't be played. */
export async function play(console: Console, ...[name, ...rest]: readonly ScenarioName[]): Promise<void> {
  if (name === undefined) return
  played.update((now) => ({ ...now, running: name }))
  const mine = simulation
  const result = await playScenario(console, name)
  if (mine !== simulation) return
  const outcome = result.ok
    ? { at: clock(console.clock.now()), made: result.value.made }
    : { problem: result.error.message }
  // From one to the next without a moment in which another could be started.
  const running = (result.ok && rest[0]) || null
  played.update(({ outcomes }) => ({ running, outcomes: { ...outcomes, [name]: outcome } }))
  if (!result.ok) return
  // Who looks at another page meanwhile has something else in front.
  if (route.get().page === 'phone') bringForward(console, result.value.made)
  await play(console, ...rest)
}

function bringForward(console: Console, { phone, session }: Made): void {
  takeInHand(phone)
  if (session === null) return
  const { current } = console.opened.get()
  const isOfPhone = current !== null && console.sessions.get(current)?.metadata.fromNumber === phone
  if (isOfPhone && current !== session) console.replace(current, session)
  else console.open(session)
}
