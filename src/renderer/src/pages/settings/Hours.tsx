import { Switch } from '../../parts/Field.tsx'
import { KeptField, KeptText, Line } from './Parts.tsx'
import {
  WEEKDAYS,
  isHours,
  readStretches,
  sayStretches,
  usualHours,
  type OpeningHours,
  type Weekday,
} from './answerShapes.ts'
import { useKeep, useSetting } from './useSettings.ts'

/** When you are open, and what is said when you are not. */
export function Hours({ value }: { value: unknown }) {
  const { error, set } = useSetting('replies.hours')
  const kept = isHours(value) ? value : null
  const hours = kept?.off ? null : kept
  // Switched off they are kept.
  const turn = (on: boolean) => {
    const { off: _, ...days } = kept ?? usualHours()
    return set(on ? days : { ...days, off: true as const }, kept)
  }
  return (
    <div className="line line--stacked">
      <Line
        title="Opening hours"
        about={
          hours
            ? 'Outside of them the closed message is said, once in a session.'
            : 'Off, you count as always open.'
        }
        error={error}
      >
        <Switch label="Opening hours" hideLabel checked={hours !== null} onChange={(on) => void turn(on)} />
      </Line>
      {hours && <Week hours={hours} set={set} />}
    </div>
  )
}

interface WeekProps {
  hours: OpeningHours
  /** `from`: what the change began from. */
  set: (hours: OpeningHours, from: OpeningHours) => Promise<boolean>
}

function Week({ hours, set }: WeekProps) {
  const keep = useKeep()
  const save = (next: OpeningHours) =>
    keep('settings.set', { key: 'replies.hours', value: next, from: hours })
  const saveDay = async (day: Weekday, text: string) => {
    const stretches = readStretches(text)
    if (stretches === null) return 'Times such as 9:00–18:00, 18:00–02:00 into the night, or closed.'
    const { [day]: _was, ...others } = hours.days
    return save({ ...hours, days: stretches.length === 0 ? others : { ...others, [day]: stretches } })
  }
  return (
    <div className="week">
      {WEEKDAYS.map((day) => (
        <KeptField
          key={day}
          label={day.charAt(0).toUpperCase() + day.slice(1)}
          placeholder="closed"
          value={sayStretches(hours.days[day] ?? [])}
          onKeep={(text) => saveDay(day, text)}
        />
      ))}
      <KeptField
        label="Time zone"
        value={hours.time_zone}
        onKeep={(time_zone) => save({ ...hours, time_zone })}
      />
      <div className="week__closed">
        <p className="label" aria-hidden="true">
          Said when closed
        </p>
        <KeptText
          label="Said when closed"
          value={hours.closed}
          hint="We are closed now"
          onKeep={(closed, from) => set({ ...hours, closed }, { ...hours, closed: from })}
        />
      </div>
    </div>
  )
}
