import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { collect } from '../../src/server/carrier/carrier.ts'
import { explain, knownCodes } from '../../src/server/carrier/codes.ts'
import { AnswerError, failureOf } from '../../src/server/carrier/failures.ts'
import { twilioCarrier } from '../../src/server/carrier/twilio.ts'
import { ANN, BUSINESS, carrierOf, MORNING, simulation, webhooks } from './support.ts'

const hello = { medium: 'sms', from: BUSINESS, to: ANN, body: 'Hello' } as const

describe('sending through the twilio package', () => {
  it('sends, and finds what it sent', async () => {
    const { carrier } = await simulation()
    const sent = await carrier.send(hello)
    if (!sent.ok) throw new Error(sent.error.sentence)
    expect(sent.value).toEqual({ sid: expect.stringMatching(/^SM[0-9a-f]{32}$/) as string, status: 'queued' })
    expect(await carrier.fetchMessage(sent.value.sid)).toEqual({
      ok: true,
      value: expect.objectContaining({
        sid: sent.value.sid,
        medium: 'sms',
        direction: 'outbound',
        from: BUSINESS,
        to: ANN,
        body: 'Hello',
        created_at: MORNING,
        media_count: 0,
      }) as object,
    })
  })

  it('puts the whatsapp: prefix on and takes it off', async () => {
    const { carrier, simulator } = await simulation()
    await simulator.text({ from: ANN, medium: 'whatsapp', body: 'Hi' })
    const sent = await carrier.send({ ...hello, medium: 'whatsapp' })
    if (!sent.ok) throw new Error(sent.error.sentence)
    expect(simulator.account.messages.get(sent.value.sid)).toMatchObject({
      from: `whatsapp:${BUSINESS}`,
      to: `whatsapp:${ANN}`,
    })
    const listed = await collect(carrier.listMessages({ medium: 'whatsapp', to: ANN }))
    expect(listed).toMatchObject({ ok: true, value: [{ medium: 'whatsapp', to: ANN, from: BUSINESS }] })
  })

  it('carries media and the status callback', async () => {
    const { carrier, simulator } = await simulation()
    const { base, seen } = await webhooks()
    const asked = createServer((request, response) => {
      response.setHeader('Content-Type', 'image/png').end(request.url)
    })
    await new Promise<void>((resolve) => asked.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void asked.close())
    const files = `http://files.localhost:${(asked.address() as AddressInfo).port}`
    const mediaUrl = [`${files}/a.png`, `${files}/b.png`]
    await carrier.send({ ...hello, body: '', mediaUrl, statusCallback: `${base}/webhooks/status?m=1` })
    await simulator.idle()
    const [message] = simulator.account.messages.values()
    expect(message).toMatchObject({ media_urls: mediaUrl, body: '', status: 'delivered' })
    expect(message?.media.map(({ bytes }) => bytes.toString())).toEqual(['/a.png', '/b.png'])
    expect(seen.map(({ path }) => path)).toEqual(Array(3).fill('/webhooks/status?m=1'))
  })

  it('pages through a long list, newest first, and filters', async () => {
    const { carrier, simulator, clock } = await simulation()
    for (let i = 0; i < 7; i++) {
      await simulator.text({ from: ANN, medium: 'sms', body: `text ${i}` })
      await clock.advance(60_000)
    }
    const pages: number[] = []
    for await (const page of carrier.listMessages({ pageSize: 3 }))
      pages.push(page.ok ? page.value.length : -1)
    expect(pages).toEqual([3, 3, 1])
    const since = await collect(carrier.listMessages({ dateSentAfter: MORNING + 5 * 60_000 }))
    expect(since.ok && since.value.map(({ body }) => body)).toEqual(['text 6', 'text 5'])
    const before = await collect(carrier.listMessages({ dateSentBefore: MORNING + 60_000 }))
    expect(before.ok && before.value.map(({ body }) => body)).toEqual(['text 1', 'text 0'])
  })

  it('lists the numbers of the account', async () => {
    const { carrier, simulator } = await simulation()
    simulator.point({ sms: 'https://example.com/sms' })
    expect(await carrier.lists.numbers()).toMatchObject({
      ok: true,
      value: [
        {
          number: BUSINESS,
          addresses: { sms_url: 'https://example.com/sms', voice_url: '' },
          can: { sms: true },
        },
      ],
    })
  })

  it('tells the time of the other side', async () => {
    const { simulator } = await simulation()
    const times: number[] = []
    const carrier = carrierOf(simulator, { onServerTime: (time) => times.push(time) })
    await carrier.lists.numbers()
    expect(times).toHaveLength(1)
  })
})

describe('errors are values', () => {
  it('explains a refusal by its code', async () => {
    const { carrier } = await simulation()
    expect(await carrier.send({ ...hello, to: '+15005550009' })).toEqual({
      ok: false,
      error: { kind: 'refused', code: 21614, status: 400, sentence: explain(21614) },
    })
  })

  it('knows wrong credentials, also such as Twilio would never see', async () => {
    const { simulator } = await simulation()
    const wrong = await carrierOf(simulator, { authToken: 'wrong' }).send(hello)
    expect(wrong).toMatchObject({ ok: false, error: { kind: 'refused', code: 20003, status: 401 } })
    const nonsense = await twilioCarrier({ accountSid: 'nonsense', authToken: 'x' }).send(hello)
    expect(nonsense).toMatchObject({ ok: false, error: { kind: 'refused', code: 20003, status: 0 } })
  })

  it('says how long to wait at a rate limit', async () => {
    const { carrier, simulator } = await simulation()
    simulator.faults.rest({ kind: 'limited', retryAfter: 7 })
    const limited = { kind: 'limited', code: 20429, status: 429, retryAfter: 7000 }
    expect(await carrier.send(hello)).toMatchObject({ ok: false, error: limited })
    expect(await carrier.send(hello)).toMatchObject({ ok: true })
  })

  it.each([
    ['2', 2_000],
    [' 12 ', 12_000],
    ['31536000', 300_000],
    ['99999999999999', 300_000],
    ['Wed, 15 Jan 2025 10:00:30 GMT', 30_000],
    ['Wed, 15 Jan 2025 10:00:00.200 GMT', 1_000],
    ['Thu, 15 Jan 2026 10:00:00 GMT', 300_000],
    ['Wed, 15 Jan 2025 09:59:00 GMT', undefined],
    ['0', undefined],
    ['-5', undefined],
    ['2.5', undefined],
    ['soon', undefined],
    ['', undefined],
  ])('waits for nothing out of bounds: told %j it says %s', (told, wait) => {
    const headers = { 'retry-after': told, date: 'Wed, 15 Jan 2025 10:00:00 GMT' }
    for (const statusCode of [429, 503]) {
      const { retryAfter } = failureOf(new AnswerError({ statusCode, body: '', headers }))
      expect(retryAfter).toBe(wait)
    }
  })

  it.each([
    [500, 'trouble'],
    [503, 'trouble'],
    [502, 'unknown'],
    [504, 'unknown'],
  ])('takes %i as %s', async (status, kind) => {
    const { carrier, simulator } = await simulation()
    simulator.faults.rest({ kind: 'status', status })
    expect(await carrier.send(hello)).toMatchObject({ ok: false, error: { kind, status } })
    expect(simulator.account.messages.size).toBe(0)
  })

  it.each([
    [401, 'unreached'],
    [407, 'unreached'],
    [511, 'unreached'],
    [403, 'trouble'],
    [404, 'trouble'],
    [200, 'unknown'],
    [302, 'unknown'],
  ])(
    'takes a page with %i in Twilio’s place as %s, and nothing of it for Twilio’s word',
    async (status, kind) => {
      const { simulator } = await simulation()
      const heard: unknown[] = []
      const carrier = twilioCarrier({
        accountSid: simulator.accountSid,
        authToken: simulator.authToken,
        baseUrl: simulator.api,
        onServerTime: (time) => heard.push(time),
        onUnauthorized: () => heard.push('401'),
      })
      simulator.faults.rest({ kind: 'between', status }, 'any', 2)
      const error = { kind, status, code: 0, sentence: expect.stringContaining(`HTTP ${status}`) as unknown }
      expect(await carrier.send(hello)).toEqual({ ok: false, error })
      expect(await carrier.account.fetch()).toEqual({ ok: false, error })
      expect(heard).toEqual([])
      expect(await carrier.account.fetch()).toMatchObject({ ok: true })
    },
  )

  it.each([
    [{ code: 20003, message: 'Authenticate', more_info: '', status: 401 }, 'refused'],
    [{ code: 20003 }, 'refused'],
    [{ message: 'Authenticate', status: 401 }, 'refused'],
    [{ message: 'Forbidden' }, 'unreached'],
    [{ error: 'login required', code: null }, 'unreached'],
    ['Authenticate', 'unreached'],
    ['', 'unreached'],
  ])('tells by its shape whether Twilio refused: %j is %s', (body, kind) => {
    for (const given of [body, JSON.stringify(body)])
      expect(failureOf(new AnswerError({ statusCode: 401, body: given, headers: {} })).kind).toBe(kind)
  })

  it('takes somebody’s JSON for no account', async () => {
    const { simulator } = await simulation()
    const server = createServer((_, response) => response.end('{"portal":"sign in"}'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const told = await carrierOf(simulator, { baseUrl }).account.fetch()
    expect(told).toMatchObject({ ok: false, error: { kind: 'unknown' } })
  })

  it('does not know what became of it when the connection breaks', async () => {
    const { carrier, simulator } = await simulation()
    simulator.faults.rest({ kind: 'drop', when: 'after' })
    expect(await carrier.send(hello)).toMatchObject({ ok: false, error: { kind: 'unknown', status: 0 } })
    expect(simulator.account.messages.size).toBe(1)
  })

  it('knows that nothing was sent when there was no connection', async () => {
    const { simulator } = await simulation()
    await simulator.close()
    expect(await carrierOf(simulator).send(hello)).toMatchObject({ ok: false, error: { kind: 'unreached' } })
  })

  it.each([
    ['a name that is not found', 'ENOTFOUND', 'getaddrinfo', 'unreached'],
    ['a connection that is refused', 'ECONNREFUSED', 'connect', 'unreached'],
    ['a connection that is never made', 'ETIMEDOUT', 'connect', 'unreached'],
    ['a network lost before there was a connection', 'ENETUNREACH', 'connect', 'unreached'],
    ['a network lost while the answer was awaited', 'ENETDOWN', 'read', 'unknown'],
    ['a host lost while the request was written', 'EHOSTUNREACH', 'write', 'unknown'],
    ['an answer that does not come', 'ECONNABORTED', '', 'unknown'],
    ['a connection that is reset', 'ECONNRESET', 'read', 'unknown'],
  ])('%s (%s, %s) is %s', (_, code, syscall, kind) => {
    // The client's exception carries the code; the system's own is behind it.
    const behind = Object.assign(new Error(code), { code, syscall })
    expect(failureOf(Object.assign(new Error(code, { cause: behind }), { code })).kind).toBe(kind)
    expect(failureOf(behind).kind).toBe(kind)
  })

  it('ends a listing with the page that could not be had', async () => {
    const { carrier, simulator } = await simulation()
    for (let i = 0; i < 3; i++) await simulator.text({ from: ANN, medium: 'sms', body: 'x' })
    const kinds: string[] = []
    for await (const page of carrier.listMessages({ pageSize: 2 })) {
      kinds.push(page.ok ? 'page' : page.error.kind)
      simulator.faults.rest({ kind: 'status', status: 503 }, 'list')
    }
    expect(kinds).toEqual(['page', 'trouble'])
  })

  it('reads what stands beside an entry without a date, and says which that was', async () => {
    const { carrier, simulator } = await simulation()
    const { message } = await simulator.text({ from: ANN, medium: 'sms', body: 'whole' })
    const whole = (await (
      await fetch(
        `${simulator.api}/2010-04-01/Accounts/${simulator.accountSid}/Messages/${message.sid}.json`,
        {
          headers: {
            Authorization: `Basic ${btoa(`${simulator.accountSid}:${simulator.authToken}`)}`,
          },
        },
      )
    ).json()) as Record<string, unknown>
    const dates = { date_created: null, date_updated: null, date_sent: null }
    const answer = JSON.stringify({
      messages: [
        { ...whole, ...dates, sid: 'SM1' },
        { ...whole, sid: 'SM2', date_created: 'yesterday' },
        { ...whole, ...dates, sid: 'SM3', date_created: 'soon' },
        whole,
      ],
    })
    const server = createServer((_, response) => response.end(answer))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const odd = carrierOf(simulator, {
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    })
    const page = await odd.lists.messages({ after: 0 })
    expect(page).toMatchObject({
      ok: true,
      value: { items: [{ sid: 'SM2' }, { sid: message.sid, body: 'whole' }], unread: ['SM1', 'SM3'] },
    })
    // Where one message is looked for it may be the one that can't be read.
    const looked = await collect(odd.listMessages({}))
    expect(looked.ok).toBe(false)
    expect((await collect(carrier.listMessages({}))).ok).toBe(true)
  })

  it('has plain words with a next step for every code', () => {
    for (const code of knownCodes()) expect(explain(code)).toMatch(/^[A-Z].+\. ?.+\.$/s)
    const required = [
      20003, 20429, 21211, 21408, 21610, 21614, 21608, 21617, 30003, 30004, 30005, 30006, 30007, 30008, 30034,
      63015, 63016, 63018, 63007, 11200, 11205, 11210, 12100, 12300,
    ]
    expect(knownCodes()).toEqual(expect.arrayContaining(required))
    expect(explain(99999, 'Odd thing.')).toBe(
      'Twilio refused it with code 99999: Odd thing. Look the code up at twilio.com/docs/api/errors.',
    )
  })
})
