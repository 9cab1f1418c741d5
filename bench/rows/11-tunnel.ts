import type { Line, Row } from '../harness/row.ts'
import { startWorker } from '../harness/worker.ts'
import type { TunnelProcess } from '../processes/tunnel.ts'

/** From the death of a tunnel to listening again, beside opening one where nothing has died. */
export const tunnel: Row = {
  number: 11,
  title: 'tunnel death to listening again',
  async measure(setting) {
    const rounds = setting.quick ? 2 : 7
    const silentRounds = setting.quick ? 1 : 3
    const console = startWorker<TunnelProcess>('tunnel.ts')
    await console.ask('open', { folder: await setting.folder() })
    const killed: Line = {
      what: 'tunnel killed to listening again, its server back at once',
      unit: 'ms',
      ours: [],
      against: [],
      peer: 'opening one',
      goal: { of: 'ours', atMost: 30_000 },
      more: { note: 'a server keeps a name for a second, so the first try waits about two' },
    }
    const silent: Line = {
      what: 'silent death to knowing of it',
      unit: 'ms',
      ours: [],
      against: [],
      peer: '',
      goal: { of: 'ours', atMost: 30_000 },
      more: { note: 'asked from outside every 10 s; believed after two answers that do not come within 5 s' },
    }
    for (let n = 0; n < rounds; n++) {
      setting.say(`round ${String(n + 1)} of ${String(rounds)}`)
      killed.ours.push(await console.ask('killed'))
      killed.against.push(await console.ask('anew'))
      if (n < silentRounds) silent.ours.push(await console.ask('silent'))
    }
    await console.ask('close')
    await console.end()
    return [killed, silent]
  },
}
