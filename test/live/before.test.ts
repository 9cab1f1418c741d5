/** What a number had before it was pointed here: kept whoever's it is, and put back as it was. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { SimNumber } from '../../src/server/carrier/simulator/account.ts'
import { BUSINESS_NUMBER } from '../../src/server/carrier/simulator/index.ts'
import { readKept } from '../../src/server/live/kept.ts'
import { bed, type Bed } from './bed.ts'

let b: Bed
/** A second console on the same account. */
let other: Bed
beforeEach(async () => {
  b = await bed([BUSINESS_NUMBER])
  other = await bed(undefined, b)
})
afterEach(async () => {
  await other.close()
  await b.close()
})

function number(): SimNumber {
  const [one] = b.simulator.account.numbers.values()
  if (!one) throw new Error('the simulator has no number')
  return one
}

async function goLive(on = b, voice: 'leave' | 'here' = 'here'): Promise<void> {
  await on.ask('live.account', { account_sid: b.simulator.accountSid, auth_token: b.simulator.authToken })
  await on.ask('live.choose', { numbers: [{ sid: number().sid, voice }] })
  await on.ask('live.way', { kind: 'address', url: on.application.main.webhooks })
  await on.ask('live.go', {})
  await on.until(({ live }) => live)
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

it('another program on the host of our own address is somebody’s too', async () => {
  const own = b.application.main.webhooks
  const theirs = { sms_url: `${own}/crm/webhooks/sms`, voice_url: `${own}/crm/webhooks/voice#rc=2` }
  Object.assign(number(), theirs)
  await goLive()
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

it('of two consoles on one account each puts back what it found', async () => {
  const before = { sms_url: 'https://before.example/sms', voice_url: 'https://before.example/voice' }
  Object.assign(number(), before)
  await goLive(b)
  await goLive(other)
  expect(number().sms_url).toContain(other.application.main.webhooks)
  // Who answers calls for the first one while it sleeps does so for the second: the first may sleep as well.
  expect(number().voice_fallback_url).toBe(before.voice_url)
  await other.ask('live.leave', {})
  expect(number()).toMatchObject({
    sms_url: expect.stringContaining(b.application.main.webhooks) as unknown,
    voice_url: expect.stringContaining(b.application.main.webhooks) as unknown,
  })
  expect((await b.ask('live.numbers', {})).live).toBe(true)
  await b.ask('live.leave', {})
  expect(number()).toMatchObject({ ...before, voice_fallback_url: '', status_callback: '' })
})

it('a number taken back from another console keeps what it had before the first of them', async () => {
  const before = { sms_url: 'https://before.example/sms', voice_url: 'https://before.example/voice' }
  Object.assign(number(), before)
  await goLive(b)
  await goLive(other)
  await b.ask('live.go', {})
  expect(number().sms_url).toContain(b.application.main.webhooks)
  await other.ask('live.leave', {})
  await b.ask('live.leave', {})
  expect(number()).toMatchObject({ ...before, voice_fallback_url: '', status_callback: '' })
})

it('a number emptied meanwhile, or changed in one address, is taken back without losing what it had', async () => {
  const before = { sms_url: 'https://before.example/sms', voice_url: 'https://before.example/voice' }
  Object.assign(number(), before)
  await goLive()
  Object.assign(number(), { sms_url: '', voice_url: 'https://studio.example/flow' })
  await b.ask('live.go', {})
  await b.ask('live.leave', {})
  expect(number()).toMatchObject({ sms_url: before.sms_url, voice_url: 'https://studio.example/flow' })
})

it('how calls and their ends were asked for is kept, used for the fallback, and put back', async () => {
  const before = {
    voice_url: 'https://before.example/voice',
    voice_method: 'GET',
    voice_fallback_url: 'https://before.example/fallback',
    voice_fallback_method: 'POST',
    status_callback: 'https://before.example/ended',
    status_callback_method: 'GET',
  }
  Object.assign(number(), before)
  await goLive()
  expect(number()).toMatchObject({
    voice_method: 'POST',
    voice_fallback_url: before.voice_url,
    voice_fallback_method: 'GET',
    status_callback_method: 'POST',
  })
  await b.simulator.call({ from: '+1234567890' })
  // That the call ended was told here, by a method that is taken.
  expect(b.simulator.account.alerts).toEqual([])
  await b.ask('live.leave', {})
  expect(number()).toMatchObject(before)
})

it('a number pointed here by an earlier version, which kept no methods, goes on and is put back', async () => {
  number().status_callback_method = 'GET'
  await goLive()
  // Nothing is under way any more.
  await b.ask('live.numbers', {})
  const { store } = b.application.main
  const kept = readKept(store)
  const [entry] = kept.pointed
  if (!entry) throw new Error('nothing is kept')
  const withoutMethods = (of: object): object =>
    Object.fromEntries(
      Object.entries(of).filter(([name]) => !/^(voice_fallback|status_callback)_method$/.test(name)),
    )
  const old = { ...entry, before: withoutMethods(entry.before), ours: withoutMethods(entry.ours) }
  await store.commit({
    why: 'an earlier version',
    settings: [{ _id: 'live.kept', value: { ...kept, pointed: [old] } }],
  })
  number().status_callback_method = 'GET'
  await b.ask('live.go', {})
  expect(number().status_callback_method).toBe('POST')
  await b.ask('live.leave', {})
  expect(number()).toMatchObject({ sms_url: '', status_callback: '', status_callback_method: 'GET' })
})

it('calls that are to be left alone again go back to who had them, though Twilio failed the first time', async () => {
  number().voice_url = 'https://before.example/voice'
  await goLive()
  b.simulator.faults.rest({ kind: 'status', status: 500 }, 'update', 1)
  await b.ask('live.choose', { numbers: [{ sid: number().sid, voice: 'leave' }] })
  await b.until(({ numbers }) => numbers.every(({ problem }) => problem === ''))
  expect(number()).toMatchObject({
    sms_url: expect.stringContaining(b.application.main.webhooks) as unknown,
    voice_url: 'https://before.example/voice',
    voice_fallback_url: '',
    status_callback: '',
  })
})
