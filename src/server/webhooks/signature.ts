import { createHash, createHmac, hash, timingSafeEqual } from 'node:crypto'
// The one module of the package that is needed: the whole of it takes a good part of a second to load.
import twilio from 'twilio/lib/webhooks/webhooks.js'
import { parseBytes, type Form } from './form.ts'
import { otherSpellings } from './signed-urls.ts'

/** A request as its signature sees it. */
export interface SignedRequest {
  /** The X-Twilio-Signature header. */
  given: string
  /** The addresses Twilio may have used: each public base followed by the request's own path and query. */
  urls: readonly string[]
  /** Undefined for a body that is not a form: of such a one the URL is signed, and a hash of the body in it. */
  form: Form | undefined
  body: Buffer
}

/** Whether a header can be a signature at all: 20 bytes in base64. Anything else is refused without a further look. */
export function isPlausible(given: string): boolean {
  return /^[A-Za-z0-9+/]{27}=$/.test(given)
}

/**
 * Twilio's signature of a form: base64(HMAC-SHA1(token, URL + each sorted name and its value)), where the values of a
 * repeated name are de-duplicated and sorted. Source: Twilio's "Validating Signatures" and `twilio` 6.2.0's webhooks.js.
 */
export function signatureOf(token: string, url: string, form: Form): string {
  return hmac(token, url + textOf(form))
}

/**
 * Whether Twilio signed the request with one of the tokens.
 *
 * Ours decides what it can accept, by every spelling of the address that Twilio may have signed. What it would turn away
 * is put to the `twilio` package on the same URLs, and its bytes are tried as they stand, so that an error of ours can't
 * refuse what Twilio signed. That costs many times as much, so `isThorough: false` leaves these second opinions out.
 */
export function isSigned(
  request: SignedRequest,
  tokens: readonly string[],
  { isThorough = true }: { isThorough?: boolean } = {},
): boolean {
  if (!isPlausible(request.given)) return false
  const given = Buffer.from(request.given, 'latin1')
  const { form, body, urls } = request
  const anyOf = (accepts: (token: string, url: string) => boolean) =>
    tokens.some((token) => urls.some((url) => accepts(token, url)))
  const byHash = () => anyOf((token, url) => isSignedByHash(given, token, url, body))
  if (form === undefined) return byHash()
  // Once for all addresses: of a large form it is most of the work.
  const fields = textOf(form)
  const isSignedBy = (token: string, url: string) => same(given, hmac(token, url + fields))
  return (
    anyOf(isSignedBy) ||
    anyOf((token, url) => otherSpellings(url).some((spelling) => isSignedBy(token, spelling))) ||
    byHash() ||
    (isThorough &&
      (anyOf((token, url) => packageAccepts(token, request.given, url, form)) ||
        isSignedAsBytes(given, form, body, tokens, urls)))
  )
}

/**
 * Twilio's other scheme, for bodies that are not forms: the URL alone is signed, and its `bodySHA256` parameter holds
 * the hash of the body in hex.
 */
function isSignedByHash(given: Buffer, token: string, url: string, body: Buffer): boolean {
  const claimed = /[?&]bodySHA256=([0-9a-f]{64})(?:[&#]|$)/i.exec(url)?.[1]
  if (claimed === undefined) return false
  const found = createHash('sha256').update(body).digest('hex')
  return same(Buffer.from(claimed.toLowerCase(), 'latin1'), found) && same(given, hmac(token, url))
}

/** Whether the form lost bytes that are not UTF-8 when it became text. */
function isLossy(form: Form): boolean {
  for (const [name, value] of form) if (`${name}${String(value)}`.includes('\ufffd')) return true
  return false
}

/** Whether the bytes of a body were signed as they stood, before they became text with U+FFFD. */
function isSignedAsBytes(
  given: Buffer,
  form: Form,
  body: Buffer,
  tokens: readonly string[],
  urls: readonly string[],
): boolean {
  if (!isLossy(form)) return false
  const fields = textOf(parseBytes(body))
  return tokens.some((token) =>
    urls.some((url) => {
      const signed = createHmac('sha1', token).update(url + fields, 'latin1')
      return same(given, signed.digest('base64'))
    }),
  )
}

function packageAccepts(token: string, given: string, url: string, form: Form): boolean {
  const params = Object.assign(Object.create(null) as object, Object.fromEntries(form))
  try {
    return twilio.validateRequest(token, given, url, params as Record<string, unknown>)
  } catch {
    return false // It throws on what it can't read as a URL: a refusal, not a fault of ours.
  }
}

/** What is signed of a form, behind the URL. */
function textOf(form: Form): string {
  let text = ''
  for (const name of [...form.keys()].sort()) {
    const value = form.get(name) ?? ''
    if (typeof value === 'string') text += name + value
    else for (const one of [...new Set(value)].sort()) text += name + one
  }
  return text
}

function same(given: Buffer, expected: string): boolean {
  const other = Buffer.from(expected, 'latin1')
  return given.length === other.length && timingSafeEqual(given, other)
}

// HMAC by hand (RFC 2104): two one-shot hashes over prepared pads take half the time of createHmac (2.2 against 4.4 µs).
const BLOCK = 64
const DIGEST = 20
const scratch = Buffer.allocUnsafe(64 * 1024)

interface Pads {
  inner: Buffer
  /** The outer pad followed by room for the inner digest. */
  outer: Buffer
}

const padsByToken = new Map<string, Pads>()
const MOST_TOKENS = 8

function hmac(token: string, text: string): string {
  // A UTF-16 unit takes at most three bytes.
  if (BLOCK + text.length * 3 > scratch.length) return createHmac('sha1', token).update(text).digest('base64')
  const { inner, outer } = padsOf(token)
  inner.copy(scratch)
  const length = BLOCK + scratch.write(text, BLOCK, 'utf8')
  outer.write(hash('sha1', scratch.subarray(0, length), 'binary'), BLOCK, 'latin1')
  return hash('sha1', outer, 'base64')
}

function padsOf(token: string): Pads {
  const known = padsByToken.get(token)
  if (known !== undefined) return known
  const bytes = Buffer.from(token, 'utf8')
  const key = Buffer.alloc(BLOCK)
  ;(bytes.length > BLOCK ? createHash('sha1').update(bytes).digest() : bytes).copy(key)
  const outer = Buffer.alloc(BLOCK + DIGEST)
  outer.set(key.map((byte) => byte ^ 0x5c))
  const pads = { inner: Buffer.from(key.map((byte) => byte ^ 0x36)), outer }
  if (padsByToken.size >= MOST_TOKENS) padsByToken.clear()
  padsByToken.set(token, pads)
  return pads
}
