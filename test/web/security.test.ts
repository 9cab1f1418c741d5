import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createConsole } from '../../src/server/console/console.ts'
import { png } from '../../src/server/carrier/simulator/bytes.ts'
import { answerMedia } from '../../src/server/media/index.ts'
import { createIds, createLog, systemClock } from '../../src/server/system/index.ts'
import { startWebConsole, type WebConsole } from '../../src/server/web/web-console.ts'
import { type Running, running } from '../support/running.ts'

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

let r: Running
let folder: string
let web: WebConsole
let cookie: string
let lines: string[]

beforeAll(async () => {
  r = await running()
  folder = await mkdtemp(join(tmpdir(), 'switchboard-page-'))
  await mkdir(join(folder, 'page', 'assets'), { recursive: true })
  await mkdir(join(folder, 'page-other'))
  await writeFile(join(folder, 'secret.txt'), 'secret')
  await writeFile(join(folder, 'page-other', 'secret.txt'), 'secret')
  await writeFile(join(folder, 'page', '.env'), 'secret')
  await writeFile(join(folder, 'page', 'index.html'), '<!doctype html><title>Switchboard</title>')
  await writeFile(join(folder, 'page', 'assets', 'page.js'), 'export {}')
  await writeFile(join(folder, 'page', 'assets', 'page.css'), 'a{}')
  await writeFile(join(folder, 'page', 'assets', 'icon.svg'), '<svg/>')
  await writeFile(join(folder, 'page', 'assets', 'type.woff2'), 'x')
  lines = []
  web = await startWebConsole({
    console: createConsole({
      real: r.switchboard.end,
      simulation: () => undefined,
      log: createLog({ clock: systemClock, sinks: [] }),
    }),
    media: async (hash, range) => {
      const file = await r.switchboard.store.blobs.open(hash)
      return file ? answerMedia(file, range) : null
    },
    pageFolder: join(folder, 'page'),
    port: 0,
    ids: createIds(systemClock),
    log: createLog({ clock: systemClock, sinks: [(line) => lines.push(line)] }),
  })
  const { headers } = await get(new URL(web.url).pathname)
  cookie = String(headers['set-cookie']).split(';')[0] ?? ''
})
afterAll(async () => {
  await web.close()
  await r.close()
  await rm(folder, { recursive: true, force: true })
})

function get(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  port = web.port,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (body += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    asked.on('error', reject)
    asked.end()
  })
}

/** Whatever is said over a bare connection, and what comes back until it ends. */
function say(text: string): Promise<string> {
  return new Promise((resolve) => {
    let said = ''
    const socket = connect(web.port, '127.0.0.1', () => socket.write(text))
    socket.setEncoding('utf8')
    socket.on('data', (part: string) => (said += part))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(said))
  })
}

const host = (): string => `127.0.0.1:${String(web.port)}`
const open = (headers: Record<string, string>, path = '/ws'): WebSocket =>
  new WebSocket(`ws://${host()}${path}`, { headers })
const admitted = (): Record<string, string> => ({ cookie, origin: `http://${host()}` })

/** 'open', or the status the upgrade was refused with. */
const upgraded = (socket: WebSocket): Promise<number | 'open'> =>
  new Promise((resolve) => {
    socket.on('error', () => undefined)
    socket.on('open', () => {
      socket.terminate()
      resolve('open')
    })
    socket.on('unexpected-response', (asked, response) => {
      asked.destroy()
      resolve(response.statusCode ?? 0)
    })
  })

const closed = (socket: WebSocket): Promise<number> =>
  new Promise((resolve) => socket.on('close', (code) => resolve(code)))

describe('who is let in', () => {
  it('the address with the token gives a cookie, and the page’s address has it no more', async () => {
    const { status, headers, body } = await get(new URL(web.url).pathname)
    expect(status).toBe(302)
    expect(headers['location']).toBe('/')
    expect(String(headers['set-cookie'])).toMatch(
      /^switchboard-\d+=[\w-]{32}; HttpOnly; SameSite=Strict; Path=\/$/,
    )
    const token = new URL(web.url).pathname.split('/').at(-1) ?? ''
    expect(token).toMatch(/^[\w-]{32}$/)
    expect(String(headers['set-cookie']) + body).not.toContain(token)
    expect((await get('/', { cookie })).body).toContain('<title>Switchboard</title>')
  })

  it.each([
    ['/'],
    ['/index.html'],
    ['/assets/page.js'],
    ['/nothing'],
    ['/enter/'],
    ['/enter/wrong'],
    ['/ws'],
  ])('without the cookie %s is 401', async (path) => {
    const { status, headers, body } = await get(path)
    expect(status).toBe(401)
    expect(headers['set-cookie']).toBeUndefined()
    expect(body).toContain('Open the console by the address')
  })

  it('who reads HTML is told so in a page of its own, without a script or anything of the console’s', async () => {
    const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
    for (const path of ['/', '/enter/of-an-earlier-start']) {
      const { status, headers, body } = await get(path, { accept, 'accept-language': 'en' })
      expect(status).toBe(401)
      expect(headers['content-type']).toBe('text/html; charset=utf-8')
      expect(body).toContain('Open the console by the address')
      expect(body).toContain('npm start')
      expect(body).not.toMatch(/<script|<link|src=|href=/)
      const style = /<style>([^]*)<\/style>/.exec(body)?.[1] ?? ''
      const hash = createHash('sha256').update(style).digest('base64')
      expect(headers['content-security-policy']).toContain(`style-src 'sha256-${hash}'`)
      expect(headers['content-security-policy']).toContain("script-src 'none'")
    }
    const head = await get('/', { accept }, 'HEAD')
    expect([head.status, head.body]).toEqual([401, ''])
    for (const other of ['*/*', 'application/json', 'image/avif,image/*,*/*;q=0.8'])
      expect((await get('/', { accept: other })).headers['content-type']).toMatch('text/plain')
  })

  it('a cookie of another port, a wrong one, and the token as a cookie are 401', async () => {
    const value = cookie.split('=')[1] ?? ''
    const token = new URL(web.url).pathname.split('/').at(-1) ?? ''
    for (const wrong of [
      `switchboard-1=${value}`,
      `switchboard-${String(web.port)}=x`,
      `switchboard-${String(web.port)}=${token}`,
      `x${cookie}`,
    ])
      expect((await get('/', { cookie: wrong })).status).toBe(401)
    expect((await get('/', { cookie: `other=1; ${cookie}; more=2` })).status).toBe(200)
  })

  it('only under this machine’s own names (DNS rebinding)', async () => {
    for (const name of [
      'evil.example',
      `evil.example:${String(web.port)}`,
      '127.0.0.1',
      'localhost:1',
      `[::1]:${String(web.port)}`,
    ]) {
      expect((await get('/', { cookie, host: name })).status).toBe(403)
      expect((await get(new URL(web.url).pathname, { host: name })).headers['set-cookie']).toBeUndefined()
    }
    expect((await get('/', { cookie, host: `localhost:${String(web.port)}` })).status).toBe(200)
  })

  it('not for another site’s page', async () => {
    for (const origin of [
      'https://evil.example',
      'null',
      `https://${host()}`,
      `http://localhost:${String(web.port)}`,
    ])
      expect((await get('/', { cookie, origin })).status).toBe(403)
    expect((await get('/', { cookie, origin: `http://${host()}` })).status).toBe(200)
  })

  it('the WebSocket needs the cookie, an origin that is ours, and its own path', async () => {
    expect(await upgraded(open(admitted()))).toBe('open')
    expect(await upgraded(open({ origin: `http://${host()}` }))).toBe(403)
    expect(await upgraded(open({ cookie }))).toBe(403)
    expect(await upgraded(open({ cookie, origin: 'https://evil.example' }))).toBe(403)
    expect(await upgraded(open({ ...admitted(), host: 'evil.example', origin: 'http://evil.example' }))).toBe(
      403,
    )
    expect(await upgraded(open(admitted(), '/other'))).toBe(403)
  })
})

describe('what is answered', () => {
  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('%s is 405', async (method) => {
    const { status, headers } = await get('/', { cookie }, method)
    expect([status, headers['allow']]).toEqual([405, 'GET, HEAD'])
  })

  it.each([
    ['/', 200, 'text/html;charset=utf-8'],
    ['/assets/page.js', 200, 'text/javascript'],
    ['/assets/page.css', 200, 'text/css'],
    ['/assets/icon.svg', 200, 'image/svg+xml'],
    ['/assets/type.woff2', 200, 'font/woff2'],
    ['/nothing', 404, 'text/plain; charset=utf-8'],
  ])('%s is %i with type %s', async (path, status, type) => {
    const answer = await get(path, { cookie })
    expect([answer.status, answer.headers['content-type']]).toEqual([status, type])
    expect((await get(path, { cookie }, 'HEAD')).body).toBe('')
  })

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../secret.txt',
    '/..%5csecret.txt',
    '/%2e%2e%2fpage-other/secret.txt',
    '/.env',
    '/%00',
    '/%E0%A4%A',
    '//secret.txt',
  ])('%s leads nowhere', async (path) => {
    const { status, body } = await get(path, { cookie })
    expect(status).toBe(404)
    expect(body).not.toContain('secret')
  })

  it('every answer has the policy, and none can be framed, guessed or kept', async () => {
    const token = new URL(web.url).pathname
    const answers = await Promise.all([
      get('/', { cookie }),
      get('/assets/page.js', { cookie }),
      get('/nothing', { cookie }),
      get('/'),
      get('/', { cookie, host: 'evil.example' }),
      get('/', { cookie, origin: 'https://evil.example' }),
      get('/', { cookie }, 'POST'),
      get('/', { cookie }, 'HEAD'),
      get(token),
    ])
    expect(answers.map((a) => a.status)).toEqual([200, 200, 404, 401, 403, 403, 405, 200, 302])
    for (const { headers } of answers) {
      expect(headers['content-security-policy']).toContain("default-src 'none'")
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
      expect(headers['content-security-policy']).not.toContain('unsafe')
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
        'cross-origin-resource-policy': 'same-origin',
      })
    }
  })

  it('so has what is no request: a refused upgrade, garbage, no Host', async () => {
    const refused = await say(
      `GET /ws HTTP/1.1\r\nhost: ${host()}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`,
    )
    const garbage = await say('garbage\r\n\r\n')
    const hostless = await say('GET / HTTP/1.1\r\nconnection: close\r\n\r\n')
    expect([refused, garbage, hostless].map((said) => said.split(' ')[1])).toEqual(['403', '400', '403'])
    for (const said of [refused, garbage, hostless]) {
      expect(said.toLowerCase()).toContain("content-security-policy: default-src 'none'")
      expect(said.toLowerCase()).toContain('x-content-type-options: nosniff')
      expect(said.toLowerCase()).toContain('referrer-policy: no-referrer')
    }
  })

  it('a range is not looked at, and a file that is gone ends its answer and nothing else', async () => {
    for (const range of ['bytes=0-3', 'bytes=5-2', 'bytes=999999-', 'nonsense'])
      expect((await get('/', { cookie, range })).status).toBe(200)
    await rm(join(folder, 'page', 'assets', 'page.css'))
    await get('/assets/page.css', { cookie }).catch(() => undefined)
    expect((await get('/', { cookie })).status).toBe(200)
  })

  it('refusals are no defects: nothing is logged of them', () => {
    expect(lines.filter((line) => line.includes('[error]'))).toEqual([])
  })

  it('nothing of the console answers on the webhooks’ port, and nothing of theirs here', async () => {
    const { port } = new URL(r.switchboard.webhooks)
    for (const path of ['/', '/index.html', '/ws', new URL(web.url).pathname])
      expect((await get(path, { cookie }, 'GET', Number(port))).status).toBe(404)
    const socket = new WebSocket(`${r.switchboard.webhooks.replace('http', 'ws')}/ws`, {
      headers: admitted(),
    })
    expect(await upgraded(socket)).not.toBe('open')
    for (const path of ['/webhooks/sms', '/webhooks/voice', '/webhooks/status', '/health', '/media/x']) {
      expect((await get(path, { cookie })).status).toBe(404)
      expect((await get(path)).status).toBe(401)
      expect((await get(path, { cookie }, 'POST')).status).toBe(405)
    }
  })
})

describe('the socket', () => {
  const opened = async (): Promise<WebSocket> => {
    const socket = open(admitted())
    await new Promise((resolve) => socket.once('open', resolve))
    return socket
  }

  it.each([
    ['no JSON', '{'],
    ['no object', '[1]'],
    ['no number', '{"world":"real","name":"truth.get","input":{}}'],
    ['a number that is none', '{"id":-1}'],
    ['bytes', Buffer.from('{"id":1,"world":"real","name":"truth.get","input":{}}')],
  ])('is closed for %s, and the console goes on', async (_, frame) => {
    const socket = await opened()
    const ended = closed(socket)
    socket.send(frame)
    expect(await ended).toBe(1007)
    expect(r.switchboard.end.feed.size).toBe(0)
  })

  it('takes no frame that is too big, in one piece or in many', async () => {
    const one = await opened()
    const endedOne = closed(one)
    one.send('x'.repeat(8 * 1024 * 1024))
    expect(await endedOne).toBe(1009)
    const many = await opened()
    const endedMany = closed(many)
    many.on('error', () => undefined)
    for (let i = 0; i < 10; i++) many.send('x'.repeat(1024 * 1024), { fin: false })
    expect([1009, 1006]).toContain(await endedMany)
  })

  it('a prototype can’t be reached through a frame', async () => {
    const socket = await opened()
    const answer = new Promise<string>((resolve) =>
      socket.once('message', (data: Buffer) => resolve(data.toString())),
    )
    socket.send('{"id":1,"world":"real","name":"__proto__","input":{},"__proto__":{"world":"real"}}')
    expect(JSON.parse(await answer)).toMatchObject({
      id: 1,
      result: { ok: false, error: { code: 'bad_request' } },
    })
    socket.terminate()
  })

  it('a connection that breaks right after a refused upgrade harms nothing', async () => {
    const socket = connect(web.port, '127.0.0.1')
    await new Promise((resolve) => socket.once('connect', resolve))
    socket.on('error', () => undefined)
    const gone = new Promise((resolve) => socket.once('close', resolve))
    socket.write(`GET /ws HTTP/1.1\r\nhost: ${host()}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`)
    socket.resetAndDestroy()
    await gone
    expect((await get('/', { cookie })).status).toBe(200)
  })
})

describe('on and off', () => {
  it('closes with screens and idle connections open, and its port is free again', async () => {
    const started = await startWebConsole({
      console: createConsole({
        real: r.switchboard.end,
        simulation: () => undefined,
        log: createLog({ clock: systemClock, sinks: [] }),
      }),
      pageFolder: join(folder, 'nowhere'),
      port: 0,
      ids: createIds(systemClock),
      log: createLog({ clock: systemClock, sinks: [] }),
    })
    const { pathname, host: own } = new URL(started.url)
    const entered = await get(pathname, {}, 'GET', started.port)
    const ownCookie = String(entered.headers['set-cookie']).split(';')[0] ?? ''
    const page = await get('/', { cookie: ownCookie }, 'GET', started.port)
    expect([page.status, page.body]).toEqual([404, expect.stringContaining('has not been built')])
    const screen = new WebSocket(`ws://${own}/ws`, {
      headers: { cookie: ownCookie, origin: `http://${own}` },
    })
    await new Promise((resolve) => screen.once('open', resolve))
    const idle = connect(started.port, '127.0.0.1')
    idle.on('error', () => undefined)
    await new Promise((resolve) => idle.once('connect', resolve))
    const ended = closed(screen)
    await started.close()
    await ended
    await expect(get('/', {}, 'GET', started.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})

describe('stored files', () => {
  const put = async (bytes: Buffer) => (await r.switchboard.store.blobs.put([bytes], 10_000_000)).hash

  it('are given to who has the cookie only, whole and in part', async () => {
    const bytes = png(8)
    const path = `/media/${await put(bytes)}`
    expect((await get(path)).status).toBe(401)
    const whole = await get(path, { cookie })
    expect(whole.status).toBe(200)
    expect(whole.headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(bytes.length),
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
    const part = await get(path, { cookie, range: 'bytes=1-3' })
    expect([part.status, part.body, part.headers['content-range']]).toEqual([
      206,
      'PNG',
      `bytes 1-3/${String(bytes.length)}`,
    ])
    expect((await get(path, { cookie, range: 'bytes=99999-' })).status).toBe(416)
    expect((await get(path, { cookie }, 'HEAD')).body).toBe('')
  })

  it('are never given as a page', async () => {
    const markup = [
      '<!doctype html><script>alert(1)</script>',
      '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
      '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
      '<html><body onload="alert(1)">',
    ]
    for (const text of markup) {
      const { status, headers } = await get(`/media/${await put(Buffer.from(text))}`, { cookie })
      expect([status, headers['content-type'], headers['content-disposition']]).toEqual([
        200,
        'application/octet-stream',
        'attachment',
      ])
      expect(headers['content-security-policy']).toContain('sandbox')
      expect(headers['x-content-type-options']).toBe('nosniff')
    }
  })

  it.each(['', '..%2f..%2fstore.json', '../store.json', '%2e%2e/store.json', 'a'.repeat(63), 'A'.repeat(64)])(
    'lead nowhere else: /media/%s',
    async (name) => {
      const { status, body } = await get(`/media/${name}`, { cookie })
      expect(status).toBe(404)
      expect(body).not.toContain('secret')
    },
  )
})
