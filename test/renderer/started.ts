import { Console } from '../../src/renderer/src/state/console.ts'
import { Toasts } from '../../src/renderer/src/state/toasts.ts'
import { MemoryWorld } from './world/MemoryWorld.ts'

/** A console over the workshop's documents that has read all of them; what changes is shown at once. */
export async function started() {
  const world = new MemoryWorld()
  const console = new Console(world, 'real', new Toasts(), (task) => task())
  world.subscribe((event) => console.take(event))
  await console.start()
  return { world, console }
}

/** What was asked of a console in memory is answered: no answer there takes longer than this turn of the loop. */
export const settled = () => new Promise((done) => setImmediate(done))
