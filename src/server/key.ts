import { MEDIA_TYPES, type Session } from '../shared/documents.ts'
import type { Key, Store } from './store/types.ts'

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

/** Every key this number may have: found without going through everybody's. */
export function keysOfNumber(store: Pick<Store, 'channels'>, contact: string): Key[] {
  return store
    .channels()
    .flatMap(({ _id: channel_id }) =>
      MEDIA_TYPES.map((communication_type) => ({ channel_id, communication_type, contact })),
    )
}
