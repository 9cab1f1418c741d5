// A console that has missed something: the real Switchboard with the real client, and beside it the client alone.
import { twilioCarrier } from '../../src/server/carrier/twilio.ts'
import type { ListingCarrier } from '../../src/server/carrier/lists.ts'
import { createSwitchboard, type Switchboard } from '../../src/server/switchboard.ts'
import { createIds, createLog, systemClock } from '../../src/server/system/index.ts'
import { answer } from '../harness/worker.ts'
import type { StoreSetting } from './console.ts'

const NO_BACKUPS: StoreSetting = { withoutBackups: true }

let switchboard: Switchboard
let carrier: ListingCarrier

const answers = {
  async open(at: { folder: string; api: string; accountSid: string; authToken: string }): Promise<void> {
    const { folder, api, accountSid, authToken } = at
    carrier = twilioCarrier({ accountSid, authToken, baseUrl: api })
    switchboard = await createSwitchboard({
      world: 'real',
      folder,
      clock: systemClock,
      ids: createIds(systemClock),
      log: createLog({ clock: systemClock, sinks: [] }),
      credentials: () => ({ accountSid, authToken }),
      webhookPorts: [0],
      version: 'bench',
      carrier: () => carrier,
      store: NO_BACKUPS,
    })
    await switchboard.catchUp.idle()
  },
  /** From the word that the machine woke until all is in its place; how many were new. */
  async wake(): Promise<{ ms: number; found: number }> {
    const start = performance.now()
    switchboard.wake()
    await switchboard.catchUp.idle()
    return { ms: performance.now() - start, found: switchboard.catchUp.view().found }
  },
  /** The same lists, read by the client and forgotten; ms. */
  async readOnly(): Promise<number> {
    const start = performance.now()
    const range = { after: 0 }
    await carrier.lists.messages(range)
    await carrier.lists.calls(range)
    await carrier.lists.recordings(range)
    return performance.now() - start
  },
  async close() {
    await switchboard.close()
  },
}
export type CatchUpProcess = typeof answers
answer(answers)
