import { join } from 'node:path'
import type { Line, Row } from '../harness/row.ts'
import { startWorker } from '../harness/worker.ts'
import { storeOf } from '../history/stored.ts'
import type { Console } from '../processes/console.ts'
import type { PlainLowdb } from '../processes/plain-lowdb.ts'

/** Messages put into lowdb in a round, by how many it holds. */
const SIZES = [
  { stored: 1_000, count: 30 },
  { stored: 10_000, count: 10 },
  { stored: 100_000, count: 3 },
] as const

/** One message after another into our store, through the intake, beside plain lowdb, which is given no fsync to do. */
export const lowdb: Row = {
  number: 4,
  title: 'cost of a message beside plain lowdb',
  async measure(setting) {
    const rounds = setting.quick ? 3 : 5
    const count = 300
    const ours = startWorker<Console>('console.ts')
    const theirs = startWorker<PlainLowdb>('plain-lowdb.ts')
    await ours.ask('open', { folder: await storeOf(100_000, setting) })
    const file = join(await setting.folder(), 'db.json')
    const lines = SIZES.map(({ stored }): Line => ({
      what: 'a message with 100,000 stored, one at a time',
      unit: 'ms',
      ours: [],
      against: [],
      peer: `plain lowdb with ${stored.toLocaleString('en-US')}`,
      ...(stored === 100_000 && { goal: { of: 'times less', atLeast: 1_000 } }),
    }))
    let taken = 0
    for (let n = 0; n <= rounds; n++) {
      for (const [i, { stored, count: few }] of SIZES.entries()) {
        const ms = (await ours.ask('take', { from: taken, count })) / count
        taken += count
        if (n === 0) continue
        lines[i]?.ours.push(ms)
        lines[i]?.against.push(
          await theirs.ask('take', { file: `${file}.${String(stored)}.${String(n)}`, stored, count: few }),
        )
      }
    }
    await ours.ask('close')
    await Promise.all([ours.end(), theirs.end()])
    return lines
  },
}
