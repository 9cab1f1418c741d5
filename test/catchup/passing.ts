import type { CarrierError, FailureKind } from '../../src/server/carrier/carrier.ts'
import type { CarrierLists } from '../../src/server/carrier/lists.ts'
import type { Medium, Message } from '../../src/shared/documents.ts'
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

/** Turns of the loop in which whoever was answered asks again, or writes on the disk, which is in memory here. */
const TURNS = 20

/** Nothing is read, or what is read waits for the clock: nobody asks for anything, turn after turn. */
async function settled(b: Bed): Promise<void> {
  const ended = b.console.catchUp.idle().then(() => true)
  for (let quiet = 0; quiet < TURNS; quiet++) {
    const before = b.asked
    await b.answered()
    await new Promise((resolve) => setImmediate(resolve))
    if (await Promise.race([ended, Promise.resolve(false)])) return
    if (b.asked !== before) quiet = 0
  }
}

/** From now on nobody is answered by itself. */
export async function withoutAnswers(b: Bed): Promise<void> {
  await b.console.store.commit({
    why: 'no answers by themselves',
    settings: [{ _id: 'replies.enabled', value: false }],
  })
}

/** A message to whoever wrote last, on its way into the outbox. */
export async function write(b: Bed, medium: Medium, body: string): Promise<Message> {
  const [session] = b.sessions()
  const { message } = await b.console.intake.outgoing({
    medium,
    channel_id: session?.channel_id ?? '',
    contact: ANN,
    body,
    sender: 'operator',
  })
  return message
}

/** A message that waits to be sent, and a STOP that was said while the console was closed. Nothing is answered by itself. */
export async function waitingAndStop(b: Bed): Promise<string> {
  await withoutAnswers(b)
  await b.text(ANN, 'hello', { medium: 'whatsapp' })
  await b.console.idle()
  b.simulator.faults.rest({ kind: 'limited', retryAfter: 60 }, 'create', 1)
  const message = await write(b, 'whatsapp', 'an offer')
  b.console.outbox.kick()
  await b.console.outbox.idle()
  await b.close()
  await b.clock.advance(10 * 60_000)
  await b.text(ANN, 'STOP', { medium: 'whatsapp' })
  await b.clock.advance(50 * 60_000)
  return message._id
}
