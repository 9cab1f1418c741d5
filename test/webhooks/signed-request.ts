import { createHmac } from 'node:crypto'

export type TestParams = Record<string, string | readonly string[]>

/** A request the way Twilio sends it, for `fetch(url, init)` or any other client. */
export interface SignedRequestInit {
  url: string
  method: 'POST'
  headers: Record<string, string>
  body: string
}

/**
 * Signs as Twilio documents it, on purpose without our own code or the package: what both must agree with.
 *
 * @param base the public base address, without trailing slash
 * @param path with its query, e.g. `/webhooks/status?m=1`
 * @param params a list stands for a repeated parameter
 */
export function signedRequest(
  base: string,
  path: string,
  params: TestParams,
  token: string,
): SignedRequestInit {
  const url = base + path
  return {
    url,
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      'X-Twilio-Signature': createHmac('sha1', token).update(textToSign(url, params)).digest('base64'),
    },
    body: encoded(params),
  }
}

/** What is signed: the URL, then each sorted name with its values, those sorted and each once. */
export function textToSign(url: string, params: TestParams): string {
  const named = Object.keys(params).sort()
  return (
    url +
    named
      .map((name) =>
        valuesOf(params, name)
          .map((value) => name + value)
          .join(''),
      )
      .join('')
  )
}

/** The body of a form, in the order given. */
export function encoded(params: TestParams): string {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) for (const one of [value].flat()) form.append(name, one)
  return form.toString()
}

function valuesOf(params: TestParams, name: string): string[] {
  return [...new Set([params[name] ?? []].flat())].sort()
}
