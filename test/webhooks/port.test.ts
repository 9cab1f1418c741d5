import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { PUBLIC, run, TEXT, TOKEN } from './fixture.ts'
import { signedRequest } from './signed-request.ts'

interface Wire {
  socket: Socket
  /** Everything received, once the other side has closed. */
  closed: Promise<string>
}

async function wire(port: number, text?: string): Promise<Wire> {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  let received = ''
  socket.on('data', (chunk) => (received += chunk.toString('latin1')))
  socket.on('error', () => undefined)
  const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(received)))
  await new Promise((resolve) => socket.once('connect', resolve))
  if (text !== undefined) socket.write(text)
  return { socket, closed }
}

const QUICK = { headersMs: 300, requestMs: 600, keepAliveMs: 300, silentMs: 1_000 }

function head(length: number, more: Record<string, string> = {}): string {
  const { headers } = signedRequest(PUBLIC, '/webhooks/sms', TEXT, TOKEN)
  const lines = Object.entries({ Host: 'x', ...headers, 'Content-Length': String(length), ...more })
  return `POST /webhooks/sms HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
}

test('a slow sender of headers is turned away', async () => {
  const server = await run({ limits: QUICK })
  const { closed } = await wire(server.port, 'POST /webhooks/sms HTTP/1.1\r\nHost: x\r\nX-Slow: ')
  expect(await closed).toMatch(/^HTTP\/1\.1 408 /)
})

test('a slow sender of a body is turned away and nothing is kept', async () => {
  const server = await run({ limits: QUICK })
  const { socket, closed } = await wire(server.port, `${head(500)}From=`)
  const drip = setInterval(() => socket.write('x'), 50)
  onTestFinished(() => clearInterval(drip))
  expect(await closed).toMatch(/^(?:HTTP\/1\.1 408 |$)/)
  expect(server.kept).toEqual([])
  expect(server.lines.filter(({ level }) => level === 'error')).toEqual([])
})

test('a connection that says nothing is closed, without a word that would become the answer to a request', async () => {
  const server = await run({ limits: QUICK })
  const { closed } = await wire(server.port)
  expect(await closed).toBe('')
})

test('a connection opened ahead, as tunnels do, takes a request long after', async () => {
  const server = await run({ limits: { ...QUICK, silentMs: 20_000 } })
  const { socket, closed } = await wire(server.port)
  // Once a later one that began to speak was turned away, the silent one has been looked at too.
  const slow = await wire(server.port, 'POST /webhooks/sms HTTP/1.1\r\nX-Slow: ')
  expect(await slow.closed).toMatch(/^HTTP\/1\.1 408 /)
  const body = new URLSearchParams(TEXT).toString()
  socket.write(`${head(body.length, { Connection: 'close' })}${body}`)
  expect(await closed).toMatch(/^HTTP\/1\.1 200 /)
})

test('two hundred slow senders hold nothing: a signed request passes at once', async () => {
  const server = await run({ limits: { headersMs: 2_000, requestMs: 2_000 } })
  await Promise.all(Array.from({ length: 200 }, () => wire(server.port, `${head(500)}From=`)))
  const started = performance.now()
  expect((await server.post('/webhooks/sms', TEXT)).status).toBe(200)
  expect(performance.now() - started).toBeLessThan(1_500)
})

test('connections over the cap are closed at once', async () => {
  const server = await run({ limits: { connections: 3 } })
  await Promise.all(Array.from({ length: 3 }, () => wire(server.port)))
  const { closed } = await wire(server.port)
  expect(await closed).toBe('')
})

test('a sender that goes away in the middle leaves nothing', async () => {
  const server = await run()
  const { socket, closed } = await wire(server.port, `${head(500)}From=`)
  await new Promise((resolve) => setTimeout(resolve, 50))
  socket.destroy()
  await closed
  expect((await server.post('/webhooks/sms', TEXT)).status).toBe(200)
  expect(server.kept).toHaveLength(1)
  expect(server.lines.filter(({ level }) => level === 'error')).toEqual([])
})

test.each([
  ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', 400],
  [
    'two lengths',
    `POST /webhooks/sms HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
    400,
  ],
  [
    'a length and chunks',
    `POST /webhooks/sms HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  ['a bad length', 'POST /webhooks/sms HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n', 400],
  ['bad chunks', `${head(0).replace('Content-Length: 0', 'Transfer-Encoding: chunked')}zz\r\n`, 400],
  ['headers over 16 kB', `POST /webhooks/sms HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
])('%s', async (_, text, status) => {
  const server = await run()
  const { closed } = await wire(server.port, text)
  expect(await closed).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  expect(server.kept).toEqual([])
  expect(server.lines.filter(({ level }) => level === 'error')).toEqual([])
})

test('an absolute address in the request line does not change what is checked', async () => {
  const server = await run()
  const { body } = signedRequest(PUBLIC, '/webhooks/sms', TEXT, TOKEN)
  const text = head(body.length, { Connection: 'close' }).replace('POST /', `POST ${PUBLIC}/`) + body
  expect(await (await wire(server.port, text)).closed).toMatch(/^HTTP\/1\.1 403 /)
})

test('an endless body is cut off', async () => {
  const server = await run()
  const { socket, closed } = await wire(
    server.port,
    head(0).replace('Content-Length: 0', 'Transfer-Encoding: chunked'),
  )
  const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
  let sent = 0
  const more = () => {
    while (!socket.destroyed && sent < 100_000_000 && socket.write(chunk)) sent += chunk.length
  }
  socket.on('drain', more)
  more()
  await closed
  expect(sent).toBeLessThan(20_000_000)
  expect(server.kept).toEqual([])
})

test('closing lets what is under way finish', async () => {
  const gate = Promise.withResolvers<undefined>()
  const server = await run({ before: () => gate.promise })
  const answer = server.post('/webhooks/sms', TEXT)
  await new Promise((resolve) => setTimeout(resolve, 100))
  const closed = server.close()
  gate.resolve(undefined)
  expect((await answer).status).toBe(200)
  await closed
  await expect(fetch(`${server.local}/health`)).rejects.toThrow()
})

test('a port that is taken is an error of its own', async () => {
  const server = await run()
  const { createWebhooks } = await import('../../src/server/webhooks/app.ts')
  const { memoryIntake, memoryLog } = await import('./fixture.ts')
  const other = createWebhooks({
    intake: memoryIntake().intake,
    log: memoryLog().log,
    clock: server.clock,
    credentials: () => undefined,
    publicBases: () => [],
  })
  await expect(other.listen(server.port)).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
