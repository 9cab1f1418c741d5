import { memo } from 'react'
import type { SessionView } from '../../../../shared/contract.ts'
import { Icon } from '../../parts/Icon.tsx'
import { lastWords } from '../../calls.ts'
import { MediumIcon } from '../../parts/MediumIcon.tsx'
import { formatNumber } from '../../parts/phoneNumber.ts'
import { Count } from '../../parts/Pill.tsx'
import { Time, Waiting } from '../../parts/Time.tsx'
import { useConsole } from '../../state/app.ts'
import { useEntry } from '../../state/cell.ts'
import { draftKey } from '../../state/drafts.ts'
import { openSession } from '../../state/visit.ts'
import { BY, figure, plural, titleOf } from '../../words.ts'
import { BoneRow } from './Bones.tsx'

interface RowProps {
  id: string
  place: number
  total: number
  isOpen: boolean
  isCursor: boolean
  /** Opened by hand. */
  onOpen: () => void
}

/** One session: who, the last words, and how long they have been waiting. Hears of its own session only. */
export const Row = memo(function Row({ id, place, total, isOpen, isCursor, onOpen }: RowProps) {
  const console = useConsole()
  const session = useEntry(console.sessions, id)
  if (!session) return <BoneRow />
  const { metadata, unread_count, status } = session
  const state = unread_count > 0 ? 'row--unread' : status === 'closed' ? 'row--closed' : ''
  return (
    <div
      className={`row ${state} ${isCursor ? 'row--cursor' : ''}`}
      id={`row-${place}`}
      role="option"
      aria-selected={isOpen}
      aria-posinset={place + 1}
      aria-setsize={total}
      onClick={() => {
        onOpen()
        openSession(console, id)
      }}
    >
      <span className="row__glyph">
        <MediumIcon medium={session.communication_type} />
      </span>
      <span className="row__lines">
        <span className="row__line">
          <bdi className={`row__name cut ${session.contact_name ? '' : 'n'}`}>
            {session.contact_name || formatNumber(metadata.fromNumber)}
          </bdi>
          <span className="row__size">
            {figure(session.message_count)}
            <span className="sr"> {session.message_count === 1 ? 'message' : 'messages'}</span>
          </span>
          <Time at={session.last_message_at} className="row__time" />
        </span>
        <span className="row__line">
          <LastWords session={session} isOpen={isOpen} />
          {metadata.failed && (
            <Icon name="alert" label="Did not arrive, or may not have" className="dangerc" />
          )}
          <Count of={unread_count} />
        </span>
        <span className="row__line">
          <span className="row__about cut n">
            {titleOf(session)}
            {session.opted_out ? ' · opted out' : status === 'closed' ? ' · closed' : ''}
            {metadata.muted && ' · muted'}
          </span>
          {metadata.waitingSince !== undefined && (
            <span className="row__wait">
              <span className="sr">waiting </span>
              <Waiting since={metadata.waitingSince} />
            </span>
          )}
        </span>
      </span>
    </div>
  )
})

/** What was said last, or what could not be sent, or what was begun to be answered. */
function LastWords({ session, isOpen }: { session: SessionView; isOpen: boolean }) {
  const console = useConsole()
  const by = BY[session.metadata.lastSender]
  const unsent = useEntry(console.unsent.refused, session._id)
  // A draft belongs to the contact: it stands on their newest session alone.
  const draft = useEntry(console.drafts.texts, session.later === null ? draftKey(session) : null)
  // Said also of the one in front: whoever reads further up there does not see it.
  if (unsent)
    return (
      <span className="row__last cut" dir="auto">
        <span className="dangerc">Not sent: </span>
        {unsent.body || plural(unsent.files.length, 'file')}
      </span>
    )
  if (draft !== undefined && !isOpen)
    return (
      <span className="row__last cut" dir="auto">
        <span className="row__draft">Draft: </span>
        {draft}
      </span>
    )
  return (
    <span className="row__last cut" dir="auto">
      {by && <span className="row__by">{by}</span>}
      {lastWords(session).words}
    </span>
  )
}
