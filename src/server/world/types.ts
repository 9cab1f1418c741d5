import type { Handlers, World } from '../../shared/contract.ts'
import type { AccountKeeper, Credentials } from '../account.ts'
import type { Carrier } from '../carrier/carrier.ts'
import type { ListingCarrier } from '../carrier/lists.ts'
import type { CarrierAccount } from '../carrier/twilio-account.ts'
import type { MediaSource } from '../carrier/twilio-media.ts'
import type { CatchUp, CatchUpOptions } from '../catchup/catch-up.ts'
import type { Commands } from '../commands.ts'
import type { WorldEnd } from '../console/console.ts'
import type { Truth } from '../console/truth.ts'
import type { SessionActs } from '../intake/acts.ts'
import type { Intake } from '../intake/types.ts'
import type { GivenNumber } from '../given-numbers.ts'
import type { Outbox } from '../outbox/index.ts'
import type { Clock, Ids, Log } from '../ports.ts'
import type { ReplySettings, Responder } from '../replies/index.ts'
import type { FolderStore, StoreOptions } from '../store/index.ts'
import type { TunnelSupervisor } from '../tunnel/index.ts'

export interface SwitchboardOptions {
  /** Which world this is: screens mark a simulation everywhere. */
  world: World
  /** The data folder; made when it is not there. */
  folder: string
  clock: Clock
  ids: Ids
  /** Made before anything else, so that it can tell of everything. */
  log: Log
  /** None: every webhook is refused. Asked for each request, so that they may change while it runs. */
  credentials: () => Credentials | undefined
  /** Where webhooks listen on 127.0.0.1: the ports to try, in order; 0 = any. Undefined: nowhere (a command that only writes). */
  webhookPorts?: readonly number[]
  /** The address Twilio calls, when it is not the tunnel's. */
  publicUrl?: string
  tunnel?: 'none' | 'localtunnel'
  version: string
  /** Who carries what we send; undefined while there is no account, and everything waits. */
  carrier?: () => Carrier | ListingCarrier | undefined
  /** Where the files of messages are; undefined while there is no account, and they wait there. */
  files?: () => MediaSource | undefined
  /** Who answers when the operator does not, and what holds until something is set; by default the rules, switched off. */
  replies?: { responder: Responder; defaults: ReplySettings }
  /** What going live needs: where the account is kept, and who can be asked about one. None: it can't be done here. */
  live?: {
    keeper: AccountKeeper
    accountOf: (credentials: Required<Credentials>) => CarrierAccount
    /** Has `then` called with each 401 to the credentials that are set. */
    onUnauthorized?: (then: () => void) => void
    /** Numbers to go live with by itself. */
    numbers?: readonly GivenNumber[]
  }
  /** What another part of the program answers: the simulation's phones, the machine. */
  handlers?: Partial<Handlers>
  /** Sets the clock of a simulation to a time (ms) and holds it there until the function given back is called. */
  setTime?: (at: number) => Promise<() => void>
  /** Whose lists are read for what was missed: a number's texts or calls; undefined: it doesn't say. */
  catchUp?: Partial<Pick<CatchUpOptions, 'chosen' | 'pause' | 'pageSize'>>
  /** The newest lines of the log, for a person who helps. */
  newestLog?: () => Promise<string>
  /** For tests: faults of the disk, smaller journals. */
  store?: Pick<StoreOptions, 'disk' | 'recordsPerFile' | 'recordsPerCheckpoint'>
}

export interface Switchboard {
  readonly world: World
  readonly store: FolderStore
  readonly intake: Intake
  readonly acts: SessionActs
  readonly end: WorldEnd
  readonly truth: Truth
  readonly outbox: Outbox
  readonly tunnel: TunnelSupervisor
  readonly commands: Commands
  readonly catchUp: CatchUp
  /** The machine was asleep: what was missed is read, and what stood still goes on. */
  wake(): void
  /** Where webhooks listen, e.g. http://127.0.0.1:4400; empty when they don't. */
  readonly webhooks: string
  /** Resolves when nothing is being answered or sent any more; what waits for the clock doesn't count. */
  idle(): Promise<void>
  /** Stops taking, finishes what is under way, brings the documents up to date, lets the folder go. */
  close(): Promise<void>
}
