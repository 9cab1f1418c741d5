import { Fragment, useEffect } from 'react'
import type { SessionView } from '../../../../shared/contract.ts'
import type { Message } from '../../../../shared/documents.ts'
import { Button, LinkButton } from '../../parts/Button.tsx'
import { keepFocusIn } from '../../parts/focusBack.ts'
import { useConsole, useSimulated } from '../../state/app.ts'
import { callsWithWords, isCall } from '../../calls.ts'
import { splitBefore } from '../../state/acts.ts'
import { useEntry } from '../../state/cell.ts'
import { useMinute } from '../../state/worldClock.ts'
import { dayName, ms, sameDay } from '../../words.ts'
import { joinsOf, type JoinedBy } from './joins.ts'
import { MessageRow } from './MessageRow.tsx'
import { OutgoingRow } from './OutgoingRow.tsx'
import { Why } from './Why.tsx'

interface BlockProps {
  id: string
  /** Told before something is put in above. */
  onGrow: () => void
  isCurrent?: boolean
  splitting?: boolean
  onSplitDone?: () => void
  onReasonAway?: (away: boolean) => void
}

/** One session in the transcript: why it began, its days, its messages. */
export function SessionBlock({
  id,
  onGrow,
  isCurrent = false,
  splitting = false,
  onSplitDone,
  onReasonAway,
}: BlockProps) {
  const console = useConsole()
  const { transcripts } = console
  const session = useEntry(console.sessions, id)
  const transcript = useEntry(transcripts.bySession, id)
  useEffect(() => {
    transcripts.need(id)
    void console.fetch(id)
  }, [console, transcripts, id])

  if (!session || !transcript) return null
  const { messages, more, state, problem, outgoing } = transcript
  const onTheirWay = outgoing
    .filter((row) => row.became === null)
    .map((row) => <OutgoingRow key={row.draft} row={row} session={id} />)
  if (state === 'failed')
    return (
      <>
        <li className="earlier">
          <span className="dangerc">The messages could not be read. {problem}</span>
          <LinkButton onClick={() => void transcripts.retryRead(id)}>Read them again</LinkButton>
        </li>
        {onTheirWay}
      </>
    )
  const split = (message: Message) => {
    onSplitDone?.()
    void keepFocusIn(() => document.querySelector('#chat .log'), splitBefore(console, id, message._id))
  }
  const joins = joinsOf(messages, session)
  const withWords = callsWithWords(messages)
  const waitsFrom = session.metadata.waitingSince === undefined ? undefined : lastOfContact(messages)
  return (
    <>
      {!more && state === 'ready' && <Why session={session} withActs={isCurrent} onAway={onReasonAway} />}
      {more && (
        <li className="earlier">
          <LinkButton
            onClick={() => {
              onGrow()
              void transcripts.earlier(id)
            }}
          >
            Show earlier messages of this session
          </LinkButton>
        </li>
      )}
      {messages.map((message, at) => (
        <Fragment key={keyOf(message, outgoing)}>
          {joins.has(message._id) && <Joined by={joins.get(message._id)} />}
          {beginsDay(message, messages[at - 1]) && (
            <DayLine message={message} before={messages[at - 1]} session={session} />
          )}
          {splitting && at > 0 && (
            <li className="cutline">
              <Button look="quiet" icon="split" onClick={() => split(message)}>
                Split here
              </Button>
            </li>
          )}
          <MessageRow
            message={message}
            isTight={isTight(message, messages[at + 1])}
            hasWords={message.call_sid !== undefined && withWords.has(message.call_sid)}
            waitingSince={message === waitsFrom ? session.metadata.waitingSince : undefined}
          />
        </Fragment>
      ))}
      {onTheirWay}
    </>
  )
}

/** Where a session once began that is part of this one now: the cord is whole. */
function Joined({ by }: { by: JoinedBy | undefined }) {
  return (
    <li className="joined">
      <strong>One session</strong> ·{' '}
      {by === 'you' ? 'joined by you' : 'joined by a message that arrived late'}
    </li>
  )
}

/** A message that was shown before it had an id keeps its place in the page. */
const keyOf = (message: Message, outgoing: readonly { draft: string; became: string | null }[]) =>
  outgoing.find((row) => row.became === message._id)?.draft ?? message._id

const lastOfContact = (messages: readonly Message[]) =>
  messages.findLast(({ sender }) => sender === 'contact')

/** Of messages one after another within a minute only the last carries the time. */
function isTight(message: Message, next: Message | undefined): boolean {
  return (
    next?.sender === message.sender &&
    message.status === next.status &&
    message.error_code === undefined &&
    message.sender === 'contact' &&
    message.media.length === 0 &&
    !isCall(message) &&
    ms(next.createdAt) - ms(message.createdAt) < 60_000
  )
}

const beginsDay = (message: Message, before: Message | undefined) =>
  before === undefined || !sameDay(ms(before.createdAt), ms(message.createdAt))

interface DayProps {
  message: Message
  before: Message | undefined
  session: SessionView
}

/** A line where a day begins, and how a session came over the night. */
function DayLine({ message, before, session }: DayProps) {
  const console = useConsole()
  const now = useMinute(console.clock)
  const simulated = useSimulated()
  const at = ms(message.createdAt)
  const silence = before ? at - ms(before.createdAt) : 0
  const carried = silence > session.gap_ms && (message.sender === 'operator' || message.sender === 'ai')
  return (
    <li className="day">
      <b>{dayName(at, now)}</b>
      {carried && <span>your answer carried this session over the night</span>}
      {simulated && !carried && <span>simulated time</span>}
    </li>
  )
}
