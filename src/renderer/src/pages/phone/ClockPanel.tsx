import type { Medium } from '../../../../shared/documents.ts'
import { Button } from '../../parts/Button.tsx'
import { useConsole } from '../../state/app.ts'
import { useTime } from '../../state/worldClock.ts'
import { clockSeconds, dayName, duration, MEDIUM_NAMES } from '../../words.ts'
import { useSettings } from '../settings/useSettings.ts'
import { gapInForce, gapWords } from '../settings/gaps.ts'
import { askPhone } from './simulation.ts'
import { useAsk } from '../../state/useAsk.ts'

const MINUTE = 60_000
const STEPS = [
  { words: '+1 min', ms: MINUTE },
  { words: '+5 min', ms: 5 * MINUTE },
  { words: '+6 min', ms: 6 * MINUTE },
  { words: '+1 h', ms: 60 * MINUTE },
  { words: '+1 day', ms: 24 * 60 * MINUTE },
] as const

interface ClockPanelProps {
  /** The business's number, and the medium of the phone in the hand: the gap is theirs. */
  business: string
  medium: Medium
}

/** The simulation's own time, which can be moved on. */
export function ClockPanel({ business, medium }: ClockPanelProps) {
  const console = useConsole()
  const { settings } = useSettings()
  const { busy, problem, run } = useAsk()
  const time = useTime(console.clock, clockSeconds)
  const day = useTime(console.clock, (now) => dayName(now, Date.now()))
  const ahead = useTime(console.clock, () => Math.max(0, console.clock.ahead))
  const gap = settings ? gapWords(gapInForce(settings, business, medium)) : null
  return (
    <section aria-labelledby="sim-clock">
      <div className="sim__h">
        <h2 className="h3" id="sim-clock">
          Clock
        </h2>
        {day !== 'Today' && <span className="meta n">{day}</span>}
      </div>
      <div className="clock">
        <span className="clock__time n">{time}</span>
        <span className="meta n">{ahead > 0 ? `${duration(ahead)} ahead` : 'with the real one'}</span>
      </div>
      <div className="clock__by n">
        {STEPS.map(({ words, ms }) => (
          <Button
            key={words}
            busy={busy}
            onClick={() => void run(() => askPhone(console, 'phone.advance', { ms }))}
          >
            {words}
          </Button>
        ))}
      </div>
      {gap !== null && (
        <p className="meta sim__hint">
          The {MEDIUM_NAMES[medium]} gap is {gap}: after exactly {gap} of silence the session goes on, after
          any more a new one begins.
        </p>
      )}
      {problem !== null && (
        <p className="meta dangerc" role="alert">
          {problem}
        </p>
      )}
    </section>
  )
}
