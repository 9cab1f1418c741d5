import { useEffect } from 'react'
import { Empty } from '../../parts/Empty.tsx'
import { useConsole } from '../../state/app.ts'
import type { TestPhone } from './phones.ts'
import { SeeSessions } from './SeeSessions.tsx'
import { useCell } from '../../state/cell.ts'
import type { Console } from '../../state/console.ts'
import { figure } from '../../words.ts'
import { Chat } from '../sessions/Chat.tsx'
import { OpenedTabs } from '../sessions/OpenedTabs.tsx'
import { Rows } from '../sessions/Rows.tsx'
import '../sessions/list.css'
import '../sessions/sessions.css'

/** What the business sees, beside the phone: the sessions as they come, and the one of the phone in the hand. */
export function LiveConsole({ phone }: { phone: TestPhone }) {
  const console = useConsole()
  const { ids, current } = useCell(console.opened)
  const { state, total, query } = useCell(console.list.view)
  useFollowed(console, phone)
  const narrowed = query.type !== 'all' || query.filter !== 'all'
  useEffect(() => {
    if (narrowed) console.show({ type: 'all', filter: 'all', order: 'latest' })
  }, [console, narrowed])
  return (
    <section className="live" aria-label="The console, live">
      <div className="live__list list">
        <div className="live__h">
          <h2 className="h3">What you see</h2>
          <span className="meta n">
            {figure(total)} {total === 1 ? 'session' : 'sessions'}
          </span>
          <span className="grow" />
          <SeeSessions look="bare">Sessions page</SeeSessions>
        </div>
        <div className="list__body">
          {state === 'ready' && total > 0 && <Rows />}
          {state === 'ready' && total === 0 && (
            <Empty title="No sessions yet">Write from the phone, and its session stands here.</Empty>
          )}
        </div>
      </div>
      <div className="live__chat main">
        {ids.length > 0 && <OpenedTabs />}
        {current !== null && <Chat id={current} />}
        {current === null && state === 'ready' && total > 0 && phone.lines.length === 0 && (
          <Empty title="This phone has not written yet">
            Write or call as {phone.label}, and its session stands here.
          </Empty>
        )}
      </div>
    </section>
  )
}

/**
 * The newest session of the phone in the hand comes to the front by itself, once. Of one that has not written there is
 * none, and another's would be taken for it.
 */
function useFollowed(console: Console, { number, lines }: TestPhone): void {
  const { ids } = useCell(console.list.view)
  const newest = ids.find(
    (id) => id !== undefined && console.sessions.get(id)?.metadata.fromNumber === number,
  )
  const isBlank = lines.length === 0 && newest === undefined
  useEffect(() => {
    if (isBlank) console.opened.update((opened) => ({ ...opened, current: null }))
  }, [console, isBlank, number])
  useEffect(() => {
    if (newest === undefined) return
    const { current } = console.opened.get()
    const isOfPhone = current !== null && console.sessions.get(current)?.metadata.fromNumber === number
    // In the tab of the session before it, so that trying things out does not fill the strip.
    if (isOfPhone && current !== newest) console.replace(current, newest)
    else console.open(newest)
  }, [console, newest, number])
}
