import { attempt } from './attempt.ts'
import type { Outcome } from './carrier.ts'
import { WRONG_CREDENTIALS } from '../twilio-codes.ts'
import { AnswerError } from './failures.ts'

export interface OpenedMedia {
  /** Bytes, where the carrier says so. */
  length: number | undefined
  /** Throws when the connection breaks or the time is over. */
  chunks: AsyncIterable<Uint8Array>
}

/** Files of messages and recordings, where the carrier keeps them. */
export interface MediaSource {
  /** An address that is not the carrier's is refused (status 0) and never called. */
  openMedia(url: string, signal: AbortSignal): Promise<Outcome<OpenedMedia>>
}

export interface TwilioMediaOptions {
  accountSid: string
  authToken: string
  /** As for the REST client. */
  baseUrl?: string | undefined
  /** ms for a whole file. */
  timeout?: number
}

const TWILIO_API = /^api\.(?:[a-z0-9-]+\.){0,2}twilio\.com$/
const REDIRECTS = new Set([301, 302, 303, 307, 308])
const MOST_REDIRECTS = 5
const FILE_TIMEOUT_MS = 120_000
/** Without an ending Twilio gives a recording as WAV; said, so that it stays so. */
const RECORDING = /\/Recordings\/RE[0-9a-fA-F]{32}$/

/**
 * Twilio's files over HTTP. The credentials go to the API's own address only; where it sends us from there (its CDN) is
 * followed by hand and without them. Nothing but https, except where the API itself is plain http on this machine.
 */
export function twilioMedia({
  accountSid,
  authToken,
  baseUrl,
  timeout = FILE_TIMEOUT_MS,
}: TwilioMediaOptions): MediaSource {
  const base = baseUrl ? new URL(baseUrl) : undefined
  const isApi = (url: URL): boolean =>
    base
      ? url.origin === base.origin
      : url.protocol === 'https:' && url.port === '' && TWILIO_API.test(url.hostname)
  const mayFollow = (url: URL): boolean =>
    url.protocol === 'https:' || (url.protocol === 'http:' && base?.protocol === 'http:')
  const credentials = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`

  async function open(first: URL, signal: AbortSignal): Promise<OpenedMedia> {
    let url = first
    for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
      const response = await ask(url, hops === 0 ? { authorization: credentials } : {}, signal)
      const { status, headers, body } = response
      const location = headers.get('location')
      if (REDIRECTS.has(status) && location !== null) {
        await body?.cancel()
        url = new URL(location, url)
        if (!mayFollow(url) || url.username !== '') break
        continue
      }
      if (!response.ok || !body) {
        await body?.cancel()
        // Who keeps the files says 403 of what it lacks, too; only the API's own says that of the account.
        const isOfAccount = hops === 0 && (status === 401 || status === 403)
        const said = isOfAccount ? { code: WRONG_CREDENTIALS } : ''
        throw new AnswerError({ statusCode: status, body: said, headers: Object.fromEntries(headers) }, true)
      }
      // Of what a proxy packed it is the length as packed, and what comes here is unpacked.
      const isPacked = (headers.get('content-encoding') ?? 'identity') !== 'identity'
      const length = isPacked ? Number.NaN : Number(headers.get('content-length') ?? Number.NaN)
      return { length: Number.isSafeInteger(length) ? length : undefined, chunks: body }
    }
    throw new AnswerError({ statusCode: 508, body: '', headers: {} }, true)
  }

  return {
    async openMedia(address, signal) {
      const url = URL.canParse(address) ? new URL(address) : undefined
      if (!url || !isApi(url)) {
        const sentence = 'Its address is not one of Twilio’s, so it is not called.'
        return { ok: false, error: { kind: 'refused', code: 0, status: 0, sentence } }
      }
      if (RECORDING.test(url.pathname)) url.pathname += '.wav'
      return attempt(() => open(url, AbortSignal.any([signal, AbortSignal.timeout(timeout)])))
    },
  }
}

/** What fetch itself throws says nothing; its cause does. */
async function ask(url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
  try {
    const own = { ...headers, accept: '*/*', 'accept-encoding': 'identity' }
    return await fetch(url, { headers: own, redirect: 'manual', signal })
  } catch (error) {
    throw error instanceof TypeError && error.cause !== undefined ? error.cause : error
  }
}
