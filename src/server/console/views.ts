import type { Change, ComposerBar, ContactView, SessionView } from '../../shared/contract.ts'
import type { Contact, Medium, Session } from '../../shared/documents.ts'
import { keyOf } from '../key.ts'
import type { Clock } from '../ports.ts'
import { type GapHistory, indexAt } from '../sessions/index.ts'
import type { Commit, Key, KeyState, Store } from '../store/types.ts'
import type { ContactBook } from './contact-book.ts'

export interface ViewParts {
  store: Store
  contacts: ContactBook
  clock: Clock
  gaps: () => GapHistory
  /** True when an account is set, real or simulated. */
  hasAccount: () => boolean
}

/** WhatsApp takes free words only this long after the contact's last message, ms (Twilio error 63016). */
export const WHATSAPP_WINDOW_MS = 24 * 3_600_000

const E164 = /^\+[1-9]\d{4,14}$/

/** What the documents look like to a screen: with the contact's name, the channel's, and their place among their own. */
export class Views {
  readonly #parts: ViewParts

  constructor(parts: ViewParts) {
    this.#parts = parts
  }

  session(session: Session): SessionView {
    const { store, contacts, gaps, clock } = this.#parts
    const key = keyOf(session)
    const channel = store.channels().find((c) => c._id === session.channel_id)
    const state = store.key(key)
    const index = indexAt(state.line, {
      at: Date.parse(session.metadata.firstMessageAt),
      sid: session.metadata.firstSid,
    })
    const contact = contacts.get(key.contact)
    const optedOut = isOptedOut(contact, key)
    return {
      ...session,
      contact_name: contact?.name || (session.metadata.profileName ?? ''),
      channel_name: channel?.name ?? '',
      channel_number: channel?.number ?? '',
      place: index + 1,
      of: state.line.size,
      earlier: index > 0 ? state.line.interval(index - 1).id : null,
      later: index >= 0 && index + 1 < state.line.size ? state.line.interval(index + 1).id : null,
      composer: this.composer(key, state, optedOut),
      gap_ms: channel ? gaps().gapAt(channel, key.communication_type)(clock.now()) : 0,
      opted_out: optedOut,
    }
  }

  /** Why nothing may be written to this contact by this medium now; null when it may. */
  composer(key: Key, state: KeyState, optedOut: boolean): ComposerBar | null {
    if (key.communication_type === 'voice')
      return { code: 'voice', sentence: 'A voice session is answered by a call or in writing.' }
    if (!E164.test(key.contact))
      return { code: 'no_number', sentence: 'This sender has no number that can be written to.' }
    if (optedOut)
      return {
        code: 'opted_out',
        sentence: 'This contact asked not to be written to. They can change that by texting START.',
      }
    if (!this.#parts.hasAccount())
      return {
        code: 'no_account',
        sentence: 'No Twilio account is set, so nothing can be sent. Set one, or try the test phone.',
      }
    if (key.communication_type === 'whatsapp' && this.#windowClosed(state)) {
      return {
        code: 'window_closed',
        sentence:
          'WhatsApp takes free words only within 24 hours of the contact’s last message, and those are over. They have to write first.',
      }
    }
    return null
  }

  contact(number: string): ContactView {
    const { store, contacts } = this.#parts
    const sessions = [...store.keys({ contact: number })]
      .flatMap((key) => listedSessions(store, key))
      .sort((a, b) => (a.metadata.firstMessageAt < b.metadata.firstMessageAt ? 1 : -1))
    const known = contacts.get(number)
    const oldest = sessions.at(-1)
    const profile = sessions.find((s) => s.metadata.profileName !== undefined)?.metadata.profileName
    return {
      _id: known?._id ?? number,
      numbers: known?.numbers ?? [number],
      name: known?.name || (profile ?? ''),
      notes: known?.notes ?? '',
      tags: known?.tags ?? [],
      consent: known?.consent ?? [],
      createdAt: known?.createdAt ?? oldest?.createdAt ?? new Date(this.#parts.clock.now()).toISOString(),
      updatedAt: known?.updatedAt ?? oldest?.updatedAt ?? new Date(this.#parts.clock.now()).toISOString(),
      sessions,
      first_seen: oldest?.metadata.firstMessageAt ?? null,
    }
  }

  /** A commit as screens need it; undefined when it is none of their business. */
  change(commit: Commit, seq: number): Change | undefined {
    const { store } = this.#parts
    const change: Change = { seq }
    // As they are now: a batch tells of a session once, and the last word counts.
    const ids = new Set(commit.sessions?.map((s) => s._id))
    const sessions = commit.sessions
      ?.filter((s) => ids.delete(s._id))
      .map((s) => this.session(s.merged_into === undefined ? (store.session(s._id) ?? s) : s))
    if (sessions && sessions.length > 0) change.sessions = sessions
    if (commit.messages && commit.messages.length > 0) change.messages = commit.messages
    if (commit.contacts && commit.contacts.length > 0) change.contacts = commit.contacts
    if (commit.channels && commit.channels.length > 0) change.channels = commit.channels
    if (commit.acts && commit.acts.length > 0) change.acts = commit.acts
    return Object.keys(change).length > 1 || commit.settings || commit.gaps ? change : undefined
  }

  #windowClosed(state: KeyState): boolean {
    const { store, clock } = this.#parts
    for (let i = state.line.size - 1; i >= 0; i--) {
      const heard = store.session(state.line.interval(i).id)?.metadata.heardAt
      if (heard !== undefined) return clock.now() - Date.parse(heard) > WHATSAPP_WINDOW_MS
      if (clock.now() - state.line.interval(i).until > WHATSAPP_WINDOW_MS) return true
    }
    return true
  }
}

export function listedSessions(store: Store, key: Key): Session[] {
  const { line } = store.key(key)
  const sessions: Session[] = []
  for (let i = 0; i < line.size; i++) {
    const session = store.session(line.interval(i).id)
    if (session) sessions.push(session)
  }
  return sessions
}

export function isOptedOut(
  contact: Contact | undefined,
  key: { channel_id: string; communication_type: Medium },
): boolean {
  return (
    contact?.consent.some(
      (c) => c.channel_id === key.channel_id && c.medium === key.communication_type && c.state === 'out',
    ) ?? false
  )
}
