import { median } from '../harness/figures.ts'
import type { Line, Row } from '../harness/row.ts'
import { startWorker } from '../harness/worker.ts'
import type { Console } from '../processes/console.ts'
import type { Loaded, Loader } from '../processes/load.ts'
import type { PlainKoa } from '../processes/plain-koa.ts'

const IN_FLIGHT = 64

/** The whole way of a webhook, from the socket to the disk and back, beside a server that keeps nothing. */
export const webhooks: Row = {
  number: 1,
  title: 'acknowledged messages a second, whole webhook path',
  async measure(setting) {
    const [rounds, count] = setting.quick ? [3, 2_000] : [6, 4_000]
    const ours = startWorker<Console>('console.ts')
    const koa = startWorker<PlainKoa>('plain-koa.ts')
    const load = startWorker<Loader>('load.ts')
    const base = await ours.ask('open', { folder: await setting.folder() })
    const koaBase = await koa.ask('open')

    const rate: Line = {
      what: 'webhooks acknowledged, 64 in flight',
      unit: '/s',
      ours: [],
      against: [],
      peer: 'plain Koa',
      goal: { of: 'ratio', atLeast: 0.5 },
    }
    const cpu: Line = {
      what: '  CPU of the server each',
      unit: 'ms',
      ours: [],
      against: [],
      peer: 'plain Koa',
    }
    const p99 = { ours: [] as number[], against: [] as number[] }
    const round = async (
      server: typeof ours | typeof koa,
      url: string,
      side: 'ours' | 'against',
      counts: boolean,
    ): Promise<void> => {
      const before = await askCpu(server)
      const loaded: Loaded = await load.ask('fire', { base: url, count, inFlight: IN_FLIGHT })
      const used = (await askCpu(server)) - before
      if (!counts) return
      rate[side].push((count / loaded.ms) * 1_000)
      cpu[side].push(used / count)
      p99[side].push(loaded.p99)
    }
    // The first round warms both up.
    for (let n = 0; n <= rounds; n++) {
      await round(ours, base, 'ours', n > 0)
      await round(koa, koaBase, 'against', n > 0)
    }
    rate.more = { p99_ms: { ours: median(p99.ours), against: median(p99.against) }, messages_a_round: count }
    await ours.ask('close')
    await Promise.all([ours.end(), koa.end(), load.end()])
    return [rate, cpu]
  },
}

const askCpu = (server: { ask(name: 'cpu'): Promise<number> }): Promise<number> => server.ask('cpu')
