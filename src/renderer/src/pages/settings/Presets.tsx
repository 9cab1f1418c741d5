import { KeptField } from './Parts.tsx'
import { gapWords, typedGap } from './gaps.ts'
import { useKeep, useSetting } from './useSettings.ts'

const PRESETS = [
  { title: 'Notifications', why: 'Quick acknowledgements', gaps: ['1m', '2m'] },
  {
    title: 'Customer support',
    why: 'Follow-up questions. What a new console starts with',
    gaps: ['5m', '10m'],
  },
  { title: 'Chatbot', why: 'Extended conversations with automatic answers', gaps: ['15m'] },
  { title: 'Sales and marketing', why: 'Longer conversations, with time to think', gaps: ['30m', '1h'] },
] as const

/** Gaps that have proved themselves, by what the number is for. */
export function Presets({ current }: { current: string }) {
  const { error, set } = useSetting('sessions.gap')
  return (
    <>
      <ul className="presets">
        {PRESETS.map(({ title, why, gaps }) => (
          <li key={title} className="line">
            <div className="line__words">
              <h4 className="h3">{title}</h4>
              <p>{why}</p>
            </div>
            <div className="seg" role="group" aria-label={`Gap for ${title.toLowerCase()}`}>
              {gaps.map((gap) => (
                <button
                  key={gap}
                  type="button"
                  className="n"
                  aria-pressed={gap === current}
                  onClick={() => gap !== current && void set(gap)}
                >
                  {gapWords(gap)}
                </button>
              ))}
            </div>
          </li>
        ))}
      </ul>
      {error && (
        <p className="dangerc" role="alert">
          {error}
        </p>
      )}
    </>
  )
}

/** Any other gap, typed. */
export function OwnGap({ current }: { current: string }) {
  const keep = useKeep()
  return (
    <div className="set__own">
      <KeptField
        label="Another gap"
        hint="1 s to 24 h, such as 90s, 7m or 1h30m; a number alone is minutes"
        value={current}
        maxLength={12}
        onKeep={(value) => keep('settings.set', { key: 'sessions.gap', value: typedGap(value) })}
      />
    </div>
  )
}
