import type { KeyboardEvent } from 'react'
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { Banner } from '../../parts/Banner.tsx'
import { Button } from '../../parts/Button.tsx'
import { Empty, Loading } from '../../parts/Empty.tsx'
import { Field } from '../../parts/Field.tsx'
import { useConsole } from '../../state/app.ts'
import { useCell } from '../../state/cell.ts'
import { go } from '../../state/route.ts'
import { useListKeys } from '../../shell/keys.ts'
import { plural } from '../../words.ts'
import { ScrollWindow } from '../sessions/ScrollWindow.ts'
import type { ContactSearch, Found } from './ContactSearch.ts'
import { Person, PersonBones } from './Person.tsx'

/** Height of a row, px: .person in contacts.css. */
const ROW = 56
/** A search is asked for this long after the last key. */
const PAUSE = 120

interface ContactListProps {
  search: ContactSearch
  /** Number of the contact that is shown. */
  current: string | undefined
}

export function ContactList({ search, current }: ContactListProps) {
  const found = useCell(search.found)
  const { sought } = useConsole().contacts
  const words = useCell(sought)
  const setWords = (now: string) => sought.set(now)
  const list = useRef<HTMLDivElement>(null)
  const first = useRef(true)
  useEffect(() => {
    if (first.current) {
      first.current = false
      return
    }
    const timer = setTimeout(() => void search.look(words.trim()), PAUSE)
    return () => clearTimeout(timer)
  }, [search, words])

  const { state, total, message } = found
  return (
    <section className="people" aria-label="Contacts">
      <div className="people__find">
        <Field
          label="Find a contact"
          hideLabel
          type="search"
          placeholder="Name, number, tag or note"
          dir="auto"
          value={words}
          onChange={(event) => setWords(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setWords('')
            else if (event.key === 'ArrowDown')
              list.current?.querySelector<HTMLElement>('.people__list')?.focus()
            else return
            event.preventDefault()
          }}
        />
        <span className="meta n" role="status">
          {state === 'ready' && plural(total, 'contact')}
        </span>
      </div>
      <div className="people__body" ref={list}>
        {state === 'failed' && (
          <Banner
            tone="danger"
            icon="alert"
            action={<Button onClick={() => void search.again()}>Read them again</Button>}
          >
            The contacts could not be read. {message}
          </Banner>
        )}
        {state === 'loading' && (
          <Loading label="Reading the contacts">
            {[0, 1, 2, 3, 4].map((at) => (
              <PersonBones key={at} />
            ))}
          </Loading>
        )}
        {state === 'ready' && total === 0 && <None words={found.search} onAll={() => setWords('')} />}
        {total > 0 && <People search={search} found={found} current={current} />}
      </div>
    </section>
  )
}

function None({ words, onAll }: { words: string; onAll: () => void }) {
  if (words === '')
    return (
      <Empty
        title="No contacts yet"
        action={<Button onClick={() => go({ page: 'phone' })}>Try the test phone</Button>}
      >
        Whoever writes or calls has a page here from then on, with all their sessions over all media.
      </Empty>
    )
  return (
    <Empty title={`Nobody for “${words}”`} action={<Button onClick={onAll}>Show everybody</Button>}>
      Looked for in names, numbers, tags and notes.
    </Empty>
  )
}

interface PeopleProps {
  search: ContactSearch
  found: Found
  current: string | undefined
}

/** The rows in sight; J, K and the arrows move, Enter opens. */
function People({ search, found: { rows, total, search: words }, current }: PeopleProps) {
  const [rowsInSight] = useState(() => new ScrollWindow(ROW))
  const range = useSyncExternalStore(rowsInSight.subscribe, rowsInSight.range)
  const attach = useCallback((element: HTMLElement | null) => rowsInSight.attach(element), [rowsInSight])
  const [first = 0, end = 0] = range.split('/').map(Number)
  const from = Math.max(0, Math.min(first, total))
  const to = Math.min(total, end)
  const [moved, setMoved] = useState<number | null>(null)
  const shown = rows.findIndex((contact) => contact !== undefined && contact.numbers[0] === current)
  const at = Math.min(moved ?? shown, total - 1)

  useEffect(() => search.need(from, to), [search, from, to, rows])
  useEffect(() => rowsInSight.toTop(), [rowsInSight, words])

  const move = (place: number) => {
    const next = Math.max(0, Math.min(total - 1, place))
    rowsInSight.reveal(next)
    setMoved(next)
  }
  useListKeys(
    (by) => {
      rowsInSight.focus()
      move(at + by)
    },
    { arrows: true },
  )

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const page = rowsInSight.rowsSeen
    const place = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: total - 1,
    }[event.key]
    const number = rows[at]?.numbers[0]
    if (place !== undefined) move(place)
    else if ((event.key === 'Enter' || event.key === ' ') && number !== undefined)
      go({ page: 'contacts', place: number })
    else return
    event.preventDefault()
  }
  return (
    <div
      className="people__list"
      ref={attach}
      role="listbox"
      tabIndex={0}
      aria-label={`${plural(total, 'contact')}, last heard of first`}
      aria-activedescendant={at >= from && at < to ? `person-${at}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div className="people__all" role="presentation" style={{ height: total * ROW }}>
        {Array.from({ length: to - from }, (_, offset) => {
          const place = from + offset
          const contact = rows[place]
          return (
            <div
              key={contact?._id ?? `at ${place}`}
              className="people__place"
              role="presentation"
              style={{ transform: `translateY(${place * ROW}px)` }}
            >
              {contact ? (
                <Person
                  contact={contact}
                  place={place}
                  total={total}
                  isOpen={place === shown}
                  isCursor={place === at}
                  onOpen={() => setMoved(null)}
                />
              ) : (
                <PersonBones />
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}
