import type { CarrierError } from './carrier.ts'
import { WRONG_CREDENTIALS } from '../twilio-codes.ts'
import { explain, isSafeToRepeat } from './codes.ts'

export interface HttpAnswer {
  statusCode: number
  body: unknown
  headers: Record<string, unknown>
}

/** An answer that is none of Twilio's API, or a refusal of it, whole. */
export class AnswerError extends Error {
  readonly answer: HttpAnswer
  /** Of a file: those who keep them refuse in a manner of their own. */
  readonly isOfFile: boolean
  constructor(answer: HttpAnswer, isOfFile = false) {
    super(`HTTP ${answer.statusCode}`)
    this.name = 'AnswerError'
    this.answer = answer
    this.isOfFile = isOfFile
  }
}

/**
 * Whether Twilio's API itself answered, and not a proxy or a network that wants a sign-in: it answers in JSON, and
 * refuses with a code, or with words and the status once more.
 */
export function isTwilios({ statusCode, body }: HttpAnswer): boolean {
  const value = jsonOf(body)
  if (typeof value !== 'object' || value === null) return false
  if (statusCode < 300) return true
  const { code, message, status } = value as Partial<Record<'code' | 'message' | 'status', unknown>>
  return (
    (typeof code === 'number' && Number.isInteger(code) && code > 0) ||
    (typeof message === 'string' && typeof status === 'number')
  )
}

/**
 * System errors after which it is certain that no request went out: there was no connection.
 * (ECONNRESET and time-outs are not among them: the request may have arrived.)
 */
const NEVER_LEFT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'ERR_INVALID_URL',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** The client could not be made from this account SID and token; nothing was asked of Twilio. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError'
}

/** What an exception of the REST client means for the one who sent. */
export function failureOf(cause: unknown): CarrierError {
  if (cause instanceof AnswerError) return refusalOf(cause.answer, cause.isOfFile || isTwilios(cause.answer))
  if (cause instanceof CredentialsError)
    return { kind: 'refused', code: WRONG_CREDENTIALS, status: 0, sentence: explain(WRONG_CREDENTIALS) }
  // The client's exception tells the code; which call of the system it was is told by the one behind it.
  const syscall = textOf(cause, 'syscall') || textOf(cause instanceof Error ? cause.cause : cause, 'syscall')
  // A network lost while a connection stood has the same codes, and the request may have gone out before.
  const wasConnected = syscall === 'read' || syscall === 'write'
  if (syscall === 'connect' || (NEVER_LEFT.has(textOf(cause, 'code')) && !wasConnected)) {
    const sentence =
      'Twilio could not be reached. Check the internet connection; it is tried again by itself.'
    return { kind: 'unreached', code: 0, status: 0, sentence }
  }
  const sentence =
    'The connection to Twilio broke before its answer came, so it is not known whether it was sent.'
  return { kind: 'unknown', code: 0, status: 0, sentence }
}

function refusalOf({ statusCode: status, body, headers }: HttpAnswer, isTheirs: boolean): CarrierError {
  const said = readBody(body)
  if (status === 429 || isSafeToRepeat(said.code)) {
    const wait = retryAfter(headers)
    const error: CarrierError = {
      kind: 'limited',
      code: said.code || 20429,
      status,
      sentence: explain(said.code || 20429),
    }
    return wait === undefined ? error : { ...error, retryAfter: wait }
  }
  if (!isTheirs && (status < 500 || WANTS_SIGN_IN.has(status))) {
    // Who wants a sign-in first let nothing through. Who answers otherwise perhaps did, and changed the answer only.
    const kind = WANTS_SIGN_IN.has(status) ? 'unreached' : status >= 400 ? 'trouble' : 'unknown'
    return { kind, code: 0, status, sentence: between(status) }
  }
  if (status >= 500) {
    // A gateway's 502 or 504 says nothing of what stands behind it; 500 and 503 are the server's own.
    const kind = status === 500 || status === 503 ? 'trouble' : 'unknown'
    const wait = retryAfter(headers)
    const sentence = `Twilio has trouble of its own (HTTP ${status}). It is looked into again by itself.`
    const error: CarrierError = { kind, code: said.code, status, sentence }
    return wait === undefined ? error : { ...error, retryAfter: wait }
  }
  const code = said.code === 0 && status === 401 ? 20003 : said.code
  return { kind: 'refused', code, status, sentence: explain(code, said.message) }
}

/** Of a proxy, and of a network. */
const WANTS_SIGN_IN: ReadonlySet<number> = new Set([401, 407, 511])

const between = (status: number): string =>
  `Something between this computer and Twilio answered in its place (HTTP ${status}): a proxy, or a network that wants a sign-in.`

function jsonOf(body: unknown): unknown {
  if (typeof body !== 'string') return body
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function readBody(body: unknown): { code: number; message: string } {
  const value = jsonOf(body)
  if (typeof value !== 'object' || value === null) return { code: 0, message: '' }
  const code = 'code' in value ? Number(value.code) : 0
  const message = 'message' in value && typeof value.message === 'string' ? value.message : ''
  return { code: Number.isInteger(code) ? code : 0, message }
}

/**
 * The longest (ms) that any answer is waited for as it says: a proxy's year must not silence an account, and what was
 * over sooner is noticed.
 */
const LONGEST_HINT = 5 * 60_000
const SHORTEST_HINT = 1_000

/**
 * Retry-After in milliseconds, within bounds: whole seconds; its other form, a date, is against the answer's own Date.
 * None for what says nothing of use (0, a time that is past): whoever asks then waits as it does without a hint, ever longer.
 */
function retryAfter(headers: Record<string, unknown>): number | undefined {
  const value = headers['retry-after']
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : dateIn(text) - serverTime(headers)
  return wait > 0 ? Math.min(LONGEST_HINT, Math.max(SHORTEST_HINT, wait)) : undefined
}

/** A date as HTTP writes it, with the name of its month; Date.parse alone takes "-5" for a month of 2001. */
const dateIn = (text: string): number => (/[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN)

/** The answer's Date header in ms since the epoch; NaN without one. */
export function serverTime(headers: Record<string, unknown>): number {
  const date = headers['date']
  return typeof date === 'string' ? Date.parse(date) : Number.NaN
}

function textOf(cause: unknown, name: 'code' | 'syscall'): string {
  if (typeof cause !== 'object' || cause === null) return ''
  const value: unknown = (cause as Record<string, unknown>)[name]
  return typeof value === 'string' ? value : ''
}
