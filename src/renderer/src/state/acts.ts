import type { SessionView } from '../../../shared/contract.ts'
import type { Console } from './console.ts'

/** What an operator does to a session; each shows a toast with the way back. */

export const closeOrReopen = (console: Console, session: SessionView) =>
  console.act(session.status === 'closed' ? 'sessions.reopen' : 'sessions.close', { id: session._id })

export const mergeWithEarlier = (console: Console, id: string) => console.act('sessions.merge', { id })

/** Parts the session before this message. */
export const splitBefore = (console: Console, id: string, message: string) =>
  console.act('sessions.split', { id, before: message })

export const mute = (console: Console, session: SessionView) =>
  console.act('sessions.mute', { id: session._id, muted: session.metadata.muted !== true })

export const rename = (console: Console, number: string, name: string) =>
  console.act('contacts.save', { number, name })

/** Marks it unread and leaves it so until it is opened again. */
export function markUnread(console: Console, id: string) {
  console.keepUnread.set(id)
  return console.act('sessions.unread', { id })
}

/** What is in front of the reader is read; nothing is said about it. */
export async function markRead(console: Console, id: string): Promise<void> {
  if (console.keepUnread.get() !== id) await console.ask('sessions.read', { id })
}
