/** app://console (the built page) and app://media (stored attachments): every request a page of ours may make. */
import { CONSOLE_HOST, MEDIA_HOST } from './console-address.ts'
import type { MediaFile } from './host.ts'
import { answerMedia } from '../server/media/answer.ts'

export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: app://media",
  'media-src app://media',
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const COMMON_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
}

const PAGE_TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  woff2: 'font/woff2',
  mp3: 'audio/mpeg',
}

export interface AppFiles {
  /** A file of the built page by its path without the leading slash, or null. */
  page(path: string): Promise<Uint8Array | null>
  media(path: string): Promise<MediaFile | null>
}

/** The handler for Electron's `protocol.handle('app', …)`. Never throws: what goes wrong becomes a 500 with the policy. */
export function createAppProtocol(files: AppFiles): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== 'GET') return plain(405, 'Only GET is taken here.', { allow: 'GET' })
    const { host, pathname, searchParams } = new URL(request.url)
    if (host !== CONSOLE_HOST && host !== MEDIA_HOST) return plain(404, 'There is no such host.')
    const path = safePath(pathname)
    if (path === null) return plain(403, 'This path leads out of the folder.')
    try {
      return host === CONSOLE_HOST
        ? await servePage(files, path)
        : await serveMedia(files, path, request.headers.get('range'), searchParams.get('name'))
    } catch {
      return plain(500, 'The file could not be read.')
    }
  }
}

/** The decoded path, or null when any part of it, encoded or not, climbs or is absolute. */
function safePath(pathname: string): string | null {
  let path: string
  try {
    path = decodeURIComponent(pathname)
  } catch {
    return null
  }
  // A NUL ends a path in the system's calls; a backslash and a colon mean something to Windows.
  if (['\\', ':', '\0'].some((character) => path.includes(character))) return null
  const parts = path.split('/').slice(1)
  if (parts.some((part) => part === '..' || part === '.') || parts.slice(0, -1).includes('')) return null
  return parts.join('/')
}

async function servePage(files: AppFiles, path: string): Promise<Response> {
  const name = path === '' ? 'index.html' : path
  const type = PAGE_TYPES[name.slice(name.lastIndexOf('.') + 1)]
  const bytes = type === undefined ? null : await files.page(name)
  if (type === undefined || bytes === null) return plain(404, 'There is no such file.')
  return respond(200, bytes, { 'content-type': type })
}

/** A file to be saved is offered by this name. */
function savedAs(name: string | null): Record<string, string> {
  return name === null || name === ''
    ? {}
    : { 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}` }
}

async function serveMedia(
  files: AppFiles,
  path: string,
  rangeHeader: string | null,
  name: string | null,
): Promise<Response> {
  const file = path === '' ? null : await files.media(path)
  if (file === null) return plain(404, 'There is no such attachment.')
  const { status, headers, body } = await answerMedia(file, rangeHeader)
  return new Response(typeof body === 'string' ? body : streamOf(body), {
    status,
    headers: { ...COMMON_HEADERS, ...headers, ...savedAs(name) },
  })
}

function streamOf(pieces: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const reading = pieces[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(stream) {
      const next = await reading.next()
      if (next.done === true) stream.close()
      else stream.enqueue(next.value)
    },
    async cancel() {
      await reading.return?.()
    },
  })
}

function plain(status: number, sentence: string, headers: Record<string, string> = {}): Response {
  return respond(status, sentence, { 'content-type': 'text/plain; charset=utf-8', ...headers })
}

function respond(status: number, body: Uint8Array | string, headers: Record<string, string>): Response {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  return new Response(new Uint8Array(bytes), {
    status,
    headers: { ...COMMON_HEADERS, ...headers, 'content-length': String(bytes.byteLength) },
  })
}
