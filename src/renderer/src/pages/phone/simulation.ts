import type { PhoneView, RequestInput, RequestName, Result, Results } from '../../../../shared/contract.ts'
import type { App } from '../../state/app.ts'
import type { Console } from '../../state/console.ts'
import { go, type Route, route } from '../../state/route.ts'
import { showWorld } from '../../state/visit.ts'
import { handOver, madeUp } from './phones.ts'

type PhoneName = { [N in RequestName]: Results[N] extends PhoneView ? N : never }[RequestName]

/** Takes what the simulation says of its phones; an answer that was overtaken by a later one is dropped. */
function take(console: Console, phone: PhoneView): void {
  const here = console.phone.get()
  if (here && Date.parse(phone.now) < Date.parse(here.now)) return
  console.phone.set(phone)
  console.clock.set(phone.now)
}

/** Asks something of the test phone. Answers with what went wrong, in words; null when nothing did. */
export async function askPhone<N extends PhoneName>(
  console: Console,
  name: N,
  input: RequestInput<N>,
): Promise<string | null> {
  const result: Result<PhoneView> = await console.ask(name, input)
  if (!result.ok) return result.error.message
  take(console, result.value)
  return null
}

/** Plays a scenario to its end, and tells what came of it. */
export async function playScenario(
  console: Console,
  name: RequestInput<'phone.scenario'>['name'],
): Promise<Result<Results['phone.scenario']>> {
  const result = await console.ask('phone.scenario', { name })
  if (result.ok) take(console, result.value)
  return result
}

/**
 * Starts the simulation, or goes on with the one that is kept, and shows it, at a place of it where one is given; the
 * real console goes on beside it.
 */
export async function startSimulation(app: App, place: Route | null = null): Promise<string | null> {
  const { consoles } = app
  const from = route.get()
  const result = await consoles.real.ask('simulation.start', {})
  if (!result.ok) return result.error.message
  take(consoles.simulation, result.value)
  handOver(result.value)
  const now = route.get()
  // At once, so that nobody who goes on from there is led back; who went elsewhere meanwhile is not led here.
  if (now.page === from.page && now.place === from.place) go(place ?? { page: 'phone', world: 'simulation' })
  await consoles.simulation.start()
  return null
}

/** Throws away what an earlier simulation kept and begins: with no session, and at the real time. */
export async function startAfresh(app: App, begin: () => Promise<string | null>): Promise<string | null> {
  const { real, simulation } = app.consoles
  const result = await real.ask('simulation.stop', {})
  if (!result.ok) return result.error.message
  simulation.phone.set(null)
  simulation.forgetWritten()
  app.wanted = null
  // What was done in the one that is gone can't be undone in the new one.
  app.toasts.clear()
  return begin()
}

/** From the welcome to a first message: starts the simulation, goes to the test phone, and it texts at once. */
export async function startWithText(app: App): Promise<string | null> {
  const problem = await startSimulation(app)
  if (problem !== null) return problem
  const { simulation } = app.consoles
  const from = simulation.phone.get()?.phones[0]?.number ?? madeUp([])
  return askPhone(simulation, 'phone.text', { from, medium: 'sms', body: 'Hello' })
}

/** Ends the simulation: what it made is gone, and the real sessions are shown again. */
export async function endSimulation(app: App): Promise<void> {
  const { consoles, toasts } = app
  // Left before it ends: to be led out of it is for other windows.
  showWorld(consoles.real)
  app.isEnding = true
  const result = await consoles.real.ask('simulation.stop', {})
  app.isEnding = false
  if (!result.ok) {
    showWorld(consoles.simulation)
    return toasts.fail(result.error.message)
  }
  consoles.simulation.phone.set(null)
  toasts.clear()
  toasts.say('The simulation has ended. What it made is gone, your real sessions are as they were.')
}
