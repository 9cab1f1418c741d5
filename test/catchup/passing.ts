import type { CarrierError, FailureKind } from '../../src/server/carrier/carrier.ts'
import type { CarrierLists } from '../../src/server/carrier/lists.ts'
import type { Bed } from './bed.ts'

export const failure = (kind: FailureKind, status = 0): { ok: false; error: CarrierError } => ({
  ok: false,
  error: { kind, code: 0, status, sentence: `Twilio said ${status}.` },
})

/** The carrier, some of whose lists answer otherwise. */
export const withLists = (b: Bed, lists: Partial<CarrierLists>) => ({
  carrier: () => ({ ...b.carrier, lists: { ...b.carrier.lists, ...lists } }),
})

/** So many seconds go by, and what is read meanwhile is read to its end; then what is sent is sent. */
export async function seconds(b: Bed, count: number, step = 1): Promise<void> {
  for (let second = 0; second < count; second += step) {
    await b.clock.advance(step * 1_000)
    await settled(b)
  }
  await b.console.idle()
}

/** Nothing is read, or what is read waits for the clock. */
async function settled(b: Bed): Promise<void> {
  const ended = b.console.catchUp.idle().then(() => true)
  const aMoment = () => new Promise<false>((resolve) => setTimeout(resolve, 2, false))
  for (let turn = 0; turn < 10; turn++) if (await Promise.race([ended, aMoment()])) return
}
