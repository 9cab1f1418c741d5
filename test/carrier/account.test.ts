import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { twilioCarrier } from '../../src/server/carrier/twilio.ts'

it.each(['{}', '{"portal":"sign in"}', '[]'])(
  'takes somebody’s %s for no number and no sender: no change of one is done by it',
  async (body) => {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    const baseUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
    const { account } = twilioCarrier({ accountSid: `AC${'1'.repeat(32)}`, authToken: 't', baseUrl })
    const nothingKnown = { ok: false, error: { kind: 'unknown' } }
    expect(await account.update(`PN${'1'.repeat(32)}`, { sms_url: '' })).toMatchObject(nothingKnown)
    const webhook = {
      callback_url: '',
      callback_method: 'POST',
      status_callback_url: '',
      status_callback_method: 'POST',
    }
    expect(await account.messaging.pointSender(`XE${'1'.repeat(32)}`, webhook)).toMatchObject(nothingKnown)
    expect(await account.numbers()).toMatchObject(nothingKnown)
  },
)
