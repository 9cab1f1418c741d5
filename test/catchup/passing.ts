import type { CarrierError, FailureKind } from '../../src/server/carrier/carrier.ts'
import type { CarrierLists } from '../../src/server/carrier/lists.ts'
import { ANN, type Bed } from './bed.ts'

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

/** A message that waits to be sent, and a STOP that was said while the console was closed. Nothing is answered by itself. */
export async function waitingAndStop(b: Bed): Promise<string> {
  await b.console.store.commit({
    why: 'no answers by themselves',
    settings: [{ _id: 'replies.enabled', value: false }],
  })
  await b.text(ANN, 'hello', { medium: 'whatsapp' })
  await b.console.idle()
  const [session] = b.sessions()
  b.simulator.faults.rest({ kind: 'limited', retryAfter: 60 }, 'create', 1)
  const { message } = await b.console.intake.outgoing({
    medium: 'whatsapp',
    channel_id: session?.channel_id ?? '',
    contact: ANN,
    body: 'an offer',
    sender: 'operator',
  })
  b.console.outbox.kick()
  await b.console.outbox.idle()
  await b.close()
  await b.clock.advance(10 * 60_000)
  await b.text(ANN, 'STOP', { medium: 'whatsapp' })
  await b.clock.advance(50 * 60_000)
  return message._id
}
