import type { Channel, Id, Message } from '../../shared/documents.ts'
import type { Source, Taken } from '../intake/types.ts'
import type { Clock, Log } from '../ports.ts'
import type { Store } from '../store/types.ts'
import { RECENT, type Responder } from './responder.ts'
import { isAnswerable } from './rules.ts'
import { readReplySettings, type ReplySettings } from './settings.ts'

/** An answer to be placed in its session and sent, with sender "ai". */
export interface Answer {
  /** The message it answers. */
  to: Message
  session: Id
  body: string
  answered_by: string
  /** As the responder says: it leaves the question open. */
  holding?: true
}

export interface RepliesOptions {
  store: Pick<Store, 'messages' | 'settings' | 'channels'>
  responder: Responder
  /** REAL_DEFAULTS or SIMULATION_DEFAULTS. */
  defaults: ReplySettings
  clock: Clock
  log: Log
  /** Commits the answer with its session and hands it to the outbox. `in_reply_to` must be `to.sid`. */
  send: (answer: Answer) => Promise<unknown>
  /** False where the contact must not be written to (STOP). */
  mayWrite?: (message: Message) => boolean
}

export interface Replies {
  /**
   * The intake took a message. Returns at once: the webhook doesn't wait. Answers at most once, and only what came by
   * webhook just now: what is caught up with or imported is the past.
   */
  take(taken: Taken, source: Source): void
  /** Resolves when every answer under way has been handed over. */
  idle(): Promise<void>
}

const HOUR = 3_600_000

export function createReplies(options: RepliesOptions): Replies {
  const { store, responder, defaults, clock, log, send, mayWrite = () => true } = options
  /** SIDs under way: two overlapping deliveries of one message get one answer. */
  const underWay = new Set<string>()
  /** Answers of one session are made one after another, so that each sees the one before. */
  const bySession = new Map<Id, Promise<void>>()

  async function answer(message: Message, session: Id): Promise<void> {
    const settings = readReplySettings(store.settings(), defaults)
    if (!settings.enabled || !mayWrite(message)) return
    const channel: Channel | undefined = store.channels().find(({ _id }) => _id === message.channel_id)
    if (!channel) return
    const recent = await store.messages([session], { limit: Math.max(RECENT, 2 * settings.limit) })
    if (recent.some(({ in_reply_to }) => in_reply_to === message.sid)) return
    const now = clock.now()
    if (answersWithin(recent, now - HOUR) >= settings.limit) {
      log.warn(`No automatic answer: ${settings.limit} in this session within an hour are enough`)
      return
    }
    // Without texts that came after it: each is another turn, with an answer of its own.
    const own = recent.findIndex(({ sid }) => sid === message.sid)
    const known = recent.filter(({ sender }, index) => own === -1 || index <= own || sender !== 'contact')
    const reply = await responder.respond({ message, recent: known.slice(-RECENT), channel, settings, now })
    if (!reply || reply.body.trim() === '') return
    // Who answers may have taken its time: STOP came meanwhile, or answering was switched off.
    if (!mayWrite(message) || !readReplySettings(store.settings(), defaults).enabled) return
    const { body, by, holding } = reply
    await send({ to: message, session, body, answered_by: by, ...(holding && { holding }) })
  }

  return {
    take({ message, fresh, session }, source) {
      if (!fresh || source.kind !== 'webhook' || !isAnswerable(message) || underWay.has(message.sid)) return
      underWay.add(message.sid)
      const before = bySession.get(session) ?? Promise.resolve()
      const work = before
        .then(() => answer(message, session))
        .catch((cause: unknown) => log.error('An automatic answer could not be made', cause))
        .finally(() => {
          underWay.delete(message.sid)
          if (bySession.get(session) === work) bySession.delete(session)
        })
      bySession.set(session, work)
    },
    async idle() {
      while (bySession.size > 0) await Promise.all(bySession.values())
    },
  }
}

function answersWithin(recent: readonly Message[], since: number): number {
  return recent.filter(({ sender, createdAt }) => sender === 'ai' && Date.parse(createdAt) > since).length
}
