import type { CarrierError, Outcome } from '../carrier/carrier.ts'
import type { ListPage } from '../carrier/lists.ts'
import type { Clock } from '../ports.ts'
import { WRONG_CREDENTIALS } from '../twilio-codes.ts'

/** The carrier could not be read: the pass is over, and another one goes on where it was. */
export class CarrierFailed extends Error {
  readonly error: CarrierError
  constructor(error: CarrierError) {
    super(error.sentence)
    this.name = 'CarrierFailed'
    this.error = error
  }
}

/** Some lists could not be read, with why; the others were, and what they held was taken. */
export class ListsFailed extends CarrierFailed {
  readonly lists: readonly ListName[]
  constructor(error: CarrierError, lists: readonly ListName[]) {
    super(error)
    this.lists = lists
  }
}

export const LISTS = ['messages', 'calls', 'recordings'] as const
export type ListName = (typeof LISTS)[number]

/**
 * Whether it fails for whatever would be asked now, and not for one thing: the account is refused, it is asked too
 * much, or nothing can be reached. Trouble and a broken answer may be of one thing; a list that is next tells.
 */
export function isOfAll({ error: { kind, code, status } }: CarrierFailed): boolean {
  return (
    kind === 'limited' ||
    kind === 'unreached' ||
    (kind === 'refused' && (code === WRONG_CREDENTIALS || status === 401))
  )
}

/** Somebody wanted it to end. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled'
}

export interface Patience {
  clock: Clock
  signal: AbortSignal
  /** ms between two requests, so that others get their turn. */
  pause: number
  hurry: Hurry
}

/** Somebody wants it read at once: the wait that goes on is over, and after the request that is out there is none. */
export class Hurry {
  asked = 0
  readonly waits = new Set<() => void>()

  ask(): void {
    this.asked += 1
    for (const goOn of [...this.waits]) goOn()
  }
}

/** Times one request is made again, and how often the carrier may say that it is too many at once. */
const TRIES = 4
const MOST_LIMITED = 20
const FIRST_WAIT = 1_000
const LONGEST_WAIT = 60_000

/**
 * Reads a listing to its end, into `all`. A page that could not be had is asked for again, the others are not; reading changes
 * nothing, so that is always safe. Entries that can't be read are named and passed over. Throws CarrierFailed, Cancelled.
 */
export async function everyPage<T>(
  ask: (next: string | undefined) => Promise<Outcome<ListPage<T>>>,
  patience: Patience,
  unread: (sids: readonly string[]) => void,
  all: T[],
  tries = TRIES,
): Promise<void> {
  let next: string | undefined
  do {
    const page = await patiently(() => ask(next), patience, tries)
    all.push(...page.items)
    if (page.unread && page.unread.length > 0) unread(page.unread)
    next = page.next
  } while (next !== undefined)
}

/** One request and a pause, up to `tries` times after a wait where it was in vain. Throws CarrierFailed, Cancelled. */
export async function patiently<T>(
  ask: () => Promise<Outcome<T>>,
  patience: Patience,
  tries = TRIES,
): Promise<T> {
  for (let failed = 0, limited = 0; ;) {
    stopIf(patience.signal)
    const { asked } = patience.hurry
    const outcome = await ask()
    stopIf(patience.signal)
    if (outcome.ok) {
      if (patience.pause > 0) await wait(patience.pause, patience)
      return outcome.value
    }
    const { error } = outcome
    if (error.kind === 'limited') limited += 1
    else failed += 1
    if (error.kind === 'refused' || failed >= tries || limited >= MOST_LIMITED) throw new CarrierFailed(error)
    if (patience.hurry.asked !== asked) continue
    await wait(error.retryAfter ?? Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (failed + limited - 1)), patience)
  }
}

function wait(ms: number, { clock, signal, hurry }: Patience): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      takeBack()
      hurry.waits.delete(goOn)
      signal.removeEventListener('abort', stop)
    }
    const goOn = (): void => {
      end()
      resolve()
    }
    const stop = (): void => {
      end()
      reject(new Cancelled())
    }
    const takeBack = clock.after(ms, goOn)
    hurry.waits.add(goOn)
    signal.addEventListener('abort', stop, { once: true })
  })
}

export function stopIf(signal: AbortSignal): void {
  if (signal.aborted) throw new Cancelled()
}
