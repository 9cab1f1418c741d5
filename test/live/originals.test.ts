/** What a number had first comes back, whatever stood in the way of the addresses between. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { BUSINESS_NUMBER } from '../../src/server/carrier/simulator/index.ts'
import { beforeOf } from '../../src/server/live/addresses.ts'
import { bed, type Bed } from './bed.ts'

const BEFORE = 'https://before.example/sms'
let b: Bed
const number = () => b.number()
const own = () => b.own()
const at = (host: string) => own().replace('127.0.0.1', host)

beforeEach(async () => {
  b = await bed([BUSINESS_NUMBER])
  Object.assign(number(), { sms_url: BEFORE, voice_url: 'https://before.example/voice', voice_method: 'GET' })
})
afterEach(async () => {
  await b.close()
})

it('though two addresses on end were refused', async () => {
  await b.goLive('here')
  b.simulator.faults.rest({ kind: 'refuse', code: 21_502, status: 400 }, 'update', 100)
  await b.moveTo(at('localhost'))
  await b.moveTo(at('third.localhost'))
  b.simulator.faults.clear()
  await b.moveTo(at('fourth.localhost'))
  await b.until(({ live }) => live)
  expect(number().sms_url).toContain(at('fourth.localhost'))
  await b.ask('live.leave', {})
  expect(number()).toMatchObject({ sms_url: BEFORE, voice_url: 'https://before.example/voice' })
})

it('though another console emptied it, having found a free name of ours there', async () => {
  await b.goLive('here')
  Object.assign(number(), { sms_url: '' })
  await b.ask('live.leave', {})
  expect(number().sms_url).toBe(BEFORE)
})

it('a number whose former owner has set it as it was is not taken again unasked', async () => {
  const was = { ...number() }
  await b.goLive('here')
  Object.assign(number(), was)
  await b.moveTo(at('localhost'))
  const view = await b.until(({ numbers }) => numbers.some(({ state }) => state === 'elsewhere'))
  expect(view.live).toBe(false)
  expect(number().sms_url).toBe(BEFORE)
})

it('one that could not be pointed is, though the way was down when it was to be tried again', async () => {
  await b.goLive('here')
  b.simulator.faults.rest({ kind: 'status', status: 500 }, 'update', 1)
  await b.moveTo(at('localhost'))
  expect(number().sms_url).toContain(own())
  await b.ask('live.way', { kind: 'address', url: 'http://127.0.0.1:9' })
  await b.ask('live.numbers', {})
  await b.moveTo(at('localhost'))
  await b.until(({ live }) => live)
  expect(number().sms_url).toContain(at('localhost'))
})

it('of a WhatsApp sender too, that another console had in between', () => {
  const none = {
    sms_fallback_url: '',
    voice_url: '',
    voice_method: '',
    voice_fallback_url: '',
    status_callback: '',
  }
  const methods = { sms_method: '', voice_fallback_method: '', status_callback_method: '' }
  const at = (sms_url: string) => ({ ...none, ...methods, sms_url })
  const known = { before: at(BEFORE), ours: { sms_url: 'https://a.example/webhooks/whatsapp' } }
  expect(beforeOf(at('https://b.example/webhooks/whatsapp'), [], known).sms_url).toBe(BEFORE)
  expect(beforeOf(at('https://crm.example/whatsapp'), [], known).sms_url).toBe('https://crm.example/whatsapp')
})
