import type {
  Change,
  ComposerBar,
  ContactView,
  LineView,
  SessionView,
  SettingsView,
} from '../../shared/contract.ts'
import type { ConsentEntry, Contact, Session } from '../../shared/documents.ts'
import { keyOf, keysOfNumber } from '../key.ts'
import type { Clock } from '../ports.ts'
import { type GapHistory, indexAt } from '../sessions/index.ts'
import type { Commit, Key, KeyState, Store } from '../store/types.ts'
import type { ContactBook } from './contact-book.ts'
import { changedLines } from './lines.ts'
import { mergesOf } from './merges.ts'
import { newestProfile } from './profiles.ts'

export interface ViewParts {
  store: Store
  contacts: ContactBook
  clock: Clock
  gaps: () => GapHistory
  /** True when an account is set, real or simulated. */
  hasAccount: () => boolean
  settings: () => SettingsView
}

/** The setting that holds the templates. */
export const TEMPLATES = 'templates'

/** Sessions told anew when their contact's page changed: more of them are not on anybody's screen. */
const MOST_OF_CONTACT = 200

/** WhatsApp takes free words only this long after the contact's last message, ms (Twilio error 63016). */
export const WHATSAPP_WINDOW_MS = 24 * 3_600_000

/** Sessions that end before that are not looked through for the contact's last message, ms. */
const WINDOW_LOOKED_BACK = 14 * WHATSAPP_WINDOW_MS

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
    const optOut = optOutEntry(contact, key)
    return {
      ...session,
      contact_name: this.#name(key.contact, contact),
      channel_name: channel?.name ?? '',
      channel_number: channel?.number ?? '',
      place: index + 1,
      of: state.line.size,
      earlier: index > 0 ? state.line.interval(index - 1).id : null,
      later: index >= 0 && index + 1 < state.line.size ? state.line.interval(index + 1).id : null,
      composer: this.composer(key, state, optOut !== undefined),
      gap_ms: channel ? gaps().gapAt(channel, key.communication_type)(clock.now()) : 0,
      opted_out: optOut !== undefined,
      ...(optOut && { opt_out: { at: optOut.at, why: optOut.why } }),
      ...(isOptedOut(contact, { ...key, communication_type: 'sms' }) && { sms_opted_out: true as const }),
      ...this.#window(key, state),
      ...mergesOf(session, state.acts.acts),
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
          'WhatsApp takes free words only within 24 hours of the contact’s last message, and those are over. Choose an approved template, or wait until they write.',
      }
    }
    return null
  }

  /** @param keys the contact's, where they are known already: looking for them goes through everybody's */
  contact(number: string, keys: Iterable<Key> = this.#parts.store.keys({ contact: number })): ContactView {
    const { store, contacts } = this.#parts
    const sessions = [...keys].flatMap((key) => listedSessions(store, key)).sort(byFirstMessage)
    const known = contacts.get(number)
    const oldest = sessions.at(-1)
    return {
      _id: known?._id ?? number,
      numbers: known?.numbers ?? [number],
      name: this.#name(number, known),
      notes: known?.notes ?? '',
      tags: known?.tags ?? [],
      consent: known?.consent ?? [],
      ...(known?.consent_log && { consent_log: known.consent_log }),
      createdAt: known?.createdAt ?? oldest?.createdAt ?? new Date(this.#parts.clock.now()).toISOString(),
      updatedAt: known?.updatedAt ?? oldest?.updatedAt ?? new Date(this.#parts.clock.now()).toISOString(),
      sessions,
      first_seen: oldest?.metadata.firstMessageAt ?? null,
    }
  }

  /** One name for a person, whatever they are reached by: as it was noted here, or else as they last called themselves. */
  #name(number: string, contact: Contact | undefined): string {
    const { store } = this.#parts
    return contact?.name || (newestProfile(store, keysOfNumber(store, number))?.name ?? '')
  }

  /** Commits as screens need them, each with its seq; those that are none of their business are left out. */
  changes(commits: readonly { seq: number; commit: Commit }[]): Change[] {
    // As they are now: a batch tells of a session once, with the last commit that touched it.
    const told = new Set<string>()
    const lines = changedLines(commits, this.#parts.store)
    return commits
      .toReversed()
      .map(({ seq, commit }) => this.#change(commit, seq, told, lines.get(seq)))
      .filter((change) => change !== undefined)
      .reverse()
  }

  #change(commit: Commit, seq: number, told: Set<string>, lines: LineView[] | undefined): Change | undefined {
    const { store } = this.#parts
    const change: Change = { seq }
    const touched = [...(commit.sessions ?? []), ...(commit.contacts ?? []).flatMap((c) => this.#newestOf(c))]
    const sessions: SessionView[] = []
    for (const s of touched) {
      if (told.has(s._id)) continue
      told.add(s._id)
      // The store follows a merged session to the one it went into; a screen needs the emptied one itself.
      const now = s.merged_into === undefined ? store.session(s._id) : undefined
      sessions.push(this.session(now?._id === s._id ? now : s))
    }
    if (sessions.length > 0) change.sessions = sessions
    if (lines) change.lines = lines
    if (commit.messages && commit.messages.length > 0) change.messages = commit.messages
    if (commit.contacts && commit.contacts.length > 0) change.contacts = commit.contacts
    if (commit.channels && commit.channels.length > 0) change.channels = commit.channels
    if (commit.acts && commit.acts.length > 0) change.acts = commit.acts
    const settings = [
      ...(commit.settings ?? []),
      ...(commit.removed ?? []).filter((r) => r.collection === 'settings'),
    ].map((s) => s._id)
    if (settings.includes(TEMPLATES)) change.templates = true
    if (commit.gaps || commit.channels || settings.some((key) => key !== TEMPLATES))
      change.settings = this.#parts.settings()
    return Object.keys(change).length > 1 ? change : undefined
  }

  /** A contact's sessions bear their name and say whether they may be written to. */
  #newestOf(contact: Contact): Session[] {
    const { store } = this.#parts
    return contact.numbers
      .flatMap((number) => [...store.keys({ contact: number })])
      .flatMap((key) => listedSessions(store, key, MOST_OF_CONTACT))
  }

  #windowClosed(state: KeyState): boolean {
    const until = this.#windowUntil(state)
    return until === undefined || this.#parts.clock.now() >= until
  }

  #window(key: Key, state: KeyState): { window_until?: string } {
    if (key.communication_type !== 'whatsapp') return {}
    const until = this.#windowUntil(state)
    return until === undefined ? {} : { window_until: new Date(until).toISOString() }
  }

  /** A day after the contact's last message; undefined when they never wrote, or so long ago that it doesn't matter when. */
  #windowUntil(state: KeyState): number | undefined {
    const { store, clock } = this.#parts
    for (let i = state.line.size - 1; i >= 0; i--) {
      const heard = store.session(state.line.interval(i).id)?.metadata.heardAt
      if (heard !== undefined) return Date.parse(heard) + WHATSAPP_WINDOW_MS
      if (clock.now() - state.line.interval(i).until > WINDOW_LOOKED_BACK) return undefined
    }
    return undefined
  }
}

/** A key's sessions, oldest first; with `most`, the newest so many. */
export function listedSessions(store: Store, key: Key, most = Number.POSITIVE_INFINITY): Session[] {
  const { line } = store.key(key)
  const sessions: Session[] = []
  for (let i = Math.max(0, line.size - most); i < line.size; i++) {
    const session = store.session(line.interval(i).id)
    if (session) sessions.push(session)
  }
  return sessions
}

const byFirstMessage = (a: Session, b: Session): number =>
  a.metadata.firstMessageAt === b.metadata.firstMessageAt
    ? 0
    : a.metadata.firstMessageAt < b.metadata.firstMessageAt
      ? 1
      : -1

type Lane = Pick<Key, 'channel_id' | 'communication_type'>

export function isOptedOut(contact: Contact | undefined, lane: Lane): boolean {
  return optOutEntry(contact, lane) !== undefined
}

function optOutEntry(contact: Contact | undefined, lane: Lane): ConsentEntry | undefined {
  return contact?.consent.find(
    (c) => c.channel_id === lane.channel_id && c.medium === lane.communication_type && c.state === 'out',
  )
}
