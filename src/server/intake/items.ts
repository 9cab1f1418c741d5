import type { Message } from '../../shared/documents.ts'
import type { Item } from '../sessions/index.ts'

/** What the rule places, with the messages it stands for. */
export interface MessageItem extends Item {
  messages: Message[]
}

/** Messages of one key as items: each its own, but all that belong to one call are one item, placed where the call began. */
export function itemsOf(messages: readonly Message[]): MessageItem[] {
  const calls = new Map<string, MessageItem>()
  const items: MessageItem[] = []
  for (const message of messages) {
    const at = Date.parse(message.createdAt)
    const call = message.call_sid === undefined ? undefined : calls.get(message.call_sid)
    if (call) {
      call.messages.push(message)
      call.at = Math.min(call.at, at)
      call.until = Math.max(call.until, at)
      continue
    }
    const item: MessageItem = { at, sid: message.call_sid ?? message.sid, until: at, messages: [message] }
    if (message.call_sid !== undefined) calls.set(message.call_sid, item)
    items.push(item)
  }
  return items
}
