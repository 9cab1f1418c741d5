import type { WayView } from '../../shared/live.ts'
import type { Clock, Ids } from '../ports.ts'
import type { Store } from '../store/types.ts'
import {
  type Challenge,
  createChallenge,
  createTunnelSupervisor,
  localtunnel,
  ownAddress,
  probe,
  type TunnelSupervisor,
} from '../tunnel/index.ts'
import { subdomainOf } from './data-folder.ts'

interface Parts {
  store: Store
  clock: Clock
  ids: Ids
}

/** How the world reaches the webhook port of one world. */
export interface WayIn {
  readonly tunnel: TunnelSupervisor
  /** What only this console can answer. */
  readonly challenge: Challenge
  /** The unguessable name asked for at the tunnel server. */
  readonly subdomain: string
  /** Where Twilio may call us; without a way in, this machine alone: the simulator, and whoever forwards to it. */
  bases(): readonly string[]
  /** Where Twilio may be told to call back; undefined while there is no such address, or it was not proved to be ours. */
  callbackBase(): string | undefined
  /** Where it was proved just now that the world reaches us; undefined while it does not, or nobody knows. */
  provedBase(): string | undefined
  /** The port webhooks listen on is open: from now on a way can lead to it. */
  listensOn(port: number, address: string): void
  readonly isListening: boolean
}

export async function joinWayIn({ store, clock, ids }: Parts): Promise<WayIn> {
  const challenge = createChallenge(ids)
  const subdomain = await subdomainOf(store, ids)
  let listening: { port: number; address: string } | undefined
  const tunnel = createTunnelSupervisor({
    clock,
    random: Math.random,
    provider: (way) => {
      if (way.kind === 'address') return ownAddress(way.url)
      if (way.kind === 'none' || !listening) return undefined
      return localtunnel({ port: listening.port, subdomain, host: way.url || LOCALTUNNEL })
    },
    probe: (url, signal) => probe(url, challenge, clock, signal),
  })
  return {
    tunnel,
    challenge,
    subdomain,
    bases: () => {
      const known = tunnel.bases()
      return known.length > 0 || !listening ? known : [listening.address]
    },
    // Not before an address has been proved: until then it may be somebody else's console that hears.
    callbackBase: () => (tunnel.view().provider === 'none' ? listening?.address : tunnel.callbackBase()),
    provedBase() {
      const { state, url } = tunnel.view()
      return state === 'up' ? (url ?? undefined) : undefined
    },
    listensOn(port, address) {
      listening = { port, address }
    },
    get isListening() {
      return listening !== undefined
    },
  }
}

/** The way in that flags name. */
export function givenWay({
  publicUrl,
  tunnel,
}: {
  publicUrl?: string
  tunnel?: 'none' | 'localtunnel'
}): WayView | undefined {
  if (publicUrl !== undefined) return { kind: 'address', url: publicUrl }
  return tunnel === 'localtunnel' ? { kind: 'localtunnel', url: '' } : undefined
}

/** The public localtunnel server. */
const LOCALTUNNEL = 'https://localtunnel.me'
