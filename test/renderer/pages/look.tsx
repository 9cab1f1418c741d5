/** All pages over two worlds in memory: `npx vite test/renderer`, then /pages/. ?empty ?bare ?desktop ?extra=20000 ?fails=contacts.list ?slow ?kept=31 ?stage=lost ?status=full */
import { createRoot } from 'react-dom/client'
import '../../../src/renderer/src/styles/index.css'
import { Shell } from '../../../src/renderer/src/shell/Shell.tsx'
import { createApp } from '../../../src/renderer/src/state/app.ts'
import { startTheme } from '../../../src/renderer/src/state/theme.ts'
import { STATUSES, type StatusName } from '../world/statuses.ts'
import { PagesWorld } from './PagesWorld.ts'

const STAGES = ['nothing', 'account', 'numbers', 'way', 'live', 'lost', 'heard'] as const
const isStatus = (name: string | null): name is StatusName => name !== null && name in STATUSES
const asked = new URLSearchParams(location.search)
const status = asked.get('status')
startTheme()
const app = createApp(
  new PagesWorld({
    empty: asked.has('empty'),
    bare: asked.has('bare'),
    desktop: asked.has('desktop'),
    slow: asked.has('slow'),
    extra: Number(asked.get('extra') ?? 0),
    fails: asked.getAll('fails'),
    kept: Number(asked.get('kept') ?? 0),
    stage: STAGES.find((stage) => stage === asked.get('stage')) ?? 'live',
    ...(isStatus(status) && { status }),
  }),
)
const root = document.getElementById('root')
if (root) createRoot(root).render(<Shell app={app} />)
