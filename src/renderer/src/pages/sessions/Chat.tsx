import { useEffect, useState } from 'react'
import type { SessionView } from '../../../../shared/contract.ts'
import { Button } from '../../parts/Button.tsx'
import { useFocusCarried } from '../../parts/focusBack.ts'
import { isFree } from '../../shell/keys.ts'
import { Banner } from '../../parts/Banner.tsx'
import { NotRead } from '../../parts/NotRead.tsx'
import { useConsole } from '../../state/app.ts'
import { closeOrReopen, markRead, markUnread } from '../../state/acts.ts'
import { useCell, useEntry } from '../../state/cell.ts'
import { draftKey } from '../../state/drafts.ts'
import { closeTab, stepUp } from '../../state/visit.ts'
import { Composer } from './Composer.tsx'
import { Head } from './Head.tsx'
import { Transcript } from './Transcript.tsx'
import './chat.css'

/**
 * One opened session: its head, its messages, and the box to answer in. That box is the contact's, as what is written in
 * it is: where one of their sessions takes another's place, it stays with focus, caret and a word half composed.
 */
export function Chat({ id }: { id: string }) {
  const session = useEntry(useConsole().sessions, id)
  useRead(id, session?.unread_count ?? 0)
  if (!session) return <Unread id={id} />
  return (
    <div
      className="view"
      id="chat"
      role="tabpanel"
      aria-label={[session.contact_name, session.title].filter(Boolean).join(', ')}
    >
      <Said key={id} session={session} />
      <Composer key={draftKey(session)} session={session} />
    </div>
  )
}

/** What is above the box: the session's own, and begun anew with the next. */
function Said({ session }: { session: SessionView }) {
  const console = useConsole()
  const id = session._id
  const [reasonInHead, setReasonInHead] = useState(false)
  const [splitting, setSplitting] = useState(false)
  useFocusCarried(session.metadata.fromNumber)

  useEffect(() => {
    const keys: Record<string, () => void> = {
      e: () => void closeOrReopen(console, session),
      u: () => void markUnread(console, id),
      r: () => document.getElementById('composer')?.focus(),
      w: () => closeTab(console, id),
      '[': () => session.earlier !== null && console.replace(id, session.earlier),
      ']': () => session.later !== null && console.replace(id, session.later),
    }
    const onKeyDown = (event: KeyboardEvent) => {
      // A key held down would close and reopen without end.
      if (!isFree(event) || event.repeat) return
      if (event.key === 'Escape') {
        if (splitting) setSplitting(false)
        else stepUp(console)
        return
      }
      const act = keys[event.key]
      if (!act) return
      event.preventDefault()
      act()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [console, id, session, splitting])

  return (
    <>
      <Head session={session} reasonShown={reasonInHead} onSplit={() => setSplitting(true)} />
      {splitting && (
        <Banner
          icon="split"
          action={
            <Button look="bare" onClick={() => setSplitting(false)}>
              Cancel
            </Button>
          }
        >
          Where does the second session begin? Choose a place between two messages.
        </Banner>
      )}
      <Transcript
        session={session}
        splitting={splitting}
        onSplitDone={() => setSplitting(false)}
        onReasonAway={setReasonInHead}
      />
    </>
  )
}

/** A session that is not here yet, or could not be read. */
function Unread({ id }: { id: string }) {
  const console = useConsole()
  const started = useCell(console.started)
  const refused = useEntry(console.refused, id)
  // Before the start every request is refused, and each session is asked for again then.
  if (!started || !refused) return <div className="view" id="chat" role="tabpanel" aria-busy="true" />
  return (
    <div className="view" id="chat" role="tabpanel" aria-label="The session">
      <NotRead
        title="This session could not be read"
        problem={refused.message}
        onRetry={() => void console.fetch(id)}
      />
    </div>
  )
}

/** What is in front of a reader is read: at once, and when they come back to the window. */
function useRead(id: string, unread: number): void {
  const console = useConsole()
  const kept = useCell(console.keepUnread)
  useEffect(() => {
    if (unread === 0 || kept === id) return
    const read = () => {
      if (document.visibilityState === 'visible' && document.hasFocus()) void markRead(console, id)
    }
    read()
    addEventListener('focus', read)
    return () => removeEventListener('focus', read)
  }, [console, id, unread, kept])
}
