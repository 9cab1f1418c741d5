import type { SessionView } from '../../../../shared/contract.ts'
import type { Medium } from '../../../../shared/documents.ts'
import { useConsole, useSimulated } from '../../state/app.ts'
import { useTime } from '../../state/worldClock.ts'
import { HOUR, MINUTE, duration, figure, ms, plural } from '../../words.ts'
import { LONGEST, segmentsOf } from './segments.ts'

interface HintProps {
  session: SessionView
  medium: Medium
  text: string
}

/** Left: what to know before writing. Right: how long it is, or how long the window stays open. */
export function ComposerHint({ session, medium, text }: HintProps) {
  const simulated = useSimulated()
  return (
    <>
      <span className="composer__hint grow">
        <span className="cut">
          {session.later !== null ? (
            'Goes to the newest session of this contact'
          ) : simulated ? (
            'No real phone is reached'
          ) : text === '' ? (
            <>
              Type <kbd>/</kbd> for a template
            </>
          ) : (
            ''
          )}
        </span>
      </span>
      <span className="composer__hint n nowrap">
        {text.length > LONGEST ? (
          <span className="dangerc">
            {figure(text.length)} of {figure(LONGEST)}, too long
          </span>
        ) : medium === 'sms' ? (
          text !== '' && <Length text={text} />
        ) : (
          medium === 'whatsapp' &&
          session.window_until !== undefined && <WindowLeft until={session.window_until} />
        )}
      </span>
    </>
  )
}

function Length({ text }: { text: string }) {
  const { used, room, count, encoding } = segmentsOf(text)
  return (
    <span title={`${encoding}, ${plural(count, 'segment')}`}>
      {figure(used)} of {figure(room)} · {plural(count, 'segment')}
    </span>
  )
}

/** WhatsApp takes free text for 24 hours from the contact's last message (Twilio error 63016). */
function WindowLeft({ until }: { until: string }) {
  const end = ms(until)
  const left = useTime(useConsole().clock, (now) => Math.floor((end - now) / MINUTE) * MINUTE)
  if (left < 0) return null
  return (
    <span className={left < SHORT ? 'lampc' : ''} title="WhatsApp takes free words until then">
      {left < MINUTE ? 'less than a minute' : duration(left)} left to answer
    </span>
  )
}

/** Less than that is to be seen. */
const SHORT = 2 * HOUR
