import type { Line, Row } from '../harness/row.ts'
import { startWorker } from '../harness/worker.ts'
import type { CarrierProcess } from '../processes/carrier.ts'
import type { CatchUpProcess } from '../processes/catch-up.ts'

const MISSED = 1_000

/** From wake to caught up, beside the same client that reads the same lists and keeps nothing. */
export const catchUp: Row = {
  number: 7,
  title: 'from wake to caught up',
  async measure(setting) {
    const rounds = setting.quick ? 3 : 7
    const carrier = startWorker<CarrierProcess>('carrier.ts')
    const console = startWorker<CatchUpProcess>('catch-up.ts')
    const account = await carrier.ask('open')
    await console.ask('open', { ...account, folder: await setting.folder() })
    const line: Line = {
      what: `wake to caught up, ${MISSED.toLocaleString('en-US')} missed messages`,
      unit: 'ms',
      ours: [],
      against: [],
      peer: 'reading the lists alone',
      goal: { of: 'ours', atMost: 5_000 },
      more: { note: 'ours waits 100 ms after each of its four requests, so that webhooks get their turn' },
    }
    for (let n = 0; n <= rounds; n++) {
      await carrier.ask('miss', { from: n * MISSED, count: MISSED })
      const { ms, found } = await console.ask('wake')
      if (found !== MISSED) throw new Error(`${String(found)} of ${String(MISSED)} were found`)
      const alone = await console.ask('readOnly')
      // The first round loads the client and warms both.
      if (n === 0) continue
      line.ours.push(ms)
      line.against.push(alone)
    }
    await console.ask('close')
    await carrier.ask('close')
    await Promise.all([console.end(), carrier.end()])
    return [line]
  },
}
