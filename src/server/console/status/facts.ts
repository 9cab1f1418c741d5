import type {
  AccountView,
  CatchUpView,
  LeavingView,
  NumberView,
  StatusPart,
  TunnelView,
} from '../../../shared/live.ts'
import { iso } from '../../iso.ts'
import type { OutboxEntry, StoreState } from '../../store/types.ts'

/** What is known of each part; undefined where this console has none of it. Times are ms. */
export interface StatusFacts {
  isSimulation: boolean
  tunnel: TunnelView
  /** Whether webhooks are taken at all: something listens, and a token is set. */
  isListening: boolean
  account: AccountView | undefined
  /** Whether some account is set, where nobody knows more of it. */
  hasAccount: boolean
  numbers: readonly NumberView[]
  leaving: Pick<LeavingView, 'left' | 'next_try_at' | 'why'> | null
  /** When the numbers were read from Twilio; null: not yet. */
  numbersReadAt: string | null
  lastWebhookAt: number | null
  /** Requests refused for their signature since then; `since` in ms. */
  refusedWebhooks: { count: number; since: number } | null
  /** Not sent yet; when the first that waits for another try gets it; and those whose sending ended in doubt. */
  outbox: { waiting: number; triedAt: string | null; unsure: number }
  /** Nothing goes out before Twilio's lists were read for who said STOP. */
  isHeld: boolean
  catchUp: CatchUpView
  /** How far Twilio's clock is ahead of this computer's, ms; undefined while that is not known. */
  ahead: number | undefined
  disk: { state: StoreState; room: RoomFacts | undefined }
}

export interface RoomFacts {
  used: number
  free: number
  /** The newest backup in the data folder. */
  backup: { at: number } | null
  /** Why the last backup that was due could not be made; empty when it could. */
  backupProblem: string
}

/** None: there is nothing to say of it. */
export type Line = (facts: StatusFacts) => StatusPart | undefined

/**
 * What of the outbox the line of truth and the Status page tell; what Twilio has already is on its way. `pausedUntil`, ms:
 * nothing is tried before.
 */
export function outboxFacts(
  entries: readonly OutboxEntry[],
  now: number,
  pausedUntil = 0,
): StatusFacts['outbox'] {
  const waiting = entries.filter(({ state }) => state === 'queued' || state === 'calling')
  const tries = waiting.map(({ not_before }) => not_before ?? '').sort()
  const [soonest = ''] = tries
  const paused = iso(pausedUntil)
  const first = soonest > paused ? soonest : paused
  return {
    waiting: waiting.length,
    triedAt: first > iso(now) ? first : null,
    unsure: entries.filter(({ state }) => state === 'unsure').length,
  }
}
