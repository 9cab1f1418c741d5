import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Simulation, startSimulation } from '../../src/server/simulation.ts'
import { ANN } from '../support/running.ts'
import { type Asking, asking } from './asking.ts'

const HOUR = 3_600_000
let folder: string
let simulation: Simulation
let ask: Asking
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchboard-'))
  simulation = await startSimulation({
    folder: join(folder, 'simulation'),
    webhookPorts: [0],
    version: 'test',
    logSinks: [],
  })
  ask = asking(() => simulation.switchboard)
})
afterEach(async () => {
  await simulation.close()
  await rm(folder, { recursive: true, force: true })
})

const channel_id = (): string => simulation.switchboard.store.channels()[0]?._id ?? ''
const settled = async (): Promise<void> => {
  await simulation.switchboard.idle()
  await simulation.simulator.idle()
  await simulation.switchboard.idle()
}
const sent = () =>
  [...simulation.simulator.account.messages.values()].filter((m) => m.direction !== 'inbound')
let drafts = 0
const send = (more: object) =>
  ask('messages.send', {
    channel_id: channel_id(),
    medium: 'whatsapp',
    contact: ANN,
    draft: `draft-${String(++drafts).padStart(4, '0')}`,
    ...more,
  })

describe('WhatsApp outside its 24 hours', () => {
  beforeEach(async () => {
    await ask('settings.set', { key: 'replies.enabled', value: false })
    await simulation.phones.text({ from: ANN, medium: 'whatsapp', body: 'hello' })
  })

  it('templates of the account are listed with what WhatsApp says of them', async () => {
    const list = await ask('content.list', { channel_id: channel_id() })
    expect(list.map(({ name, approved }) => [name, approved])).toEqual([
      ['order_ready', true],
      ['may_we_write', true],
      ['spring_sale', false],
    ])
    expect(list[0]).toMatchObject({
      language: 'en',
      body: 'Hello {{1}}, your order {{2}} is ready. We are open until {{3}}.',
      variables: [
        { name: '1', example: 'Ann' },
        { name: '2', example: '1042' },
        { name: '3', example: '18:00' },
      ],
      types: ['twilio/text'],
    })
  })

  it('free words are refused, a template goes out and arrives as what it comes to', async () => {
    await simulation.phones.advance(25 * HOUR)
    await expect(send({ body: 'Hi' })).rejects.toMatchObject({ code: 'not_possible' })
    const [order] = await ask('content.list', { channel_id: channel_id() })
    const content = { sid: order?.sid ?? '', variables: { 1: 'Ann', 2: '77', 3: 'six' } }
    const message = await send({ content })
    expect(message).toMatchObject({
      content: 'Hello Ann, your order 77 is ready. We are open until six.',
      template: content,
    })
    await settled()
    expect(await simulation.switchboard.store.find(message._id)).toMatchObject({ status: 'delivered' })
    expect(sent().map(({ body }) => body)).toEqual([message.content])
    const empty = { ...content, variables: { ...content.variables, 2: ' ' } }
    await expect(send({ content: empty })).rejects.toMatchObject({ code: 'not_possible' })
    await expect(send({ content: { sid: 'HXnone', variables: {} } })).rejects.toMatchObject({
      code: 'not_possible',
    })
  })

  it('templates may be sent within the hours too, and by nothing but WhatsApp', async () => {
    const list = await ask('content.list', { channel_id: channel_id() })
    const content = { sid: list[1]?.sid ?? '', variables: {} }
    const { _id } = await send({ content })
    await settled()
    expect(await simulation.switchboard.store.find(_id)).toMatchObject({ status: 'delivered' })
    await expect(send({ content, medium: 'sms' })).rejects.toMatchObject({ code: 'not_possible' })
  })

  it('Twilio says so at once or later, and a sandbox not joined is said too', async () => {
    const { account, faults } = simulation.simulator
    const outcome = async (body: string) => {
      const { _id } = await send({ body })
      await settled()
      const message = await simulation.switchboard.store.find(_id)
      return [message?.status, message?.error_code]
    }
    account.lastInbound.clear()
    expect(await outcome('later')).toEqual(['failed', 63016])
    faults.window('api')
    expect(await outcome('at once')).toEqual(['failed', 63016])
    await simulation.phones.text({ from: ANN, medium: 'whatsapp', body: 'again' })
    faults.number(ANN, { at: 'delivery', code: 63015, status: 'failed' })
    expect(await outcome('sandbox')).toEqual(['failed', 63015])
    faults.number(ANN, { at: 'api', code: 63015 })
    expect(await outcome('sandbox, at once')).toEqual(['failed', 63015])
  })
})

type Step = 'stop' | 'start' | 'text' | 'send' | 'retry' | 'limit' | 'later' | 'refuse'
const STEPS: Step[] = ['stop', 'start', 'text', 'send', 'retry', 'limit', 'later', 'refuse']

it('whatever the order of words, sending, retries and automatic answers: nobody who opted out is written to', async () => {
  await ask('settings.set', { key: 'replies.enabled', value: true })
  let number = 0
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...STEPS), { maxLength: 12 }), async (steps) => {
      const from = `+1570555${String(1000 + ++number)}`
      const { simulator, switchboard, phones } = simulation
      const text = (body: string) => phones.text({ from, medium: 'sms', body })
      await text('hello')
      let isOut = false
      let before = 0
      const toThem = () => sent().filter(({ to }) => to === from).length
      const last: string[] = []
      for (const step of steps) {
        before = toThem()
        const wasOut = isOut
        if (step === 'stop') {
          isOut = true
          await text('Stop ')
        } else if (step === 'start') {
          isOut = false
          await text('UNSTOP')
        } else if (step === 'text') await text('is it ready?')
        else if (step === 'limit') simulator.faults.rest({ kind: 'limited', retryAfter: 60 }, 'create')
        else if (step === 'later') await phones.advance(120_000)
        else if (step === 'refuse') simulator.faults.rest({ kind: 'refuse', code: 30_008 }, 'create')
        else if (step === 'send') {
          const made = await send({ medium: 'sms', contact: from, body: 'hi' }).catch(() => undefined)
          if (wasOut) expect(made, 'taken while opted out').toBeUndefined()
          if (made) last.push(made._id)
        } else {
          for (const id of last) await ask('messages.retry', { id }).catch(() => undefined)
        }
        await settled()
        if (isOut && wasOut) expect(toThem(), `${steps.join()} at ${step}`).toBe(before)
        const contact = switchboard.store.contacts().find(({ numbers }) => numbers.includes(from))
        expect(contact?.consent.at(0)?.state === 'out').toBe(isOut)
      }
      simulator.faults.clear()
    }),
    { numRuns: 25 },
  )
}, 120_000)
