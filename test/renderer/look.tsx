/** The screens over a world in memory: `npx vite test/renderer`. ?extra=20000, ?empty, ?trouble, ?open=Name, ?simulated */
import { createRoot } from 'react-dom/client'
import '../../src/renderer/src/styles/index.css'
import { Shell } from '../../src/renderer/src/shell/Shell.tsx'
import { createApp } from '../../src/renderer/src/state/app.ts'
import { startTheme } from '../../src/renderer/src/state/theme.ts'
import { MemoryWorld, type WorldOptions } from './world/MemoryWorld.ts'

declare global {
  interface Window {
    world: MemoryWorld
  }
}

const asked = new URLSearchParams(location.search)
const options: WorldOptions = { extra: Number(asked.get('extra') ?? 0), empty: asked.has('empty') }
if (asked.has('empty')) options.truth = { account: 'none', sentence: 'Not connected yet', public_base: null }
if (asked.has('simulated')) options.truth = { account: 'simulation' }
if (asked.has('trouble'))
  options.truth = {
    state: 'trouble',
    sentence: 'Not listening for 41 s',
    problems: [{ code: 'internal', sentence: 'kettle-street.loca.lt stopped answering, reopening, try 2' }],
    action: { label: 'Try now', request: 'truth.get' },
  }

startTheme()
const world = new MemoryWorld(options)
window.world = world
const app = createApp(world)
for (const name of asked.getAll('open')) app.consoles.real.open(world.byName(name)._id)
const root = document.getElementById('root')
if (root) createRoot(root).render(<Shell app={app} />)
