import type { Notification, NotificationConstructorOptions } from 'electron'
import type { SessionView } from '../shared/contract.ts'
import type { Message } from '../shared/documents.ts'
import { placeOf } from '../shared/words.ts'
import { type ConsoleSettings, isQuiet } from './console-settings.ts'

/** Characters of a message that a notification shows. */
const PREVIEW = 160

export interface Notifier {
  /** A contact wrote. Shows it, unless the person is looking at it or has asked for quiet. */
  received(message: Message, session: SessionView): void
  /** The session was read: what was shown of it goes. */
  read(sessionId: string): void
}

export interface NotifierOptions {
  create(options: NotificationConstructorOptions): Pick<Notification, 'on' | 'show' | 'close'>
  settings(): ConsoleSettings
  /** The machine's own time. */
  now(): Date
  /** Whether a window of ours has the keyboard: then the screen itself says it. */
  isLookedAt(): boolean
  open(sessionId: string): void
}

export function createNotifier(options: NotifierOptions): Notifier {
  // One a session: five texts in a row are one person speaking, and the last words are what one wants to see.
  const shown = new Map<string, Pick<Notification, 'close'>>()

  const dismiss = (sessionId: string) => {
    shown.get(sessionId)?.close()
    shown.delete(sessionId)
  }

  return {
    received(message, session) {
      const settings = options.settings()
      if (!mayNotify(message, session, settings, options.now()) || options.isLookedAt()) return
      dismiss(session._id)
      const notification = options.create({
        title: session.contact_name || session.metadata.fromNumber,
        subtitle: session.title,
        body: settings.preview ? words(message) : 'Sent you a message.',
        silent: !settings.sound,
      })
      notification.on('click', () => {
        shown.delete(session._id)
        options.open(session._id)
      })
      notification.on('close', () => {
        if (shown.get(session._id) === notification) shown.delete(session._id)
      })
      shown.set(session._id, notification)
      notification.show()
    },
    read: dismiss,
  }
}

/** Whether this message is worth interrupting somebody for, wherever they look. */
export function mayNotify(
  message: Pick<Message, 'sender'>,
  session: { unread_count: number; metadata: Pick<SessionView['metadata'], 'muted'> },
  settings: ConsoleSettings,
  now: Date,
): boolean {
  if (message.sender !== 'contact' || !settings.notify) return false
  // Nothing in it is unread: it was imported, or has been read in a browser meanwhile.
  if (session.metadata.muted || session.unread_count === 0) return false
  return !(settings.quiet && isQuiet(settings.quiet, now))
}

function words(message: Message): string {
  const text = placeOf(message)?.words ?? message.content.trim()
  if (text !== '') return text.length > PREVIEW ? `${text.slice(0, PREVIEW - 1)}…` : text
  if (message.communication_type === 'voice') return 'Called.'
  return message.media.length === 1 ? 'Sent an attachment.' : `Sent ${message.media.length} attachments.`
}
