/** What strangers may try with files: as a sender whose file comes in, and at the address of one that goes out. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { png } from '../../src/server/carrier/simulator/bytes.ts'
import { SignedMedia } from '../../src/server/media/signed.ts'
import { asking } from '../console/asking.ts'
import { running, TOKEN } from '../support/running.ts'
import { consoleOn, fetched, fileServer, mms, PICTURE } from './support.ts'

const HOUR = 3_600_000

describe('a file from a stranger', () => {
  it('is of no path, whatever its address and name say: its content alone names it', async () => {
    const server = await fileServer()
    const names = ['/..%2f..%2f..%2fstore.json', '/a/..%5c..%5cb', '/x%00.png', '/con.html']
    for (const name of names)
      server.answer(name, (response) => {
        response
          .writeHead(200, {
            'content-type': 'image/jpeg',
            'content-disposition': 'attachment; filename="../../../settings.json"',
          })
          .end(PICTURE)
      })
    const r = await consoleOn(server)
    const before = (await readdir(join(r.folder, 'data'))).toSorted()
    const { media } = await fetched(r, await mms(r, ...names.map((name) => server.base + name)))
    const hash = media[0]?.file?.hash ?? ''
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    expect(media.map(({ file }) => file?.hash)).toEqual(names.map(() => hash))
    const kept = await readdir(join(r.folder, 'data', 'media'), { recursive: true })
    expect(kept.toSorted()).toEqual([hash.slice(0, 2), join(hash.slice(0, 2), hash)])
    const after = await readdir(join(r.folder, 'data'))
    expect(after.filter((name) => name !== 'media').toSorted()).toEqual(
      before.filter((name) => name !== 'media'),
    )
  })

  it.each([
    ['HTML', '  <!DOCTYPE html><script>alert(1)</script>'],
    ['SVG', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['SVG behind a byte order mark', '\ufeff<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'],
    ['XHTML', '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script/></html>'],
    ['nothing', '\0\0\0'],
  ])('that is %s and calls itself a JPEG is for saving only, at every address', async (_, content) => {
    const server = await fileServer()
    server.give('/a', content, 'image/jpeg')
    const r = await consoleOn(server)
    const { media } = await fetched(r, await mms(r, `${server.base}/a`))
    expect(media[0]?.file?.content_type).toBe('application/octet-stream')
    const name = new SignedMedia(r.clock, () => TOKEN).sign(media[0]?.file?.hash ?? '') ?? ''
    const answer = await fetch(`${r.switchboard.webhooks}/media/${name}`)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    })
  })

  it('that is a picture and a page in one is a picture, and runs nothing', async () => {
    const server = await fileServer()
    server.give('/a', 'GIF89a/*<script>alert(1)</script>*/', 'text/html')
    const r = await consoleOn(server)
    const { media } = await fetched(r, await mms(r, `${server.base}/a`))
    const name = new SignedMedia(r.clock, () => TOKEN).sign(media[0]?.file?.hash ?? '') ?? ''
    const answer = await fetch(`${r.switchboard.webhooks}/media/${name}`)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/gif',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    })
  })
})

describe('a signed address', () => {
  async function served() {
    const r = await running()
    onTestFinished(() => r.close())
    const bytes = png(8)
    const data = bytes.toString('base64')
    const { hash } = await asking(() => r.switchboard)('media.add', { name: 'a.png', data, medium: 'sms' })
    const name = new SignedMedia(r.clock, () => TOKEN).sign(hash) ?? ''
    const ask = async (method: 'GET' | 'HEAD', range?: string) => {
      const url = `${r.switchboard.webhooks}/media/${name}`
      const answer = await fetch(url, { method, ...(range !== undefined && { headers: { range } }) })
      const body = Buffer.from(await answer.arrayBuffer())
      return { status: answer.status, headers: answer.headers, body }
    }
    return { r, bytes, name, ask }
  }

  it.each(['bytes=0-', 'bytes=-3', 'bytes=2-4', 'bytes=0-99999999999999999999'])(
    'in part (%s) is answered alike to GET and HEAD, which has no body',
    async (range) => {
      const { ask, bytes } = await served()
      const [get, head] = [await ask('GET', range), await ask('HEAD', range)]
      expect([get.status, head.status]).toEqual([206, 206])
      expect(head.body).toHaveLength(0)
      for (const name of ['content-length', 'content-range', 'content-type'])
        expect(head.headers.get(name), name).toBe(get.headers.get(name))
      const [, start, end] = /^bytes (\d+)-(\d+)\//.exec(get.headers.get('content-range') ?? '') ?? []
      expect(get.body.equals(bytes.subarray(Number(start), Number(end) + 1))).toBe(true)
    },
  )

  it.each([
    ['bytes=99999999999999999999-', 416],
    ['bytes=-0', 416],
    ['bytes=4-2', 416],
    ['bytes=0-1,3-4', 200],
    ['bytes=-', 200],
    ['lines=1-2', 200],
    [`bytes=${'9'.repeat(4_000)}-`, 416],
  ])('asked for %s gives %i and nothing beyond the file', async (range, status) => {
    const { ask, bytes } = await served()
    const answer = await ask('GET', range)
    expect(answer.status).toBe(status)
    if (status === 200) expect(answer.body.equals(bytes)).toBe(true)
    else expect(answer.headers.get('content-range')).toBe(`bytes */${String(bytes.length)}`)
    expect((await ask('HEAD', range)).status).toBe(status)
  })

  it('is over for HEAD and for parts as well after its hour, and with another token at once', async () => {
    const { r, ask, name } = await served()
    expect((await ask('HEAD')).status).toBe(200)
    r.clock.advance(HOUR + 2_000)
    for (const method of ['GET', 'HEAD'] as const)
      for (const range of [undefined, 'bytes=0-0']) expect((await ask(method, range)).status).toBe(404)
    expect(new SignedMedia(r.clock, () => 'a newer token').read(name)).toBeUndefined()
  })

  it('guessed at over and over is refused by the limit, and the right one is served all the while', async () => {
    const { r, ask, name } = await served()
    const wrong = name.slice(0, -1) + (name.endsWith('A') ? 'B' : 'A')
    const statuses = new Set<number>()
    for (let i = 0; i < 610; i++) {
      const answer = await fetch(`${r.switchboard.webhooks}/media/${wrong}`, { method: 'HEAD' })
      statuses.add(answer.status)
    }
    expect([...statuses]).toEqual([404, 429])
    expect((await ask('GET')).status).toBe(200)
  })
})
