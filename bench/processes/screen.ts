// The whole program on a folder, with the console in the browser: what `switchboard serve` runs.
import { join } from 'node:path'
import { fixedAccount } from '../../src/server/account.ts'
import { type Application, startApplication } from '../../src/server/application.ts'
import { ACCOUNT, TOKEN } from '../harness/twilio.ts'
import { answer } from '../harness/worker.ts'
import type { StoreSetting } from './console.ts'

const PAGE = join(import.meta.dirname, '..', '..', 'out', 'renderer')

let application: Application

const answers = {
  async open(folder: string): Promise<{ console: string; webhooks: string }> {
    const store: StoreSetting = { withoutBackups: true }
    application = await startApplication({
      folder,
      webhookPorts: [0],
      consolePorts: [0],
      pageFolder: PAGE,
      account: fixedAccount({ accountSid: ACCOUNT, authToken: TOKEN }),
      // Nobody is there: a bench calls no one.
      apiBaseUrl: 'http://127.0.0.1:9',
      version: 'bench',
      store,
    })
    return { console: application.consoleUrl, webhooks: application.main.webhooks }
  },
  async close() {
    await application.close()
  },
}
export type Screen = typeof answers
answer(answers)
