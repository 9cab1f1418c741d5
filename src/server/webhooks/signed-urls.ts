import { parse, stringify } from 'node:querystring'

/**
 * The other spellings of an address that Twilio, or an older back end of it, may have signed: with and without a port,
 * with what `new URL` escapes, and with a query as Node's querystring writes it. The same as the `twilio` package tries
 * (6.2.0, webhooks.js), each once.
 */
export function otherSpellings(url: string): string[] {
  const spellings = new Set([withoutPort(url), withPort(url)])
  // What is no URL has no other spelling.
  if (URL.canParse(url)) {
    const written = new URL(url).toString()
    for (const one of [withoutPort(written), withPort(written)]) spellings.add(one).add(withLegacyQuery(one))
  }
  spellings.delete(url)
  return [...spellings]
}

interface Parts {
  scheme: string
  userInfo: string
  host: string
  /** With its colon; empty where there is none. */
  port: string
  rest: string
}

/** By hand: `new URL` would escape what was signed as it stood. */
function partsOf(url: string): Parts | undefined {
  const [, scheme = '', authority = '', rest = ''] =
    /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)(.*)$/is.exec(url) ?? []
  if (scheme === '') return undefined
  const at = authority.lastIndexOf('@') + 1
  const place = authority.slice(at)
  // The colons of an IPv6 address stand in brackets.
  const colon = place.indexOf(':', place.lastIndexOf(']') + 1)
  const end = colon === -1 ? place.length : colon
  return {
    scheme,
    userInfo: authority.slice(0, at),
    host: place.slice(0, end),
    port: place.slice(end),
    rest,
  }
}

function withPort(url: string): string {
  const parts = partsOf(url)
  if (parts?.port !== '') return url
  const port = parts.scheme.toLowerCase() === 'https://' ? ':443' : ':80'
  return parts.scheme + parts.userInfo + parts.host + port + parts.rest
}

function withoutPort(url: string): string {
  const parts = partsOf(url)
  return parts ? parts.scheme + parts.userInfo + parts.host + parts.rest : url
}

function withLegacyQuery(url: string): string {
  const start = url.indexOf('?')
  if (start === -1 || start === url.length - 1) return url
  return `${url.slice(0, start)}?${stringify(parse(url.slice(start + 1)))}`
}
