import type { Key, Profile, Store } from '../store/types.ts'

/** What a contact called themselves last, by any of these keys. */
export function newestProfile(store: Store, keys: Iterable<Key>): Profile | undefined {
  let newest: Profile | undefined
  for (const key of keys) {
    const { profile } = store.key(key)
    if (profile && (!newest || profile.at > newest.at)) newest = profile
  }
  return newest
}
