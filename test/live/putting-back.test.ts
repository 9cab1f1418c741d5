/** Putting numbers back: field by field, tried again by itself, and only what was chosen is anybody's here. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fixedAccount } from '../../src/server/account.ts'
import { BUSINESS_NUMBER } from '../../src/server/carrier/simulator/index.ts'
import { isChosen } from '../../src/server/live/index.ts'
import { readKept } from '../../src/server/live/kept.ts'
import { bed, type Bed } from './bed.ts'

const OTHER = '+15703251810'

let b: Bed
beforeEach(async () => {
  b = await bed([BUSINESS_NUMBER, OTHER])
})
afterEach(async () => {
  await b.close()
})

const number = (which: string) => b.number(which)

/** The same account at the same port. */
const again = () =>
  b.restart({
    account: fixedAccount({ accountSid: b.simulator.accountSid, authToken: b.simulator.authToken }),
    webhookPorts: [Number(new URL(b.application.main.webhooks).port)],
  })

async function goLive(voice: 'leave' | 'here' = 'leave'): Promise<void> {
  for (const which of [BUSINESS_NUMBER, OTHER]) number(which).sms_url = `https://before.example/${which}`
  await b.goLive(voice)
}

it('what somebody else changed is left so, and the rest of that number is put back', async () => {
  await goLive('here')
  number(OTHER).voice_url = 'https://studio.example/flow'
  await b.ask('live.leave', {})
  expect(number(OTHER)).toMatchObject({
    sms_url: `https://before.example/${OTHER}`,
    voice_url: 'https://studio.example/flow',
    status_callback: '',
  })
})

it('a put-back that fails as one stops being live is tried again by itself', async () => {
  await goLive()
  b.simulator.faults.rest({ kind: 'status', status: 500 }, 'update', 1)
  await expect(b.ask('live.leave', {})).rejects.toMatchObject({ code: 'not_possible' })
  const view = await b.until(({ tunnel }) => tunnel.state === 'off')
  expect(view).toMatchObject({ wanted: false, live: false })
  for (const which of [BUSINESS_NUMBER, OTHER])
    expect(number(which).sms_url).toBe(`https://before.example/${which}`)
  // Of no number that was not chosen are texts caught up with afterwards.
  const kept = readKept(b.application.main.store)
  expect(isChosen(kept, OTHER, 'sms', b.simulator.accountSid)).toBe(true)
  expect(isChosen(kept, '+15703251899', 'sms', b.simulator.accountSid)).toBe(false)
})

it('what is left is said with when it is tried again, and can be tried now', async () => {
  await goLive()
  b.simulator.faults.rest({ kind: 'status', status: 500 }, 'update', 2)
  await expect(b.ask('live.leave', {})).rejects.toMatchObject({ code: 'not_possible' })
  const { leaving, wanted } = await b.ask('live.get', {})
  expect(wanted).toBe(false)
  expect(leaving).toMatchObject({ left: 2, why: expect.stringContaining('HTTP 500') as string })
  expect(Date.parse(leaving?.next_try_at ?? '')).toBeGreaterThan(Date.now())
  const numbers = b.application.main.truth.view().parts.find(({ id }) => id === 'numbers')
  expect(numbers).toMatchObject({ state: 'trouble' })
  expect(numbers?.sentence).toContain('could not be put back yet')
  expect((await b.ask('live.leave', {})).leaving).toBeNull()
  expect(number(OTHER).sms_url).toBe(`https://before.example/${OTHER}`)
})

it('whoever goes live again while numbers are left keeps them here, and what they had before stays known', async () => {
  await goLive()
  b.simulator.faults.rest({ kind: 'status', status: 500 }, 'update', 2)
  await expect(b.ask('live.leave', {})).rejects.toMatchObject({ code: 'not_possible' })
  await b.ask('live.go', {})
  const view = await b.until(({ live }) => live)
  expect(view.leaving).toBeNull()
  await b.ask('live.leave', {})
  expect(number(OTHER).sms_url).toBe(`https://before.example/${OTHER}`)
})

it('a way chosen while numbers are still being put back stays open once they are', async () => {
  await goLive()
  b.simulator.faults.rest({ kind: 'status', status: 500 }, 'update', 1)
  await expect(b.ask('live.leave', {})).rejects.toMatchObject({ code: 'not_possible' })
  await b.ask('live.way', { kind: 'address', url: b.application.main.webhooks })
  const view = await b.until(({ numbers }) => numbers.every(({ state }) => state === 'untouched'))
  expect(view.tunnel.state).not.toBe('off')
})

it('a number no longer chosen that could not be put back is said, and tried again', async () => {
  await goLive()
  b.simulator.faults.rest({ kind: 'status', status: 500 }, 'update', 1)
  const view = await b.ask('live.choose', { numbers: [{ sid: number(BUSINESS_NUMBER).sid, voice: 'leave' }] })
  expect(view.numbers.find((one) => one.number === OTHER)?.problem).toContain('HTTP 500')
  await b.until(({ numbers }) => numbers.find((one) => one.number === OTHER)?.state === 'untouched')
  expect(number(OTHER).sms_url).toBe(`https://before.example/${OTHER}`)
  expect(number(BUSINESS_NUMBER).sms_url).toContain(b.application.main.webhooks)
})

it('once it is no longer to be live a start opens no way in, until one is chosen', async () => {
  await goLive()
  await b.ask('live.leave', {})
  await again()
  await b.ask('live.numbers', {})
  expect(await b.ask('live.get', {})).toMatchObject({
    wanted: false,
    way: { kind: 'address' },
    tunnel: { state: 'off' },
  })
  await b.ask('live.way', { kind: 'address', url: b.application.main.webhooks })
  await again()
  await b.until(({ tunnel }) => tunnel.state === 'up')
})

it('numbers that a start finds not put back keep the way in open until they are', async () => {
  await goLive()
  b.simulator.faults.rest({ kind: 'status', status: 500 }, 'update', 100)
  await expect(b.ask('live.leave', {})).rejects.toMatchObject({ code: 'not_possible' })
  await again()
  await b.until(({ tunnel, leaving }) => tunnel.state === 'up' && leaving?.left === 2)
  b.simulator.faults.clear()
  await b.until(({ tunnel, leaving }) => tunnel.state === 'off' && leaving === null)
  expect(number(OTHER).sms_url).toBe(`https://before.example/${OTHER}`)
})
