/** What a number had before it was pointed here: kept whoever's it is, and put back as it was. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { SimNumber } from '../../src/server/carrier/simulator/account.ts'
import { BUSINESS_NUMBER } from '../../src/server/carrier/simulator/index.ts'
import { bed, type Bed } from './bed.ts'

let b: Bed
beforeEach(async () => {
  b = await bed([BUSINESS_NUMBER])
})
afterEach(async () => {
  await b.close()
})

function number(): SimNumber {
  const [one] = b.simulator.account.numbers.values()
  if (!one) throw new Error('the simulator has no number')
  return one
}

async function goLive(voice: 'leave' | 'here' = 'here'): Promise<void> {
  await b.ask('live.account', { account_sid: b.simulator.accountSid, auth_token: b.simulator.authToken })
  await b.ask('live.choose', { numbers: [{ sid: number().sid, voice }] })
  await b.ask('live.way', { kind: 'address', url: b.application.main.webhooks })
  await b.ask('live.go', {})
  await b.until(({ live }) => live)
}

it('another program’s addresses are kept though their paths are like ours', async () => {
  const theirs = {
    sms_url: 'https://app.my-crm.example/webhooks/sms',
    voice_url: 'https://app.my-crm.example/webhooks/voice',
    voice_fallback_url: 'https://app.my-crm.example/webhooks/voice#rc=2',
    status_callback: 'https://app.my-crm.example/webhooks/status',
  }
  Object.assign(number(), theirs)
  await goLive()
  expect(number().sms_url).toContain(b.application.main.webhooks)
  // Who answered calls before answers them while this computer sleeps.
  expect(number().voice_fallback_url).toBe(theirs.voice_url)
  await b.ask('live.leave', {})
  expect(number()).toMatchObject(theirs)
})

it('what an earlier Switchboard left on a free name, and our own, are nothing to put back', async () => {
  Object.assign(number(), {
    sms_url: `https://sb-${'0a'.repeat(16)}.tunnel.example/webhooks/sms`,
    voice_url: `${b.application.main.webhooks}/webhooks/voice`,
    voice_fallback_url: 'https://twimlets.com/echo?Twiml=x',
  })
  await goLive()
  await b.ask('live.leave', {})
  expect(number()).toMatchObject({ sms_url: '', voice_url: '', voice_fallback_url: '' })
})
