import { memo } from 'react'
import type { Message } from '../../../../shared/documents.ts'
import { callWords, isCall } from '../../calls.ts'
import { LinkButton } from '../../parts/Button.tsx'
import { Icon, type IconName } from '../../parts/Icon.tsx'
import { Time, Waiting } from '../../parts/Time.tsx'
import { useConsole } from '../../state/app.ts'
import { useEntry } from '../../state/cell.ts'
import { draftKey } from '../../state/drafts.ts'
import { useTime } from '../../state/worldClock.ts'
import { MINUTE, ms, statusWords, whenWords } from '../../words.ts'
import { Bubble } from './Bubble.tsx'
import { LESS_LINK, failureActs, failureWords, withoutLinks } from './failureActs.ts'

interface MessageRowProps {
  message: Message
  /** The next one follows at once: the time stands below that. */
  isTight: boolean
  /** Of a call: something was said in it. */
  hasWords: boolean
  waitingSince: string | undefined
}

const FAILED: ReadonlySet<Message['status']> = new Set(['failed', 'undelivered', 'unsure', 'canceled'])

/** One message on the cord: filled when a person wrote it, outlined when nobody typed it. */
export const MessageRow = memo(function MessageRow({
  message,
  isTight,
  hasWords,
  waitingSince,
}: MessageRowProps) {
  const { sender, status } = message
  const out = sender !== 'contact'
  const failed = FAILED.has(status)
  const call = isCall(message) ? callWords(message, hasWords) : undefined
  const kind = `${out ? 'msg--out' : ''} ${sender === 'ai' || sender === 'system' ? 'msg--auto' : ''}`
  return (
    <li className={`msg ${kind} ${failed ? 'msg--failed' : ''} ${isTight ? 'msg--tight' : ''}`}>
      <span className="sr">{out ? (sender === 'operator' ? 'You: ' : 'Automatic: ') : 'Contact: '}</span>
      {call ? (
        // Nobody wrote it: outlined, like all that the console tells.
        <div className="bubble bubble--call n">
          <Icon name="voice" />
          {call.words}
        </div>
      ) : (
        <Bubble message={message} />
      )}
      {failed ? (
        <Failed message={message} />
      ) : (
        // What says STOP or START is told of, however soon the next one came.
        (!isTight || message.opt_out !== undefined) && (
          <div className="under n">
            {out ? <Sent message={message} /> : <Received message={message} more={call?.more ?? ''} />}
            {waitingSince !== undefined && (
              <span className="lampc">
                waiting <Waiting since={waitingSince} fresh="for an answer" />
                <Since asked={waitingSince} last={message.createdAt} />
              </span>
            )}
          </div>
        )
      )}
    </li>
  )
})

/** They wait from the first message that no answer came to, which may stand further up or in a session before. */
function Since({ asked, last }: { asked: string; last: string }) {
  const day = useTime(useConsole().clock, (now) => whenWords(ms(asked), now).replace(/^(today at|on) /, ''))
  return ms(asked) + MINUTE > ms(last) ? null : <>, since {day}</>
}

function Received({ message, more }: { message: Message; more: string }) {
  const { createdAt, transcript, opt_out } = message
  return (
    <>
      <Time at={createdAt} as="clock" />
      {more !== '' && <span>{more}</span>}
      {transcript?.status === 'completed' && <span>Transcript by Twilio, may mishear</span>}
      {opt_out === 'STOP' && <span>opted out with this message</span>}
      {opt_out === 'START' && <span>opted in with this message</span>}
    </>
  )
}

const TICKS: Partial<Record<Message['status'], IconName>> = {
  sent: 'sent',
  delivered: 'delivered',
  partially_delivered: 'delivered',
  read: 'delivered',
  accepted: 'clock',
  scheduled: 'clock',
  queued: 'clock',
  sending: 'clock',
}

function Sent({ message: { sender, answered_by, createdAt, status } }: { message: Message }) {
  const tick = TICKS[status]
  return (
    <>
      {sender !== 'operator' && (
        <>
          <Icon name="auto" size={14} />
          <span>Automatic{answered_by ? `, ${answered_by.replace(/^Rule: /, '')}` : ''}</span>
          <span>·</span>
        </>
      )}
      <Time at={createdAt} as="clock" />
      {tick && <Icon name={tick} size={14} />}
      <span>{statusWords(status)}</span>
    </>
  )
}

/** What did not arrive, why in plain words, and the way out; the code and the time after that. */
function Failed({ message }: { message: Message }) {
  const console = useConsole()
  const unsure = message.status === 'unsure'
  const retry = async () => {
    const result = await console.ask('messages.retry', { id: message._id })
    if (!result.ok) console.toasts.fail(result.error.message)
  }
  const isOut = useEntry(console.sessions, message.session_id)?.opted_out ?? true
  const acts = failureActs(message, isOut)
  const edit = () => {
    const session = console.sessions.get(message.session_id)
    if (!session) return
    const key = draftKey(session)
    console.drafts.bring(key, acts.edit === LESS_LINK ? withoutLinks(message.content) : message.content)
    // Without them the words would go alone.
    const files = message.media.flatMap(({ file }) => file ?? [])
    const problem = console.attachments.bring(key, files, session.communication_type)
    if (problem !== '') console.toasts.fail(problem)
    document.getElementById('composer')?.focus()
  }
  return (
    <div className="fail">
      <p>
        <Icon name="alert" size={14} />
        <b>
          {unsure ? 'Not sure it was sent.' : message.status === 'canceled' ? 'Not sent.' : 'Not delivered.'}
        </b>{' '}
        {failureWords(message, isOut)}
      </p>
      <p className="fail__do n">
        {message.sender === 'operator' && (
          <>
            {acts.retry !== null && <LinkButton onClick={() => void retry()}>{acts.retry}</LinkButton>}
            {acts.edit !== null && <LinkButton onClick={edit}>{acts.edit}</LinkButton>}
          </>
        )}
        {message.error_code !== undefined && <span className="ink3">code {message.error_code}</span>}
        <Time at={message.createdAt} as="clock" className="ink3" />
      </p>
    </div>
  )
}
