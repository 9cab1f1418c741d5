import { useEffect, useRef } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Empty } from '../../parts/Empty.tsx'
import { Welcome } from '../welcome/Welcome.tsx'
import { useConsole } from '../../state/app.ts'
import { useCell, useEntry } from '../../state/cell.ts'
import { useFront } from '../../state/front.ts'
import { route } from '../../state/route.ts'
import { toList } from '../../state/visit.ts'
import { isNarrow } from '../../state/width.ts'
import { Chat } from './Chat.tsx'
import { ContactPane } from './contact/ContactPane.tsx'
import { OpenedTabs } from './OpenedTabs.tsx'
import { SessionListPane } from './SessionListPane.tsx'
import './sessions.css'

/** On a narrow screen one thing at a time; on a middle one the contact slides over. */
type Pane = 'list' | 'chat' | 'contact'

/** List, opened sessions, contact: side by side where there is room, one at a time where there is not. */
export function SessionsPage() {
  const console = useConsole()
  const { ids } = useCell(console.opened)
  const { pane: wanted } = useCell(route)
  const started = useCell(console.started)
  const { all } = useCell(console.counts)
  const front = useFront()
  // An address that names a session is answered, be there none at all.
  const first = started && all === 0 && front === null
  const refused = useEntry(console.refused, front)
  const isGone = refused?.code === 'no_such_session'
  const pane = paneOf(first ? null : front, refused ? undefined : wanted)
  useFocusInSight(pane)
  return (
    <main
      className={`console ${first || front === null || isGone ? 'console--no-side' : ''}`}
      data-pane={pane}
      id="main"
      tabIndex={-1}
    >
      <h1 className="sr">Sessions</h1>
      <SessionListPane />
      {first ? (
        <section className="main main--welcome scroll" aria-label="Welcome">
          <Welcome />
        </section>
      ) : (
        <section className="main" aria-label="Opened sessions">
          {ids.length > 0 && <OpenedTabs />}
          {front === null && started && <NothingOpened />}
          {front !== null && isGone && <NoSuchSession />}
          {front !== null && !isGone && <Chat id={front} />}
        </section>
      )}
      {!first && front !== null && !isGone && <ContactPane session={front} />}
    </main>
  )
}

const paneOf = (front: string | null, wanted: 'contact' | undefined): Pane =>
  front === null ? 'list' : (wanted ?? 'chat')

/** Where one pane takes another's place, what had the focus is no longer there: it goes to the one that is. */
function useFocusInSight(pane: Pane): void {
  const before = useRef(pane)
  useEffect(() => {
    if (before.current === pane) return
    before.current = pane
    const { activeElement: held } = document
    if (!isNarrow() || (held && held !== document.body && held.checkVisibility())) return
    const list = pane === 'list' ? document.querySelector<HTMLElement>('.rows') : null
    const shown = list ?? document.getElementById('main')
    shown?.focus({ preventScroll: true })
  }, [pane])
}

function NothingOpened() {
  return (
    <div className="nothing">
      <p>
        Choose a session on the left. <kbd>J</kbd> and <kbd>K</kbd> move, <kbd>Enter</kbd> opens, <kbd>?</kbd>{' '}
        shows all keys.
      </p>
    </div>
  )
}

/** An address may be another console’s, or older than the simulation it is of. */
function NoSuchSession() {
  const console = useConsole()
  return (
    <Empty
      title="There is no session at this address"
      action={<Button onClick={() => toList(console)}>All sessions</Button>}
    >
      It may be another console’s, or of a simulation that has ended.
    </Empty>
  )
}
