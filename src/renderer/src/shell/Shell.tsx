import type { MouseEvent } from 'react'
import { useCallback, useState } from 'react'
import { Banner, SimulationWords } from '../parts/Banner.tsx'
import { Button } from '../parts/Button.tsx'
import { Toasts } from '../parts/Toasts.tsx'
import { ContactsPage } from '../pages/contacts/ContactsPage.tsx'
import { PhonePage } from '../pages/phone/PhonePage.tsx'
import { SessionsPage } from '../pages/sessions/SessionsPage.tsx'
import { SettingsPage } from '../pages/settings/SettingsPage.tsx'
import { AppProvider, ConsoleProvider, isAllSimulated, type App } from '../state/app.ts'
import { useCell } from '../state/cell.ts'
import { route } from '../state/route.ts'
import { showWorld } from '../state/visit.ts'
import { Palette } from './Palette.tsx'
import { Rail } from './Rail.tsx'
import { Shortcuts } from './Shortcuts.tsx'
import { Truth } from './Truth.tsx'
import { useGlobalKeys } from './keys.ts'
import './shell.css'

type Overlay = 'palette' | 'shortcuts' | null

/** Without going to the link's address: that would be no page's. */
function toMain(event: MouseEvent): void {
  event.preventDefault()
  document.getElementById('main')?.focus()
}

/** The frame around every page: line of truth, rail, banners, palette, toasts. */
export function Shell({ app }: { app: App }) {
  const world = useCell(app.world)
  const { page } = useCell(route)
  const line = useCell(app.line)
  const [overlay, setOverlay] = useState<Overlay>(null)
  const close = useCallback(() => setOverlay(null), [])
  const simulated = useCell(app.consoles.real.truth)?.simulation_running ?? false
  // The test phone is the simulation's, whatever the other pages show; before it runs there is none to tell of.
  const shown = app.consoles[page === 'phone' && simulated ? 'simulation' : world]
  useGlobalKeys(app, setOverlay)

  return (
    <AppProvider value={app}>
      <ConsoleProvider value={shown}>
        <div className={`shell ${shown.world === 'simulation' ? 'shell--sim' : ''}`}>
          <a className="skip" href="#main" onClick={toMain}>
            Skip to the content
          </a>
          <Truth onFind={() => setOverlay('palette')} />
          <Rail />
          <div className="shell__page">
            {line === 'lost' && (
              <Banner tone="lamp" icon="tunnel">
                <strong>The connection to Switchboard is lost.</strong> While it runs, messages go on arriving
                there; this page tries again by itself.
              </Banner>
            )}
            {line === 'refused' && (
              <Banner tone="lamp" icon="tunnel">
                <strong>Switchboard was started again, and has a new address.</strong> Open the one it
                printed, or the app shows under “This computer”, in this browser: this page then goes on
                within half a minute. What you wrote and did not send is kept.
              </Banner>
            )}
            {world === 'simulation' && page !== 'phone' && (
              <Banner
                tone="sim"
                icon="phone"
                action={
                  !isAllSimulated(app) && (
                    <Button onClick={() => showWorld(app.consoles.real)}>Back to real sessions</Button>
                  )
                }
              >
                <SimulationWords />
              </Banner>
            )}
            {page === 'sessions' && <SessionsPage key={world} />}
            {page === 'contacts' && <ContactsPage key={world} />}
            {page === 'phone' && <PhonePage />}
            {page === 'settings' && <SettingsPage />}
          </div>
        </div>
        {overlay === 'palette' && <Palette onClose={close} onShortcuts={() => setOverlay('shortcuts')} />}
        {overlay === 'shortcuts' && <Shortcuts onClose={close} />}
      </ConsoleProvider>
      <Toasts toasts={app.toasts} />
    </AppProvider>
  )
}
