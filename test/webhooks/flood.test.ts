import { connect } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { systemClock } from '../../src/server/system/clock.ts'
import { createWebhooks } from '../../src/server/webhooks/app.ts'
import { ACCOUNT, memoryIntake, memoryLog, PUBLIC, TEXT, TOKEN } from './fixture.ts'
import { encoded, signedRequest } from './signed-request.ts'

const REQUESTS = 20_000
const CONNECTIONS = 32
const SEED = 20_250_115

const PATHS = [
  '/webhooks/sms',
  '/webhooks/whatsapp',
  '/webhooks/voice',
  '/webhooks/voice/recording',
  '/webhooks/voice/recording-status',
  '/webhooks/voice/transcription',
  '/webhooks/voice/status',
  '/webhooks/status',
  '/health',
  '/media/x',
  '/',
  '/%00',
  '//evil.example.com/webhooks/sms',
  '/webhooks/../webhooks/sms',
]
const METHODS = ['POST', 'POST', 'POST', 'POST', 'GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'QUERY', 'FOO']
const TYPES = [
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded; charset=utf-16',
  'application/json',
  'multipart/form-data; boundary=x',
  '',
  ';;;',
]

/** One malformed or forged request as bytes; none carries a signature Twilio could have made. */
const requests = fc
  .record({
    method: fc.constantFrom(...METHODS),
    path: fc.constantFrom(...PATHS),
    query: fc.oneof(
      fc.constant(''),
      fc.string({ maxLength: 20 }).map((text) => `?${encodeURIComponent(text)}`),
    ),
    type: fc.constantFrom(...TYPES),
    signature: fc.oneof(
      fc.constant(''),
      fc.base64String({ minLength: 28, maxLength: 28 }),
      fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('base64')),
      fc.constant(
        signedRequest(PUBLIC, '/webhooks/sms', { ...TEXT, Body: 'another' }, TOKEN).headers[
          'X-Twilio-Signature'
        ] ?? '',
      ),
      fc.string({ unit: 'grapheme-ascii', maxLength: 40 }),
    ),
    body: fc.oneof(
      fc.constant(encoded(TEXT)),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
      fc
        .array(
          fc.constantFrom(
            'From=',
            'a',
            '%',
            '%zz',
            '%ff',
            '&',
            '=',
            '+',
            '\0',
            '__proto__=x',
            'Body[]=1',
            `AccountSid=${ACCOUNT}`,
          ),
          { maxLength: 30 },
        )
        .map((parts) => parts.join('')),
      fc.constant('{"From":"+1"}'),
      fc.constant(''),
    ),
    framing: fc.constantFrom(
      'right',
      'right',
      'right',
      'right',
      'chunked',
      'short',
      'too large',
      'bad chunks',
      'none',
      'twice',
      'cut',
      'noise',
    ),
  })
  .map(({ method, path, query, type, signature, body, framing }) => {
    const headers = [`${method} ${path}${query} HTTP/1.1`, 'Host: shop.example.com']
    if (type !== '') headers.push(`Content-Type: ${type}`)
    if (signature !== '') headers.push(`X-Twilio-Signature: ${signature}`)
    const whole = (more: readonly string[], rest: string) =>
      Buffer.from([...headers, ...more, '', rest].join('\r\n'), 'latin1')
    const length = `Content-Length: ${body.length}`
    switch (framing) {
      case 'right':
        return whole([length], body)
      case 'chunked':
        return whole(
          ['Transfer-Encoding: chunked'],
          `${body === '' ? '' : `${body.length.toString(16)}\r\n${body}\r\n`}0\r\n\r\n`,
        )
      case 'short':
        return whole([`Content-Length: ${body.length + 10}`], body)
      case 'too large':
        return whole(['Content-Length: 99999999'], body)
      case 'bad chunks':
        return whole(['Transfer-Encoding: chunked'], `zz\r\n${body}`)
      case 'none':
        return whole([], '')
      case 'twice':
        return whole([length, 'Content-Length: 1'], body)
      case 'cut':
        return whole([length], body).subarray(0, 60)
      case 'noise':
        return Buffer.from(`${body}\r\n\r\n`, 'latin1')
    }
  })

/** Sends one request on a connection of its own and says with which status it was answered; 0 for none. */
function send(port: number, bytes: Buffer): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let status = 0
    socket.on('connect', () => socket.end(bytes)) // The end says that no more comes: nothing waits for a time limit.
    socket.on('data', (chunk) => {
      status ||= Number(/^HTTP\/1\.1 (\d{3})/.exec(chunk.toString('latin1'))?.[1] ?? 0)
      if (status !== 0) socket.destroy()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(status))
  })
}

test(`${REQUESTS} malformed and forged requests: no 5xx, no crash, nothing kept, memory and log bounded`, async () => {
  const { intake, kept } = memoryIntake()
  const { log, lines } = memoryLog()
  const credentials = { authTokens: [TOKEN], accountSid: ACCOUNT }
  const webhooks = createWebhooks({
    intake,
    log,
    clock: systemClock,
    credentials: () => credentials,
    publicBases: () => [PUBLIC, 'https://former.example.com'],
  })
  const open = await webhooks.listen(0)
  const variants = fc.sample(requests, { numRuns: 4_000, seed: SEED })

  const statuses = new Map<number, number>()
  let next = 0
  const sender = async () => {
    while (next < REQUESTS) {
      const bytes = variants[(next++ * 7) % variants.length] ?? Buffer.alloc(0)
      const status = await send(open.port, bytes)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  }
  let highest = 0
  const watch = setInterval(() => (highest = Math.max(highest, process.memoryUsage().rss)), 100)
  const before = process.memoryUsage().rss
  await Promise.all(Array.from({ length: CONNECTIONS }, sender))
  clearInterval(watch)

  expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([])
  expect([...statuses.keys()].filter((status) => status >= 200 && status < 300 && status !== 200)).toEqual([])
  // 0: a request cut off, to which there is nothing to say; 200: GET /health.
  const refused = [400, 403, 404, 405, 413, 415, 429].reduce(
    (sum, status) => sum + (statuses.get(status) ?? 0),
    0,
  )
  expect(refused).toBeGreaterThan(REQUESTS * 0.7)
  expect(statuses.get(429)).toBeGreaterThan(REQUESTS * 0.3)
  expect(kept).toEqual([])
  expect(highest - before).toBeLessThan(300 * 1024 * 1024)
  expect(lines.filter(({ level }) => level === 'error')).toEqual([])
  expect(lines.length).toBeLessThanOrEqual(60)
  expect(lines.map(({ text }) => text).join('\n')).not.toContain(TEXT.From)

  // What Twilio signed passes all the while.
  const { url: _, ...signed } = signedRequest(PUBLIC, '/webhooks/sms', TEXT, TOKEN)
  expect((await fetch(`http://127.0.0.1:${open.port}/webhooks/sms`, signed)).status).toBe(200)
  expect(kept).toHaveLength(1)
  await open.close()
  expect(lines.at(-1)?.text).toMatch(/^… and \d+ more refused in the last minute$/)
}, 120_000)
