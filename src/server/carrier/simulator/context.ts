import type { Clock } from '../../ports.ts'
import type { Account, SimCall, SimMessage } from './account.ts'
import type { Activity } from './activity.ts'
import type { FaultPlan } from './faults.ts'
import type { Params, WebhookAnswer } from './post.ts'

/** What happened in the simulation, as the phones at its other end see it. */
export type SimEvent =
  /** A phone sent something. */
  | { kind: 'texted'; message: SimMessage }
  /** What the business sent has arrived on a phone. */
  | { kind: 'arrived'; message: SimMessage }
  /** Somebody said something in a call; the newest of `call.heard`. */
  | { kind: 'heard'; call: SimCall }

/** What the simulator's parts share. */
export interface SimContext {
  readonly account: Account
  readonly clock: Clock
  readonly faults: FaultPlan
  readonly activity: Activity
  /** The simulator's own address, without a slash at the end. */
  readonly base: string
  /** Sends a signed webhook, a form unless it is to be a GET, and notes an alert when it gets no good answer. */
  post(url: string, params: Params, method?: string): Promise<WebhookAnswer>
  emit(event: SimEvent): void
}
