import { Loading } from '../../parts/Empty.tsx'
import { useApp } from '../../state/app.ts'
import { startSimulation } from './simulation.ts'
import { StartSimulation } from './StartSimulation.tsx'

/** What the test phone is, and the one press that starts it. */
export function NotRunning({ known }: { known: boolean }) {
  const app = useApp()
  return (
    <main className="page" id="main" tabIndex={-1}>
      <div className="page__in phone-off">
        <h1>Test phone</h1>
        <p className="lead">
          A phone in the hand of a made-up customer. It texts, sends WhatsApp messages and calls, through the
          same signed webhooks Twilio uses, and shows what you answer.
        </p>
        <ul className="phone-off__facts">
          <li>No real phone is reached, and nothing is charged.</li>
          <li>What it makes is kept apart from your real sessions and is gone at one press.</li>
          <li>Its clock can be moved, so that six minutes pass at once.</li>
        </ul>
        {known ? (
          <StartSimulation words="Start the simulation" begin={() => startSimulation(app)} />
        ) : (
          <Loading label="Asking whether a simulation runs">
            <p className="meta">Asking whether a simulation runs already.</p>
          </Loading>
        )}
      </div>
    </main>
  )
}
