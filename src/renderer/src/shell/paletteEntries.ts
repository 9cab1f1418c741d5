import { useEffect, useState } from 'react'
import type { ContactView } from '../../../shared/contract.ts'
import type { Session } from '../../../shared/documents.ts'
import { formatNumber } from '../parts/phoneNumber.ts'
import { mediumIcon } from '../parts/MediumIcon.tsx'
import type { IconName } from '../parts/Icon.tsx'
import { isAllSimulated, type App } from '../state/app.ts'
import type { Console } from '../state/console.ts'
import { go } from '../state/route.ts'
import { switchTheme } from '../state/theme.ts'
import { useEntry } from '../state/cell.ts'
import { useFront } from '../state/front.ts'
import { openSession, renameContact, toList } from '../state/visit.ts'
import { lastWords } from '../calls.ts'
import { BY, MEDIUM_NAMES, figure, listTime, ms, plural } from '../words.ts'
import { closeOrReopen, markUnread, mergeWithEarlier, mute } from '../state/acts.ts'

export interface PaletteEntry {
  key: string
  icon: IconName
  iconLabel?: string
  hue?: string
  words: string
  /** What tells it from others of the same words. */
  about?: string
  hint?: string
  keys?: string
  run: () => void
}
export interface PaletteGroup {
  title: string
  entries: PaletteEntry[]
}

/**
 * What fits the words: sessions of contacts that match, then acts. Contacts are asked for: until they have come
 * (`isCurrent`) those of the words before stand there.
 */
export function usePaletteEntries(app: App, console: Console, words: string, onShortcuts: () => void) {
  const found = useFound(console, words)
  const session = useEntry(console.sessions, useFront())
  const now = console.clock.now()

  const sessions = found.contacts.flatMap((contact) =>
    newestFirst(contact)
      .slice(0, 3)
      .map((one) => sessionEntry(console, contact, one, now)),
  )
  if (found.total > found.contacts.length) sessions.push(moreEntry(console, found))
  const acts: PaletteEntry[] = [
    ...(session
      ? [
          {
            key: 'close',
            icon: 'sent' as const,
            words: session.status === 'closed' ? 'Reopen session' : 'Close session',
            keys: 'E',
            run: () => void closeOrReopen(console, session),
          },
          {
            key: 'unread',
            icon: 'sessions' as const,
            words: 'Mark session unread',
            keys: 'U',
            run: () => void markUnread(console, session._id),
          },
          {
            key: 'mute',
            icon: 'quiet' as const,
            words: session.metadata.muted ? 'Unmute session' : 'Mute session',
            run: () => void mute(console, session),
          },
          ...(session.earlier === null
            ? []
            : [
                {
                  key: 'join',
                  icon: 'join' as const,
                  words: 'Join with earlier session',
                  run: () => void mergeWithEarlier(console, session._id),
                },
              ]),
          {
            key: 'rename',
            icon: 'pencil' as const,
            words: 'Rename contact',
            run: () => renameContact(console, session._id, session.metadata.fromNumber),
          },
        ]
      : []),
    { key: 'to-sessions', icon: 'sessions', words: 'Go to Sessions', run: () => toList(console) },
    { key: 'to-contacts', icon: 'contacts', words: 'Go to Contacts', run: () => go({ page: 'contacts' }) },
    { key: 'to-phone', icon: 'phone', words: 'Go to the test phone', run: () => go({ page: 'phone' }) },
    { key: 'to-settings', icon: 'settings', words: 'Go to Settings', run: () => go({ page: 'settings' }) },
    ...worldEntries(app),
    { key: 'theme', icon: 'moon', words: 'Switch light and dark', run: switchTheme },
    { key: 'keys', icon: 'key', words: 'Show keyboard shortcuts', keys: '?', run: onShortcuts },
  ]
  const wanted = words.trim().toLowerCase()
  if (wanted !== '') acts.push(...SETTINGS.map(settingEntry))
  const groups: PaletteGroup[] = [
    { title: 'Sessions', entries: sessions },
    { title: 'Do', entries: acts.filter((act) => act.words.toLowerCase().includes(wanted)) },
  ]
  return {
    groups: groups.filter((group) => group.entries.length > 0),
    isCurrent: found.words === words.trim(),
  }
}

/** Sections of the settings, found by their names. */
const SETTINGS = [
  ['status', 'Status'],
  ['live', 'Go live'],
  ['channels', 'Channels'],
  ['gap', 'Session gap'],
  ['answers', 'Automatic answers'],
  ['templates', 'Templates'],
  ['appearance', 'Appearance'],
  ['data', 'Data and backup'],
  ['logs', 'Logs'],
] as const

const settingEntry = ([place, words]: (typeof SETTINGS)[number]): PaletteEntry => ({
  key: `set-${place}`,
  icon: 'settings',
  words: `Settings: ${words}`,
  run: () => go({ page: 'settings', place }),
})

const newestFirst = ({ sessions }: ContactView) =>
  sessions.toSorted((a, b) => (a.last_message_at < b.last_message_at ? 1 : -1))

function worldEntries(app: App): PaletteEntry[] {
  if (!app.consoles.real.truth.get()?.simulation_running || isAllSimulated(app)) return []
  const other = app.world.get() === 'real' ? 'simulation' : 'real'
  const words = other === 'real' ? 'Show the real sessions' : 'Show the simulation’s sessions'
  return [{ key: 'world', icon: 'phone', words, run: () => toList(app.consoles[other]) }]
}

function sessionEntry(console: Console, contact: ContactView, session: Session, now: number): PaletteEntry {
  const medium = session.communication_type
  return {
    key: session._id,
    icon: mediumIcon[medium],
    iconLabel: MEDIUM_NAMES[medium],
    hue: `m-${medium}`,
    words: contact.name || formatNumber(session.metadata.fromNumber),
    about: `${BY[session.metadata.lastSender]}${lastWords(session).words}`,
    hint: listTime(ms(session.last_message_at), now),
    run: () => openSession(console, session._id),
  }
}

/** Those that have no room here: all of them are on the contacts page. */
function moreEntry(console: Console, { words, contacts, total }: Found): PaletteEntry {
  return {
    key: 'more-contacts',
    icon: 'contacts',
    words: plural(total - contacts.length, 'more contact'),
    about: `All ${figure(total)} for “${words}” on the contacts page`,
    run: () => {
      console.contacts.sought.set(words)
      go({ page: 'contacts' })
    },
  }
}

interface Found {
  words: string
  /** The first of them. */
  contacts: readonly ContactView[]
  total: number
}

const NONE: Found = { words: '', contacts: [], total: 0 }

/** Contacts that match, asked for 120 ms after the last key. */
function useFound(console: Console, typed: string): Found {
  const [found, setFound] = useState(NONE)
  useEffect(() => {
    let gone = false
    const words = typed.trim()
    const timer = setTimeout(() => {
      if (words === '') return setFound(NONE)
      void console.ask('contacts.list', { search: words, limit: 5 }).then((result) => {
        if (!gone) setFound(result.ok ? { words, ...result.value } : { ...NONE, words })
      })
    }, 120)
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [console, typed])
  return found
}
