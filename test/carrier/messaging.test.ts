import { expect, it, onTestFinished } from 'vitest'
import {
  addApplication,
  addBrand,
  addSender,
  addService,
  createSimulator,
  manualClock,
} from '../../src/server/carrier/simulator/index.ts'
import type { SimNumber } from '../../src/server/carrier/simulator/account.ts'
import { ANN, BUSINESS, carrierOf, MORNING, webhooks } from './support.ts'

const SECOND = '+15703251810'

async function company() {
  const clock = manualClock(MORNING)
  const simulator = await createSimulator({ clock, numbers: [BUSINESS, SECOND] })
  onTestFinished(() => simulator.close())
  const numbers = [...simulator.account.numbers.values()]
  const [first, second] = numbers
  if (!first || !second) throw new Error('two numbers')
  return { simulator, first, second, messaging: carrierOf(simulator).account.messaging }
}

it('lists services with their numbers, page by page', async () => {
  const { simulator, first, second, messaging } = await company()
  const many = Array.from({ length: 120 }, (_, index) =>
    addService(simulator.account, { friendly_name: `Service ${String(index)}`, numbers: [] }),
  )
  const ours = addService(simulator.account, {
    friendly_name: 'Reminders',
    numbers: [first, second],
    inbound_request_url: 'https://other.example/in',
    us_app_to_person_registered: true,
  })
  const services = await messaging.services()
  if (!services.ok) throw new Error(services.error.sentence)
  expect(services.value).toHaveLength(many.length + 1)
  const found = services.value.find(({ sid }) => sid === ours.sid)
  expect(found?.numbers.toSorted()).toEqual([first.sid, second.sid].toSorted())
  expect(found).toMatchObject({
    name: 'Reminders',
    inbound_url: 'https://other.example/in',
    leavesToNumber: false,
    isRegistered: true,
  })
})

it('reads applications, senders and brands, and points a sender', async () => {
  const { simulator, messaging } = await company()
  const application = addApplication(simulator.account, { sms_url: 'https://helpdesk.example/sms' })
  const sender = addSender(simulator.account, SECOND, 'https://before.example/wa')
  addBrand(simulator.account, 'FAILED')
  addBrand(simulator.account, 'APPROVED')

  expect(await messaging.application(application.sid)).toMatchObject({
    ok: true,
    value: { name: 'Helpdesk', sms_url: 'https://helpdesk.example/sms', voice_url: '' },
  })
  expect(await messaging.application('AP00000000000000000000000000000000')).toMatchObject({
    ok: false,
    error: { code: 20404 },
  })
  const brands = await messaging.brands()
  expect(brands.ok && brands.value.map(({ isApproved }) => isApproved).toSorted()).toEqual([false, true])

  const webhook = {
    callback_url: 'https://us.example/wa',
    callback_method: 'GET',
    status_callback_url: 'https://us.example/status',
    status_callback_method: 'POST',
  }
  expect(await messaging.pointSender(sender.sid, webhook)).toEqual({ ok: true, value: undefined })
  expect(await messaging.senders()).toEqual({
    ok: true,
    value: [{ sid: sender.sid, number: SECOND, isOnline: true, webhook }],
  })
})

it.each<
  [string, (account: Parameters<typeof addService>[0], number: SimNumber, elsewhere: string) => void, string]
>([
  [
    'a service with an address of its own',
    (account, number, elsewhere) => {
      addService(account, { numbers: [number], inbound_request_url: elsewhere })
    },
    '/elsewhere',
  ],
  [
    'a service that leaves it to the number',
    (account, number, elsewhere) => {
      addService(account, {
        numbers: [number],
        inbound_request_url: elsewhere,
        use_inbound_webhook_on_number: true,
      })
    },
    '/number',
  ],
  [
    'a service that drops what comes',
    (account, number) => {
      addService(account, { numbers: [number] })
    },
    '',
  ],
  [
    'an application',
    (account, number, elsewhere) => {
      number.sms_application_sid = addApplication(account, { sms_url: elsewhere }).sid
    },
    '/elsewhere',
  ],
])('a text goes where %s says', async (_, prepare, path) => {
  const { simulator, first } = await company()
  const hooks = await webhooks()
  first.sms_url = `${hooks.base}/number`
  prepare(simulator.account, first, `${hooks.base}/elsewhere`)
  await simulator.text({ from: ANN, medium: 'sms', body: 'Hello' })
  expect(hooks.seen.map((hook) => hook.path)).toEqual(path === '' ? [] : [path])
})

it('a trial account writes to verified numbers only', async () => {
  const { simulator } = await company()
  simulator.account.isTrial = true
  const { send } = carrierOf(simulator)
  const text = { medium: 'sms' as const, from: BUSINESS, to: ANN, body: 'Hello' }
  expect(await send(text)).toMatchObject({ ok: false, error: { kind: 'refused', code: 21608 } })
  simulator.account.messaging.verified.add(ANN)
  expect(await send(text)).toMatchObject({ ok: true })
})
