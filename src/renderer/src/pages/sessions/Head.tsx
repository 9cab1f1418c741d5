import type { SessionView } from '../../../../shared/contract.ts'
import { Button, IconButton } from '../../parts/Button.tsx'
import { Menu, type MenuItem } from '../../parts/Menu.tsx'
import { formatNumber } from '../../parts/phoneNumber.ts'
import { useConsole, useSimulated } from '../../state/app.ts'
import { closeOrReopen, markUnread, mergeWithEarlier, mute } from '../../state/acts.ts'
import { Pill } from '../../parts/Pill.tsx'
import { renameContact, toggleContact, toList } from '../../state/visit.ts'
import { useMinute } from '../../state/worldClock.ts'
import { plural, reasonWords, titleOf } from '../../words.ts'

interface HeadProps {
  session: SessionView
  /** The divider has scrolled away: its sentence takes the second line's place. */
  reasonShown: boolean
  onSplit: () => void
}

export function Head({ session, reasonShown, onSplit }: HeadProps) {
  const console = useConsole()
  const now = useMinute(console.clock)
  const simulated = useSimulated()
  const { _id: id, metadata, communication_type, earlier, later } = session
  const name = session.contact_name || formatNumber(metadata.fromNumber)
  const about = `${titleOf(session)} · ${formatNumber(session.channel_name)} · ${plural(session.message_count, 'message')}`
  const closed = session.status === 'closed'
  return (
    <div className="head">
      <IconButton
        className="only-narrow"
        icon="back"
        label="Back to sessions"
        onClick={() => toList(console)}
      />
      <div className="grow">
        <h2 className="head__name">
          <bdi className={`cut ${session.contact_name ? '' : 'n'}`}>{name}</bdi>
          {simulated && <Pill tone="sim">sim</Pill>}
          {closed && <Pill>Closed</Pill>}
          {session.opted_out && <Pill tone="danger">Opted out</Pill>}
        </h2>
        <p className="head__about cut n">
          {reasonShown ? `New session · ${reasonWords(metadata.reason, communication_type, now)}` : about}
        </p>
      </div>
      {session.of > 1 && (
        <div className="stepper not-narrow" role="group" aria-label="Sessions of this contact">
          <IconButton
            icon="left"
            label="Earlier session"
            disabled={earlier === null}
            onClick={() => earlier !== null && console.replace(id, earlier)}
          />
          <span className="n nowrap">
            {session.place} of {session.of}
          </span>
          <IconButton
            icon="right"
            label="Later session"
            disabled={later === null}
            onClick={() => later !== null && console.replace(id, later)}
          />
        </div>
      )}
      <Button once className="not-narrow" onClick={() => void closeOrReopen(console, session)}>
        {closed ? 'Reopen session' : 'Close session'}
      </Button>
      <IconButton
        className="only-middle"
        icon="contacts"
        label="Contact"
        onClick={() => toggleContact(console, id)}
      />
      <Menu label="More for this session" items={useItems(session, onSplit)} />
    </div>
  )
}

function useItems(session: SessionView, onSplit: () => void): MenuItem[] {
  const console = useConsole()
  const { _id: id, metadata, status, earlier, later, message_count } = session
  const closed = status === 'closed'
  return [
    {
      words: closed ? 'Reopen session' : 'Close session',
      icon: closed ? 'undo' : 'sent',
      keys: 'E',
      onChoose: () => void closeOrReopen(console, session),
    },
    { words: 'Mark unread', icon: 'sessions', keys: 'U', onChoose: () => void markUnread(console, id) },
    {
      words: metadata.muted ? 'Unmute notifications' : 'Mute notifications',
      icon: 'quiet',
      onChoose: () => void mute(console, session),
    },
    {
      words: 'Rename contact',
      icon: 'pencil',
      onChoose: () => renameContact(console, id, metadata.fromNumber),
    },
    ...(earlier === null
      ? []
      : [
          {
            words: 'Join with earlier session',
            icon: 'join' as const,
            onChoose: () => void mergeWithEarlier(console, id),
          },
          {
            words: 'Earlier session',
            icon: 'left' as const,
            keys: '[',
            onChoose: () => console.replace(id, earlier),
          },
        ]),
    ...(later === null
      ? []
      : [
          {
            words: 'Later session',
            icon: 'right' as const,
            keys: ']',
            onChoose: () => console.replace(id, later),
          },
        ]),
    ...(message_count > 1 ? [{ words: 'Split into two…', icon: 'split' as const, onChoose: onSplit }] : []),
  ]
}
