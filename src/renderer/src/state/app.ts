import { createContext, useContext } from 'react'
import type { LineState, Transport, World } from '../../../shared/contract.ts'
import { Cell, useCell } from './cell.ts'
import { Console } from './console.ts'
import { nextFrame, type Schedule } from './feed.ts'
import { keptInWindow } from './kept.ts'
import { go, namesWorld, type Route, route } from './route.ts'
import { Toasts } from './toasts.ts'
import { followAddress, openSession, showWorld } from './visit.ts'

/** The page as a whole: both worlds, which of them is shown, and the line to the console. */
export interface App {
  transport: Transport
  toasts: Toasts
  line: Cell<LineState>
  world: Cell<World>
  consoles: Record<World, Console>
  /** Where the address led in a simulation that is not running: once it goes on, the page is there. */
  wanted: Route | null
  /** This window ends the simulation: what still comes of its running leads nobody back into it. */
  isEnding: boolean
}

/** Where the page keeps which world it shows: for this window alone, and not for longer. */
const SHOWN = 'switchboard/world'

export function createApp(transport: Transport, schedule: Schedule = nextFrame): App {
  const toasts = new Toasts()
  const real = new Console(transport, 'real', toasts, schedule)
  const simulation = new Console(transport, 'simulation', toasts, schedule)
  const app: App = {
    transport,
    toasts,
    line: new Cell<LineState>('open'),
    world: new Cell<World>(route.get().world),
    consoles: { real, simulation },
    wanted: null,
    isEnding: false,
  }
  route.subscribe(() => app.world.set(route.get().world))
  app.world.subscribe(() => keptInWindow.set(SHOWN, app.world.get()))
  followAddress([real, simulation])

  transport.subscribe((event) => {
    app.consoles[event.world].take(event)
    if (event.kind === 'open')
      openSession(isAllSimulated(app) ? simulation : app.consoles[event.world], event.session)
  })
  // The simulation is there while it runs; gone, the page is back in the real world.
  let running = false
  let hasRun = false
  let kept = keptInWindow.get(SHOWN)
  let { page } = route.get()
  // Nothing of a simulation that is over can be shown, whatever the address says. One that is kept is gone on with at
  // the test phone.
  const leaveEnded = (hasJustEnded = false) => {
    if (running || real.truth.get() === null || isAllSimulated(app) || simulation.phone.get() !== null) return
    const there = route.get()
    if (there.world !== 'simulation') return
    if (hasJustEnded) toasts.say('The simulation was ended elsewhere. Your real sessions are as they were.')
    else if (hasRun) toasts.say('No simulation is running. The test phone starts one.')
    else {
      toasts.say('That is part of a simulation, and none is running. Here you go on with it, or start one.')
      go({ page: 'phone', world: 'real' }, 'replace')
      app.wanted = there
      return
    }
    showWorld(real, 'replace')
  }
  // Ended it left nothing; where the console was started again it is kept, and so is what was being written in it.
  const endedOrKept = async () => {
    simulation.ended()
    const result = await real.ask('simulation.kept', {})
    if (running) return
    // Its phones may have said something more as it ended.
    simulation.phone.set(null)
    hasRun = !result.ok || result.value.sessions === 0
    if (hasRun) simulation.forgetWritten()
    leaveEnded(hasRun)
  }
  // The test phone is the simulation's, whichever window started it: whoever goes there stays in its world.
  const followPhone = () => {
    if (running && !app.isEnding && route.get().page === 'phone') showWorld(simulation, 'replace')
  }
  route.subscribe(() => {
    const before = page
    page = route.get().page
    if (page !== before) followPhone()
    if (page !== 'phone') app.wanted = null
    leaveEnded()
  })
  real.truth.subscribe(() => {
    const was = running
    running = real.truth.get()?.simulation_running ?? false
    hasRun ||= running
    if (running && !was) {
      void simulation.start()
      // A page that is read again shows the world that it showed before, if that is still there.
      if (kept === 'simulation' && !namesWorld(route.get().page)) showWorld(simulation, 'replace')
      followPhone()
    }
    kept = null
    // Started with --simulator there is no real world: what answers for it is the simulation.
    if (isAllSimulated(app)) showWorld(simulation, 'replace')
    if (was && !running) void endedOrKept()
    else leaveEnded()
  })
  transport.onConnection((line) => {
    app.line.set(line)
    if (line !== 'open') return
    void real.start()
    if (running) void simulation.start()
  })
  return app
}

/** The whole program is a simulation: there is no real world to go back to. */
export const isAllSimulated = (app: App) => app.consoles.real.truth.get()?.world === 'simulation'

const AppContext = createContext<App | null>(null)
export const AppProvider = AppContext.Provider
export function useApp(): App {
  const app = useContext(AppContext)
  if (!app) throw new Error('useApp outside AppProvider')
  return app
}

const ConsoleContext = createContext<Console | null>(null)
/** Puts a part of the page into one world, as the test phone does with the simulation. */
export const ConsoleProvider = ConsoleContext.Provider
/** The console this part of the page shows. */
export function useConsole(): Console {
  const console = useContext(ConsoleContext)
  if (!console) throw new Error('useConsole outside ConsoleProvider')
  return console
}

/** True where nothing reaches a real phone: such a part is hatched. */
export function useSimulated(): boolean {
  const console = useConsole()
  const truth = useCell(console.truth)
  return console.world === 'simulation' || truth?.account === 'simulation'
}
