import type { ContactView } from '../../../../shared/contract.ts'
import { MediumIcon } from '../../parts/MediumIcon.tsx'
import { formatNumber } from '../../parts/phoneNumber.ts'
import { Time } from '../../parts/Time.tsx'
import { useConsole } from '../../state/app.ts'
import { useEntry } from '../../state/cell.ts'
import { go } from '../../state/route.ts'
import { plural } from '../../words.ts'

interface PersonProps {
  contact: ContactView
  place: number
  total: number
  isOpen: boolean
  isCursor: boolean
  onOpen: () => void
}

/** One contact in the list: who, when they were last heard of, and how many sessions. */
export function Person({ contact: listed, place, total, isOpen, isCursor, onOpen }: PersonProps) {
  const number = listed.numbers[0] ?? ''
  // Once looked at, a contact is kept up to date; the row shows that.
  const contact = useEntry(useConsole().contacts.byNumber, number) ?? listed
  const last = [...contact.sessions].sort((a, b) => (a.last_message_at < b.last_message_at ? 1 : -1))[0]
  return (
    <div
      className={`person ${isCursor ? 'person--cursor' : ''}`}
      id={`person-${place}`}
      role="option"
      aria-selected={isOpen}
      aria-posinset={place + 1}
      aria-setsize={total}
      onClick={() => {
        onOpen()
        go({ page: 'contacts', place: number })
      }}
    >
      <span className="person__glyph">{last && <MediumIcon medium={last.communication_type} />}</span>
      <bdi className={`person__name cut ${contact.name ? '' : 'n'}`}>
        {contact.name || formatNumber(number)}
      </bdi>
      {last && <Time at={last.last_message_at} className="meta" />}
      <span className="person__about meta cut n">
        {[contact.name ? formatNumber(number) : 'No name yet', ...contact.tags].map((words, at) => (
          <span key={words}>
            {at > 0 && ' · '}
            <bdi>{words}</bdi>
          </span>
        ))}
      </span>
      <span className="meta n">{plural(contact.sessions.length, 'session')}</span>
    </div>
  )
}

export function PersonBones() {
  return (
    <div className="person person--bones" aria-hidden="true">
      <i />
      <i />
    </div>
  )
}
