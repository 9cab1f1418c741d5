import { useEffect } from 'react'
import { Banner, SimulationWords } from '../../parts/Banner.tsx'
import { Button } from '../../parts/Button.tsx'
import { Loading } from '../../parts/Empty.tsx'
import { NotRead } from '../../parts/NotRead.tsx'
import { ConsoleProvider, useApp, useConsole } from '../../state/app.ts'
import { useCell } from '../../state/cell.ts'
import type { Console } from '../../state/console.ts'
import { useRead } from '../../state/useRead.ts'
import { ClockPanel } from './ClockPanel.tsx'
import { Device } from './Device.tsx'
import { LiveConsole } from './LiveConsole.tsx'
import { NotRunning } from './NotRunning.tsx'
import { SeeSessions } from './SeeSessions.tsx'
import { PhoneList } from './PhoneList.tsx'
import { Scenarios } from './Scenarios.tsx'
import { held, inHand, phonesOf, wayOf } from './phones.ts'
import { askPhone, endSimulation } from './simulation.ts'
import './phone.css'

/** A customer's phone, and beside it what the business sees. Everything here is the simulation's. */
export function PhonePage() {
  const { consoles } = useApp()
  const truth = useCell(consoles.real.truth)
  const phone = useCell(consoles.simulation.phone)
  const running = truth?.simulation_running === true || truth?.account === 'simulation'
  return (
    <ConsoleProvider value={consoles.simulation}>
      {phone ? (
        <Running alone={truth?.account === 'simulation'} />
      ) : running ? (
        <Fetching />
      ) : (
        <NotRunning known={truth !== null} />
      )}
    </ConsoleProvider>
  )
}

const read = async (console: Console): Promise<string> => (await askPhone(console, 'phone.get', {})) ?? ''

/** The simulation runs already (another window started it): its phones are read. */
function Fetching() {
  const { problem, retry } = useRead(read)
  return (
    <main className="page" id="main" tabIndex={-1}>
      <h1 className="sr">Test phone</h1>
      {problem === '' ? (
        <Loading label="Reading the test phones">
          <div className="stage">
            <div className="device" />
          </div>
        </Loading>
      ) : (
        <NotRead title="The test phones could not be read" problem={problem} onRetry={retry} />
      )}
    </main>
  )
}

/** `alone`: the whole program is a simulation, and ends with it. */
function Running({ alone }: { alone: boolean }) {
  const app = useApp()
  const { phone: cell, clock } = useConsole()
  const view = useCell(cell)
  const now = useCell(held)
  useEffect(() => {
    if (view) clock.set(view.now)
  }, [clock, view])
  if (!view) return null
  const phones = phonesOf(view, now)
  const phone = inHand(phones, now)
  return (
    <main className="sim" id="main" tabIndex={-1}>
      <h1 className="sr">Test phone</h1>
      <Banner
        tone="sim"
        icon="phone"
        action={
          !alone && (
            <Button once onClick={() => void endSimulation(app)}>
              End the simulation
            </Button>
          )
        }
      >
        <SimulationWords />
      </Banner>
      <div className="sim__left" role="region" aria-label="Clock, phones and scenarios" tabIndex={0}>
        <ClockPanel business={view.business} medium={phone ? wayOf(phone, now) : 'sms'} />
        <PhoneList phones={phones} inHand={phone?.number} />
        <Scenarios />
      </div>
      <div className="stage">
        {phone && <Device key={phone.number} phone={phone} business={view.business} />}
        <div className="stage__see only-middle">
          <SeeSessions>See what you received</SeeSessions>
        </div>
      </div>
      {phone && <LiveConsole phone={phone} />}
    </main>
  )
}
