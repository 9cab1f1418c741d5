import { useEffect } from 'react'
import { Count } from '../parts/Pill.tsx'
import { Icon, type IconName } from '../parts/Icon.tsx'
import { useApp } from '../state/app.ts'
import { useCell } from '../state/cell.ts'
import { hrefOf, route, type Target } from '../state/route.ts'
import { SessionsLink } from './SessionsLink.tsx'

/** The pages. Each icon has its word. */
export function Rail() {
  const app = useApp()
  const console = app.consoles[useCell(app.world)]
  const { unread } = useCell(console.counts)
  const { page } = useCell(route)
  const title = titleOf(unread, console.world === 'simulation')
  useEffect(() => {
    document.title = title
  }, [title])
  return (
    <nav className="rail" aria-label="Main">
      <SessionsLink console={console} aria-current={page === 'sessions' ? 'page' : undefined}>
        <Words icon="sessions" words="Sessions" count={unread} />
      </SessionsLink>
      <Entry to={{ page: 'contacts', world: console.world }} icon="contacts" words="Contacts" />
      <Entry to={{ page: 'phone' }} icon="phone" words="Test phone" />
      <span className="grow" />
      <Entry to={{ page: 'settings' }} icon="settings" words="Settings" />
    </nav>
  )
}

/** A tab in the background tells what waits behind it; the desktop's own title comes from its main process. */
function titleOf(unread: number, isSimulated: boolean): string {
  return `${unread > 0 ? `(${unread}) ` : ''}Switchboard${isSimulated ? ', simulation' : ''}`
}

interface WordsProps {
  icon: IconName
  words: string
  count?: number
}

function Entry({ to, ...words }: WordsProps & { to: Target }) {
  const isCurrent = useCell(route).page === to.page
  return (
    <a href={hrefOf(to)} aria-current={isCurrent ? 'page' : undefined}>
      <Words {...words} />
    </a>
  )
}

function Words({ icon, words, count = 0 }: WordsProps) {
  return (
    <>
      <Icon name={icon} size={20} />
      {words}
      <Count of={count} className="rail__count" />
    </>
  )
}
