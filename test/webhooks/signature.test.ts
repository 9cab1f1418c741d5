import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, createHmac } from 'node:crypto'
import fc from 'fast-check'
import twilio from 'twilio/lib/webhooks/webhooks.js'
import { expect, test } from 'vitest'
import { parseForm } from '../../src/server/webhooks/form.ts'
import { isPlausible, isSigned, signatureOf } from '../../src/server/webhooks/signature.ts'
import { encoded, textToSign, type TestParams } from './signed-request.ts'

/** Twilio's documented example (reference twilio.md §3). */
const VECTOR = {
  token: '12345',
  url: 'https://mycompany.com/myapp.php?foo=1&bar=2',
  params: {
    CallSid: 'CA1234567890ABCDE',
    Caller: '+14158675309',
    Digits: '1234',
    From: '+14158675309',
    To: '+18005551212',
  },
  signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=',
}

const hasOpenssl = spawnSync('openssl', ['version']).status === 0

const formOf = (params: TestParams) => parseForm(Buffer.from(encoded(params)))

const name = fc.oneof(
  fc.constantFrom('Body', 'From', 'To', '__proto__', 'a', 'B', '10', '9'),
  fc.string({ unit: 'binary', maxLength: 8 }),
)
const value = fc.string({ unit: 'binary', maxLength: 40 })
const paramSets = fc
  .array(fc.tuple(name, fc.oneof(value, fc.array(value, { minLength: 2, maxLength: 4 }))), { maxLength: 12 })
  .map((pairs): TestParams => Object.assign(Object.create(null) as TestParams, Object.fromEntries(pairs)))
const tokens = fc.oneof(
  fc.string({ minLength: 1, maxLength: 40 }),
  fc.string({ minLength: 65, maxLength: 90 }),
)

test("Twilio's own example", () => {
  expect(signatureOf(VECTOR.token, VECTOR.url, formOf(VECTOR.params))).toBe(VECTOR.signature)
})

test('what the twilio package signs, we accept: unicode, repeated, empty, long tokens', () => {
  fc.assert(
    fc.property(paramSets, tokens, (params, token) => {
      const url = 'https://shop.example.com/webhooks/sms?m=1'
      const given = twilio.getExpectedTwilioSignature(token, url, params)
      expect(signatureOf(token, url, formOf(params))).toBe(given)
    }),
    { numRuns: 500 },
  )
})

test('a second, independent implementation (WebCrypto) signs the same', async () => {
  const encoder = new TextEncoder()
  await fc.assert(
    fc.asyncProperty(paramSets, tokens, async (params, token) => {
      const url = 'https://shop.example.com/webhooks/voice'
      const key = await crypto.subtle.importKey(
        'raw',
        encoder.encode(token),
        { name: 'HMAC', hash: 'SHA-1' },
        false,
        ['sign'],
      )
      const mac = await crypto.subtle.sign('HMAC', key, encoder.encode(textToSign(url, params)))
      expect(signatureOf(token, url, formOf(params))).toBe(btoa(String.fromCharCode(...new Uint8Array(mac))))
    }),
    { numRuns: 300 },
  )
})

test.skipIf(!hasOpenssl)('a third one, openssl, too', () => {
  const params = { Body: 'Grüße 👋 & co', From: '+12345678900', To: '', Tag: ['b', 'a', 'b'] }
  const url = 'https://shop.example.com/webhooks/sms'
  const mac = execFileSync('openssl', ['dgst', '-sha1', '-hmac', '12345', '-binary'], {
    input: textToSign(url, params),
  })
  expect(signatureOf('12345', url, formOf(params))).toBe(mac.toString('base64'))
})

test('a body larger than the prepared room is signed the same', () => {
  const params = { Body: '€'.repeat(60_000) }
  const form = new Map(Object.entries(params))
  expect(signatureOf('t', 'https://a', form)).toBe(
    twilio.getExpectedTwilioSignature('t', 'https://a', params),
  )
})

const request = (params: TestParams, given: string, url = VECTOR.url) => {
  const body = Buffer.from(encoded(params))
  return { given, urls: [url], form: parseForm(body), body }
}

test('any token and any base may have been used, and no other', () => {
  const right = request(VECTOR.params, VECTOR.signature)
  expect(isSigned(right, ['other', VECTOR.token])).toBe(true)
  expect(isSigned({ ...right, urls: ['https://new.example.com/', VECTOR.url] }, [VECTOR.token])).toBe(true)
  expect(isSigned(right, ['other'])).toBe(false)
  expect(isSigned(right, [])).toBe(false)
  expect(isSigned({ ...right, urls: [] }, [VECTOR.token])).toBe(false)
  expect(isSigned(request({ ...VECTOR.params, Digits: '' }, VECTOR.signature), [VECTOR.token])).toBe(false)
})

test('what the package alone accepts is accepted: a URL signed with its port', () => {
  const given = twilio.getExpectedTwilioSignature('t', 'https://shop.example.com:443/x', { a: '1' })
  expect(isSigned(request({ a: '1' }, given, 'https://shop.example.com/x'), ['t'])).toBe(true)
})

test('without second opinions too, what the package accepts is accepted, by whatever spelling, and nothing else', () => {
  const host = fc.constantFrom('shop.example.com', 'user:pw@shop.example.com', '[::1]', '10.0.0.1')
  const port = fc.constantFrom('', ':443', ':80', ':8443', ':')
  const path = fc.constantFrom('/x', '/x y', "/o'k", '/%c3%a9', '/é', '')
  const query = fc.constantFrom('', '?', "?a=b'c&d=%20", '?a=1&a=2', '?m=1#rc=3', '?x[]=1|2', '?a=%ff')
  const scheme = fc.constantFrom('https://', 'http://', 'HTTPS://', '')
  const spelt = fc.tuple(scheme, host, port, path, query).map((parts) => parts.join(''))
  fc.assert(
    fc.property(spelt, spelt, fc.boolean(), fc.nat(5), (ours, other, isOther, n) => {
      const normal = URL.canParse(ours) ? new URL(ours).toString() : ours
      const like = [
        ours,
        normal,
        ours.replace('.com', '.com:443'),
        normal.replace(/:\d+/, ''),
        `${normal}#`,
        other,
      ]
      const signed = isOther ? other : (like[n] ?? ours)
      const given = twilio.getExpectedTwilioSignature('t', signed, { a: '1' })
      let theirs = signed === ours
      try {
        theirs ||= twilio.validateRequest('t', given, ours, { a: '1' })
      } catch {
        // No URL to the package.
      }
      const asked = { given, urls: [ours], form: formOf({ a: '1' }), body: Buffer.from('a=1') }
      expect(isSigned(asked, ['t'], { isThorough: false })).toBe(theirs)
      expect(isSigned(asked, ['t'])).toBe(theirs)
    }),
    { numRuns: 2_000 },
  )
})

test('what makes the package throw is a refusal', () => {
  const given = `${'A'.repeat(27)}=`
  for (const url of ['/relative', '', 'http://[', 'https://shop.example.comhttp://evil/x']) {
    expect(isSigned(request({ a: '1' }, given, url), ['t'])).toBe(false)
  }
})

test('bytes that are not UTF-8 may have been signed as they stand', () => {
  const url = 'https://shop.example.com/x'
  const signed = Buffer.concat([Buffer.from(`${url}Body`), Buffer.from([0xff, 0xfe])])
  const given = createHmac('sha1', 't').update(signed).digest('base64')
  const body = Buffer.from('Body=%FF%FE')
  const asked = { given, urls: [url], form: parseForm(body), body }
  expect(isSigned(asked, ['t'])).toBe(true)
  expect(isSigned(asked, ['t'], { isThorough: false })).toBe(false)
})

test('the scheme for bodies that are not forms: the URL and the hash in it', () => {
  const body = Buffer.from('{"a":1}')
  const hash = createHash('sha256').update(body).digest('hex')
  const url = `https://shop.example.com/x?bodySHA256=${hash}`
  const given = twilio.getExpectedTwilioSignature('t', url, {})
  const form = undefined
  expect(isSigned({ given, urls: [url], form, body }, ['t'])).toBe(true)
  expect(
    isSigned({ given, urls: [url.replace(/.$/, hash.endsWith('0') ? '1' : '0')], form, body }, ['t']),
  ).toBe(false)
})

test.each([
  ['', false],
  ['RSOYDt4T1cUTdK1PDd93/VVr8B8', false],
  [`${VECTOR.signature}=`, false],
  [`${VECTOR.signature}, ${VECTOR.signature}`, false],
  [VECTOR.signature, true],
])('plausible: %j', (given, expected) => {
  expect(isPlausible(given)).toBe(expected)
})
