import type { Session } from '../shared/documents.ts'
import type { Key } from './store/types.ts'

export function keyOf(session: Session): Key {
  return {
    channel_id: session.channel_id,
    communication_type: session.communication_type,
    contact: session.metadata.fromNumber,
  }
}

/** The lane in which everything that touches a key's grouping happens, one after another. */
export function laneOf(key: Key): string {
  return `${key.channel_id} ${key.communication_type} ${key.contact}`
}
