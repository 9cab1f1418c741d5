/** What another program changes of a number is its own; what it leaves alone goes on leading here. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Addresses } from '../../src/shared/live.ts'
import { BUSINESS_NUMBER } from '../../src/server/carrier/simulator/index.ts'
import { changedSince } from '../../src/server/live/changes.ts'
import { bed, type Bed } from './bed.ts'

let b: Bed
beforeEach(async () => {
  b = await bed([BUSINESS_NUMBER])
  Object.assign(number(), {
    sms_url: 'https://before.example/sms',
    voice_url: 'https://before.example/voice',
    voice_method: 'GET',
  })
  await b.goLive('here')
})
afterEach(async () => {
  await b.close()
})

const number = () => b.number()
const own = () => b.own()
const other = () => own().replace('127.0.0.1', 'localhost')

const addressChanges = () => b.moveTo(other())

it('a number whose fallback for calls was changed is pointed at a new address, and keeps that fallback', async () => {
  number().voice_fallback_url = 'https://studio.example/flow'
  await addressChanges()
  expect(number()).toMatchObject({
    sms_url: expect.stringContaining(other()) as unknown,
    voice_url: expect.stringContaining(other()) as unknown,
    status_callback: expect.stringContaining(other()) as unknown,
    voice_fallback_url: 'https://studio.example/flow',
  })
  expect(await b.ask('live.get', {})).toMatchObject({ live: true, numbers: [{ state: 'here', problem: '' }] })
  await b.ask('live.leave', {})
  expect(number()).toMatchObject({
    sms_url: 'https://before.example/sms',
    voice_url: 'https://before.example/voice',
    voice_fallback_url: 'https://studio.example/flow',
  })
})

it('a number whose texts were taken keeps its calls here at a new address, and says that the texts are elsewhere', async () => {
  Object.assign(number(), { sms_url: 'https://other.example/sms', sms_method: 'GET' })
  await addressChanges()
  expect(number()).toMatchObject({
    sms_url: 'https://other.example/sms',
    sms_method: 'GET',
    voice_url: expect.stringContaining(other()) as unknown,
  })
  expect(await b.ask('live.get', {})).toMatchObject({
    live: false,
    numbers: [{ state: 'elsewhere', problem: expect.stringContaining('Another program') as unknown }],
  })
  // Taken back, theirs is what the texts have afterwards; the calls go back to who had them first.
  await b.ask('live.go', {})
  expect(number().sms_url).toContain(other())
  await b.ask('live.leave', {})
  expect(number()).toMatchObject({
    sms_url: 'https://other.example/sms',
    sms_method: 'GET',
    voice_url: 'https://before.example/voice',
    voice_method: 'GET',
  })
})

it('a number whose calls were changed while they were left alone goes back to that, once they came here in between', async () => {
  const sid = number().sid
  await b.ask('live.choose', { numbers: [{ sid, voice: 'leave' }] })
  number().voice_url = 'https://newer.example/voice'
  await b.ask('live.choose', { numbers: [{ sid, voice: 'here' }] })
  expect(number()).toMatchObject({
    voice_url: expect.stringContaining(own()) as unknown,
    voice_fallback_url: 'https://newer.example/voice',
  })
  await b.ask('live.choose', { numbers: [{ sid, voice: 'leave' }] })
  expect(number().voice_url).toBe('https://newer.example/voice')
})

it('in a number as it was at any moment of ours, or before, nothing has changed; a mixture has', () => {
  const before: Addresses = {
    sms_url: 'b',
    sms_method: 'GET',
    sms_fallback_url: '',
    voice_url: 'b',
    voice_method: 'GET',
    voice_fallback_method: 'GET',
    status_callback_method: 'GET',
    voice_fallback_url: '',
    status_callback: '',
  }
  const was = { sms_url: '1', sms_method: 'POST' }
  const ours = { sms_url: '2', sms_method: 'POST', voice_url: '2', voice_method: 'POST' }
  const changed = (now: Partial<Addresses>, known: Parameters<typeof changedSince>[1]) => [
    ...changedSince({ ...before, ...now }, known),
  ]
  for (const now of [{}, was, ours]) expect(changed(now, { before, ours, was })).toEqual([])
  expect(changed({ ...ours, sms_url: 'b' }, { before, ours, was })).toEqual(['sms_url', 'sms_method'])
  expect(changed({ ...ours, sms_url: 'x' }, { before, ours })).toEqual(['sms_url', 'sms_method'])
  // Calls that no longer come here, put back.
  expect(changed({ sms_url: '1', sms_method: 'POST' }, { before, ours: was, was: ours })).toEqual([])
})

it('a number that is to be taken back while the way is down is taken back once it is up', async () => {
  await b.ask('live.way', { kind: 'address', url: 'http://127.0.0.1:9' })
  await b.until(({ tunnel }) => tunnel.state === 'down')
  number().sms_url = 'https://other.example/sms'
  const pressed = await b.ask('live.go', {})
  expect(pressed.live).toBe(false)
  expect(number().sms_url).toBe('https://other.example/sms')
  await b.ask('live.way', { kind: 'address', url: own() })
  await b.until(({ doing }) => doing === '' && number().sms_url.includes(own()))
  // Asked for once: what another takes later is left so.
  number().sms_url = 'https://other.example/sms'
  await addressChanges()
  expect(number().sms_url).toBe('https://other.example/sms')
})

it('a number that is to be taken back while Twilio does not answer is taken back once it does', async () => {
  number().sms_url = 'https://other.example/sms'
  b.simulator.faults.rest({ kind: 'status', status: 500 }, 'any', 100)
  const pressed = await b.ask('live.go', {})
  expect(pressed.problem).toContain('HTTP 500')
  b.simulator.faults.clear()
  await b.until(() => number().sms_url.includes(own()))
})
