import type { SettingsView, World } from '../../shared/contract.ts'
import type { Credentials } from '../account.ts'
import type { CatchUp } from '../catchup/catch-up.ts'
import { type Care, createCare } from '../console/care.ts'
import { outboxFacts, statusParts } from '../console/status/index.ts'
import type { Truth } from '../console/truth.ts'
import type { Live } from '../live/index.ts'
import type { Clock, Log } from '../ports.ts'
import type { FolderStore } from '../store/index.ts'
import type { Sending } from './sending.ts'
import type { WayIn } from './way-in.ts'

interface Parts {
  world: World
  version: string
  store: FolderStore
  clock: Clock
  log: Log
  truth: Truth
  wayIn: WayIn
  live: Live | undefined
  catchUp: CatchUp
  sending: Pick<Sending, 'isHeld' | 'outbox'>
  credentials: () => Credentials | undefined
  settings: () => SettingsView
  newestLog: (() => Promise<string>) | undefined
}

/** How each part of one world is, for the Status page, and a log to send for help with the same in it. */
export function joinCondition(parts: Parts): Care {
  const { world, version, store, clock, log, truth, wayIn, live, catchUp, sending, credentials, settings } =
    parts
  const care = createCare({
    store,
    clock,
    log,
    newestLog: parts.newestLog,
    facts: () => {
      const set = credentials()
      const { all, sms, whatsapp, voice, unread } = store.counts()
      return {
        version,
        world,
        counts: { all, sms, whatsapp, voice, unread, channels: store.channels().length },
        settings: { ...settings().gaps, ...settings().values },
        parts: truth.view().parts,
        secrets: set ? [set.authToken, wayIn.subdomain] : [wayIn.subdomain],
        names: [
          ...[...store.contacts(), ...store.channels(), ...(live?.view().numbers ?? [])].map(
            ({ name }) => name,
          ),
          live?.view().account.name ?? '',
        ],
      }
    },
    changed: () => {
      truth.changed()
    },
  })
  truth.describe(() => {
    const { lastWebhookAt, refusedWebhooks } = truth.facts
    const going = live?.view()
    return statusParts({
      isSimulation: world === 'simulation',
      tunnel: wayIn.tunnel.view(),
      isListening: wayIn.isListening && credentials() !== undefined,
      account: going?.account,
      hasAccount: credentials() !== undefined,
      numbers: going?.numbers ?? [],
      leaving: going?.leaving ?? null,
      lastWebhookAt,
      refusedWebhooks,
      numbersReadAt: going?.numbers_read_at ?? null,
      outbox: outboxFacts(store.outbox(), clock.now(), sending.outbox.pausedUntil()),
      isHeld: sending.isHeld(),
      catchUp: catchUp.view(),
      ahead: catchUp.ahead(),
      disk: { state: store.state(), room: care.room },
    })
  })
  return care
}
