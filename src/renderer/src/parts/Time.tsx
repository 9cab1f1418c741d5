import { useConsole } from '../state/app.ts'
import { useTime } from '../state/worldClock.ts'
import { MINUTE, clock, clockSeconds, fullTime, listTime, ms, waiting } from '../words.ts'

interface TimeProps {
  at: string
  /** list: 10:38, Thu, 12 Nov · clock: 10:38 · seconds: 10:38:07 */
  as?: 'list' | 'clock' | 'seconds'
  className?: string
}

/** A moment in the reader's zone; the full one is in its title. */
export function Time({ at, as = 'list', className = '' }: TimeProps) {
  const instant = ms(at)
  const world = useConsole().clock
  const words = useTime(world, (now) =>
    as === 'list' ? listTime(instant, now) : as === 'clock' ? clock(instant) : clockSeconds(instant),
  )
  return (
    <time className={`n ${className}`} dateTime={at} title={fullTime(instant)}>
      {words}
    </time>
  )
}

/** How long somebody has been waiting; counts up by itself. `fresh` says it within the first minute. */
export function Waiting({ since, fresh = 'just now' }: { since: string; fresh?: string }) {
  const world = useConsole().clock
  const words = useTime(world, (now) => (now - ms(since) < MINUTE ? fresh : waiting(now - ms(since))))
  return <span className="n">{words}</span>
}
