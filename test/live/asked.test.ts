/** Twilio could not be reached when it was asked about the account: how that ends. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fixedAccount } from '../../src/server/account.ts'
import { BUSINESS_NUMBER } from '../../src/server/carrier/simulator/index.ts'
import { bed, type Bed } from './bed.ts'

let b: Bed
beforeEach(async () => {
  b = await bed([BUSINESS_NUMBER])
  b.simulator.faults.rest({ kind: 'drop', when: 'before' }, 'any', 1_000)
  await b.restart({
    account: fixedAccount({ accountSid: b.simulator.accountSid, authToken: b.simulator.authToken }),
  })
  await b.until(({ account, doing }) => account.checked_at !== null && doing === '')
})
afterEach(async () => {
  await b.close()
})

it('“Ask again” asks about the account too, and says what came of it', async () => {
  const before = await b.ask('live.numbers', {})
  expect(before.account).toMatchObject({ state: 'unreached' })
  expect(before.numbers_read_at).toBeNull()
  b.simulator.faults.clear()
  const after = await b.ask('live.numbers', {})
  expect(after.account).toMatchObject({ state: 'good' })
  expect(after.numbers.map(({ number }) => number)).toEqual([BUSINESS_NUMBER])
})

it('it is asked by itself as soon as Twilio’s lists could be read', async () => {
  b.simulator.faults.clear()
  await b.ask('catch_up.start', {})
  const view = await b.until(({ account, doing }) => account.state === 'good' && doing === '')
  expect(view.numbers).toHaveLength(1)
})
