import { useEffect, useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { useApp } from '../../state/app.ts'
import { useCell } from '../../state/cell.ts'
import { plural } from '../../words.ts'
import { startAfresh, startSimulation } from './simulation.ts'
import { useAsk } from '../../state/useAsk.ts'
import './phone.css'

interface StartSimulationProps {
  /** What the button says where nothing is kept from before. */
  words: string
  /** Begins where nothing is kept. */
  begin: () => Promise<string | null>
}

/** The press that starts the simulation; where an earlier one is kept, the choice whether to go on with it. */
export function StartSimulation({ words, begin }: StartSimulationProps) {
  const app = useApp()
  const { busy, problem, run } = useAsk()
  const runs = useCell(app.consoles.real.truth)?.simulation_running === true
  const kept = useKept(runs)
  const sessions = plural(kept ?? 0, 'session')
  // While this very press starts one, it is not another's.
  const isThere = (runs && !busy) || (kept ?? 0) > 0
  return (
    <>
      {isThere && (
        <p>
          {runs
            ? 'A simulation runs already. Starting afresh throws away what it made.'
            : `An earlier simulation is kept: ${sessions}, and its own clock, which goes on an hour after the last. Starting afresh throws that away.`}
        </p>
      )}
      {problem !== null && (
        <p className="dangerc" role="alert">
          It did not start. {problem}
        </p>
      )}
      <div className="starts">
        {isThere ? (
          <>
            <Button
              look="primary"
              big
              busy={busy}
              onClick={() => void run(() => startSimulation(app, app.wanted))}
            >
              {runs ? 'Show the simulation that runs' : `Continue your simulation (${sessions})`}
            </Button>
            <Button big busy={busy} onClick={() => void run(() => startAfresh(app, begin))}>
              Start afresh
            </Button>
          </>
        ) : (
          <Button look="primary" big busy={busy || kept === null} onClick={() => void run(begin)}>
            {busy ? 'Starting' : words}
          </Button>
        )}
      </div>
    </>
  )
}

/**
 * Sessions of a simulation that `runs`, or is kept of an earlier one; null until that is known. Where it can't be told,
 * starting says why.
 */
function useKept(runs: boolean): number | null {
  const { real } = useApp().consoles
  const [kept, setKept] = useState<number | null>(null)
  useEffect(() => {
    let gone = false
    void real.ask('simulation.kept', {}).then((result) => {
      if (!gone) setKept(result.ok ? result.value.sessions : 0)
    })
    return () => {
      gone = true
    }
  }, [real, runs])
  return kept
}
