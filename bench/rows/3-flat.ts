import type { Line, Row } from '../harness/row.ts'
import { startWorker } from '../harness/worker.ts'
import { storeOf } from '../history/stored.ts'
import type { Console } from '../processes/console.ts'
import type { Loader } from '../processes/load.ts'

const KINDS = [
  { inFlight: 1, name: 'one at a time' },
  { inFlight: 64, name: '64 in flight' },
] as const

/** What a message costs must not depend on how many there are. */
export const flat: Row = {
  number: 3,
  title: 'cost of a message with a long history',
  async measure(setting) {
    const [many, few] = setting.quick ? [100_000, 10_000] : [1_000_000, 10_000]
    const rounds = setting.quick ? 3 : 6
    const counts = setting.quick ? { 1: 200, 64: 2_000 } : { 1: 300, 64: 2_500 }
    const load = startWorker<Loader>('load.ts')
    const sides = []
    for (const [side, messages] of [
      ['ours', many],
      ['against', few],
    ] as const) {
      const server = startWorker<Console>('console.ts')
      const base = await server.ask('open', { folder: await storeOf(messages, setting) })
      sides.push({ side, server, base })
    }
    const lineOf = (what: string): Line => ({
      what,
      unit: 'ms',
      ours: [],
      against: [],
      peer: `with ${few.toLocaleString('en-US')}`,
      goal: { of: 'ratio', atMost: 1.2 },
    })
    const lines = KINDS.map(({ inFlight, name }) => ({
      inFlight,
      wall: lineOf(`a message with ${many.toLocaleString('en-US')} stored, ${name}`),
      cpu: lineOf(`  CPU, ${name}`),
    }))
    for (let n = 0; n <= rounds; n++) {
      for (const { inFlight, wall, cpu } of lines) {
        // Neither side is always the first.
        for (const { side, server, base } of n % 2 === 0 ? sides : sides.toReversed()) {
          const count = counts[inFlight]
          const before = await server.ask('cpu')
          const { ms } = await load.ask('fire', { base, count, inFlight })
          const used = (await server.ask('cpu')) - before
          if (n === 0) continue
          wall[side].push(ms / count)
          cpu[side].push(used / count)
        }
      }
    }
    for (const { server } of sides) {
      await server.ask('close')
      await server.end()
    }
    await load.end()
    return lines.flatMap(({ wall, cpu }) => [wall, cpu])
  },
}
