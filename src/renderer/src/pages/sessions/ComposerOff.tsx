import { type RefObject, useLayoutEffect, useRef } from 'react'
import type { ComposerBar, SessionView } from '../../../../shared/contract.ts'
import type { Medium } from '../../../../shared/documents.ts'
import { Button, LinkButton } from '../../parts/Button.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { closeOrReopen } from '../../state/acts.ts'
import { useConsole } from '../../state/app.ts'
import { go } from '../../state/route.ts'
import { useMinute } from '../../state/worldClock.ts'
import { optOutWords, windowWords } from './composerBar.ts'

interface OffProps {
  bar: ComposerBar
  session: SessionView
  /** Somebody was writing here when it came, and types on. */
  interruptedRef: RefObject<boolean>
  onInstead: (medium: Medium) => void
  onTemplate: () => void
}

/**
 * Why nothing may be written here, and the ways out. Where it came over somebody who is writing (STOP arrives) it takes the
 * keyboard: what they type on is for nobody, and must not be taken for commands.
 */
export function ComposerOff({ bar, session, interruptedRef, onInstead, onTemplate }: OffProps) {
  const note = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (interruptedRef.current) note.current?.focus({ preventScroll: true })
    interruptedRef.current = false
  }, [interruptedRef])
  const number = session.metadata.fromNumber
  const couldSms = (bar.code === 'voice' || bar.code === 'window_closed') && number.startsWith('+')
  const maySms = couldSms && session.sms_opted_out === undefined
  const console = useConsole()
  const now = useMinute(console.clock)
  // Nothing tells of a call from the operator's own telephone: closing says that it was made.
  const mayCallBack = bar.code === 'voice' && session.status === 'active'
  // What is so comes first and stands out; the rest says what follows from it.
  const sentence =
    bar.code === 'window_closed'
      ? windowWords(session, now)
      : bar.code === 'opted_out'
        ? optOutWords(session, now)
        : bar.sentence
  const [first = '', ...rest] = sentence.split(/(?<=\.) /)
  return (
    <div className="composer composer--off">
      <div
        className="composer__box"
        ref={note}
        tabIndex={-1}
        data-writing
        role="note"
        aria-label="Writing is not possible"
      >
        <Icon name={bar.code === 'voice' ? 'voice' : 'lock'} />
        <p className="grow">
          {rest.length > 0 ? <b>{first}</b> : first} {rest.join(' ')}
          {couldSms && !maySms && ' They opted out of SMS.'}
          {mayCallBack && (
            <>
              {' '}
              Called back?{' '}
              <LinkButton onClick={() => void closeOrReopen(console, session)}>Close the session</LinkButton>.
            </>
          )}
        </p>
        {maySms && <Button onClick={() => onInstead('sms')}>Write an SMS</Button>}
        {bar.code === 'window_closed' && (
          <Button look="primary" onClick={onTemplate}>
            Choose a template
          </Button>
        )}
        {bar.code === 'no_account' && (
          <Button onClick={() => go({ page: 'settings' })}>Connect Twilio</Button>
        )}
      </div>
    </div>
  )
}
