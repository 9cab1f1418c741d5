import { createHmac } from 'node:crypto'
import { inflateSync } from 'node:zlib'
import twilio from 'twilio'
import { describe, expect, it } from 'vitest'
import type { Simulator } from '../../src/server/carrier/simulator/index.ts'
import { ANN, BEN, BUSINESS, MORNING, simulation, webhooks, type Hook } from './support.ts'

function clientOf({ api, accountSid, authToken }: Simulator) {
  const client = twilio(accountSid, authToken)
  client.api.baseUrl = api
  return client
}

function isSigned(simulator: Simulator, base: string, { path, params, headers }: Hook): boolean {
  const signature = String(headers['x-twilio-signature'])
  return twilio.validateRequest(simulator.authToken, signature, base + path, Object.fromEntries(params))
}

describe('the REST API', () => {
  it('wants the credentials of its account, and a loopback host', async () => {
    const { simulator } = await simulation()
    const url = `${simulator.api}/2010-04-01/Accounts/${simulator.accountSid}/Messages.json`
    const basic = (token: string) =>
      `Basic ${Buffer.from(`${simulator.accountSid}:${token}`).toString('base64')}`
    const anonymous = await fetch(url)
    expect(anonymous.status).toBe(401)
    expect(await anonymous.json()).toEqual({
      code: 20003,
      message: 'Authenticate',
      more_info: 'https://www.twilio.com/docs/errors/20003',
      status: 401,
    })
    expect((await fetch(url, { headers: { Authorization: basic('wrong') } })).status).toBe(401)
    expect((await fetch(url, { headers: { Authorization: basic(simulator.authToken) } })).status).toBe(200)
    const other = url.replace(simulator.accountSid, 'AC00000000000000000000000000000000')
    expect((await fetch(other, { headers: { Authorization: basic(simulator.authToken) } })).status).toBe(404)

    const { request } = await import('node:http')
    const headers = { Host: 'evil.example', Authorization: basic(simulator.authToken) }
    const status = await new Promise((resolve) =>
      request(url, { headers }, (answer) => resolve(answer.statusCode)).end(),
    )
    expect(status).toBe(403)
  })

  it('is another account each time', async () => {
    const [one, other] = [(await simulation()).simulator, (await simulation()).simulator]
    expect(one.accountSid).not.toBe(other.accountSid)
    expect(one.authToken).not.toBe(other.authToken)
  })

  it('points numbers where it is told', async () => {
    const { simulator } = await simulation()
    const client = clientOf(simulator)
    const [number] = await client.incomingPhoneNumbers.list({ phoneNumber: BUSINESS })
    if (!number) throw new Error('no number')
    const updated = await client.incomingPhoneNumbers(number.sid).update({
      smsUrl: 'https://example.com/sms#rc=3',
      voiceUrl: 'https://example.com/voice',
      statusCallback: 'https://example.com/status',
    })
    expect(updated).toMatchObject({
      smsUrl: 'https://example.com/sms#rc=3',
      voiceUrl: 'https://example.com/voice',
    })
    await expect(client.incomingPhoneNumbers(number.sid).update({ smsUrl: 'nowhere' })).rejects.toMatchObject(
      { code: 21205 },
    )
  })

  it('refuses what Twilio refuses', async () => {
    const { simulator } = await simulation()
    const { messages } = clientOf(simulator)
    const send = (changes: object) => messages.create({ from: BUSINESS, to: ANN, body: 'x', ...changes })
    await expect(send({ body: 'x'.repeat(1601) })).rejects.toMatchObject({ code: 21617, status: 400 })
    await expect(send({ body: '' })).rejects.toMatchObject({ code: 21602 })
    await expect(send({ from: '+15550000000' })).rejects.toMatchObject({ code: 21606 })
    await expect(send({ to: 'somebody' })).rejects.toMatchObject({ code: 21211 })
    await expect(send({ to: '+15005550001' })).rejects.toMatchObject({ code: 21211 })
    await expect(messages('SMnothing').fetch()).rejects.toMatchObject({ code: 20404, status: 404 })
  })

  it('keeps a page where it was while new messages arrive', async () => {
    const { simulator } = await simulation()
    for (let i = 0; i < 4; i++) await simulator.text({ from: ANN, medium: 'sms', body: `text ${i}` })
    const { messages } = clientOf(simulator)
    const first = await messages.page({ pageSize: 2 })
    await simulator.text({ from: ANN, medium: 'sms', body: 'late' })
    const second = await first.nextPage()
    expect([...first.instances, ...(second?.instances ?? [])].map(({ body }) => body)).toEqual([
      'text 3',
      'text 2',
      'text 1',
      'text 0',
    ])
    expect(second?.nextPage()).toBeUndefined()
  })
})

describe('a text from a phone', () => {
  it('comes as the webhook Twilio would send, signed', async () => {
    const { simulator } = await simulation()
    const { base, seen } = await webhooks()
    simulator.point({ sms: `${base}/webhooks/sms?a=1#rc=3&rp=all` })
    const { message, answer } = await simulator.text({ from: ANN, medium: 'sms', body: 'Grüße & “Hello”' })
    expect(answer).toMatchObject({ status: 200, ok: true, tries: 1 })
    const [hook] = seen
    if (!hook) throw new Error('no webhook')
    expect(hook.path).toBe('/webhooks/sms?a=1')
    expect(isSigned(simulator, base, hook)).toBe(true)
    expect(Object.fromEntries(hook.params)).toMatchObject({
      MessageSid: message.sid,
      SmsSid: message.sid,
      SmsMessageSid: message.sid,
      AccountSid: simulator.accountSid,
      From: ANN,
      To: BUSINESS,
      Body: 'Grüße & “Hello”',
      NumMedia: '0',
      NumSegments: '1',
      SmsStatus: 'received',
      ToCity: 'SCRANTON',
      ToState: 'PA',
      FromCountry: 'US',
      ApiVersion: '2010-04-01',
    })
  })

  it('signs as Twilio documents it', async () => {
    const { sign } = await import('../../src/server/carrier/simulator/post.ts')
    const params = {
      CallSid: 'CA1234567890ABCDE',
      Caller: '+14158675309',
      From: '+14158675309',
      Digits: '1234',
      To: '+18005551212',
    }
    expect(sign('12345', 'https://mycompany.com/myapp.php?foo=1&bar=2', params)).toBe(
      'RSOYDt4T1cUTdK1PDd93/VVr8B8=',
    )
    expect(createHmac('sha1', 'x').update('').digest('base64')).toHaveLength(28)
  })

  it('says more on WhatsApp, and nothing of geography', async () => {
    const { simulator } = await simulation()
    const { base, seen } = await webhooks()
    simulator.point({ sms: `${base}/webhooks/sms` })
    await simulator.text({ from: ANN, medium: 'whatsapp', body: '', media: 2, profileName: 'Ann Lee' })
    const params = Object.fromEntries(seen[0]?.params ?? [])
    expect(params).toMatchObject({
      From: `whatsapp:${ANN}`,
      To: `whatsapp:${BUSINESS}`,
      ProfileName: 'Ann Lee',
      WaId: '1234567890',
      MessageType: 'image',
      Body: '',
      NumMedia: '2',
      MediaContentType0: 'image/png',
      MessageSid: expect.stringMatching(/^MM/) as string,
    })
    expect(params).not.toHaveProperty('FromCity')
    const url = params['MediaUrl1'] ?? ''
    expect((await fetch(url)).status).toBe(401)
    const Authorization = `Basic ${Buffer.from(`${simulator.accountSid}:${simulator.authToken}`).toString('base64')}`
    const picture = Buffer.from(await (await fetch(url, { headers: { Authorization } })).arrayBuffer())
    expect(picture.subarray(1, 4).toString()).toBe('PNG')
    const idat = picture.indexOf('IDAT')
    expect(inflateSync(picture.subarray(idat + 4, idat + 4 + picture.readUInt32BE(idat - 4)))).toHaveLength(
      96 * (1 + 96 * 3),
    )
    expect(
      await clientOf(simulator)
        .messages(params['MessageSid'] ?? '')
        .media.list(),
    ).toHaveLength(2)
  })

  it('is delivered again as the address asks, with the same SID', async () => {
    const { simulator } = await simulation()
    let calls = 0
    const { base, seen } = await webhooks(() => (++calls < 3 ? 500 : '<Response/>'))
    simulator.point({ sms: `${base}/webhooks/sms#rc=3&rp=all` })
    const { answer } = await simulator.text({ from: ANN, medium: 'sms', body: 'Hello' })
    expect(answer).toMatchObject({ ok: true, tries: 3 })
    expect(new Set(seen.map(({ params }) => params.get('MessageSid'))).size).toBe(1)
    expect(new Set(seen.map(({ headers }) => headers['i-twilio-idempotency-token'])).size).toBe(1)
  })

  it('is noted and no more when nobody answers: the list has it', async () => {
    const { simulator } = await simulation()
    simulator.point({ sms: 'http://127.0.0.1:9/webhooks/sms' })
    const { answer, message } = await simulator.text({ from: ANN, medium: 'sms', body: 'Hello' })
    expect(answer).toMatchObject({ ok: false, status: 0 })
    expect(simulator.account.alerts).toMatchObject([{ code: 11205, about: message.sid }])
    expect(await clientOf(simulator).messages.list()).toMatchObject([
      { sid: message.sid, direction: 'inbound', status: 'received' },
    ])
  })

  it('gets the answer that stands in TwiML', async () => {
    const { simulator } = await simulation()
    const { base } = await webhooks(
      () => '<Response><Message><Body>Fish &amp; chips</Body></Message></Response>',
    )
    simulator.point({ sms: `${base}/sms` })
    const arrived: string[] = []
    simulator.on((event) => event.kind === 'arrived' && arrived.push(event.message.body))
    await simulator.text({ from: ANN, medium: 'sms', body: 'Menu?' })
    await simulator.idle()
    expect(arrived).toEqual(['Fish & chips'])
  })

  it('with STOP ends what the business may send, with START opens it again', async () => {
    const { simulator, carrier } = await simulation()
    const { base, seen } = await webhooks()
    simulator.point({ sms: `${base}/sms` })
    const hello = { medium: 'sms', from: BUSINESS, to: ANN, body: 'Hello' } as const
    await simulator.text({ from: ANN, medium: 'sms', body: ' stop ' })
    expect(seen[0]?.params.get('OptOutType')).toBe('STOP')
    expect(await carrier.send(hello)).toMatchObject({ error: { code: 21610 } })
    expect(await carrier.send({ ...hello, to: BEN })).toMatchObject({ ok: true })
    await simulator.text({ from: ANN, medium: 'sms', body: 'START' })
    expect(await carrier.send(hello)).toMatchObject({ ok: true })
  })
})

describe('the way of a message to a phone', () => {
  const hello = { medium: 'sms', from: BUSINESS, to: ANN, body: 'Hello' } as const
  const statuses = (seen: Hook[]) => seen.map(({ params }) => params.get('MessageStatus'))

  it('is reported step by step, signed', async () => {
    const { simulator, carrier } = await simulation()
    const { base, seen } = await webhooks(() => 204)
    const sent = await carrier.send({ ...hello, statusCallback: `${base}/webhooks/status?m=abc` })
    await simulator.idle()
    expect(statuses(seen)).toEqual(['queued', 'sent', 'delivered'])
    expect(seen.every((hook) => isSigned(simulator, base, hook))).toBe(true)
    expect(seen[0]?.params.get('MessageSid')).toBe(sent.ok && sent.value.sid)
    expect(simulator.account.alerts).toEqual([])
  })

  it('ends with a code where it fails', async () => {
    const { simulator, carrier } = await simulation()
    const { base, seen } = await webhooks()
    await carrier.send({ ...hello, to: '+15005553007', statusCallback: base })
    await simulator.idle()
    expect(statuses(seen)).toEqual(['queued', 'sent', 'undelivered'])
    expect(seen.map(({ params }) => params.get('ErrorCode'))).toEqual([null, null, '30007'])
  })

  it('is closed on WhatsApp a day after their last message', async () => {
    const { simulator, carrier, clock } = await simulation()
    await simulator.text({ from: ANN, medium: 'whatsapp', body: 'Hi' })
    const last = async () => {
      const sent = await carrier.send({ ...hello, medium: 'whatsapp' })
      await simulator.idle()
      return simulator.account.messages.get(sent.ok ? sent.value.sid : '')
    }
    expect(await last()).toMatchObject({ status: 'delivered' })
    await clock.advance(24 * 3_600_000 + 1)
    expect(await last()).toMatchObject({ status: 'failed', error_code: 63016 })
  })

  it('takes time, loses, doubles and delays callbacks as told', async () => {
    const { simulator, carrier, clock } = await simulation()
    const { base, seen } = await webhooks()
    simulator.faults.delivery(1000)
    simulator.faults.callback({ kind: 'delay', ms: 5000 }, 'queued')
    simulator.faults.callback({ kind: 'lose' }, 'sent')
    simulator.faults.callback({ kind: 'twice' }, 'delivered')
    await carrier.send({ ...hello, statusCallback: base })
    await simulator.idle()
    expect(statuses(seen)).toEqual([])
    await clock.advance(1000)
    await simulator.idle()
    await clock.advance(1000)
    await simulator.idle()
    expect(statuses(seen)).toEqual(['delivered', 'delivered'])
    await clock.advance(3000)
    await simulator.idle()
    expect(statuses(seen)).toEqual(['delivered', 'delivered', 'queued'])
    expect(clock.now()).toBe(MORNING + 5000)
  })
})
