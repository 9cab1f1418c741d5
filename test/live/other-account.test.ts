import { afterEach, beforeEach, expect, it } from 'vitest'
import { accountInMemory } from '../../src/server/account.ts'
import { BUSINESS_NUMBER } from '../../src/server/carrier/simulator/index.ts'
import { stepStates } from '../../src/renderer/src/pages/settings/liveSteps.ts'
import { bed, type Bed } from './bed.ts'

let b: Bed
beforeEach(async () => {
  b = await bed([BUSINESS_NUMBER])
})
afterEach(async () => {
  await b.close()
})

it('an account that takes the place of one that was to be live has its own numbers to be chosen first', async () => {
  const account = accountInMemory()
  const before = { accountSid: `AC${'1'.repeat(32)}`, authToken: 'a-token-of-another-account' }
  await account.set(before)
  // Wanted, and the way in never open: nothing of it was pointed here.
  await b.application.main.store.commit({
    why: 'going live',
    settings: [
      {
        _id: 'live.kept',
        value: {
          wanted: true,
          way: { kind: 'address', url: b.own() },
          open: true,
          chosen_of: before.accountSid,
          chosen: [{ sid: `PN${'1'.repeat(32)}`, voice: 'leave', number: '+15550001111' }],
        },
      },
    ],
  })
  await b.restart({ account })
  const view = await b.enter()
  expect(view.account).toMatchObject({ state: 'good', sid: b.simulator.accountSid })
  expect(view.numbers.filter(({ chosen }) => chosen)).toEqual([])
  expect(stepStates(view)).toMatchObject({ account: 'done', numbers: 'current' })
})
