import { createHash, createHmac } from 'node:crypto'
import twilio from 'twilio/lib/webhooks/webhooks.js'
import { expect, test } from 'vitest'
import type { Credentials } from '../../src/server/webhooks/gate.ts'
import { ACCOUNT, PUBLIC, run, TEXT, TOKEN } from './fixture.ts'
import { encoded, signedRequest, textToSign } from './signed-request.ts'

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }
const FORGED = `${'A'.repeat(27)}=`

test('unsigned, wrongly signed, signed with another token, for another address, for another path', async () => {
  const server = await run()
  const from = (base: string, path: string, token: string) => signedRequest(base, path, TEXT, token).headers
  const attempts: Record<string, string>[] = [
    FORM,
    { ...FORM, 'X-Twilio-Signature': '' },
    { ...FORM, 'X-Twilio-Signature': 'x' },
    { ...FORM, 'X-Twilio-Signature': FORGED },
    from(PUBLIC, '/webhooks/sms', 'another'),
    from(PUBLIC, '/webhooks/sms', ''),
    from(PUBLIC, '/webhooks/whatsapp', TOKEN),
    from('https://evil.example.com', '/webhooks/sms', TOKEN),
    from(server.local, '/webhooks/sms', TOKEN),
  ]
  const { body } = signedRequest(PUBLIC, '/webhooks/sms', TEXT, TOKEN)
  for (const headers of attempts) {
    const answer = await server.raw('/webhooks/sms', { headers, body })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  }
  const changed = signedRequest(PUBLIC, '/webhooks/sms', TEXT, TOKEN)
  expect((await server.raw('/webhooks/sms?x=1', changed)).status).toBe(403)
  expect((await server.raw('/webhooks/sms', { ...changed, body: `${changed.body}&x=` })).status).toBe(403)
  expect(
    (await server.raw('/webhooks/sms', { ...changed, body: changed.body.replace('Hello', 'hello') })).status,
  ).toBe(403)
  expect(server.kept).toEqual([])
  expect(server.lines).toHaveLength(12)
  expect(server.lines[0]).toEqual({
    level: 'warn',
    text: 'Refused a request to /webhooks/sms (403): The request carries no Twilio signature. Only Twilio may post here.',
  })
  expect(JSON.stringify(server.lines)).not.toContain(TEXT.From)
})

test('the Host header has no say', async () => {
  const server = await run()
  const signed = signedRequest(PUBLIC, '/webhooks/sms', TEXT, TOKEN)
  const headers = { ...signed.headers, 'X-Forwarded-Host': 'evil.example.com', 'X-Forwarded-Proto': 'http' }
  expect((await server.raw('/webhooks/sms', { ...signed, headers })).status).toBe(200)
})

test('the former address stays good while it is listed', async () => {
  let bases = ['https://new.example.com', PUBLIC]
  const server = await run({ publicBases: () => bases })
  expect((await server.post('/webhooks/sms', TEXT)).status).toBe(200)
  const fresh = signedRequest('https://new.example.com', '/webhooks/sms', TEXT, TOKEN)
  expect((await server.raw('/webhooks/sms', fresh)).status).toBe(200)
  bases = ['https://new.example.com']
  expect((await server.post('/webhooks/sms', TEXT)).status).toBe(403)
})

test('what the twilio package signed is taken', async () => {
  const server = await run()
  const path = '/webhooks/sms?a=1&b=%20x'
  const given = twilio.getExpectedTwilioSignature(TOKEN, PUBLIC + path, TEXT)
  const headers = {
    'X-Twilio-Signature': given,
    'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
  }
  const body = new URLSearchParams(TEXT).toString()
  expect((await server.raw(path, { headers, body })).status).toBe(200)
})

test('without a token every webhook is refused, with one line in the log; it can be set meanwhile', async () => {
  let credentials: Credentials | undefined
  const refused: string[] = []
  const server = await run({
    credentials: () => credentials,
    onRefused: ({ code }) => void refused.push(code),
  })
  for (const path of ['/webhooks/sms', '/webhooks/whatsapp', '/webhooks/voice', '/webhooks/status']) {
    expect((await server.post(path, TEXT)).status).toBe(403)
    credentials = { authTokens: [''], accountSid: ACCOUNT }
  }
  expect(refused).toEqual(Array(4).fill('not_configured'))
  expect(server.lines).toHaveLength(1)
  expect(server.lines[0]?.text).toContain('No Twilio auth token is set')
  credentials = { authTokens: ['older', TOKEN] }
  expect((await server.post('/webhooks/sms', TEXT)).status).toBe(200)
  credentials = undefined
  expect((await server.post('/webhooks/sms', TEXT)).status).toBe(403)
})

test('wrong methods and addresses', async () => {
  const server = await run()
  for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    const answer = await fetch(`${server.local}/webhooks/sms`, { method })
    expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, 'POST'])
  }
  expect((await server.raw('/health')).status).toBe(405)
  const nowhere = [
    '/',
    '/webhooks',
    '/webhooks/other',
    '/webhooks/sms/x',
    '/api',
    '/media/x',
    '/%',
    '/__proto__',
    '/index.html',
  ]
  for (const path of nowhere) {
    expect([path, (await server.raw(path)).status]).toEqual([path, 404])
    expect([path, (await fetch(server.local + path)).status]).toEqual([path, 404])
  }
  expect(server.kept).toEqual([])
})

test('health says it is there, and what it is told to', async () => {
  const server = await run({ health: () => ({ instance: 'abc' }) })
  const answer = await fetch(`${server.local}/health`)
  expect(answer.status).toBe(200)
  expect(await answer.json()).toEqual({ ok: true, instance: 'abc' })
})

test('media are handed to who serves them', async () => {
  const server = await run({
    media: async (ctx, signed) => {
      ctx.body = signed
    },
  })
  expect(await (await fetch(`${server.local}/media/abc`)).text()).toBe('abc')
  expect((await server.raw('/media/abc')).status).toBe(405)
})

test.each([
  '',
  'text/plain',
  'application/json',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencodedx',
])('the content type %j is not taken', async (type) => {
  const server = await run()
  const { headers, body } = signedRequest(PUBLIC, '/webhooks/sms', TEXT, TOKEN)
  const { 'Content-Type': _, ...rest } = headers
  // A Blob without a type makes fetch send no content type of its own.
  const answer = await server.raw('/webhooks/sms', {
    headers: type === '' ? rest : { ...rest, 'Content-Type': type },
    body: new Blob([body]),
  })
  expect(answer.status).toBe(415)
  expect(server.kept).toEqual([])
})

test('a body that is no form is refused as such only when Twilio signed it', async () => {
  const server = await run()
  const body = '{"a":1}'
  const path = `/webhooks/sms?bodySHA256=${createHash('sha256').update(body).digest('hex')}`
  const headers = {
    'Content-Type': 'application/json',
    'X-Twilio-Signature': twilio.getExpectedTwilioSignature(TOKEN, PUBLIC + path, {}),
  }
  expect((await server.raw(path, { headers, body })).status).toBe(415)
  expect((await server.raw(path, { headers, body: '{"a":2}' })).status).toBe(403)
})

test('a body over 64 kB, announced or not, is not read', async () => {
  const server = await run()
  const params = { ...TEXT, Body: 'x'.repeat(70_000) }
  expect((await server.post('/webhooks/sms', params)).status).toBe(413)
  const { headers, body } = signedRequest(PUBLIC, '/webhooks/sms', params, TOKEN)
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(body))
      controller.close()
    },
  })
  // `duplex` is what fetch asks for with a stream; lib.dom does not know it yet.
  const chunked: RequestInit & { duplex: 'half' } = { headers, body: stream, duplex: 'half' }
  const answer = await server.raw('/webhooks/sms', chunked)
  expect(answer.status).toBe(413)
  expect(answer.headers.get('connection')).toBe('close')
  const almost = {
    ...TEXT,
    Body: 'x'.repeat(64 * 1024 - signedRequest(PUBLIC, '/', { ...TEXT, Body: '' }, TOKEN).body.length),
  }
  expect((await server.post('/webhooks/sms', almost)).status).toBe(200)
  expect(server.kept).toHaveLength(1)
})

test('a form of more fields than Twilio ever sends is refused before anything is computed of it', async () => {
  const server = await run()
  const more = 500 - Object.keys(TEXT).length
  const params = (count: number) => ({
    ...TEXT,
    ...Object.fromEntries(Array.from({ length: count }, (_, n) => [`Extra${String(n)}`, 'x'])),
  })
  expect((await server.post('/webhooks/sms', params(more))).status).toBe(200)
  const answer = await server.post('/webhooks/sms', params(more + 1))
  expect([answer.status, await answer.text()]).toEqual([413, 'The form has more than 500 fields.'])
  // Empty ones and one name many times count as well.
  for (const body of ['&'.repeat(60_000), 'a=1&'.repeat(16_000)])
    expect(
      (await server.raw('/webhooks/sms', { headers: { ...FORM, 'X-Twilio-Signature': FORGED }, body }))
        .status,
    ).toBe(413)
  expect(server.kept).toHaveLength(1)
})

test('over the limit no second opinion is asked of a signature, and what Twilio signed passes by any spelling', async () => {
  const server = await run({ limits: { refusedPerMinute: 2 } })
  const path = '/webhooks/sms'
  const bytes = `${encoded(TEXT)}&Note=%ff`
  const text = `${PUBLIC}${path}${textToSign('', { ...TEXT, Note: '\xff' })}`
  const asBytes = createHmac('sha1', TOKEN).update(text, 'latin1').digest('base64')
  const odd = { headers: { ...FORM, 'X-Twilio-Signature': asBytes }, body: bytes }
  expect((await server.raw(path, odd)).status).toBe(200)
  const forged = { headers: { ...FORM, 'X-Twilio-Signature': FORGED }, body: 'a=1' }
  for (let i = 0; i < 3; i++) await server.raw(path, forged)
  expect((await server.raw(path, odd)).status).toBe(429)
  const withPort = twilio.getExpectedTwilioSignature(TOKEN, `${PUBLIC}:443${path}`, TEXT)
  const spelt = { headers: { ...FORM, 'X-Twilio-Signature': withPort }, body: encoded(TEXT) }
  expect((await server.raw(path, spelt)).status).toBe(200)
})

test('over the limit unsigned requests hear 429, signed ones pass, and the minute ends', async () => {
  const server = await run({ limits: { refusedPerMinute: 5, linesPerMinute: 3 } })
  const statuses: number[] = []
  for (let i = 0; i < 8; i++)
    statuses.push((await server.raw('/webhooks/sms', { headers: FORM, body: 'a=1' })).status)
  expect(statuses).toEqual([403, 403, 403, 403, 403, 429, 429, 429])
  const forged = { ...FORM, 'X-Twilio-Signature': FORGED }
  expect((await server.raw('/webhooks/sms', { headers: forged, body: 'a=1' })).status).toBe(429)
  expect((await server.post('/webhooks/sms', TEXT)).status).toBe(200)
  expect((await server.post('/webhooks/sms', { ...TEXT, From: [] })).status).toBe(400)
  expect((await fetch(`${server.local}/health`)).status).toBe(200)

  expect(server.lines).toHaveLength(3)
  server.clock.advance(60_000)
  expect(server.lines.at(-1)).toEqual({ level: 'warn', text: '… and 7 more refused in the last minute' })
  expect((await server.raw('/webhooks/sms', { headers: FORM, body: 'a=1' })).status).toBe(403)
})

test('signed requests that are refused never use up the limit', async () => {
  const server = await run({ limits: { refusedPerMinute: 2 } })
  for (let i = 0; i < 4; i++)
    expect((await server.post('/webhooks/sms', { ...TEXT, From: [] })).status).toBe(400)
})

test('a clock set back does not keep the limit for ever', async () => {
  const server = await run({ limits: { refusedPerMinute: 1 } })
  await server.raw('/webhooks/sms')
  expect((await server.raw('/webhooks/sms')).status).toBe(429)
  server.clock.set(server.clock.now() - 3_600_000)
  expect((await server.raw('/webhooks/sms')).status).toBe(403)
})
