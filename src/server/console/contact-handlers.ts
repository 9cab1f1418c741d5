import type { Handlers } from '../../shared/contract.ts'
import type { Contact } from '../../shared/documents.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import type { Key, Store } from '../store/types.ts'
import type { ContactBook } from './contact-book.ts'
import { isSought, soughtBy } from './contact-search.ts'
import { newestProfile } from './profiles.ts'
import { expectUntouched, type Undo } from './undo.ts'
import { listedSessions, type Views } from './views.ts'

interface Parts {
  store: Store
  views: Views
  contacts: ContactBook
  undo: Undo
}

interface Listed {
  number: string
  keys: Key[]
  last: string
  profile: string
}

/** People: everybody who ever wrote or called, and what the operator noted of them. */
export function contactHandlers({
  store,
  views,
  contacts,
  undo,
}: Parts): Pick<Handlers, 'contacts.list' | 'contacts.get' | 'contacts.save'> {
  let listed: { seq: number; all: readonly Listed[] } | undefined

  /** Everybody, who was heard of last first; made anew when something has changed. */
  function everybody(): readonly Listed[] {
    if (listed?.seq === store.seq) return listed.all
    const people = new Map<string, Listed>()
    for (const key of store.keys()) {
      const [newest] = listedSessions(store, key, 1)
      const person = people.get(key.contact) ?? { number: key.contact, keys: [], last: '', profile: '' }
      people.set(key.contact, person)
      person.keys.push(key)
      if (newest && newest.last_message_at > person.last) person.last = newest.last_message_at
    }
    for (const person of people.values()) person.profile = newestProfile(store, person.keys)?.name ?? ''
    const all = [...people.values()].sort(byLast)
    listed = { seq: store.seq, all }
    return all
  }

  /** What a person is found by. */
  function textOf({ number, profile }: Listed): string {
    const contact = contacts.get(number)
    return [contact?.name, profile, number, ...(contact?.tags ?? []), contact?.notes].join(' ').toLowerCase()
  }

  function expectKnown(number: string): void {
    if (!contacts.get(number) && store.keys({ contact: number })[Symbol.iterator]().next().done)
      throw new SwitchboardError('no_such_contact', { number })
  }

  return {
    'contacts.list': ({ search, offset, limit }) => {
      const sought = search.trim() === '' ? undefined : soughtBy(search)
      const found = everybody().filter((person) => !sought || isSought(sought, person.number, textOf(person)))
      return {
        contacts: found.slice(offset, offset + limit).map(({ number, keys }) => views.contact(number, keys)),
        total: found.length,
      }
    },

    'contacts.get': ({ number }) => {
      expectKnown(number)
      return views.contact(number)
    },

    'contacts.save': async ({ number, name, notes, notes_from, tags }) => {
      expectKnown(number)
      const wanted: Partial<Contact> = {
        ...(name !== undefined && { name: name.trim() }),
        ...(notes !== undefined && { notes }),
        ...(tags !== undefined && { tags: [...new Set(tags.map((t) => t.trim()))].filter(Boolean) }),
      }
      const { before } = await contacts.edit(number, 'contact', (now) => {
        const isOther = notes !== undefined && notes_from !== undefined && now.notes !== notes_from
        if (isOther && now.notes !== notes) throw new SwitchboardError('note_changed')
        return wanted
      })
      // Only what was changed goes back: consent and later notes are none of it.
      const back: Partial<Contact> = {
        ...(name !== undefined && { name: before.name }),
        ...(notes !== undefined && { notes: before.notes }),
        ...(tags !== undefined && { tags: before.tags }),
      }
      return undo.keep(savedWords(wanted), null, () =>
        contacts.edit(number, 'contact', (now) => {
          expectUntouched(isAs(now, wanted))
          return back
        }),
      )
    },
  }
}

/** What was saved: a person changes one thing at a time. */
function savedWords(wanted: Partial<Contact>): string {
  const [only, another] = Object.keys(wanted)
  return (another === undefined ? SAVED[only ?? ''] : undefined) ?? 'Contact saved'
}

const SAVED: Readonly<Record<string, string>> = {
  name: 'Name saved',
  notes: 'Note saved',
  tags: 'Tags saved',
}

const byLast = (a: Listed, b: Listed): number =>
  a.last === b.last ? (a.number < b.number ? -1 : 1) : a.last < b.last ? 1 : -1

/** Of the fields that `wanted` names. */
const isAs = (contact: Contact, wanted: Partial<Contact>): boolean =>
  (wanted.name === undefined || contact.name === wanted.name) &&
  (wanted.notes === undefined || contact.notes === wanted.notes) &&
  (wanted.tags === undefined || contact.tags.join('\n') === wanted.tags.join('\n'))
