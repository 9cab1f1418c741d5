import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createIds, manualClock } from '../../src/server/system/index.ts'
import { createChallenge } from '../../src/server/tunnel/index.ts'
import { probe } from '../../src/server/tunnel/probe.ts'

const clock = manualClock(Date.UTC(2025, 0, 15))
const challenge = createChallenge(createIds(clock))
const another = createChallenge(createIds(clock))
const servers: Server[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

/** A server on loopback, under a name that only RFC 6761 resolves. */
async function answering(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://office.localhost:${String((server.address() as AddressInfo).port)}`
}
const asked = (url = ''): string => new URL(url, 'http://x').searchParams.get('challenge') ?? ''
const ask = (url: string) => probe(url, challenge, clock, new AbortController().signal)

describe('the probe', () => {
  it('believes the answer that only this console can give', async () => {
    const url = await answering((request, response) =>
      response.end(JSON.stringify({ ok: true, proof: challenge.answer(asked(request.url)) })),
    )
    expect(await ask(url)).toEqual({ ok: true })
  })

  it.each<[string, RequestListener, RegExp]>([
    [
      'another console',
      (request, response) => response.end(JSON.stringify({ proof: another.answer(asked(request.url)) })),
      /another console/,
    ],
    [
      'an answer to an older question',
      (_, response) => response.end(JSON.stringify({ proof: challenge.answer('older') })),
      /another console/,
    ],
    ['a health answer without proof', (_, response) => response.end('{"ok":true}'), /something else/],
    ['a page', (_, response) => response.end('<!doctype html><p>Click to go on'), /something else/],
    ['an endless answer', (_, response) => response.write('x'.repeat(100_000)), /something else/],
    [
      'a redirect',
      (_, response) => response.writeHead(302, { Location: 'https://example.invalid/' }).end(),
      /leads elsewhere \(HTTP 302\)/,
    ],
    ['a name that is not known there', (_, response) => response.writeHead(404).end(), /HTTP 404/],
    ['a gateway', (_, response) => response.writeHead(502).end(), /does not reach this console \(HTTP 502\)/],
    ['a reminder page', (_, response) => response.writeHead(401).end(), /HTTP 401/],
    ['a cut connection', (request) => request.socket.destroy(), /cut/],
  ])('tells %s apart', async (_, listener, words) => {
    const proof = await ask(await answering(listener))
    expect(proof).toEqual({ ok: false, reason: expect.stringMatching(words) as unknown })
  })

  it('says that nothing answers', async () => {
    const url = await answering(() => undefined)
    const [server] = servers.splice(0)
    await new Promise((resolve) => server?.close(resolve))
    expect(await ask(url)).toEqual({ ok: false, reason: 'nothing answers at its address' })
  })

  it('waits five seconds and no longer', async () => {
    const heard = { tell: (): void => undefined }
    const isAsked = new Promise<void>((resolve) => (heard.tell = resolve))
    const asking = ask(await answering(() => heard.tell()))
    await isAsked
    clock.advance(5_000)
    expect(await asking).toEqual({ ok: false, reason: 'no answer came within 5 s' })
    expect(clock.waiting).toBe(0)
  })
})
