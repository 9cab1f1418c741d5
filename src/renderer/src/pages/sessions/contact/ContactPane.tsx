import { useEffect } from 'react'
import type { ContactView } from '../../../../../shared/contract.ts'
import { Button } from '../../../parts/Button.tsx'
import { NotRead } from '../../../parts/NotRead.tsx'
import { useConsole } from '../../../state/app.ts'
import { useEntry } from '../../../state/cell.ts'
import { openSession, stepUp } from '../../../state/visit.ts'
import { ContactFacts } from './ContactFacts.tsx'
import { Lanes } from './Lanes.tsx'
import './side.css'

/**
 * Who this is: beside the session, over it, or a page of its own, as the width allows. It is the contact's: where another
 * of their sessions comes to the front, what is being edited here goes on.
 */
export function ContactPane({ session }: { session: string }) {
  const console = useConsole()
  const number = useEntry(console.sessions, session)?.metadata.fromNumber
  const contact = useEntry(console.contacts.byNumber, number)
  const refused = useEntry(console.contacts.refused, number)
  useEffect(() => {
    if (number !== undefined) console.contacts.need(number)
  }, [console, number])
  return (
    <section key={number ?? session} className="side" aria-label="Contact" tabIndex={0}>
      <div className="side__back">
        <Button look="bare" icon="back" onClick={() => stepUp(console)}>
          Session
        </Button>
      </div>
      {number !== undefined && contact && (
        <ContactDetails number={number} contact={contact} current={session} />
      )}
      {number !== undefined && !contact && refused && (
        <NotRead
          title="The contact could not be read"
          problem={refused.message}
          onRetry={() => console.contacts.need(number)}
        />
      )}
    </section>
  )
}

interface DetailsProps {
  number: string
  contact: ContactView
  /** The session on the screen, marked on the time line. */
  current: string | null
}

/** All that is known of a contact; the contacts page shows the same. */
export function ContactDetails({ number, contact, current }: DetailsProps) {
  const console = useConsole()
  return (
    <>
      <ContactFacts key={number} number={number} contact={contact} />
      <Lanes sessions={contact.sessions} current={current} onOpen={(id) => openSession(console, id)} />
    </>
  )
}
