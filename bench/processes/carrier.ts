// The telephone company in a box, in whose account messages come to lie that no webhook has brought.
import { movableClock, createSimulator, type Simulator } from '../../src/server/carrier/simulator/index.ts'
import { textOf } from '../harness/twilio.ts'
import { answer } from '../harness/worker.ts'

const HOUR = 3_600_000

const clock = movableClock()
let simulator: Simulator

const answers = {
  async open(): Promise<{ api: string; accountSid: string; authToken: string }> {
    simulator = await createSimulator({ clock })
    const { api, accountSid, authToken } = simulator
    return { api, accountSid, authToken }
  },
  /** An hour goes by, in which so many texts come that nobody hears of. */
  async miss({ from, count }: { from: number; count: number }): Promise<void> {
    const began = clock.now()
    for (let n = 0; n < count; n++) {
      const { MessageSid: sid = '', From = '', To = '', Body = '' } = textOf(from + n)
      const at = began + Math.floor((n * HOUR) / count)
      simulator.account.messages.set(sid, {
        sid,
        direction: 'inbound',
        from: From,
        to: To,
        body: Body,
        status: 'received',
        error_code: null,
        media: [],
        media_urls: [],
        status_callback: '',
        created: at,
        updated: at,
        sent: at,
      })
    }
    // And a moment more, or the last of them would be left to their webhooks.
    await clock.advance(HOUR + 60_000)
  },
  async close() {
    await simulator.close()
  },
}
export type CarrierProcess = typeof answers
answer(answers)
