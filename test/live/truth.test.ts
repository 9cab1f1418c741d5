/** The line of truth says when numbers that are to come here do not, and what to do. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fixedAccount } from '../../src/server/account.ts'
import { BUSINESS_NUMBER } from '../../src/server/carrier/simulator/index.ts'
import { bed, type Bed } from './bed.ts'

let b: Bed
beforeEach(async () => {
  b = await bed([BUSINESS_NUMBER])
  await b.goLive()
})
afterEach(async () => {
  await b.close()
})

const number = () => b.number()
const own = () => b.own()
const truth = () => b.application.main.truth.view()

it('says that a number no longer comes here, and takes it back at a press', async () => {
  expect(truth()).toMatchObject({ state: 'listening', problems: [] })
  number().sms_url = 'https://other.example/sms'
  await b.ask('live.numbers', {})
  expect(truth()).toMatchObject({
    state: 'trouble',
    sentence: expect.stringContaining(BUSINESS_NUMBER) as unknown,
    problems: [{ code: 'numbers_elsewhere' }],
    action: { label: 'Point them here', request: 'live.go' },
  })
  await b.ask('live.go', {})
  expect(truth()).toMatchObject({ state: 'listening', problems: [] })
  await b.ask('live.leave', {})
  expect(truth().problems).toEqual([])
})

it('says what takes the place of a number’s addresses, which no button of ours can undo', async () => {
  number().sms_application_sid = `AP${'1'.repeat(32)}`
  await b.ask('live.numbers', {})
  expect(truth()).toMatchObject({
    problems: [{ code: 'numbers_overridden' }],
    action: { request: 'go_live' },
  })
})

it('says a refused account, an outage of the way and numbers away one at a time', async () => {
  number().sms_url = 'https://other.example/sms'
  b.simulator.faults.rest({ kind: 'refuse', code: 20003, status: 401 }, 'any', 100)
  await b.ask('live.numbers', {})
  expect(truth().problems).toMatchObject([{ code: 'account_unusable' }])
  b.simulator.faults.clear()
  await b.ask('live.numbers', {})
  expect(truth().problems).toMatchObject([{ code: 'numbers_elsewhere' }])
  await b.ask('live.way', { kind: 'address', url: 'http://127.0.0.1:9' })
  await b.until(({ tunnel }) => tunnel.state === 'down')
  expect(truth().problems).toMatchObject([{ code: 'tunnel_down' }])
})

it('says that it is not known where the numbers lead while Twilio can’t be asked after a start', async () => {
  const port = Number(new URL(own()).port)
  b.simulator.faults.rest({ kind: 'drop', when: 'before' }, 'any', 1_000)
  await b.restart({
    account: fixedAccount({ accountSid: b.simulator.accountSid, authToken: b.simulator.authToken }),
    webhookPorts: [port],
  })
  await b.until(({ problem, doing }) => problem !== '' && doing === '')
  expect(truth().problems).toMatchObject([{ code: 'numbers_unread' }])
  b.simulator.faults.clear()
  await b.until(({ live }) => live)
  expect(truth().problems).toEqual([])
})

it('and the self-test does not pass while texts would come by GET', async () => {
  number().sms_method = 'GET'
  const view = await b.ask('live.test', {})
  expect(view.numbers).toMatchObject([{ state: 'elsewhere' }])
  expect(view.test?.hops.at(-1)).toMatchObject({
    ok: false,
    sentence: expect.stringContaining('by GET, and only POST is taken') as unknown,
  })
})

it('and not while its calls go elsewhere', async () => {
  await b.ask('live.choose', { numbers: [{ sid: number().sid, voice: 'here' }] })
  number().voice_url = 'https://other.example/voice'
  const { test } = await b.ask('live.test', {})
  expect(test?.hops.at(-1)).toMatchObject({ ok: false })
})
