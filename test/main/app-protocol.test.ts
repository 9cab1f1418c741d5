import { describe, expect, test } from 'vitest'
import { CONTENT_SECURITY_POLICY, createAppProtocol } from '../../src/main/app-protocol.ts'
import { contentType } from '../../src/server/media/content-type.ts'
import { parseRange } from '../../src/server/media/range.ts'

const png = new Uint8Array(100).fill(7)
png.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52])
const pages: Record<string, string> = { 'index.html': '<p>', 'assets/a.js': 'x', 'secret.txt': 'no' }
const answer = createAppProtocol({
  page: (path) => {
    if (path === 'broken.js') throw new Error('disk')
    const text = pages[path]
    return Promise.resolve(text === undefined ? null : new TextEncoder().encode(text))
  },
  media: (path) =>
    Promise.resolve(
      path === 'a/b.jpg'
        ? {
            size: png.length,
            read: (start: number, end: number) => Promise.resolve(png.slice(start, end + 1)),
          }
        : path === 'page.html'
          ? {
              size: 32,
              read: () => Promise.resolve(new TextEncoder().encode('<!doctype html><script></script>')),
            }
          : path === 'empty'
            ? { size: 0, read: () => Promise.reject(new Error('nothing to read')) }
            : null,
    ),
})
const get = (url: string, range?: string) =>
  answer(new Request(url, range === undefined ? {} : { headers: { range } }))

test.each([
  ['app://console/', 200],
  ['app://console/index.html?x=1#y', 200],
  ['app://console/assets/a.js', 200],
  ['app://console/none.js', 404],
  ['app://console/secret.txt', 404],
  ['app://console/index', 404],
  ['app://console/broken.js', 500],
  ['app://consoles/', 404],
  ['app://console:1/', 404],
  ['app://console/%2e%2e%2fetc/passwd', 403],
  ['app://console/a/..%2f..%2fb.js', 403],
  ['app://console/..%5c..%5cb.js', 403],
  ['app://console/c:%5cwindows', 403],
  ['app://console/%00.js', 403],
  ['app://console//etc/passwd', 403],
  ['app://console/%ff', 403],
  ['app://media/a/b.jpg', 200],
  ['app://media/', 404],
  ['app://media/empty', 415],
])('%s is answered with %i, and with the policy', async (url, status) => {
  const response = await get(url)
  expect(response.status).toBe(status)
  const policy = url === 'app://media/a/b.jpg' ? "default-src 'none'; sandbox" : CONTENT_SECURITY_POLICY
  expect(response.headers.get('content-security-policy')).toBe(policy)
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
})

test.each(['POST', 'HEAD', 'PUT', 'DELETE'])('%s is not taken', async (method) => {
  expect((await answer(new Request('app://console/', { method }))).status).toBe(405)
})

describe('attachments', () => {
  test('come whole or in part, with the type of their bytes', async () => {
    const whole = await get('app://media/a/b.jpg')
    expect(whole.headers.get('content-type')).toBe('image/png')
    expect(whole.headers.get('accept-ranges')).toBe('bytes')
    const part = await get('app://media/a/b.jpg', 'bytes=4-7')
    expect(part.status).toBe(206)
    expect(part.headers.get('content-range')).toBe('bytes 4-7/100')
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(png.slice(4, 8))
    expect((await get('app://media/a/b.jpg', 'bytes=100-')).status).toBe(416)
  })
  test('a range is one, from the start or the end, and never beyond', () => {
    expect(parseRange(null, 10)).toBe('whole')
    expect(parseRange('bytes=0-', 10)).toEqual({ start: 0, end: 9 })
    expect(parseRange('bytes=2-99', 10)).toEqual({ start: 2, end: 9 })
    expect(parseRange('bytes=-3', 10)).toEqual({ start: 7, end: 9 })
    expect(parseRange('bytes=-30', 10)).toEqual({ start: 0, end: 9 })
    expect(parseRange('bytes=-0', 10)).toBe('unsatisfiable')
    expect(parseRange('bytes=5-4', 10)).toBe('unsatisfiable')
    expect(parseRange('bytes=10-', 10)).toBe('unsatisfiable')
    expect(parseRange('bytes=0-1,3-4', 10)).toBe('whole')
    expect(parseRange('items=0-1', 10)).toBe('whole')
  })
  test('are what their first bytes say, and never script', async () => {
    const of = (text: string) => contentType(new TextEncoder().encode(text))
    expect(await of('GIF89a')).toBe('image/gif')
    expect(await of('....ftypM4A ')).toBe('audio/x-m4a')
    expect(await of('#!AMR\n')).toBe('audio/amr')
    expect(await of('%PDF-1.7')).toBe('application/pdf')
    for (const text of ['<svg xmlns=""><script>', '<?xml version="1.0"?><svg/>', '<!doctype html>', '', '{}'])
      expect(await of(text), text).toBe('application/octet-stream')
  })
  test('whatever is not to be shown is saved, under a policy that lets it do nothing', async () => {
    const response = await get('app://media/page.html')
    expect(response.headers.get('content-type')).toBe('application/octet-stream')
    expect(response.headers.get('content-disposition')).toBe('attachment')
    expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
  })
})
