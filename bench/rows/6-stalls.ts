import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Line, Row } from '../harness/row.ts'
import type { Stalled } from '../harness/stalls.ts'
import { startWorker } from '../harness/worker.ts'
import { storeOf } from '../history/stored.ts'
import type { Console } from '../processes/console.ts'
import type { Loader } from '../processes/load.ts'
import type { PlainKoa } from '../processes/plain-koa.ts'

const RATE = 500
/** So that documents and index are rewritten several times in seconds, not in minutes. */
const OFTEN = { recordsPerFile: 1_000, recordsPerCheckpoint: 2_000 }

/** How long nobody else is served while messages come in and documents are rewritten behind them. */
export const stalls: Row = {
  number: 6,
  title: 'longest stall of the event loop at 500 messages/s',
  async measure(setting) {
    const messages = setting.quick ? 100_000 : 1_000_000
    const [rounds, seconds] = setting.quick ? [2, 5] : [3, 6]
    const folder = await storeOf(messages, setting)
    const ours = startWorker<Console>('console.ts')
    const koa = startWorker<PlainKoa>('plain-koa.ts')
    const load = startWorker<Loader>('load.ts')
    const base = await ours.ask('open', { folder, store: OFTEN })
    const koaBase = await koa.ask('open')
    const longest: Line = {
      what: `longest stall at 500/s, ${messages.toLocaleString('en-US')} stored`,
      unit: 'ms',
      ours: [],
      against: [],
      peer: 'plain Koa',
      goal: { of: 'ours', atMost: 50 },
    }
    const computing: Line = { ...longest, what: '  of it computing', ours: [], against: [] }
    const answered: Line = {
      what: '  p99 of an answer',
      unit: 'ms',
      ours: [],
      against: [],
      peer: 'plain Koa',
    }
    const count = RATE * seconds
    const before = await documents(folder)
    // The first round warms up: what is compiled while it runs is no stall of every day.
    for (let n = 0; n <= rounds; n++) {
      for (const [side, server, url] of [
        ['ours', ours, base],
        ['against', koa, koaBase],
      ] as const) {
        await (server as Watched).ask('watch')
        const { p99 } = await load.ask('fire', { base: url, count, inFlight: 64, rate: RATE })
        const found = await (server as Watched).ask('stalled')
        if (n === 0) continue
        longest[side].push(found.longest)
        computing[side].push(found.computing)
        answered[side].push(p99)
      }
    }
    const after = await documents(folder)
    const rewritten = [...after].filter(([name, at]) => before.get(name) !== at).map(([name]) => name)
    if (!rewritten.some((n) => n.includes('messages')) || !rewritten.some((n) => n.includes('index.bin')))
      throw new Error('no documents were written meanwhile: nothing was measured')
    longest.more = {
      rewritten: rewritten.length,
      index_mb: (await stat(join(folder, 'index', 'index.bin'))).size / 1e6,
    }
    await ours.ask('close')
    await Promise.all([ours.end(), koa.end(), load.end()])
    return [longest, computing, answered]
  },
}

/** Both servers can be watched. */
interface Watched {
  ask(name: 'watch'): Promise<void>
  ask(name: 'stalled'): Promise<Stalled>
}

/** When each document was last written. */
async function documents(folder: string): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for (const part of ['messages', 'sessions', 'index']) {
    for (const name of await readdir(join(folder, part)))
      found.set(join(part, name), (await stat(join(folder, part, name))).mtimeMs)
  }
  return found
}
