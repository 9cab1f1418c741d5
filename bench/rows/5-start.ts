import type { Line, Row } from '../harness/row.ts'
import { startWorker } from '../harness/worker.ts'
import { storeOf } from '../history/stored.ts'
import type { Start } from '../processes/start.ts'

/** From nothing to the first page of the session list, with a long history and with none. */
export const start: Row = {
  number: 5,
  title: 'start to a usable session list',
  async measure(setting) {
    const messages = setting.quick ? 100_000 : 1_000_000
    const rounds = setting.quick ? 3 : 5
    const stored = `${messages.toLocaleString('en-US')} messages stored`
    const full = await storeOf(messages, setting)
    const empty = await setting.folder()
    const time: Line = {
      what: `start to 50 sessions listed, ${stored}`,
      unit: 'ms',
      ours: [],
      against: [],
      peer: 'empty store',
      goal: { of: 'ratio', atMost: 3 },
    }
    const memory: Line = {
      what: '  memory then',
      unit: 'MB',
      ours: [],
      against: [],
      peer: 'empty store',
      goal: { of: 'difference', atMost: 150 },
    }
    for (let n = 0; n <= rounds; n++) {
      for (const [side, folder] of [
        ['ours', full],
        ['against', empty],
      ] as const) {
        const began = Date.now()
        const worker = startWorker<Start>('start.ts', ['--expose-gc'])
        const { at, sessions, total } = await worker.ask('open', folder)
        if (side === 'ours' && (sessions !== 50 || total !== messages / 5))
          throw new Error(`${String(sessions)} of ${String(total)} sessions were listed`)
        const held = await worker.ask('memory')
        await worker.ask('close')
        await worker.end()
        // The first round brings the files into the system's memory.
        if (n === 0) continue
        time[side].push(at - began)
        memory[side].push(held)
      }
    }
    return [time, memory]
  },
}
