import type { Line, Row } from '../harness/row.ts'
import { startWorker } from '../harness/worker.ts'
import type { Appends } from '../processes/appends.ts'

/** Commits of one message and its session, beside a journal that is given the same bytes and does nothing else. */
export const appends: Row = {
  number: 2,
  title: 'durable appends a second, the store alone',
  async measure(setting) {
    const [rounds, count] = setting.quick ? [3, 2_000] : [6, 8_000]
    const worker = startWorker<Appends>('appends.ts')
    await worker.ask('open', await setting.folder())
    const line: Line = {
      what: 'commits made durable, 64 in flight',
      unit: '/s',
      ours: [],
      against: [],
      peer: 'raw journal',
      goal: { of: 'ratio', atLeast: 0.5 },
    }
    const round = { count, inFlight: 64 }
    for (let n = 0; n <= rounds; n++) {
      const ours = await worker.ask('store', round)
      await worker.ask('settle')
      const raw = await worker.ask('raw', round)
      if (n === 0) continue
      line.ours.push((count / ours) * 1_000)
      line.against.push((count / raw) * 1_000)
    }
    await worker.ask('close')
    await worker.end()
    return [line]
  },
}
