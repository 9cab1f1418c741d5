import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addSender, BUSINESS_NUMBER } from '../../src/server/carrier/simulator/index.ts'
import type { SimSender } from '../../src/server/carrier/simulator/messaging.ts'
import { fixedAccount } from '../../src/server/account.ts'
import { chosenOf } from '../../src/server/live/given.ts'
import { bed, type Bed } from './bed.ts'

const ANN = '+1234567890'
const BEFORE = 'https://before.example/whatsapp'

let b: Bed
let sender: SimSender
beforeEach(async () => {
  b = await bed([BUSINESS_NUMBER])
  sender = addSender(b.simulator.account, BUSINESS_NUMBER, BEFORE)
  sender.webhook.status_callback_url = 'https://before.example/status'
})
afterEach(async () => {
  await b.close()
})

const own = () => b.application.main.webhooks
const enter = () =>
  b.ask('live.account', { account_sid: b.simulator.accountSid, auth_token: b.simulator.authToken })
const view = async () => {
  const { numbers } = await b.ask('live.numbers', {})
  const found = numbers.find(({ sid }) => sid === sender.sid)
  if (!found) throw new Error('the sender is not listed')
  return found
}

async function goLive(...beside: string[]): Promise<void> {
  await enter()
  await b.ask('live.choose', {
    numbers: [...beside, sender.sid].map((sid) => ({ sid, voice: 'leave' as const })),
  })
  await b.ask('live.way', { kind: 'address', url: own() })
  await b.ask('live.go', {})
  await b.until(({ live }) => live)
}

describe('a WhatsApp sender', () => {
  it('is listed beside its number, pointed here, and put back', async () => {
    const { numbers } = await enter()
    expect(numbers.map(({ kind, number, can }) => [kind, number, can.whatsapp])).toEqual([
      ['phone', BUSINESS_NUMBER, false],
      ['whatsapp', BUSINESS_NUMBER, true],
    ])
    await goLive()
    expect(sender.webhook).toEqual({
      callback_url: `${own()}/webhooks/whatsapp`,
      callback_method: 'POST',
      // Whoever else sends by it keeps hearing of what it sent.
      status_callback_url: 'https://before.example/status',
      status_callback_method: 'POST',
    })
    expect(await view()).toMatchObject({ state: 'here', before: { sms_url: BEFORE }, problem: '' })
    const [phone] = b.simulator.account.numbers.values()
    expect(phone?.sms_url).toBe('')

    await b.simulator.text({ from: ANN, to: BUSINESS_NUMBER, medium: 'whatsapp', body: 'Are you open?' })
    const { sessions } = await b.ask('sessions.list', {})
    expect(sessions).toMatchObject([{ communication_type: 'whatsapp' }])

    await b.ask('live.leave', {})
    expect(sender.webhook.callback_url).toBe(BEFORE)
  })

  it('is asked as before again, and where its statuses go is never changed', async () => {
    Object.assign(sender.webhook, { callback_method: 'GET', status_callback_method: 'GET' })
    const before = { ...sender.webhook }
    await goLive()
    expect(sender.webhook).toMatchObject({ callback_method: 'POST', status_callback_method: 'GET' })
    await b.ask('live.leave', {})
    expect(sender.webhook).toEqual(before)
  })

  it('that is asked by GET since brings nothing here, and is said to be changed', async () => {
    await goLive()
    sender.webhook.callback_method = 'GET'
    expect(await view()).toMatchObject({ state: 'elsewhere' })
  })

  it('that another program changed is left so, and said', async () => {
    await goLive()
    sender.webhook.callback_url = 'https://other.example/in'
    expect(await view()).toMatchObject({ state: 'elsewhere' })
    const { test } = await b.ask('live.test', { sid: sender.sid })
    expect(test?.hops.at(-1)).toMatchObject({
      ok: false,
      sentence: expect.stringMatching(/WhatsApp messages .* other\.example/) as unknown,
    })
  })

  it('that is not online is said to be', async () => {
    sender.status = 'OFFLINE'
    await enter()
    expect((await view()).problem).toContain('not online')
  })

  it('alone waits while nobody may be asked about senders', async () => {
    const phone = b.number()
    phone.sms_url = 'https://before.example/sms'
    await goLive(phone.sid)
    expect(phone.sms_url).toContain(own())
    b.simulator.faults.rest({ kind: 'status', status: 500 }, 'messaging', 1_000)
    const { numbers } = await b.ask('live.numbers', {})
    expect(numbers.map(({ kind, state, problem }) => [kind, state, problem !== ''])).toEqual([
      ['phone', 'here', false],
      ['whatsapp', 'here', true],
    ])
    await expect(b.ask('live.leave', {})).rejects.toThrow(/WhatsApp senders could not be read/)
    expect(phone.sms_url).toBe('https://before.example/sms')
    expect((await b.ask('live.get', {})).leaving).toMatchObject({ left: 1, refused: false })
    b.simulator.faults.clear()
    await b.ask('live.leave', {})
    expect(sender.webhook.callback_url).toBe(BEFORE)
  })

  it('is not known to be here after a start at which it could not be read, and numbers go on', async () => {
    const phone = b.number()
    await goLive(phone.sid)
    const port = Number(new URL(own()).port)
    phone.sms_url = 'https://other.example/sms'
    b.simulator.faults.rest({ kind: 'status', status: 500 }, 'messaging', 1_000)
    const credentials = { accountSid: b.simulator.accountSid, authToken: b.simulator.authToken }
    await b.restart({ account: fixedAccount(credentials), webhookPorts: [port] })
    await b.ask('live.go', {})
    expect(phone.sms_url).toContain(own())
    const { live, numbers } = await b.ask('live.get', {})
    expect(live).toBe(false)
    expect(numbers.map(({ state }) => state)).toEqual(['here', 'unread'])
    expect(b.application.main.truth.view().problems).toMatchObject([{ code: 'numbers_unread' }])
    b.simulator.faults.clear()
    await b.ask('live.numbers', {})
    await b.until((view) => view.live)
  })

  it('named from outside stays so while it can’t be read', () => {
    const error = { kind: 'trouble', code: 0, status: 500, sentence: 'Trouble.' } as const
    const given = [{ kind: 'whatsapp', number: BUSINESS_NUMBER, voice: 'leave' } as const]
    const before = [{ sid: sender.sid, voice: 'leave' as const, number: BUSINESS_NUMBER }]
    const unread = (kind: 'trouble' | 'refused') => ({ endpoints: [], unread: { ...error, kind } })
    expect(chosenOf(given, unread('trouble'), before)).toEqual({ chosen: before, missing: [], waiting: true })
    expect(chosenOf(given, unread('trouble'), [])).toEqual({ chosen: [], missing: [], waiting: true })
    expect(chosenOf(given, unread('refused'), [])).toEqual({
      chosen: [],
      missing: [`whatsapp:${BUSINESS_NUMBER}`],
      waiting: false,
    })
  })

  it('is not taken for gone while nobody may be asked about senders', async () => {
    await goLive()
    b.simulator.faults.rest({ kind: 'refuse', code: 20003, status: 403 }, 'messaging', 1_000)
    await expect(b.ask('live.leave', {})).rejects.toMatchObject({ code: 'not_possible' })
    b.simulator.faults.clear()
    await b.ask('live.leave', {})
    expect(sender.webhook.callback_url).toBe(BEFORE)
  })
})
