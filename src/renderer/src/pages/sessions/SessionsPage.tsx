import { Welcome } from '../welcome/Welcome.tsx'
import { useConsole } from '../../state/app.ts'
import { useCell } from '../../state/cell.ts'
import { Chat } from './Chat.tsx'
import { ContactPane } from './contact/ContactPane.tsx'
import { OpenedTabs } from './OpenedTabs.tsx'
import { SessionListPane } from './SessionListPane.tsx'
import './sessions.css'

/** List, opened sessions, contact: side by side where there is room, one at a time where there is not. */
export function SessionsPage() {
  const console = useConsole()
  const { ids, current } = useCell(console.opened)
  const pane = useCell(console.pane)
  const started = useCell(console.started)
  const { all } = useCell(console.counts)
  const first = started && all === 0
  return (
    <main
      className={`console ${first || current === null ? 'console--no-side' : ''}`}
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
          {current === null ? started && <NothingOpened /> : <Chat key={current} id={current} />}
        </section>
      )}
      {!first && current !== null && <ContactPane key={current} session={current} />}
    </main>
  )
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
