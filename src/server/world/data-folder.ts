import type { World } from '../../shared/contract.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import type { Ids } from '../ports.ts'
import type { Store } from '../store/types.ts'

/**
 * Simulated and real messages never share a folder: a simulation can be thrown away. A folder that a real console was
 * started on is real, with no message yet too: its account and settings are not to be thrown away either.
 */
export async function keepWorldsApart(store: Store & { folder: string }, world: World): Promise<void> {
  const kind = store.settings().get(WORLD)
  const isEmpty = store.counts().all === 0 && !store.settings().has(SUBDOMAIN)
  if (kind === undefined && isEmpty && world === 'simulation')
    await store.commit({ why: 'simulation', settings: [{ _id: WORLD, value: world }] })
  else if ((kind ?? 'real') !== world) {
    const what =
      world === 'simulation'
        ? `The folder ${store.folder} is a real console’s, and a simulation needs one of its own. Give another with --data.`
        : `The folder ${store.folder} holds a simulation, and real messages need one of their own. Move it away, or give another with --data.`
    throw new SwitchboardError('not_possible', { what })
  }
}

/** The setting that says whose data a folder holds; without it they are real, or there are none. */
export const WORLD = 'data.world'

/** The newest time in the store, ms: no later arrival may be before it. */
export function newestTime(store: Store): number {
  const [newest] = store.sessions({ limit: 1 }).sessions
  return newest ? Date.parse(newest.last_message_at) : 0
}

const SUBDOMAIN = 'tunnel.subdomain'

/** 128 unguessable bits in the letters a host name may have; the same for the life of the folder. */
export async function subdomainOf(store: Store, ids: Ids): Promise<string> {
  const kept = store.settings().get(SUBDOMAIN)
  if (typeof kept === 'string') return kept
  const value = `sb-${Buffer.from(ids.secret(16), 'base64url').toString('hex')}`
  await store.commit({ why: 'tunnel', settings: [{ _id: SUBDOMAIN, value }] })
  return value
}
