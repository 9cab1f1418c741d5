import type { KeyboardEvent } from 'react'
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import { Button } from '../../parts/Button.tsx'
import { useConsole } from '../../state/app.ts'
import { useCell } from '../../state/cell.ts'
import { useFront } from '../../state/front.ts'
import type { Query } from '../../state/query.ts'
import { openSession } from '../../state/visit.ts'
import { figure, plural } from '../../words.ts'
import { useListKeys } from '../../shell/keys.ts'
import { BoneRow } from './Bones.tsx'
import { Row } from './Row.tsx'
import { ScrollWindow } from './ScrollWindow.ts'

/** Height of a row, px: --row in the tokens. */
const ROW = 68

/** The rows themselves: those in sight, and nothing that moves while a pointer is over them. */
export function Rows() {
  const console = useConsole()
  const { list, opened } = console
  const { ids, total, waiting, query } = useCell(list.view)
  const { current } = useCell(opened)
  const front = useFront()
  const [cursor, setCursor] = useState<Cursor | null>(null)
  // What was opened by hand is where J and K go on from.
  const leaveCursor = useCallback(() => setCursor(null), [])
  const [rows] = useState(() => new ScrollWindow(ROW))
  const range = useSyncExternalStore(rows.subscribe, rows.range)
  const [from, to] = within(range, total)
  const attach = useAttach(rows)

  useEffect(() => list.need(from, to), [list, from, to, ids])
  useEffect(() => rows.toTop(), [rows, query])

  const at = cursor?.query === query ? placeOf(cursor, ids) : ids.indexOf(current ?? undefined)
  // A row that was not read yet when the cursor came to it: from now on the cursor goes where the row goes.
  if (cursor?.query === query && cursor.id === undefined && ids[at] !== undefined)
    setCursor({ query, place: at, id: ids[at] })
  const move = (place: number) => {
    const next = Math.max(0, Math.min(total - 1, place))
    rows.reveal(next)
    setCursor({ query, place: next, id: ids[next] })
  }
  useListKeys((by) => {
    rows.focus()
    move(at + by)
  })

  const onKeyDown = (event: KeyboardEvent) => {
    const page = rows.rowsSeen
    const place = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: total - 1,
    }[event.key]
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (place !== undefined) move(place)
    else if ((event.key === 'Enter' || event.key === ' ') && ids[at] !== undefined)
      openSession(console, ids[at])
    else return
    event.preventDefault()
  }

  return (
    <>
      <div
        className="rows inset"
        ref={attach}
        tabIndex={0}
        role="listbox"
        aria-label={`${plural(total, 'session')}, ${query.order === 'latest' ? 'latest first' : 'longest waiting first'}`}
        aria-activedescendant={at >= from && at < to ? `row-${at}` : undefined}
        onKeyDown={onKeyDown}
      >
        <div className="rows__all" role="presentation" style={{ height: total * ROW }}>
          {Array.from({ length: to - from }, (_, offset) => {
            const place = from + offset
            const id = ids[place]
            return (
              <div
                key={id ?? `at ${place}`}
                className="rows__place"
                role="presentation"
                style={{ transform: `translateY(${place * ROW}px)` }}
              >
                {id === undefined ? (
                  <BoneRow />
                ) : (
                  <Row
                    id={id}
                    place={place}
                    total={total}
                    isOpen={id === front}
                    isCursor={place === at}
                    onOpen={leaveCursor}
                  />
                )}
              </div>
            )
          })}
        </div>
      </div>
      {waiting > 0 && (
        // Below the rows: above them it would cover one, or move them all.
        <Button
          look="bare"
          className="rows__new"
          icon="up"
          onClick={() => {
            list.layIn()
            rows.toTop()
            rows.focus()
          }}
        >
          {figure(waiting)} new
        </Button>
      )}
    </>
  )
}

/** Where the keyboard is in the list of one query. */
interface Cursor {
  query: Query
  place: number
  /** None while the row of that place is not read yet. */
  id: string | undefined
}

/** The place of the cursor's row now; where that row is no longer in the list, the place it had. */
function placeOf({ id, place }: Cursor, ids: readonly (string | undefined)[]): number {
  const now = id === undefined ? -1 : ids.indexOf(id)
  return now === -1 ? place : now
}

/** The window's range, kept within the list. */
function within(range: string, total: number): [from: number, to: number] {
  const [from = 0, to = 0] = range.split('/').map(Number)
  return [Math.max(0, Math.min(from, total)), Math.min(total, to)]
}

const POINTING = ['pointerenter', 'pointermove', 'pointerleave'] as const

/**
 * Ties the scrolling box to its window, and holds the list's order while a pointer is over it or it is scrolled.
 * Whoever has pressed a row has what they aimed at: a pointer that rests there from then on holds nothing.
 */
function useAttach(rows: ScrollWindow) {
  const { list } = useConsole()
  return useCallback(
    (element: HTMLElement | null) => {
      if (!element) return
      const detach = rows.attach(element)
      // With what stands below: laid in on the way there, the button would be gone and a row in its place pressed.
      const around = element.parentElement ?? element
      let over = around.matches(':hover')
      const hold = () => list.hold(over || element.scrollTop > 0)
      let pressed = ''
      const pointer = ({ type, clientX, clientY }: MouseEvent) => {
        // A click is told in whole px, a move in parts of them.
        const at = `${Math.floor(clientX)}/${Math.floor(clientY)}`
        if (type === 'click') pressed = at
        // A browser tells of moves also where it is the page that moved.
        over = type !== 'pointerleave' && at !== pressed
        hold()
      }
      hold()
      for (const name of POINTING) around.addEventListener(name, pointer, { passive: true })
      element.addEventListener('click', pointer)
      element.addEventListener('scroll', hold, { passive: true })
      return () => {
        detach?.()
        for (const name of POINTING) around.removeEventListener(name, pointer)
        element.removeEventListener('click', pointer)
        element.removeEventListener('scroll', hold)
        list.hold(false)
      }
    },
    [list, rows],
  )
}
