import { Fragment, useState } from 'react'
import type { Medium, Session } from '../../../../shared/documents.ts'
import { lastWords } from '../../calls.ts'
import { Button } from '../../parts/Button.tsx'
import { Empty } from '../../parts/Empty.tsx'
import { MediumIcon } from '../../parts/MediumIcon.tsx'
import { Count } from '../../parts/Pill.tsx'
import { useConsole } from '../../state/app.ts'
import { openSession } from '../../state/visit.ts'
import { useMinute } from '../../state/worldClock.ts'
import { BY, MEDIUM_NAMES, duration, figure, ms, plural, reasonWords, roughly, span } from '../../words.ts'
import './timeline.css'

/** The order of the lanes never changes. */
const LANES: readonly Medium[] = ['whatsapp', 'sms', 'voice']
/** So many are shown at first, and added at each press. */
const STEP = 200

/** Every session with a contact over all media, in three lanes, the newest on top; between them the silences. */
export function TimeLine({ sessions }: { sessions: readonly Session[] }) {
  const console = useConsole()
  const now = useMinute(console.clock)
  const [most, setMost] = useState(STEP)
  const rows = sessions
    .filter((session) => session.merged_into === undefined)
    .sort((a, b) => (a.last_message_at < b.last_message_at ? 1 : -1))
  return (
    <section className="time" aria-labelledby="time-h">
      <div className="time__head">
        <h2 id="time-h">All sessions</h2>
        <span className="meta n">{lengthOf(rows)}</span>
      </div>
      {rows.length === 0 && (
        <Empty title="No sessions">Each session over each medium stands here, the newest on top.</Empty>
      )}
      {rows.length > 0 && (
        <div className="time__lanes" aria-hidden="true">
          {LANES.map((medium) => (
            <MediumIcon key={medium} medium={medium} />
          ))}
        </div>
      )}
      <ol className="time__rows">
        {rows.slice(0, most).map((session, at) => {
          const later = rows[at - 1]
          return (
            <Fragment key={session._id}>
              {later && <Silence between={[session, later]} now={now} />}
              <li className="time__session">
                <Lanes of={session.communication_type} />
                <button type="button" onClick={() => openSession(console, session._id)}>
                  <Words session={session} before={rows[at + 1]} now={now} />
                </button>
              </li>
            </Fragment>
          )
        })}
      </ol>
      {rows.length > most && (
        <Button onClick={() => setMost(most + STEP)}>
          Show {figure(Math.min(STEP, rows.length - most))} earlier
        </Button>
      )}
    </section>
  )
}

/** The silence below a session is the one that began it: it says so there, once. */
const beganBySilence = (session: Session, before: Session | undefined) => {
  const { reason, firstMessageAt } = session.metadata
  return (
    before !== undefined &&
    reason.kind === 'silence' &&
    Math.abs(ms(firstMessageAt) - ms(before.last_message_at) - reason.silence_ms) < 1000
  )
}

interface WordsProps {
  session: Session
  /** The one below. */
  before: Session | undefined
  now: number
}

function Words({ session, before, now }: WordsProps) {
  const { metadata, communication_type: medium, status, unread_count, message_count } = session
  const by = BY[metadata.lastSender]
  return (
    <>
      <span className="time__line">
        <span className="time__when n">
          {span(ms(metadata.firstMessageAt), ms(session.last_message_at), now)}
        </span>
        <span className="meta n">
          {MEDIUM_NAMES[medium]}, {plural(message_count, 'message')}
          {status === 'closed' && ', closed'}
        </span>
        <Count of={unread_count} />
      </span>
      <span className="time__last cut" dir="auto">
        {by && <span className="ink3">{by}</span>}
        {lastWords(session).words}
      </span>
      {!beganBySilence(session, before) && (
        <span className="meta n time__why">{reasonWords(metadata.reason, medium, now)}</span>
      )}
    </>
  )
}

/** Grows with the silence, by its order of magnitude: a minute and a year must both be seen. */
function Silence({ between: [earlier, later], now }: { between: readonly [Session, Session]; now: number }) {
  const length = ms(later.metadata.firstMessageAt) - ms(earlier.last_message_at)
  if (length < 1000)
    return (
      <li className="time__silence time__silence--1">
        <Lanes />
        <span className="sr">at the same time</span>
      </li>
    )
  const size = Math.min(5, Math.max(1, Math.round(Math.log10(length / 60_000)) + 1))
  return (
    <li className={`time__silence time__silence--${size} n`}>
      <Lanes />
      <span>
        {beganBySilence(later, earlier) ? (
          reasonWords(later.metadata.reason, later.communication_type, now)
        ) : (
          <>
            {duration(length)}
            <span className="sr"> of silence</span>
          </>
        )}
      </span>
    </li>
  )
}

function Lanes({ of }: { of?: Medium }) {
  return (
    <span className="time__lane" aria-hidden="true">
      {LANES.map((medium) => (
        <i key={medium}>{medium === of && <b className={`time__bar time__bar--${medium}`} />}</i>
      ))}
    </span>
  )
}

/** 7 sessions in 21 months */
function lengthOf(rows: readonly Session[]): string {
  const [last] = rows
  const first = rows.reduce(
    (least, { metadata }) => Math.min(least, ms(metadata.firstMessageAt)),
    Number.POSITIVE_INFINITY,
  )
  if (!last) return ''
  const sessions = plural(rows.length, 'session')
  const length = ms(last.last_message_at) - first
  return rows.length === 1 || length < 60_000 ? sessions : `${sessions} in ${roughly(length)}`
}
