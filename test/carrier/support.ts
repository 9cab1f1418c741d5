import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { twilioCarrier, type TwilioOptions } from '../../src/server/carrier/twilio.ts'
import { createSimulator, manualClock, type Simulator } from '../../src/server/carrier/simulator/index.ts'

/** 15 January 2025, 10:00:00 UTC: the brief's morning. */
export const MORNING = Date.UTC(2025, 0, 15, 10)
export const ANN = '+1234567890'
export const BEN = '+1987654321'
export const BUSINESS = '+15703251809'

export async function simulation() {
  const clock = manualClock(MORNING)
  const simulator = await createSimulator({ clock })
  onTestFinished(() => simulator.close())
  return { clock, simulator, carrier: carrierOf(simulator) }
}

export function carrierOf(simulator: Simulator, options: Partial<TwilioOptions> = {}) {
  return twilioCarrier({
    accountSid: simulator.accountSid,
    authToken: simulator.authToken,
    baseUrl: simulator.api,
    ...options,
  })
}

export interface Hook {
  path: string
  params: URLSearchParams
  headers: IncomingMessage['headers']
}

/** A console's webhook port: notes what comes and answers what the test says. */
export async function webhooks(answer: (hook: Hook) => string | number = () => '<Response/>') {
  const seen: Hook[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const params = new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
      const hook = { path: request.url ?? '', params, headers: request.headers }
      seen.push(hook)
      const body = answer(hook)
      response.statusCode = typeof body === 'number' ? body : 200
      response.setHeader('Content-Type', 'text/xml')
      response.end(typeof body === 'number' ? '' : body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { base, seen }
}
