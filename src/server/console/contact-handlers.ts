import type { Handlers } from '../../shared/contract.ts'
import type { Contact } from '../../shared/documents.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import type { Clock, Ids } from '../ports.ts'
import type { Store } from '../store/types.ts'
import type { ContactBook } from './contact-book.ts'
import type { Undo } from './undo.ts'
import { listedSessions, type Views } from './views.ts'

interface Parts {
  store: Store
  views: Views
  contacts: ContactBook
  clock: Clock
  ids: Ids
  undo: Undo
}

interface Listed {
  number: string
  last: string
  text: string
}

/** People: everybody who ever wrote or called, and what the operator noted of them. */
export function contactHandlers({
  store,
  views,
  contacts,
  clock,
  ids,
  undo,
}: Parts): Pick<Handlers, 'contacts.list' | 'contacts.get' | 'contacts.save'> {
  let listed: { seq: number; all: Listed[] } | undefined

  /** Everybody, who was heard of last first; made anew when something has changed. */
  function everybody(): Listed[] {
    if (listed?.seq === store.seq) return listed.all
    const people = new Map<string, Listed>()
    for (const key of store.keys()) {
      const newest = listedSessions(store, key).at(-1)
      const known = people.get(key.contact)
      const contact = contacts.get(key.contact)
      const name = contact?.name || (newest?.metadata.profileName ?? '')
      const last = newest?.last_message_at ?? ''
      if (!known || last > known.last)
        people.set(key.contact, {
          number: key.contact,
          last,
          text: `${name} ${key.contact} ${contact?.tags.join(' ') ?? ''}`.toLowerCase(),
        })
    }
    const all = [...people.values()].sort((a, b) => (a.last < b.last ? 1 : -1))
    listed = { seq: store.seq, all }
    return all
  }

  return {
    'contacts.list': ({ search, offset, limit }) => {
      const words = search.toLowerCase().split(/\s+/).filter(Boolean)
      const found = everybody().filter((person) => words.every((word) => person.text.includes(word)))
      return {
        contacts: found.slice(offset, offset + limit).map(({ number }) => views.contact(number)),
        total: found.length,
      }
    },

    'contacts.get': ({ number }) => views.contact(number),

    'contacts.save': async ({ number, name, notes, tags }) => {
      const before = contacts.get(number)
      if (!before && [...store.keys({ contact: number })].length === 0)
        throw new SwitchboardError('bad_request', {
          what: `Nobody with the number ${number} has written yet.`,
        })
      const now = new Date(clock.now()).toISOString()
      const contact: Contact = {
        _id: ids.next(),
        numbers: [number],
        name: '',
        notes: '',
        tags: [],
        consent: [],
        createdAt: now,
        ...before,
        ...(name !== undefined && { name: name.trim() }),
        ...(notes !== undefined && { notes }),
        ...(tags !== undefined && { tags: [...new Set(tags.map((t) => t.trim()))].filter(Boolean) }),
        updatedAt: now,
      }
      await store.commit({ why: 'contact', contacts: [contact] })
      // Undone, a contact who was not in the book before keeps an empty page there.
      const back = before ?? { ...contact, name: '', notes: '', tags: [] }
      return undo.keep('Contact saved', null, () => store.commit({ why: 'contact', contacts: [back] }))
    },
  }
}
