/** An account that Twilio no longer takes: it can be forgotten or replaced, and what its numbers had stays known. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { BUSINESS_NUMBER } from '../../src/server/carrier/simulator/index.ts'
import { readKept } from '../../src/server/live/kept.ts'
import { bed, type Bed } from './bed.ts'

const BEFORE = 'https://before.example/sms'

let b: Bed
beforeEach(async () => {
  b = await bed([BUSINESS_NUMBER])
})
afterEach(async () => {
  await b.close()
})

const number = () => b.number()
const account = () => ({ account_sid: b.simulator.accountSid, auth_token: b.simulator.authToken })

async function goLive(): Promise<void> {
  number().sms_url = BEFORE
  await b.goLive()
}

it('is forgotten all the same once a person has read which numbers are left, and used when it comes back', async () => {
  await goLive()
  const { authToken } = b.simulator
  b.simulator.account.token = 'f'.repeat(32)
  await expect(b.ask('live.forget', {})).rejects.toMatchObject({ code: 'not_possible' })
  const { leaving, account: still } = await b.ask('live.get', {})
  expect(still.sid).toBe(b.simulator.accountSid)
  expect(leaving).toMatchObject({
    refused: true,
    numbers: [
      {
        number: BUSINESS_NUMBER,
        set: [{ name: 'sms_url', now: `${b.application.main.webhooks}/webhooks/sms`, before: BEFORE }],
      },
    ],
  })

  const forgotten = await b.ask('live.forget', { anyway: true })
  expect(forgotten).toMatchObject({
    account: { state: 'none' },
    wanted: false,
    leaving: null,
    tunnel: { state: 'off' },
  })
  expect(readKept(b.application.main.store).pointed).toMatchObject([
    { account: b.simulator.accountSid, before: { sms_url: BEFORE } },
  ])

  b.simulator.account.token = authToken
  await b.ask('live.account', account())
  expect(number().sms_url).toBe(BEFORE)
  expect(readKept(b.application.main.store).pointed).toEqual([])
})

it('what an earlier version kept without saying whose it is does not become the next account’s', async () => {
  await goLive()
  const { store } = b.application.main
  const kept = readKept(store)
  const pointed = kept.pointed.map((one) => ({ ...one, account: '' }))
  await store.commit({
    why: 'an earlier version',
    settings: [{ _id: 'live.kept', value: { ...kept, pointed } }],
  })
  b.simulator.account.status = 'closed'
  b.simulator.account.token = 'f'.repeat(32)
  await b.ask('live.forget', { anyway: true })
  expect(readKept(store).pointed).toMatchObject([{ account: b.simulator.accountSid }])
})

it('is not forgotten where Twilio only could not be asked: that is tried again', async () => {
  await goLive()
  b.simulator.faults.rest({ kind: 'drop', when: 'before' }, 'any', 1_000)
  await expect(b.ask('live.forget', { anyway: true })).rejects.toMatchObject({ code: 'not_possible' })
  const { leaving, account: still } = await b.ask('live.get', {})
  expect(leaving).toMatchObject({ left: 1, refused: false })
  expect(still.sid).toBe(b.simulator.accountSid)
  b.simulator.faults.clear()
  await b.ask('live.forget', {})
  expect(number().sms_url).toBe(BEFORE)
})
