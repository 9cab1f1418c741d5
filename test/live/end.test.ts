/** Quitting and crashing while live: a free subdomain keeps nothing of the business, and nothing of before is lost. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { fixedAccount } from '../../src/server/account.ts'
import { BUSINESS_NUMBER } from '../../src/server/carrier/simulator/index.ts'
import { systemClock } from '../../src/server/system/index.ts'
import { startTunnelServer, type TunnelServer } from '../tunnel/server.ts'
import { bed, type Bed } from './bed.ts'

vi.setConfig({ testTimeout: 60_000 })

const BEFORE = 'https://before.example/sms'
const ANN = '+1234567890'

let b: Bed
let server: TunnelServer
beforeEach(async () => {
  server = await startTunnelServer()
  b = await bed([BUSINESS_NUMBER])
})
afterEach(async () => {
  await b.close()
  await server.kill()
})

function number() {
  const [one] = b.simulator.account.numbers.values()
  if (!one) throw new Error('the simulator has no number')
  return one
}
const account = () => fixedAccount({ accountSid: b.simulator.accountSid, authToken: b.simulator.authToken })

/** Four times as fast as the machine's: nobody waits for the whole of a limit. */
const quick = { ...systemClock, after: (ms: number, task: () => void) => systemClock.after(ms / 4, task) }

async function goLive(): Promise<void> {
  number().sms_url = BEFORE
  await b.ask('live.account', { account_sid: b.simulator.accountSid, auth_token: b.simulator.authToken })
  await b.ask('live.choose', { numbers: [{ sid: number().sid, voice: 'leave' }] })
  await b.ask('live.way', { kind: 'localtunnel', url: server.url })
  await b.ask('live.go', {})
  await b.until(({ live }) => live)
}

it('a number on a free subdomain is put back at the end, and points here again after the next start', async () => {
  await goLive()
  expect(number().sms_url).toContain('.localhost')
  await b.simulator.text({ from: ANN, to: BUSINESS_NUMBER, medium: 'sms', body: 'through the tunnel' })
  await b.application.close()
  expect(number().sms_url).toBe(BEFORE)
  await b.restart({ account: account() })
  await b.until(({ live }) => live)
  // Which name it is now is the server's to say: it keeps one a second after its last socket.
  expect(number().sms_url).toContain('.localhost')
  expect((await b.ask('sessions.list', {})).sessions).toHaveLength(1)
  await b.ask('live.leave', {})
  expect(number().sms_url).toBe(BEFORE)
})

it.each([{ kind: 'drop', when: 'before' }, { kind: 'silent' }] as const)(
  'ends though Twilio is away ($kind), and puts the number back another time',
  async (fault) => {
    await goLive()
    await b.restart({ account: account(), clock: quick })
    await b.until(({ live }) => live)
    b.simulator.faults.rest(fault, 'any', 100)
    await b.application.close()
    expect(number().sms_url).toContain('.localhost')
    expect(b.lines.join('')).toContain('The numbers still point at')
    b.simulator.faults.clear()
    await b.restart({ account: account() })
    await b.until(({ live }) => live)
    await b.ask('live.leave', {})
    expect(number().sms_url).toBe(BEFORE)
  },
)

it('a Twilio that takes seconds for each answer is waited for at the end', async () => {
  await goLive()
  const slow = await slowTwilio()
  await b.restart({ account: account(), clock: quick, apiBaseUrl: slow.url })
  await b.until(({ live }) => live)
  slow.delay = 2_500 / 4
  await b.application.close()
  expect(number().sms_url).toBe(BEFORE)
  slow.close()
})

/** The simulator behind a proxy whose answers take `delay` ms. */
async function slowTwilio() {
  const { api } = b.simulator
  const twilio = {
    delay: 0,
    url: '',
    close: () => {
      proxy.closeAllConnections()
      proxy.close()
    },
  }
  const proxy = createServer((request, response) => {
    const { method = 'GET', url = '', headers } = request
    const answer = async () => {
      const body = Buffer.concat((await request.toArray()) as Buffer[])
      await sleep(twilio.delay)
      const { authorization = '', 'content-type': type = 'text/plain' } = headers
      const given = await fetch(api + url, {
        method,
        headers: { authorization, 'content-type': type },
        ...(body.length > 0 && { body }),
      })
      response.writeHead(given.status, { 'content-type': given.headers.get('content-type') ?? '' })
      response.end(Buffer.from(await given.arrayBuffer()))
    }
    answer().catch(() => response.destroy())
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  twilio.url = `http://127.0.0.1:${String((proxy.address() as AddressInfo).port)}`
  return twilio
}

it.each(['before', 'after'] as const)(
  'what was before outlives an end in the middle of pointing, the connection lost %s Twilio took it',
  async (when) => {
    number().sms_url = BEFORE
    await b.ask('live.account', { account_sid: b.simulator.accountSid, auth_token: b.simulator.authToken })
    await b.ask('live.choose', { numbers: [{ sid: number().sid, voice: 'leave' }] })
    await b.ask('live.way', { kind: 'address', url: b.application.main.webhooks })
    await b.until(({ tunnel }) => tunnel.state === 'up')
    b.simulator.faults.rest({ kind: 'drop', when }, 'update', 100)
    const view = await b.ask('live.go', {})
    expect(view.live).toBe(false)
    expect(number().sms_url === BEFORE).toBe(when === 'before')
    // With an own address nothing is put back at the end: the folder is as after a crash at that moment.
    await b.restart({ account: account() })
    b.simulator.faults.clear()
    await b.ask('live.way', { kind: 'address', url: b.application.main.webhooks })
    await b.until(({ live }) => live)
    expect(number().sms_url).toContain(b.application.main.webhooks)
    await b.ask('live.leave', {})
    expect(number().sms_url).toBe(BEFORE)
  },
)

it('quitting puts back what is still at a free subdomain, though another way was chosen meanwhile', async () => {
  await goLive()
  await b.ask('live.way', { kind: 'address', url: 'http://127.0.0.1:9' })
  const away = await b.until(({ tunnel }) => tunnel.url === 'http://127.0.0.1:9')
  expect(away.numbers.find(({ chosen }) => chosen)).toMatchObject({
    state: 'elsewhere',
    problem: expect.stringContaining('before') as unknown,
  })
  await b.application.close()
  expect(number().sms_url).toBe(BEFORE)
})

it('what belongs to another account is kept while this one is live and ends', async () => {
  await goLive()
  b.simulator.faults.rest({ kind: 'drop', when: 'before' }, 'any', 100)
  await b.application.close()
  b.simulator.faults.clear()
  await b.restart({ account: fixedAccount({ accountSid: `AC${'9'.repeat(32)}`, authToken: 'x'.repeat(32) }) })
  await b.ask('live.leave', {})
  await b.restart({ account: account() })
  await b.until(() => number().sms_url === BEFORE)
})
