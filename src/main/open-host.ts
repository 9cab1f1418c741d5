import { startApplication } from '../server/application.ts'
import { portsFrom } from '../server/first-free.ts'
import { stderrSink } from '../server/system/index.ts'
import type { OpenHost } from './host.ts'

/** The first port tried for webhooks: design §6. */
const WEBHOOK_PORT = 4400

/** Joins the server to the desktop app: the one place that knows both. */
export const openHost: OpenHost = async (options) => {
  const { account, dataFolder, pageFolder, publicUrl, tunnel, version, webhookPort } = options
  const apiBaseUrl = process.env['TWILIO_API_BASE_URL']
  const application = await startApplication({
    folder: dataFolder,
    webhookPorts: webhookPort === null ? portsFrom(WEBHOOK_PORT) : [webhookPort],
    consolePorts: [],
    pageFolder,
    tunnel: tunnel === 'localtunnel' ? 'localtunnel' : 'none',
    ...(publicUrl !== null && { publicUrl }),
    ...(apiBaseUrl && { apiBaseUrl }),
    account,
    version,
    logSinks: [stderrSink()],
  })
  const { log } = application
  return {
    console: application.console,
    log,
    folders: { data: dataFolder, logs: application.logFolder },
    media: (hash) => application.file(hash),
    sleep: () => log.info('The machine goes to sleep: nothing is taken until it wakes'),
    wake: () => {
      log.info('The machine woke up')
      application.wake()
    },
    setBrowserConsole: async (on) => (await application.setBrowserConsole(on)) || null,
    close: () => application.close(),
  }
}
