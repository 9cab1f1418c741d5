// The real Switchboard on a folder, wired as the console wires it, log file included.
import { join } from 'node:path'
import { takeMessage } from '../../src/server/webhooks/message.ts'
import { REAL_DEFAULTS, rules } from '../../src/server/replies/index.ts'
import { createLogFolder, RealDisk, type StoreOptions } from '../../src/server/store/index.ts'
import { createSwitchboard, type Switchboard } from '../../src/server/switchboard.ts'
import { createIds, createLog, createLogFile, systemClock } from '../../src/server/system/index.ts'
import { cpuMs } from '../harness/cpu.ts'
import { Stalls } from '../harness/stalls.ts'
import { ACCOUNT, textOf, TOKEN } from '../harness/twilio.ts'
import { answer } from '../harness/worker.ts'

/** How a store is set for measuring: no backup starts in the middle. */
export type StoreSetting = Pick<StoreOptions, 'recordsPerFile' | 'recordsPerCheckpoint' | 'withoutBackups'>

let switchboard: Switchboard
let stalls: Stalls | undefined

const answers = {
  /** Opens the folder; answers with the webhooks' address. */
  async open({ folder, store }: { folder: string; store?: StoreSetting }): Promise<string> {
    const setting: StoreSetting = { ...store, withoutBackups: true }
    const logFile = createLogFile({ folder: createLogFolder(new RealDisk(), join(folder, 'logs')) })
    switchboard = await createSwitchboard({
      world: 'real',
      folder,
      clock: systemClock,
      ids: createIds(systemClock),
      log: createLog({ clock: systemClock, sinks: [logFile.sink] }),
      credentials: () => ({ accountSid: ACCOUNT, authToken: TOKEN }),
      webhookPorts: [0],
      version: 'bench',
      replies: { responder: rules, defaults: REAL_DEFAULTS },
      store: setting,
    })
    return switchboard.webhooks
  },
  cpu: async () => cpuMs(),
  /** Takes messages one after another without HTTP, from their form on; ms for all. */
  async take({ from, count }: { from: number; count: number }): Promise<number> {
    const forms = Array.from({ length: count }, (_, i) => new Map(Object.entries(textOf(from + i))))
    const start = performance.now()
    for (const form of forms) await takeMessage(switchboard.intake, form, 'sms')
    return performance.now() - start
  },
  /** Watches the loop until `stalled` is asked. */
  async watch() {
    stalls = new Stalls()
  },
  async stalled() {
    if (!stalls) throw new Error('nothing is watched')
    return stalls.end()
  },
  async close() {
    await switchboard.close()
  },
}
export type Console = typeof answers
answer(answers)
