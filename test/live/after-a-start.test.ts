/** What is kept is not what Twilio has: after a start the numbers are looked at, whatever was written down. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fixedAccount } from '../../src/server/account.ts'
import { BUSINESS_NUMBER } from '../../src/server/carrier/simulator/index.ts'
import { bed, type Bed } from './bed.ts'

let b: Bed
beforeEach(async () => {
  b = await bed([BUSINESS_NUMBER])
})
afterEach(async () => {
  await b.close()
})

const number = () => b.number()
const own = () => b.own()
const account = () => ({ account_sid: b.simulator.accountSid, auth_token: b.simulator.authToken })

async function chosen(): Promise<void> {
  await b.ask('live.account', account())
  await b.ask('live.choose', { numbers: [{ sid: number().sid, voice: 'leave' }] })
  await b.ask('live.way', { kind: 'address', url: own() })
  await b.until(({ tunnel }) => tunnel.state === 'up')
}

/** The same account and the same address: an own one stays pointed at, as after a crash. */
const again = () =>
  b.restart({
    account: fixedAccount({ accountSid: b.simulator.accountSid, authToken: b.simulator.authToken }),
    webhookPorts: [Number(new URL(own()).port)],
  })

it('a number that was written down, and never pointed, is pointed', async () => {
  await chosen()
  b.simulator.faults.rest({ kind: 'drop', when: 'before' }, 'update', 100)
  await b.ask('live.go', {})
  expect(number().sms_url).toBe('')
  b.simulator.faults.clear()
  await again()
  await b.until(({ live }) => live)
  expect(number().sms_url).toContain(own())
})

it('a number that another program took meanwhile is said, and left so', async () => {
  await chosen()
  await b.ask('live.go', {})
  number().sms_url = 'https://other.example/sms'
  await again()
  const view = await b.until(({ numbers }) => numbers.some(({ problem }) => problem !== ''))
  expect(view.numbers).toMatchObject([
    { state: 'elsewhere', problem: expect.stringContaining('Another program') as unknown },
  ])
  expect(number().sms_url).toBe('https://other.example/sms')
})

it('a token that was kept in memory only, entered again, brings it live again', async () => {
  await chosen()
  await b.ask('live.go', {})
  await b.restart({ webhookPorts: [Number(new URL(own()).port)] })
  number().sms_url = ''
  expect(await b.ask('live.get', {})).toMatchObject({ wanted: true, tunnel: { state: 'off' } })
  await b.ask('live.account', account())
  await b.until(({ live }) => live)
  expect(number().sms_url).toContain(own())
})
