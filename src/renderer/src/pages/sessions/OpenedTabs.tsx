import type { KeyboardEvent } from 'react'
import { useEffect, useRef, useState } from 'react'
import { Icon } from '../../parts/Icon.tsx'
import { MediumIcon } from '../../parts/MediumIcon.tsx'
import { formatNumber } from '../../parts/phoneNumber.ts'
import { UnreadDot } from '../../parts/Pill.tsx'
import { useConsole } from '../../state/app.ts'
import { useCell, useEntry } from '../../state/cell.ts'
import { useFront } from '../../state/front.ts'
import { closeTab, turnTo } from '../../state/visit.ts'
import { type Hidden, watchStrip } from './StripEnds.ts'
import './opened.css'

/** Opened sessions as tabs. Arrows move between them, Delete closes. */
export function OpenedTabs() {
  const console = useConsole()
  const { ids } = useCell(console.opened)
  const front = useFront()
  const box = useRef<HTMLDivElement>(null)
  const [hidden, setHidden] = useState<Hidden>('none')
  useEffect(() => (box.current ? watchStrip(box.current, setHidden) : undefined), [ids])

  useEffect(() => {
    const tab = box.current?.querySelector('[aria-selected=true]')
    if (!box.current || !tab) return
    // Also when the strip gets narrower, or this tab wider by its name; where others change, whoever has scrolled stays.
    const sizes = new ResizeObserver(() => tab.scrollIntoView({ block: 'nearest', inline: 'nearest' }))
    sizes.observe(box.current)
    sizes.observe(tab)
    return () => sizes.disconnect()
  }, [front])

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    const at = front === null ? -1 : ids.indexOf(front)
    if (step !== undefined) {
      const next = ids[(at + step + ids.length) % ids.length]
      if (next === undefined) return
      turnTo(console, next)
      box.current?.querySelector<HTMLElement>(`[data-session="${next}"]`)?.focus()
    } else if (event.key === 'Delete' && front !== null) closeTab(console, front)
    else return
    event.preventDefault()
  }
  return (
    <div className="opened">
      <div
        className={`opened__strip opened__strip--${hidden}`}
        role="tablist"
        aria-label="Opened sessions"
        ref={box}
        onKeyDown={onKeyDown}
      >
        {ids.map((id, place) => (
          <OpenedTab
            key={id}
            id={id}
            isCurrent={id === front}
            isReached={id === front || (place === 0 && !ids.includes(front ?? ''))}
          />
        ))}
      </div>
    </div>
  )
}

interface OpenedTabProps {
  id: string
  isCurrent: boolean
  /** Tab comes to it: to the one in front, or to the first while the list alone is shown. */
  isReached: boolean
}

function OpenedTab({ id, isCurrent, isReached }: OpenedTabProps) {
  const console = useConsole()
  const session = useEntry(console.sessions, id)
  const unsent = useEntry(console.unsent.refused, id)
  const close = () => closeTab(console, id)
  return (
    <button
      type="button"
      className={`opened__tab inset ${session?.contact_name === '' ? 'n' : ''}`}
      role="tab"
      data-session={id}
      aria-selected={isCurrent}
      aria-controls={isCurrent ? 'chat' : undefined}
      tabIndex={isReached ? 0 : -1}
      onClick={() => turnTo(console, id)}
      onAuxClick={(event) => event.button === 1 && close()}
    >
      {session && <MediumIcon medium={session.communication_type} />}
      <bdi className="cut">
        {session ? session.contact_name || formatNumber(session.metadata.fromNumber) : '…'}
      </bdi>
      {session && session.of > 1 && (
        <span className="opened__place n" title={`Session ${session.place} of ${session.of} of this contact`}>
          {session.place}/{session.of}
        </span>
      )}
      {unsent && <Icon name="alert" size={14} label="Not sent" className="dangerc" />}
      {session && session.unread_count > 0 && !isCurrent && <UnreadDot />}
      {/* A control inside a tab is not one for screen readers: Delete and W close it there. */}
      <span
        className="opened__x"
        aria-hidden="true"
        title="Close the tab"
        onClick={(event) => {
          event.stopPropagation()
          close()
        }}
      >
        <Icon name="x" size={12} />
      </span>
    </button>
  )
}
