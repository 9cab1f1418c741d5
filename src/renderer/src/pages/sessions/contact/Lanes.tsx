import { Fragment } from 'react'
import type { Session } from '../../../../../shared/documents.ts'
import { useConsole } from '../../../state/app.ts'
import { useMinute } from '../../../state/worldClock.ts'
import { MEDIUM_NAMES, MINUTE, duration, figure, ms, plural, roughly, span } from '../../../words.ts'

interface LanesProps {
  sessions: readonly Session[]
  /** The session on the screen. */
  current: string | null
  onOpen: (id: string) => void
}

/** Sessions of one person over all media, newest first. Lane order never changes: WhatsApp, SMS, Voice. */
export function Lanes({ sessions, current, onOpen }: LanesProps) {
  const now = useMinute(useConsole().clock)
  const rows = [...sessions]
    .filter((session) => session.merged_into === undefined)
    .sort((a, b) => (a.last_message_at < b.last_message_at ? 1 : -1))
  return (
    <section>
      <div className="side__h">
        <h3>Sessions</h3>
        <span className="meta n">{spread(rows)}</span>
      </div>
      <ol className="lanes">
        {rows.map((session, at) => {
          const later = rows[at - 1]
          const silence = later ? ms(later.metadata.firstMessageAt) - ms(session.last_message_at) : 0
          return (
            <Fragment key={session._id}>
              {silence >= 1000 && (
                <li className="silence n">
                  <Lane />
                  {duration(silence)}
                  <span className="sr"> of silence</span>
                </li>
              )}
              <li>
                <Lane medium={session.communication_type} />
                <button
                  type="button"
                  aria-current={session._id === current ? 'true' : undefined}
                  onClick={() => onOpen(session._id)}
                >
                  <span className="n">
                    {span(ms(session.metadata.firstMessageAt), ms(session.last_message_at), now)}
                  </span>
                  <span className="meta n">
                    {MEDIUM_NAMES[session.communication_type]} · {plural(session.message_count, 'message')}
                    {session.status === 'closed' && ', closed'}
                  </span>
                </button>
              </li>
            </Fragment>
          )
        })}
      </ol>
    </section>
  )
}

function Lane({ medium }: { medium?: Session['communication_type'] }) {
  return (
    <span className="lane" aria-hidden="true">
      <i />
      <i />
      <i />
      {medium && <b className={medium} />}
    </span>
  )
}

/** 7 in 21 months */
function spread(rows: readonly Session[]): string {
  const [last] = rows
  if (!last || rows.length < 2) return ''
  const first = Math.min(...rows.map(({ metadata }) => ms(metadata.firstMessageAt)))
  const length = ms(last.last_message_at) - first
  return length < MINUTE ? figure(rows.length) : `${figure(rows.length)} in ${roughly(length)}`
}
