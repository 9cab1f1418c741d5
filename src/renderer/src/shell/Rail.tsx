import { useEffect } from 'react'
import { Count } from '../parts/Pill.tsx'
import { Icon, type IconName } from '../parts/Icon.tsx'
import { useApp } from '../state/app.ts'
import { useCell } from '../state/cell.ts'
import { hrefOf, route, type Page } from '../state/route.ts'

/** The pages. Each icon has its word. */
export function Rail() {
  const app = useApp()
  const console = app.consoles[useCell(app.world)]
  const { unread } = useCell(console.counts)
  const title = titleOf(unread, console.world === 'simulation')
  useEffect(() => {
    document.title = title
  }, [title])
  return (
    <nav className="rail" aria-label="Main">
      <Entry page="sessions" icon="sessions" words="Sessions" count={unread} />
      <Entry page="contacts" icon="contacts" words="Contacts" />
      <Entry page="phone" icon="phone" words="Test phone" />
      <span className="grow" />
      <Entry page="settings" icon="settings" words="Settings" />
    </nav>
  )
}

/** A tab in the background tells what waits behind it; the desktop's own title comes from its main process. */
function titleOf(unread: number, isSimulated: boolean): string {
  return `${unread > 0 ? `(${unread}) ` : ''}Switchboard${isSimulated ? ', simulation' : ''}`
}

function Entry({
  page,
  icon,
  words,
  count = 0,
}: {
  page: Page
  icon: IconName
  words: string
  count?: number
}) {
  const current = useCell(route).page === page
  return (
    <a href={hrefOf({ page })} aria-current={current ? 'page' : undefined}>
      <Icon name={icon} size={20} />
      {words}
      <Count of={count} className="rail__count" />
    </a>
  )
}
