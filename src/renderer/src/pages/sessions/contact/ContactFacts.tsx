import type { ContactView } from '../../../../../shared/contract.ts'
import type { Consent, Medium } from '../../../../../shared/documents.ts'
import { MediumIcon } from '../../../parts/MediumIcon.tsx'
import { PhoneNumber } from '../../../parts/PhoneNumber.tsx'
import { useConsole } from '../../../state/app.ts'
import { useMinute } from '../../../state/worldClock.ts'
import { MEDIUM_NAMES, longDate, ms, plural, shortDate, whenWords } from '../../../words.ts'
import { ContactName } from './ContactName.tsx'
import { ContactNotes } from './ContactNotes.tsx'
import { ContactTags } from './ContactTags.tsx'

interface FactsProps {
  number: string
  contact: ContactView
}

/** Name, numbers, tags, consent, notes. */
export function ContactFacts({ number, contact }: FactsProps) {
  const now = useMinute(useConsole().clock)
  const since = contact.first_seen
  return (
    <>
      <section>
        <ContactName number={number} name={contact.name} />
        <p className="meta side__since">
          {since !== null && `Customer since ${longDate(ms(since), now)} · `}
          {plural(contact.sessions.length, 'session')}
        </p>
        <Numbers contact={contact} />
        <ContactTags number={number} tags={contact.tags} />
      </section>
      <ConsentFacts contact={contact} />
      <ContactNotes number={number} notes={contact.notes} />
    </>
  )
}

const MEDIA: readonly Medium[] = ['sms', 'whatsapp', 'voice']

/** Each number with the media it was seen on. */
function Numbers({ contact: { numbers, sessions } }: { contact: ContactView }) {
  const lines = numbers.flatMap((number) => {
    const seen = MEDIA.filter((medium) =>
      sessions.some((one) => one.metadata.fromNumber === number && one.communication_type === medium),
    )
    return seen.map((medium) => ({ number, medium }))
  })
  return (
    <ul className="kv">
      {lines.map(({ number, medium }) => (
        <li key={`${medium} ${number}`}>
          <MediumIcon medium={medium} />
          <PhoneNumber number={number} />
        </li>
      ))}
    </ul>
  )
}

const CONSENT: Record<Consent, string> = { unknown: 'Not asked', in: 'May write', out: 'Opted out' }

function ConsentFacts({ contact: { consent, consent_log = [] } }: { contact: ContactView }) {
  const { channels, clock } = useConsole()
  const now = useMinute(clock)
  if (consent.length === 0) return null
  const several = new Set(consent.map((one) => one.channel_id)).size > 1
  return (
    <section>
      <h3 className="side__h">Consent</h3>
      <ul className="kv">
        {consent.map((one) => (
          <li key={`${one.medium} ${one.channel_id}`}>
            <MediumIcon medium={one.medium} />
            <span className={one.state === 'out' ? 'dangerc' : ''}>{CONSENT[one.state]}</span>
            <span className="meta cut">
              {one.why.replace(/\.$/, '')}, {shortDate(ms(one.at), now)}
              {several && ` · ${channels.get().find(({ _id }) => _id === one.channel_id)?.name ?? ''}`}
            </span>
          </li>
        ))}
      </ul>
      {consent_log.length > consent.length && (
        <details className="meta">
          <summary>{plural(consent_log.length, 'change')}</summary>
          <ol>
            {consent_log.toReversed().map((one) => (
              <li key={`${one.at} ${one.medium} ${one.channel_id} ${one.state}`} className="n">
                {MEDIUM_NAMES[one.medium]}: {CONSENT[one.state]}, {whenWords(ms(one.at), now)}. {one.why}
              </li>
            ))}
          </ol>
        </details>
      )}
    </section>
  )
}
