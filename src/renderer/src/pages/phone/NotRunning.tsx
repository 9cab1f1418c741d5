import { Button } from '../../parts/Button.tsx'
import { Loading } from '../../parts/Empty.tsx'
import { useApp } from '../../state/app.ts'
import { startSimulation } from './simulation.ts'
import { useAsk } from './useAsk.ts'

/** What the test phone is, and the one press that starts it. */
export function NotRunning({ known }: { known: boolean }) {
  const app = useApp()
  const { busy, problem, run } = useAsk()
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
          <Button look="primary" big disabled={busy} onClick={() => void run(() => startSimulation(app))}>
            {busy ? 'Starting' : 'Start the simulation'}
          </Button>
        ) : (
          <Loading label="Asking whether a simulation runs">
            <p className="meta">Asking whether a simulation runs already.</p>
          </Loading>
        )}
        {problem !== null && (
          <p className="dangerc" role="alert">
            It did not start. {problem}
          </p>
        )}
      </div>
    </main>
  )
}
