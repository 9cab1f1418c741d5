import type { ComposerBar } from '../../shared/contract.ts'
import type { MediaItem } from '../../shared/documents.ts'
import type { Carrier } from '../carrier/carrier.ts'
import type { ListingCarrier } from '../carrier/lists.ts'
import type { Consents } from '../console/consent.ts'
import { type Addressed, type Blocked, createOutbox, type Edit, type Outbox } from '../outbox/index.ts'
import type { Clock, Ids, Log } from '../ports.ts'
import type { Store } from '../store/types.ts'

/** Why nobody may be written to where this message would go; null when they may. */
export type Bar = (to: Addressed) => ComposerBar | null

interface Parts {
  store: Store
  carrier: () => Carrier | ListingCarrier | undefined
  clock: Clock
  ids: Ids
  log: Log
  edit: Edit
  consents: Consents
  bar: Bar
  /** Whether the account can be used; while it can't, everything waits. */
  isUsable: () => boolean
  callbackBase: () => string | undefined
  addressOf: (item: MediaItem) => string | undefined
  /** Called before anything goes out, which may then be held: whether the machine was asleep shows here first. */
  before: () => void
  /** Up to when the carrier's lists have been read. */
  readTo: () => string | null
}

/** The outbox of one world. */
export interface Sending {
  readonly outbox: Outbox
  /** How far the carrier's clock is ahead of ours, ms; undefined until it has answered. */
  ahead: () => number | undefined
  /** What the carrier's clock showed when it last answered (ms); undefined before its first answer since the start. */
  heardAt: () => number | undefined
  /** Nothing goes out until the function given back is called. One at a time: read-first.ts holds. */
  hold: () => () => void
  isHeld: () => boolean
}

export function joinSending(parts: Parts): Sending {
  const { store, carrier, clock, ids, log, edit, consents, bar, isUsable, callbackBase, addressOf } = parts
  const { before, readTo } = parts
  const heardLately = (): number | undefined => {
    const of = carrier()
    return of && 'lists' in of ? of.lists.heardAt() : undefined
  }
  const ahead = (): number | undefined => {
    const heard = heardLately()
    return heard === undefined ? undefined : heard - clock.now()
  }
  let isHeld = false
  const outbox = createOutbox({
    store,
    carrier: () => {
      before()
      return isHeld || !isUsable() ? undefined : carrier()
    },
    clock,
    ids,
    log,
    edit,
    statusCallbackBase: callbackBase,
    mediaUrl: addressOf,
    // Where it has not answered yet: up to when its lists were read before the last end.
    heardAt: () => {
      const read = readTo()
      return heardLately() ?? (read === null ? undefined : Date.parse(read))
    },
    ahead,
    optedOut: consents.refusedByTwilio,
    mayWrite: (to) => blockedBy(bar(to), to),
  })
  const hold = (): (() => void) => {
    isHeld = true
    return () => {
      isHeld = false
      outbox.kick()
    }
  }
  return { outbox, ahead, heardAt: heardLately, hold, isHeld: () => isHeld }
}

/** What holds a message back though it was queued, by Twilio's own codes. */
function blockedBy(bar: ComposerBar | null, to: Addressed): Blocked | undefined {
  if (bar?.code === 'opted_out') return { code: 21_610, sentence: bar.sentence }
  if (bar?.code === 'window_closed' && to.template === undefined)
    return { code: 63_016, sentence: bar.sentence }
  return undefined
}
