import { createHmac, randomUUID } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { loopbackLookup } from '../../loopback-lookup.ts'

export type Params = Record<string, string>

export interface WebhookAnswer {
  /** HTTP status; 0 when no connection was made or no answer came in time. */
  status: number
  body: string
  ok: boolean
  /** Deliveries it took, retries included. */
  tries: number
}

/** X-Twilio-Signature of a form: base64(HMAC-SHA1(token, URL + each sorted key + value)); reference twilio.md §3. */
export function sign(token: string, url: string, params: Params): string {
  const text = Object.keys(params)
    .sort()
    .reduce((all, key) => all + key + (params[key] ?? ''), url)
  return createHmac('sha1', token).update(text, 'utf8').digest('base64')
}

/** The fragment's connection overrides: never sent, never signed (reference twilio.md §4). */
function readOverrides(fragment: string): { retries: number; on: string; readTimeout: number } {
  const values = new URLSearchParams(fragment)
  const number = (name: string, most: number, usual: number) => {
    const value = Number(values.get(name) ?? usual)
    return Number.isFinite(value) ? Math.min(Math.max(0, value), most) : usual
  }
  return {
    retries: number('rc', 5, 1),
    on: values.get('rp') ?? 'ct',
    readTimeout: number('rt', 15_000, 15_000),
  }
}

/**
 * Sends what Twilio sends: a signed form, or by GET the same in the address, and signed there. Every retry carries the
 * same idempotency token. Never rejects.
 */
export async function postWebhook(
  address: string,
  params: Params,
  token: string,
  method = 'POST',
): Promise<WebhookAnswer> {
  const [bare = '', fragment = ''] = address.split('#', 2)
  const { retries, on, readTimeout } = readOverrides(fragment)
  const query = new URLSearchParams(params).toString()
  const isGet = method === 'GET'
  const url = isGet ? `${bare}${bare.includes('?') ? '&' : '?'}${query}` : bare
  const body = isGet ? undefined : query
  const headers = {
    'X-Twilio-Signature': sign(token, url, isGet ? {} : params),
    'I-Twilio-Idempotency-Token': randomUUID(),
    'User-Agent': 'TwilioProxy/1.1',
    Accept: '*/*',
  }
  let answer = await once(url, body, headers, readTimeout)
  for (let tries = 2; tries <= retries + 1 && isRetried(answer.status, on); tries++) {
    answer = { ...(await once(url, body, headers, readTimeout)), tries }
  }
  return answer
}

async function once(
  url: string,
  form: string | undefined,
  headers: Params,
  timeout: number,
): Promise<WebhookAnswer> {
  try {
    const { status, body } = await send(url, form, headers, timeout)
    return { status, body, ok: status >= 200 && status < 300, tries: 1 }
  } catch {
    // No connection, dropped, or too late: the same to Twilio, which notes 11200 or 11205.
    return { status: 0, body: '', ok: false, tries: 1 }
  }
}

/** Not `fetch`: names below .localhost, a tunnel's in a test, are this machine (RFC 6761). */
function send(
  url: string,
  form: string | undefined,
  headers: Params,
  timeout: number,
): Promise<{ status: number; body: string }> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const sending = request(
      url,
      {
        method: form === undefined ? 'GET' : 'POST',
        headers: {
          ...headers,
          ...(form !== undefined && {
            'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8',
            'Content-Length': Buffer.byteLength(form),
          }),
        },
        lookup: loopbackLookup,
        signal: AbortSignal.timeout(timeout),
      },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (part: string) => (text += part))
        answer.on('error', reject)
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: text }))
      },
    )
    sending.on('error', reject)
    sending.end(form)
  })
}

function isRetried(status: number, policy: string): boolean {
  const kinds = policy.split(',')
  if (status === 0) return kinds.some((kind) => ['ct', 'rt', 'all'].includes(kind))
  if (status >= 500) return kinds.includes('5xx') || kinds.includes('all')
  return status >= 400 && (kinds.includes('4xx') || kinds.includes('all'))
}
