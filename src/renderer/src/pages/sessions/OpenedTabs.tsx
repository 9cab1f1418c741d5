import type { KeyboardEvent } from 'react'
import { useEffect, useRef } from 'react'
import { Icon } from '../../parts/Icon.tsx'
import { MediumIcon } from '../../parts/MediumIcon.tsx'
import { formatNumber } from '../../parts/phoneNumber.ts'
import { UnreadDot } from '../../parts/Pill.tsx'
import { useConsole } from '../../state/app.ts'
import { useCell, useEntry } from '../../state/cell.ts'
import { withClosed } from '../../state/opened.ts'
import './opened.css'

/** Opened sessions as tabs. Arrows move between them, Delete closes. */
export function OpenedTabs() {
  const { opened } = useConsole()
  const { ids, current } = useCell(opened)
  const box = useRef<HTMLDivElement>(null)

  useEffect(() => {
    const tab = box.current?.querySelector('[aria-selected=true]')
    if (!box.current || !tab) return
    // Also when the strip gets narrower, or a tab wider by its name.
    const sizes = new ResizeObserver(() => tab.scrollIntoView({ block: 'nearest', inline: 'nearest' }))
    sizes.observe(box.current)
    for (const one of box.current.children) sizes.observe(one)
    return () => sizes.disconnect()
  }, [current, ids])

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    const at = current === null ? -1 : ids.indexOf(current)
    if (step !== undefined) {
      const next = ids[(at + step + ids.length) % ids.length]
      if (next === undefined) return
      opened.update((now) => ({ ...now, current: next }))
      box.current?.querySelector<HTMLElement>(`[data-session="${next}"]`)?.focus()
    } else if (event.key === 'Delete' && current !== null) opened.update((now) => withClosed(now, current))
    else return
    event.preventDefault()
  }
  return (
    <div className="opened" role="tablist" aria-label="Opened sessions" ref={box} onKeyDown={onKeyDown}>
      {ids.map((id) => (
        <OpenedTab key={id} id={id} isCurrent={id === current} />
      ))}
    </div>
  )
}

function OpenedTab({ id, isCurrent }: { id: string; isCurrent: boolean }) {
  const console = useConsole()
  const session = useEntry(console.sessions, id)
  const close = () => console.opened.update((now) => withClosed(now, id))
  return (
    <button
      type="button"
      className={`opened__tab inset ${session?.contact_name === '' ? 'opened__tab--number' : ''}`}
      role="tab"
      data-session={id}
      aria-selected={isCurrent}
      aria-controls={isCurrent ? 'chat' : undefined}
      tabIndex={isCurrent ? 0 : -1}
      onClick={() => console.open(id)}
      onAuxClick={(event) => event.button === 1 && close()}
    >
      {session && <MediumIcon medium={session.communication_type} />}
      <span className="cut">
        <bdi>{session ? session.contact_name || formatNumber(session.metadata.fromNumber) : '…'}</bdi>
      </span>
      {session && session.of > 1 && (
        <span className="opened__place n" title={`Session ${session.place} of ${session.of} of this contact`}>
          {session.place}/{session.of}
        </span>
      )}
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
