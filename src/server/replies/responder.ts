import type { Channel, Message } from '../../shared/documents.ts'
import type { ReplySettings } from './settings.ts'

/** What a responder is told: enough to follow the conversation and answer in context. */
export interface Conversation {
  /** The message to answer. */
  message: Message
  /** Messages of the same session, oldest first, `message` among them; at most the newest {@link RECENT}. */
  recent: readonly Message[]
  channel: Channel
  settings: ReplySettings
  /** ms since the epoch. */
  now: number
}

export interface Reply {
  body: string
  /** Who answered, for the screen: "Rule: greeting", or a provider's name. */
  by: string
  /** It says only that the message came, or that nobody is there now: who wrote goes on waiting for an answer. */
  holding?: true
}

/** Who answers when the operator does not: the built-in rules, later AI providers. */
export interface Responder {
  /** Undefined: nothing to say. A rejection is logged, and nothing is said. */
  respond(conversation: Conversation): Promise<Reply | undefined> | Reply | undefined
}

/** Messages of the session a responder gets to see. */
export const RECENT = 50
