import { MEDIA_TYPES } from '../../shared/documents.ts'
import type { Key, Profile, Store } from '../store/types.ts'

/** Every key this number may have: found without going through everybody's. */
export function keysOfNumber(store: Store, contact: string): Key[] {
  return store
    .channels()
    .flatMap(({ _id }) =>
      MEDIA_TYPES.map((medium) => ({ channel_id: _id, communication_type: medium, contact })),
    )
}

/** What a contact called themselves last, by any of these keys. */
export function newestProfile(store: Store, keys: Iterable<Key>): Profile | undefined {
  let newest: Profile | undefined
  for (const key of keys) {
    const { profile } = store.key(key)
    if (profile && (!newest || profile.at > newest.at)) newest = profile
  }
  return newest
}
