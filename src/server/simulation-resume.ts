import type { PhoneLine } from '../shared/contract.ts'
import type { Medium, Message } from '../shared/documents.ts'
import { type Account, pairOf } from './carrier/simulator/index.ts'
import type { Store } from './store/index.ts'

/** What is read of an earlier run: more of it stands on no phone. */
const MOST_SESSIONS = 500
const MOST_MESSAGES = 5_000

/**
 * The telephone company and its phones keep nothing themselves: what a simulation that is gone on with has kept is told
 * to them, so that who said STOP is known there too, and each phone shows what it wrote and got. Answers with the lines
 * of each phone's thread by its number.
 */
export async function resume(store: Store, account: Account): Promise<Map<string, PhoneLine[]>> {
  const numbers = new Map(store.channels().map(({ _id, number }) => [_id, number]))
  for (const { numbers: own, consent } of store.contacts())
    for (const { medium, channel_id, state } of consent)
      if (state === 'out')
        for (const number of own) account.optedOut.add(pair(number, numbers.get(channel_id) ?? '', medium))
  const ids = store.sessions({ limit: MOST_SESSIONS }).sessions.map(({ _id }) => _id)
  const lines = new Map<string, PhoneLine[]>()
  for (const message of await store.messages(ids, { limit: MOST_MESSAGES })) {
    const { contact, communication_type: medium, sender, createdAt } = message
    if (sender === 'contact')
      account.lastInbound.set(
        pair(contact, numbers.get(message.channel_id) ?? '', medium),
        Date.parse(createdAt),
      )
    const line = lineOf(message)
    if (!line) continue
    const own = lines.get(contact) ?? []
    lines.set(contact, own)
    own.push(line)
  }
  return lines
}

function pair(contact: string, business: string, medium: Medium): string {
  const prefix = medium === 'whatsapp' ? 'whatsapp:' : ''
  return pairOf(prefix + contact, prefix + business)
}

/** As the phone showed it; undefined where nothing was heard or nothing arrived. */
function lineOf(message: Message): PhoneLine | undefined {
  const { sid, createdAt, communication_type: medium, sender, status, content, media, transcript } = message
  const isOurs = sender === 'contact'
  if (!isOurs && medium !== 'voice' && status !== 'delivered' && status !== 'read') return undefined
  const photo = medium !== 'voice' && media.length > 0
  // Of a call what was said, and not that there was one.
  const body = transcript?.text || (message.call ? '' : content)
  if (body === '' && !photo) return undefined
  const from = isOurs ? 'phone' : 'business'
  return { id: sid, at: createdAt, medium, from, body, ...(photo && { photo: true as const }) }
}
