import { Fragment, useEffect, useLayoutEffect, useRef } from 'react'
import type { PhoneLine } from '../../../../shared/contract.ts'
import { Icon } from '../../parts/Icon.tsx'
import { MediumIcon } from '../../parts/MediumIcon.tsx'
import { useConsole } from '../../state/app.ts'
import { useMinute } from '../../state/worldClock.ts'
import { MEDIUM_NAMES, clock, dayName, ms, sameDay } from '../../words.ts'
import type { TestPhone } from './phones.ts'

/** After a silence this long, or by another medium, the time is said again. */
const QUIET = 60_000

/** So near (px) its end it stays there. */
const NEAR_END = 40

/** What this phone sent, and what the business answered. */
export function DeviceLog({ phone }: { phone: TestPhone }) {
  const box = useRef<HTMLDivElement>(null)
  const { lines } = phone
  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight
  }, [lines.length])
  const isAtEnd = useRef(true)
  useEffect(() => {
    const log = box.current
    if (!log) return
    // What is written below takes room from it, and so does a smaller window.
    const sizes = new ResizeObserver(() => {
      if (isAtEnd.current) log.scrollTop = log.scrollHeight
    })
    sizes.observe(log)
    return () => sizes.disconnect()
  }, [])
  return (
    <div
      className="device__log"
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_END
      }}
      ref={box}
      role="log"
      aria-label={`Messages on ${phone.label}’s phone`}
      tabIndex={0}
    >
      {lines.length === 0 && (
        <p className="meta device__none">Nothing yet. Write, or call, as {phone.label}.</p>
      )}
      <ol>
        {lines.map((line, at) => (
          <Fragment key={line.id}>
            <When line={line} before={lines[at - 1]} />
            <Line line={line} />
          </Fragment>
        ))}
      </ol>
    </div>
  )
}

function When({ line, before }: { line: PhoneLine; before: PhoneLine | undefined }) {
  const now = useMinute(useConsole().clock)
  const at = ms(line.at)
  if (before?.medium === line.medium && at - ms(before.at) < QUIET) return null
  const day = before && sameDay(ms(before.at), at) ? '' : `${dayName(at, now)} `
  return (
    <li className="device__when meta n">
      {MEDIUM_NAMES[line.medium]}, {day}
      {clock(at)}
    </li>
  )
}

function Line({ line: { from, body, medium, photo } }: { line: PhoneLine }) {
  return (
    <li className={`said ${from === 'phone' ? 'said--me' : ''}`}>
      <div className="said__bubble">
        <span className="sr">{from === 'phone' ? 'You: ' : 'Answer: '}</span>
        {medium === 'voice' && <MediumIcon medium="voice" />}
        {photo && (
          <span className="said__photo">
            <Icon name="image" />
            Photo
          </span>
        )}
        {(body !== '' || !photo) && <span dir="auto">{body || '(no words)'}</span>}
      </div>
    </li>
  )
}
