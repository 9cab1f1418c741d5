import { useCallback, useEffect, useState } from 'react'
import type { Result } from '../../../../shared/contract.ts'
import { Button } from '../../parts/Button.tsx'
import { Empty, Loading } from '../../parts/Empty.tsx'
import { NotRead } from '../../parts/NotRead.tsx'
import { formatNumber } from '../../parts/phoneNumber.ts'
import { useApp, useConsole } from '../../state/app.ts'
import { useCell, useEntry } from '../../state/cell.ts'
import { go } from '../../state/route.ts'
import { ContactFacts } from '../sessions/contact/ContactFacts.tsx'
import { TimeLine } from './TimeLine.tsx'
import '../sessions/contact/side.css'

type Refusal = Extract<Result<never>, { ok: false }>['error']

/** One contact: who they are, and everything that happened, newest first. */
export function ContactPage({ number }: { number: string }) {
  const console = useConsole()
  const contact = useEntry(console.contacts.byNumber, number)
  const isOpen = useCell(useApp().line) === 'open'
  const [problem, setProblem] = useState<Refusal | null>(null)

  const read = useCallback(async () => {
    const result = await console.ask('contacts.get', { number })
    if (result.ok) console.contacts.byNumber.set(number, result.value)
    return result.ok ? null : result.error
  }, [console, number])
  useEffect(() => {
    let gone = false
    void read().then((wrong) => {
      if (!gone) setProblem(wrong)
    })
    return () => {
      gone = true
    }
  }, [read, isOpen])

  return (
    <div className="contact scroll">
      <div className="contact__back">
        <Button look="bare" icon="back" onClick={() => go({ page: 'contacts' })}>
          Contacts
        </Button>
      </div>
      {contact && (
        <div className="contact__in">
          <div className="contact__facts">
            <ContactFacts number={number} contact={contact} />
          </div>
          <TimeLine sessions={contact.sessions} />
        </div>
      )}
      {!contact && problem === null && (
        <Loading label="Reading the contact">
          <div className="contact__bones" aria-hidden="true">
            <i />
            <i />
            <i />
          </div>
        </Loading>
      )}
      {!contact && problem?.code === 'no_such_contact' && (
        <Empty
          title={`No contact has the number ${formatNumber(number)}`}
          action={<Button onClick={() => go({ page: 'contacts' })}>All contacts</Button>}
        >
          Whoever writes or calls becomes one by itself.
        </Empty>
      )}
      {!contact && problem !== null && problem.code !== 'no_such_contact' && (
        <NotRead
          title={`${formatNumber(number)} could not be read`}
          problem={problem.message}
          onRetry={() => void read().then(setProblem)}
        />
      )}
    </div>
  )
}
