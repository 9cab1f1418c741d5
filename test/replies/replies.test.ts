import { describe, expect, it, onTestFinished } from 'vitest'
import type { Message } from '../../src/shared/documents.ts'
import { createPhones, createSimulator, manualClock } from '../../src/server/carrier/simulator/index.ts'
import { twilioCarrier } from '../../src/server/carrier/twilio.ts'
import type { Source } from '../../src/server/intake/types.ts'
import { createOutbox } from '../../src/server/outbox/index.ts'
import {
  createReplies,
  REAL_DEFAULTS,
  rules,
  SIMULATION_DEFAULTS,
  type Answer,
  type Responder,
} from '../../src/server/replies/index.ts'
import { webhooks } from '../carrier/support.ts'
import { channel, countingIds, emptyDisk, MemoryStore, silentLog } from '../outbox/memory-store.ts'

const MORNING = Date.UTC(2025, 0, 15, 10)
const BUSINESS = '+15703251809'
const live: Source = { kind: 'webhook' }

function replying({
  responder = rules,
  defaults = SIMULATION_DEFAULTS,
  mayWrite = (): boolean => true,
} = {}) {
  const clock = manualClock(MORNING)
  const disk = emptyDisk(channel(BUSINESS, clock))
  const store = Object.assign(new MemoryStore(disk), { settings: () => new Map<string, unknown>() })
  const answers: Answer[] = []
  const log = silentLog()
  const outbox = createOutbox({
    store,
    carrier: () => undefined,
    clock,
    ids: countingIds(),
    log,
    statusCallbackBase: () => undefined,
  })
  const replies = createReplies({
    store,
    responder,
    defaults,
    clock,
    log,
    mayWrite,
    async send(answer) {
      answers.push(answer)
      const { to } = answer
      const { message, entry } = outbox.prepare({
        channel_id: to.channel_id,
        communication_type: to.communication_type,
        contact: to.contact,
        session_id: answer.session,
        body: answer.body,
        sender: 'ai',
        answered_by: answer.answered_by,
        in_reply_to: to.sid,
        after: to.createdAt,
      })
      await store.commit({ why: 'answer', messages: [message], outbox: [entry] })
    },
  })
  let count = 0
  const text = async (content: string, changes: Partial<Message> = {}) => {
    const message: Message = {
      _id: `in${count}`,
      session_id: 's1',
      content,
      sender: 'contact',
      createdAt: new Date(clock.now()).toISOString(),
      sid: `SM${count++}`,
      channel_id: 'channel',
      communication_type: 'sms',
      contact: '+1234567890',
      status: 'received',
      media: [],
      ...changes,
    }
    await store.commit({ why: 'message', messages: [message] })
    return { message, fresh: true, session: message.session_id }
  }
  return { clock, disk, store, replies, answers, text, log }
}

describe('automatic answers', () => {
  it('answer each text once, in the session’s order: three texts, six messages', async () => {
    const { replies, text, answers, store, clock } = replying()
    for (const [content, wait] of [
      ['Hello', 60_000],
      ['Are you there?', 90_000],
      ['Can you help?', 0],
    ] as const) {
      replies.take(await text(content), live)
      await replies.idle()
      await clock.advance(wait)
    }
    const messages = await store.messages(['s1'])
    expect(messages.map(({ sender }) => sender)).toEqual(['contact', 'ai', 'contact', 'ai', 'contact', 'ai'])
    expect(messages.map(({ in_reply_to }) => in_reply_to)).toEqual([
      undefined,
      'SM0',
      undefined,
      'SM1',
      undefined,
      'SM2',
    ])
    expect(answers.map(({ answered_by }) => answered_by)).toEqual([
      'Rule: greeting',
      'Rule: keyword',
      'Rule: keyword',
    ])
  })

  it('answer a burst one by one, the first with the greeting', async () => {
    const { replies, text, answers, clock } = replying()
    const taken = []
    for (const content of ['one', 'two', 'three']) {
      taken.push(await text(content))
      await clock.advance(10)
    }
    for (const each of taken) replies.take(each, live)
    await replies.idle()
    expect(answers.map(({ to, answered_by }) => `${to.content} ${answered_by}`)).toEqual([
      'one Rule: greeting',
      'two Rule: acknowledgement',
      'three Rule: acknowledgement',
    ])
  })

  it('are not given to who said STOP while they were being made', async () => {
    let may = true
    const responder: Responder = {
      respond: () => {
        may = false
        return Promise.resolve({ body: 'Hi!', by: 'Slow' })
      },
    }
    const { replies, text, answers } = replying({ mayWrite: () => may, responder })
    replies.take(await text('Hello'), live)
    await replies.idle()
    expect(answers).toEqual([])
  })

  it('are given once: to no retry, to nothing caught up with, to nothing answered already', async () => {
    const { replies, text, answers } = replying()
    const taken = await text('Hello')
    replies.take({ ...taken, fresh: false }, live)
    replies.take(taken, { kind: 'list', at: MORNING })
    await replies.idle()
    expect(answers).toEqual([])
    replies.take(taken, live)
    replies.take(taken, live)
    await replies.idle()
    replies.take(taken, live)
    await replies.idle()
    expect(answers).toHaveLength(1)
  })

  it('are none for STOP, voice, our own words, and whoever may not be written to', async () => {
    const { replies, text, answers } = replying()
    for (const taken of [
      await text('STOP'),
      await text('Arrêt', { opt_out: 'STOP' }),
      await text('Hello', { communication_type: 'voice' }),
      await text('Hello', { sender: 'operator' }),
    ]) {
      replies.take(taken, live)
    }
    await replies.idle()
    expect(answers).toEqual([])
    const blocked = replying({ mayWrite: () => false })
    blocked.replies.take(await blocked.text('Hello'), live)
    await blocked.replies.idle()
    expect(blocked.answers).toEqual([])
  })

  it('are off for real numbers', async () => {
    const { replies, text, answers } = replying({ defaults: REAL_DEFAULTS })
    replies.take(await text('Hello'), live)
    await replies.idle()
    expect(answers).toEqual([])
  })

  it('end when two machines answer each other', async () => {
    const { replies, text, answers, clock } = replying({ defaults: { ...SIMULATION_DEFAULTS, limit: 5 } })
    for (let i = 0; i < 20; i++) {
      replies.take(await text(`I am away ${i}`), live)
      await replies.idle()
      await clock.advance(1000)
    }
    expect(answers).toHaveLength(5)
  })

  it('say nothing when the responder fails, and go on', async () => {
    let calls = 0
    const responder: Responder = {
      respond: () => (++calls === 1 ? Promise.reject(new Error('no network')) : { body: 'Hi', by: 'x' }),
    }
    const { replies, text, answers, log } = replying({ responder })
    replies.take(await text('one'), live)
    await replies.idle()
    replies.take(await text('two'), live)
    await replies.idle()
    expect(answers.map(({ body }) => body)).toEqual(['Hi'])
    expect(log.lines).toEqual(['An automatic answer could not be made'])
  })
})

describe('phones, replies, outbox and simulator together', () => {
  it('show the brief’s counts', async () => {
    const clock = manualClock(MORNING)
    const simulator = await createSimulator({ clock, numbers: [BUSINESS] })
    onTestFinished(() => simulator.close())
    const disk = emptyDisk(channel(BUSINESS, clock))
    const store = Object.assign(new MemoryStore(disk), { settings: () => new Map<string, unknown>() })
    const carrier = twilioCarrier({
      accountSid: simulator.accountSid,
      authToken: simulator.authToken,
      baseUrl: simulator.api,
    })
    const log = silentLog()
    const outbox = createOutbox({
      store,
      carrier: () => carrier,
      clock,
      ids: countingIds(),
      log,
      statusCallbackBase: () => undefined,
    })
    const replies = createReplies({
      store,
      responder: rules,
      defaults: SIMULATION_DEFAULTS,
      clock,
      log,
      async send({ to, session, body, answered_by }) {
        const { message, entry } = outbox.prepare({
          channel_id: to.channel_id,
          communication_type: to.communication_type,
          contact: to.contact,
          session_id: session,
          body,
          sender: 'ai',
          answered_by,
          in_reply_to: to.sid,
          after: to.createdAt,
        })
        await store.commit({ why: 'answer', messages: [message], outbox: [entry] })
        outbox.kick()
      },
    })
    // The least of an intake: one session for each contact.
    const { base } = await webhooks(({ params }) => {
      const [sid, contact] = [params.get('MessageSid') ?? '', params.get('From') ?? '']
      const message: Message = {
        _id: sid,
        session_id: contact,
        content: params.get('Body') ?? '',
        sender: 'contact',
        createdAt: new Date(clock.now()).toISOString(),
        sid,
        channel_id: 'channel',
        communication_type: 'sms',
        contact,
        status: 'received',
        media: [],
      }
      void store.commit({ why: 'message', messages: [message] })
      replies.take({ message, fresh: true, session: contact }, live)
      return '<Response/>'
    })
    simulator.point({ sms: base })
    await outbox.start()
    const settled = async () => {
      await replies.idle()
      await outbox.idle()
      await simulator.idle()
    }
    const phones = createPhones({ simulator, clock, business: BUSINESS, settled })
    await phones.scenario('within')
    expect(await store.messages(['+1234567890'])).toHaveLength(6)
    expect(phones.view().phones[0]?.lines).toHaveLength(6)
    // Simulated answers take no simulated time.
    expect(clock.now()).toBe(MORNING + 150_000)
    expect(
      [...simulator.account.messages.values()].every(({ status }) =>
        ['received', 'delivered'].includes(status),
      ),
    ).toBe(true)
    await outbox.stop()
  })
})
