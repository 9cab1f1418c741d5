import type { ReactNode } from 'react'
import { useEffect, useRef, useState } from 'react'
import type { SettingsView } from '../../../../shared/contract.ts'
import { Loading } from '../../parts/Empty.tsx'
import { NotRead } from '../../parts/NotRead.tsx'
import { useApp, useConsole, useSimulated } from '../../state/app.ts'
import { useCell } from '../../state/cell.ts'
import { hrefOf, route } from '../../state/route.ts'
import { About, Data, Logs } from './Data.tsx'
import { Answers, hasAnswers } from './Answers.tsx'
import { Appearance } from './Appearance.tsx'
import { Channels } from './Channels.tsx'
import { Gap } from './Gap.tsx'
import { Live } from './Live.tsx'
import { Notifications, hasNotifications } from './Notifications.tsx'
import { Privacy, hasPrivacy } from './Privacy.tsx'
import { Status } from './Status.tsx'
import { Templates } from './Templates.tsx'
import { ThisComputer } from './ThisComputer.tsx'
import { useSettings } from './useSettings.ts'
import './settings.css'

interface Entry {
  id: string
  title: string
  show: (settings: SettingsView) => ReactNode
  /** False where this console offers none of it. */
  there?: (settings: SettingsView) => boolean
  /** Only the desktop app can do it. */
  desktopOnly?: true
}

/** Side by side where there is room, before what is set once. */
const FIRST: readonly (Omit<Entry, 'show'> & { show: () => ReactNode })[] = [
  { id: 'status', title: 'Status', show: () => <Status /> },
  { id: 'live', title: 'Go live', show: () => <Live /> },
]
const SECTIONS: readonly Entry[] = [
  { id: 'channels', title: 'Channels', show: (settings) => <Channels settings={settings} /> },
  { id: 'gap', title: 'Session gap', show: (settings) => <Gap settings={settings} /> },
  {
    id: 'answers',
    title: 'Automatic answers',
    show: (settings) => <Answers settings={settings} />,
    there: hasAnswers,
  },
  { id: 'templates', title: 'Templates', show: () => <Templates /> },
  {
    id: 'notifications',
    title: 'Notifications',
    show: (settings) => <Notifications settings={settings} />,
    there: hasNotifications,
  },
  { id: 'appearance', title: 'Appearance', show: () => <Appearance /> },
  {
    id: 'computer',
    title: 'This computer',
    show: (settings) => <ThisComputer settings={settings} />,
    desktopOnly: true,
  },
  { id: 'privacy', title: 'Privacy', show: (settings) => <Privacy settings={settings} />, there: hasPrivacy },
  { id: 'data', title: 'Data and backup', show: () => <Data /> },
  { id: 'logs', title: 'Logs', show: () => <Logs /> },
  { id: 'about', title: 'About', show: () => <About /> },
]

/** A section whose head is so near the top is the one that is read, px. */
const NEAR_TOP = 24

/** Everything that can be set, in one page; each change is kept at once. */
export function SettingsPage() {
  const { settings, problem, retry } = useSettings()
  const { place } = useCell(route)
  const ready = settings !== null
  const page = useRef<HTMLElement>(null)
  const [seen, setSeen] = useState<string>()
  useEffect(() => {
    if (!ready || place === undefined) return
    const section = document.getElementById(`set-${place}`)
    if (!section || !page.current) return
    page.current.scrollTop = section.offsetTop - parseFloat(getComputedStyle(section).scrollMarginTop)
    section.focus({ preventScroll: true })
  }, [place, ready])

  const simulated = useSimulated()
  const { transport } = useApp()
  const truth = useCell(useConsole().truth)
  const sections = [...FIRST, ...SECTIONS].filter(
    ({ there, desktopOnly }) =>
      (!desktopOnly || transport.kind === 'ipc') && (settings === null || (there?.(settings) ?? true)),
  )
  const current = seen ?? place ?? sections[0]?.id
  useEffect(() => {
    document
      .querySelector('.set__nav [aria-current]')
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [current])
  const onScroll = () => {
    const box = page.current
    // At its end the page shows several sections; the one that was chosen stays marked.
    if (!box || box.scrollTop + box.clientHeight >= box.scrollHeight - 2) return
    const topOf = (id: string) => document.getElementById(`set-${id}`)?.offsetTop ?? Infinity
    const passed = sections.findLast(({ id }) => topOf(id) <= box.scrollTop + NEAR_TOP)
    // Of two side by side the first.
    setSeen(passed && sections.find(({ id }) => topOf(id) === topOf(passed.id))?.id)
  }
  return (
    <div className="set">
      <nav className="set__nav" aria-label="Settings">
        {sections.map(({ id, title }) => (
          <a
            key={id}
            href={hrefOf({ page: 'settings', place: id })}
            aria-current={id === current ? 'true' : undefined}
            onClick={() => setSeen(id)}
          >
            {title}
            {id === 'status' && truth?.parts.some(({ state }) => state === 'trouble') && (
              <span className="dot dot--lamp set__dot" role="img" aria-label="needs a look" />
            )}
          </a>
        ))}
      </nav>
      <main className="page" id="main" tabIndex={-1} ref={page} onScroll={onScroll}>
        <div className="page__in set__in">
          <h1 className="sr">Settings</h1>
          <div className={simulated ? 'set__one' : 'set__two'}>
            {FIRST.map(({ id, show }) => (
              <div key={id}>{show()}</div>
            ))}
          </div>
          {settings &&
            sections.slice(FIRST.length).map(({ id, show }) => <div key={id}>{show(settings)}</div>)}
          {!settings && problem === '' && <Bones />}
          {!settings && problem !== '' && (
            <NotRead title="The settings could not be read" problem={problem} onRetry={retry} />
          )}
        </div>
      </main>
    </div>
  )
}

function Bones() {
  return (
    <Loading label="Reading the settings">
      {[0, 1, 2, 3].map((at) => (
        <div key={at} className="set__bones" aria-hidden="true">
          <i />
          <i />
          <i />
        </div>
      ))}
    </Loading>
  )
}
