// A start of the console: says when the first page of sessions is answered, and what it holds in memory then.
import { REAL_DEFAULTS, rules } from '../../src/server/replies/index.ts'
import { createSwitchboard, type Switchboard } from '../../src/server/switchboard.ts'
import { createIds, createLog, systemClock } from '../../src/server/system/index.ts'
import { ACCOUNT, TOKEN } from '../harness/twilio.ts'
import { answer } from '../harness/worker.ts'

let switchboard: Switchboard

const answers = {
  /** Opens `folder` and reads the first page; answers with the wall clock's time (ms) when it was there. */
  async open(folder: string): Promise<{ at: number; sessions: number; total: number }> {
    switchboard = await createSwitchboard({
      world: 'real',
      folder,
      clock: systemClock,
      ids: createIds(systemClock),
      log: createLog({ clock: systemClock, sinks: [] }),
      credentials: () => ({ accountSid: ACCOUNT, authToken: TOKEN }),
      webhookPorts: [0],
      version: 'bench',
      replies: { responder: rules, defaults: REAL_DEFAULTS },
    })
    const page = await switchboard.end.handlers['sessions.list']({
      filter: 'all',
      order: 'latest',
      offset: 0,
      limit: 50,
    })
    return { at: Date.now(), sessions: page.sessions.length, total: page.total }
  },
  /** Resident memory after a collection, MB. */
  async memory(): Promise<number> {
    for (let i = 0; i < 3; i++) {
      global.gc?.()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return process.memoryUsage.rss() / 1e6
  },
  async close() {
    await switchboard.close()
  },
}
export type Start = typeof answers
answer(answers)
