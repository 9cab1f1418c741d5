/** What comes a second time, and what waits over the edge of WhatsApp's day. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Carrier, Outgoing } from '../../src/server/carrier/carrier.ts'
import { ANN, BUSINESS, newSid, type Running, running } from '../support/running.ts'
import { type Asking, asking, whatsapp } from './asking.ts'

const DAY = 24 * 3_600_000
let r: Running
let ask: Asking
/** What the carrier was called with, and whether it can be reached. */
let called: Outgoing[]
let isAway: boolean

const template = {
  sid: 'HX1',
  name: 'order_ready',
  language: 'en',
  body: 'Hello {{1}}',
  variables: [{ name: '1', example: 'Ann' }],
  types: ['twilio/text'],
  approval: 'approved',
}
const carrier: Carrier = {
  send(message) {
    if (isAway)
      return Promise.resolve({
        ok: false,
        error: { kind: 'unreached', code: 0, status: 0, sentence: 'Away.' },
      })
    called.push(message)
    return Promise.resolve({ ok: true, value: { sid: newSid(), status: 'delivered' } })
  },
  fetchMessage: () => Promise.reject(new Error('nobody asks')),
  async *listMessages() {
    await Promise.resolve()
    yield { ok: true, value: [] }
  },
  contents: () => Promise.resolve({ ok: true, value: [template] }),
}

beforeEach(async () => {
  called = []
  isAway = false
  r = await running(undefined, { carrier: () => carrier })
  ask = asking(() => r.switchboard)
})
afterEach(() => r.close())

describe('WhatsApp’s day', () => {
  let drafts = 0
  const send = (more: { body: string } | { content: { sid: string; variables: Record<string, string> } }) =>
    ask('messages.send', {
      channel_id: r.newest().channel_id,
      medium: 'whatsapp',
      contact: ANN,
      body: '',
      draft: `draft-edge-${String(++drafts)}`,
      ...more,
    })
  const statusOf = async (id: string) => {
    await r.switchboard.idle()
    const message = await r.switchboard.store.find(id)
    return [message?.status, message?.error_code]
  }

  it('is over at its last millisecond: until then free words go, from then on templates only', async () => {
    await whatsapp(r, ANN, 'hello')
    r.clock.advance(DAY - 1)
    const { _id } = await send({ body: 'just in time' })
    expect(await statusOf(_id)).toEqual(['delivered', undefined])
    r.clock.advance(1)
    await expect(send({ body: 'too late' })).rejects.toThrow('24 hours')
    const sent = await send({ content: { sid: 'HX1', variables: { 1: 'Ann' } } })
    expect(await statusOf(sent._id)).toEqual(['delivered', undefined])
    expect(called.map(({ body }) => body)).toEqual(['just in time', 'Hello Ann'])
    expect(called.map(({ content }) => content?.sid)).toEqual([undefined, 'HX1'])
  })

  it('that ended while free words waited keeps them back unsent, and lets a template go', async () => {
    await whatsapp(r, ANN, 'hello')
    isAway = true
    r.clock.advance(DAY - 1_000)
    const words = await send({ body: 'see you' })
    const sent = await send({ content: { sid: 'HX1', variables: { 1: 'Ann' } } })
    await r.switchboard.idle()
    r.clock.advance(1_000)
    await r.switchboard.idle()
    isAway = false
    r.clock.advance(60_000)
    expect(await statusOf(words._id)).toEqual(['failed', 63016])
    expect(await statusOf(sent._id)).toEqual(['delivered', undefined])
    // By hand it fares no better, until they write.
    await ask('messages.retry', { id: words._id })
    expect(await statusOf(words._id)).toEqual(['failed', 63016])
    expect(called.filter(({ content }) => content === undefined)).toEqual([])
    await whatsapp(r, ANN, 'still there?')
    await ask('messages.retry', { id: words._id })
    expect(await statusOf(words._id)).toEqual(['delivered', undefined])
  })
})

describe('a webhook that comes again', () => {
  const consent = async () => (await ask('contacts.get', { number: ANN })).consent.map(({ state }) => state)

  it('of a START does not lift the STOP said since, after a restart neither', async () => {
    const start = await r.sms(ANN, 'START')
    r.clock.advance(60_000)
    await r.sms(ANN, 'STOP')
    expect(await consent()).toEqual(['out'])
    r.clock.advance(60_000)
    await r.sms(ANN, 'START', start)
    expect(await consent()).toEqual(['out'])
    await r.restart()
    await r.sms(ANN, 'START', start)
    expect(await consent()).toEqual(['out'])
    expect(r.newest().message_count).toBe(2)
  })

  it('a hundred times at once and later is one message, and every one is answered alike', async () => {
    const sid = newSid()
    const text = { MessageSid: sid, From: ANN, To: BUSINESS, Body: 'hi' }
    const answers = await Promise.all(Array.from({ length: 100 }, () => r.post('/webhooks/sms', text)))
    r.clock.advance(DAY)
    // Other words under the SID that is taken change nothing.
    answers.push(await r.post('/webhooks/sms', { ...text, Body: 'other' }))
    answers.push(await r.post('/webhooks/whatsapp', text))
    expect(new Set(answers.map(({ status, body }) => `${String(status)} ${body}`)).size).toBe(1)
    expect(answers[0]?.status).toBe(200)
    expect((await r.messages(r.newest())).map(({ content }) => content)).toEqual(['hi'])
    expect(r.sessions()).toHaveLength(1)
  })

  it('of a status does not take a message back, and of another’s SID tells nothing', async () => {
    await r.sms(ANN, 'hello')
    const { _id } = await ask('messages.send', {
      channel_id: r.newest().channel_id,
      medium: 'sms',
      contact: ANN,
      body: 'hi',
      draft: 'draft-status',
    })
    await r.switchboard.idle()
    const sid = (await r.switchboard.store.find(_id))?.sid ?? ''
    for (const [of, status] of [
      [sid, 'queued'],
      [sid, 'sent'],
      [newSid(), 'failed'],
      ['', 'failed'],
    ] as const)
      await r.post(`/webhooks/status?m=${_id}`, { MessageSid: of, MessageStatus: status })
    expect(await r.switchboard.store.find(_id)).toMatchObject({ sid, status: 'delivered' })
  })
})
