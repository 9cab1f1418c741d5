import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { forgetWith } from './pages/phone/played.ts'
import { createApp } from './state/app.ts'
import { startTheme } from './state/theme.ts'
import { Shell } from './shell/Shell.tsx'
import { ipcTransport } from './transport/ipc.ts'
import { webSocketTransport } from './transport/websocket.ts'
import './styles/print.css'

const root = document.getElementById('root')
if (!root) throw new Error('The page has no #root')
startTheme()
const app = createApp(window.switchboard ? ipcTransport(window.switchboard) : webSocketTransport())
forgetWith(app.consoles.simulation)
createRoot(root).render(
  <StrictMode>
    <Shell app={app} />
  </StrictMode>,
)
// Two frames on, what was rendered has been painted: the launcher waits for this.
requestAnimationFrame(() => requestAnimationFrame(() => void app.consoles.real.ask('app.painted', {})))
