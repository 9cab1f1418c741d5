import { useEffect, useState } from 'react'
import { useApp, useConsole } from '../../state/app.ts'
import { useCell } from '../../state/cell.ts'
import { route } from '../../state/route.ts'
import { ContactList } from './ContactList.tsx'
import { ContactPage } from './ContactPage.tsx'
import { ContactSearch } from './ContactSearch.ts'
import './contacts.css'

/** Changes of the sessions are laid into the list this much later, all at once. */
const SETTLE = 1500

/** Everybody who ever wrote or called, and all that is known of one of them. */
export function ContactsPage() {
  const console = useConsole()
  const { place } = useCell(route)
  const [search] = useState(() => new ContactSearch((input) => console.ask('contacts.list', input)))

  const isOpen = useCell(useApp().line) === 'open'
  useEffect(() => {
    if (isOpen && search.found.get().state === 'failed') void search.again()
  }, [search, isOpen])

  useEffect(() => {
    const { sought } = console.contacts
    void search.look(sought.get().trim())
    let timer: ReturnType<typeof setTimeout> | undefined
    let all = console.counts.get().all
    const read = () => {
      const isLookedAt = document.querySelector('.people__list:hover, .people__list:focus') !== null
      timer = isLookedAt ? setTimeout(read, SETTLE) : undefined
      if (!isLookedAt) void search.again()
    }
    // Somebody new has written: the list is read again, as soon as nobody is reading it just now.
    const stop = console.counts.subscribe(() => {
      const now = console.counts.get().all
      if (now === all) return
      all = now
      timer ??= setTimeout(read, SETTLE)
    })
    return () => {
      stop()
      clearTimeout(timer)
      // Whoever comes back from another page sees everybody.
      if (route.get().page !== 'contacts') sought.set('')
    }
  }, [console, search])

  return (
    <main className="contacts" data-place={place === undefined ? 'list' : 'contact'} id="main" tabIndex={-1}>
      <h1 className="sr">Contacts</h1>
      <ContactList search={search} current={place} />
      <section className="contacts__main" aria-label="Contact">
        {place === undefined ? <NobodyChosen search={search} /> : <ContactPage key={place} number={place} />}
      </section>
    </main>
  )
}

function NobodyChosen({ search }: { search: ContactSearch }) {
  const { total } = useCell(search.found)
  if (total === 0) return null
  return (
    <p className="contacts__none">
      Choose a contact on the left. <kbd>J</kbd> and <kbd>K</kbd>, or <kbd>↑</kbd> and <kbd>↓</kbd>, move,{' '}
      <kbd>Enter</kbd> opens.
    </p>
  )
}
