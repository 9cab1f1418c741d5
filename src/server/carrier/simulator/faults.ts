/** What can go wrong on the simulator's side, on request. */
export type RestFault =
  /** 429 with Retry-After (seconds); nothing is taken. */
  | { kind: 'limited'; retryAfter?: number }
  /** An HTTP error of the server; nothing is taken, unless `taken` says that it was all the same. */
  | { kind: 'status'; status: number; taken?: true }
  /** Any refusal with one of Twilio's codes. */
  | { kind: 'refuse'; code: number; status?: number }
  /** Something else answers in Twilio's place, with a page of its own; nothing is taken. */
  | { kind: 'between'; status: number }
  /** The connection is dropped: before the request is looked at, or after it was taken and without an answer. */
  | { kind: 'drop'; when: 'before' | 'after' }
  /** Nothing is taken and nothing answered, until whoever asked gives up. */
  | { kind: 'silent' }

export type RestOperation = 'create' | 'fetch' | 'list' | 'update' | 'other' | 'messaging'

export type CallbackFault =
  | { kind: 'lose' }
  | { kind: 'twice' }
  /** Comes so many ms late; the ones behind it don't wait. */
  | { kind: 'delay'; ms: number }

export type NumberFault =
  /** The API refuses it at once. */
  | { at: 'api'; code: number }
  /** It is taken and fails on the way, which only the callbacks and a look at the message tell. */
  | { at: 'delivery'; code: number; status: 'failed' | 'undelivered' }

/** Twilio's magic recipients (its test credentials), and some of ours in the same range for what fails later. */
const MAGIC: readonly (readonly [string, NumberFault])[] = [
  ['+15005550001', { at: 'api', code: 21211 }],
  ['+15005550002', { at: 'api', code: 21612 }],
  ['+15005550003', { at: 'api', code: 21408 }],
  ['+15005550004', { at: 'api', code: 21610 }],
  ['+15005550009', { at: 'api', code: 21614 }],
  ['+15005553003', { at: 'delivery', code: 30003, status: 'undelivered' }],
  ['+15005553005', { at: 'delivery', code: 30005, status: 'undelivered' }],
  ['+15005553007', { at: 'delivery', code: 30007, status: 'undelivered' }],
  ['+15005553015', { at: 'delivery', code: 63015, status: 'failed' }],
  ['+15005553008', { at: 'delivery', code: 30008, status: 'failed' }],
]

export interface Faults {
  /** The next `times` (1) requests of this kind go wrong like this; faults are used in the order they were added. */
  rest(fault: RestFault, on?: RestOperation | 'any', times?: number): void
  /** The next `times` status callbacks (of this status, where given) go wrong like this. */
  callback(fault: CallbackFault, status?: string, times?: number): void
  /** Everything sent to this number fails from now on. */
  number(number: string, fault: NumberFault | undefined): void
  /** ms between one step of a delivery and the next (0: at once). */
  delivery(stepMs: number): void
  /** Where WhatsApp's closed window is told: by the API at once, or later by a callback (as it mostly is). */
  window(at: 'api' | 'delivery'): void
  /** How lists are given from now on, where Twilio promises nothing; what is left out is as usual. */
  lists(manner: Partial<ListManner>): void
  clear(): void
}

export interface ListManner {
  /** `mixed`: in no order, the same one for every page. */
  order: 'newest' | 'oldest' | 'mixed'
  /** Date filters count whole days (UTC). */
  wholeDays: boolean
  /** What is younger than so many ms is not listed yet. */
  lagMs: number
}

const USUAL: ListManner = { order: 'newest', wholeDays: false, lagMs: 0 }

export interface FaultPlan extends Faults {
  takeRest(operation: RestOperation): RestFault | undefined
  takeCallback(status: string): CallbackFault | undefined
  ofNumber(number: string): NumberFault | undefined
  readonly stepMs: number
  readonly windowAt: 'api' | 'delivery'
  readonly manner: ListManner
}

export function createFaults(): FaultPlan {
  let rest: { fault: RestFault; on: RestOperation | 'any'; left: number }[] = []
  let callbacks: { fault: CallbackFault; status: string | undefined; left: number }[] = []
  const numbers = new Map(MAGIC)
  let stepMs = 0
  let windowAt: 'api' | 'delivery' = 'delivery'
  let manner = USUAL
  return {
    rest(fault, on = 'any', times = 1) {
      rest.push({ fault, on, left: times })
    },
    callback(fault, status, times = 1) {
      callbacks.push({ fault, status, left: times })
    },
    number(number, fault) {
      if (fault) numbers.set(number, fault)
      else numbers.delete(number)
    },
    delivery(ms) {
      stepMs = ms
    },
    window(at) {
      windowAt = at
    },
    lists(wanted) {
      manner = { ...USUAL, ...wanted }
    },
    clear() {
      rest = []
      callbacks = []
      stepMs = 0
      windowAt = 'delivery'
      manner = USUAL
    },
    takeRest: (operation) => take(rest, ({ on }) => on === 'any' || on === operation)?.fault,
    takeCallback: (status) =>
      take(callbacks, (entry) => entry.status === undefined || entry.status === status)?.fault,
    ofNumber: (number) => numbers.get(number),
    get stepMs() {
      return stepMs
    },
    get windowAt() {
      return windowAt
    },
    get manner() {
      return manner
    },
  }
}

function take<T extends { left: number }>(plan: T[], fits: (entry: T) => boolean): T | undefined {
  const entry = plan.find(fits)
  if (!entry) return undefined
  entry.left -= 1
  if (entry.left <= 0) plan.splice(plan.indexOf(entry), 1)
  return entry
}
