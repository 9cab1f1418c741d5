import { onTestFinished } from 'vitest'
import { createSimulator, manualClock } from '../../src/server/carrier/simulator/index.ts'
import { twilioCarrier } from '../../src/server/carrier/twilio.ts'
import { createOutbox, type Draft, type OutboxOptions } from '../../src/server/outbox/index.ts'
import { channel, countingIds, emptyDisk, MemoryStore, silentLog, type Disk } from './memory-store.ts'

export const MORNING = Date.UTC(2025, 0, 15, 10)
export const ANN = '+1234567890'
export const BEN = '+1987654321'
export const BUSINESS = '+15703251809'

/** A console's outbox on the simulator: real client, real HTTP, manual clock. */
export async function sending(overrides: Partial<OutboxOptions> = {}) {
  const clock = manualClock(MORNING)
  const simulator = await createSimulator({ clock, numbers: [BUSINESS] })
  onTestFinished(() => simulator.close())
  const real = twilioCarrier({
    accountSid: simulator.accountSid,
    authToken: simulator.authToken,
    baseUrl: simulator.api,
  })
  const ids = countingIds()
  const disk = emptyDisk(channel(BUSINESS, clock))

  /** Starts a console on what is on the disk. */
  function start(changes: Partial<OutboxOptions> = {}) {
    const store = new MemoryStore(disk)
    const log = silentLog()
    const outbox = createOutbox({
      store,
      carrier: () => real,
      clock,
      ids,
      log,
      statusCallbackBase: () => undefined,
      random: () => 0,
      ...overrides,
      ...changes,
    })
    /** As the console does it: both documents in one commit, then the word to go. */
    const send = async (draft: Partial<Draft> = {}) => {
      const { message, entry } = outbox.prepare({ ...hello, ...draft })
      await store.commit({ why: 'message', messages: [message], outbox: [entry] })
      outbox.kick()
      return message._id
    }
    return { outbox, store, log, send }
  }

  const bodies = () => [...simulator.account.messages.values()].map(({ body }) => body)
  return { clock, simulator, real, disk, start, bodies }
}

export const hello: Draft = {
  channel_id: 'channel',
  communication_type: 'sms',
  contact: ANN,
  body: 'Hello',
  sender: 'operator',
  session_id: 'session',
}

export function messageOf(disk: Disk, id: string) {
  const message = disk.messages.get(id)
  if (!message) throw new Error(`no message ${id}`)
  return message
}

/** What has not been handed over yet; what has only waits for its last status. */
export function waiting({ outbox }: Disk) {
  return [...outbox.values()].filter(({ state }) => state !== 'handed_over')
}
