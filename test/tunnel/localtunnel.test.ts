import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect, createServer as createTcpServer, type AddressInfo } from 'node:net'
import localtunnelPackage from 'localtunnel'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { postWebhook } from '../../src/server/carrier/simulator/post.ts'
import { createIds, manualClock, type ManualClock } from '../../src/server/system/index.ts'
import {
  createChallenge,
  createTunnelSupervisor,
  localtunnel,
  ownAddress,
  probe,
  type TunnelSupervisor,
} from '../../src/server/tunnel/index.ts'
import { ACCOUNT, ANN, BUSINESS, newSid, type Running, running, TOKEN } from '../support/running.ts'
import { signedRequest } from '../webhooks/signed-request.ts'
import { startTunnelServer, type TunnelServer } from './server.ts'
import { backUp, next, pressOn, reached, toNextTry } from './support.ts'

vi.setConfig({ testTimeout: 60_000 })

const AT = '2025-01-15T10:00:00.000Z'
const NAME = 'sb-0123456789abcdef'

const undo: (() => unknown)[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const step of undo.splice(0).reverse()) await step()
})

async function tunnelServer(): Promise<TunnelServer> {
  const server = await startTunnelServer()
  undo.push(() => server.kill())
  return server
}

/** A console with a tunnel of its own. */
async function consoleBehind(server: TunnelServer): Promise<Running> {
  const r = await running(AT)
  undo.push(() => r.close())
  r.switchboard.tunnel.open({ kind: 'localtunnel', url: server.url })
  await reached(r.switchboard.tunnel, 'up')
  return r
}

interface Alone {
  clock: ManualClock
  tunnel: TunnelSupervisor
  app: Server
  port: number
  /** Resolves when the check under way, or the next one, has its answer and the supervisor knows of it. */
  probed(): Promise<void>
}

/** Our supervisor and client before a small server that answers challenges, so that this one can be taken away. */
async function alone(): Promise<Alone> {
  const clock = manualClock(Date.parse(AT))
  const challenge = createChallenge(createIds(clock))
  const app = createServer((req, res) => {
    const asked = new URL(req.url ?? '', 'http://x').searchParams.get('challenge') ?? ''
    res.end(JSON.stringify({ proof: challenge.answer(asked) }))
  })
  app.listen(0, '127.0.0.1')
  await once(app, 'listening')
  const { port } = app.address() as AddressInfo
  const waiting: (() => void)[] = []
  const tunnel = createTunnelSupervisor({
    clock,
    random: () => 0.5,
    provider: (way) =>
      way.kind === 'address' ? ownAddress(way.url) : localtunnel({ port, subdomain: NAME, host: way.url }),
    probe: async (url, signal) => {
      const proof = await probe(url, challenge, clock, signal)
      setImmediate(() => {
        for (const tell of waiting.splice(0)) tell()
      })
      return proof
    },
  })
  undo.push(async () => {
    tunnel.close()
    app.closeAllConnections()
    if (app.listening) await new Promise((done) => app.close(done))
  })
  return { clock, tunnel, app, port, probed: () => new Promise((done) => waiting.push(done)) }
}

/** A text as Twilio would bring it to this address, signed for it. */
async function text(base: string): Promise<number> {
  const params = { AccountSid: ACCOUNT, MessageSid: newSid(), From: ANN, To: BUSINESS, Body: 'hello' }
  return (await postWebhook(`${base}/webhooks/sms#rc=0`, params, TOKEN)).status
}

/** A text that Twilio signed for this address, however it gets to the webhook port. */
async function textSignedFor(base: string, { switchboard }: Running): Promise<number> {
  const params = { AccountSid: ACCOUNT, MessageSid: newSid(), From: ANN, To: BUSINESS, Body: 'hello' }
  const { headers, body } = signedRequest(base, '/webhooks/sms', params, TOKEN)
  const answer = await fetch(`${switchboard.webhooks}/webhooks/sms`, { method: 'POST', headers, body })
  return answer.status
}

const urlOf = (tunnel: TunnelSupervisor): string => tunnel.view().url ?? ''

describe('a console behind a localtunnel server', () => {
  it('is up once an answer from outside has proved that it leads here, and takes webhooks', async () => {
    const server = await tunnelServer()
    const r = await consoleBehind(server)
    const { tunnel, truth } = r.switchboard
    expect(tunnel.view().history.map(({ state }) => state)).toEqual(['opening', 'checking', 'up'])
    expect(urlOf(tunnel)).toMatch(new RegExp(`^http://sb-[0-9a-f]{32}\\.localhost:${String(server.port)}$`))
    expect(tunnel.bases()).toEqual([urlOf(tunnel)])
    expect(truth.view().public_base).toBe(urlOf(tunnel))
    expect(await text(urlOf(tunnel))).toBe(200)
    expect(r.newest().message_count).toBe(1)
    // Signed for another address than ours: refused, though it came through the tunnel.
    const foreign = { AccountSid: ACCOUNT, MessageSid: newSid(), From: ANN, To: BUSINESS, Body: 'x' }
    expect((await postWebhook(`${urlOf(tunnel)}/webhooks/sms`, foreign, 'another token')).status).toBe(403)
  })

  it('is told down when the server is killed, and comes back by the same name when it runs again', async () => {
    const server = await tunnelServer()
    const r = await consoleBehind(server)
    const { tunnel, truth } = r.switchboard
    const before = urlOf(tunnel)
    const down = next(tunnel, 'down')
    await server.kill()
    expect((await down).reason).toBe('its server does not answer')
    expect(truth.view().problems.map(({ code }) => code)).toContain('tunnel_down')
    expect(await text(before)).toBe(0)

    const again = next(tunnel, 'down')
    toNextTry(r.clock, tunnel)
    expect(await again).toMatchObject({ tries: 2, reason: 'its server does not answer' })

    await server.restart()
    const up = next(tunnel, 'up')
    toNextTry(r.clock, tunnel)
    expect(await up).toMatchObject({ url: before, tries: 0, reason: '' })
    expect(truth.view().problems).toEqual([])
    expect(await text(before)).toBe(200)
  })

  it('goes on when only its sockets are cut: the client makes new ones', async () => {
    const server = await tunnelServer()
    const r = await consoleBehind(server)
    await server.cut()
    expect(await text(urlOf(r.switchboard.tunnel))).toBe(200)
    expect((await server.see()).asks).toBe(1)
  })

  it('asks again for its own name, which nobody else can know, and gets it once the server lets go', async () => {
    const server = await tunnelServer()
    const r = await consoleBehind(server)
    const { tunnel } = r.switchboard
    const former = urlOf(tunnel)
    const lost = next(tunnel, 'down')
    await server.kill()
    await lost
    await server.restart()
    const letGo = await server.take(new URL(former).hostname.split('.')[0] ?? '')
    const down = next(tunnel, 'down')
    toNextTry(r.clock, tunnel)
    expect((await down).reason).toContain('another name')
    letGo()
    await server.isFree(new URL(former).hostname.split('.')[0] ?? '')
    const up = next(tunnel, 'up')
    toNextTry(r.clock, tunnel)
    expect((await up).url).toBe(former)
  })

  it('takes the name it is given when its own stays taken, and requests signed for the former one for an hour', async () => {
    const server = await tunnelServer()
    const r = await consoleBehind(server)
    const { tunnel } = r.switchboard
    const former = urlOf(tunnel)
    const down = next(tunnel, 'down')
    await server.kill()
    await down
    await server.restart()
    undo.push(await server.take(new URL(former).hostname.split('.')[0] ?? ''))

    for (let refused = 0; refused < 2; refused++) {
      const again = next(tunnel, 'down')
      toNextTry(r.clock, tunnel)
      await again
    }
    const up = next(tunnel, 'up')
    toNextTry(r.clock, tunnel)
    const { url } = await up
    expect(url).not.toBe(former)
    expect(tunnel.bases()).toEqual([url, former])
    expect(r.switchboard.truth.view().public_base).toBe(url)
    expect(tunnel.view().history.at(-1)).toMatchObject({ state: 'up', words: url })

    const forFormer = () => textSignedFor(former, r)
    expect(await forFormer()).toBe(200)
    expect(await text(url ?? '')).toBe(200)
    tunnel.close()
    r.clock.advance(3_599_000)
    expect(await forFormer()).toBe(200)
    r.clock.advance(1_001)
    expect(await forFormer()).toBe(403)
  })

  it('finds a silent death within 30 seconds', async () => {
    const server = await tunnelServer()
    const r = await consoleBehind(server)
    const { tunnel } = r.switchboard
    server.freeze()
    const down = next(tunnel, 'down')
    expect(await pressOn(r.clock, down)).toBeLessThanOrEqual(30_000)
    expect((await down).reason).toBe('no answer came within 5 s')

    server.thaw()
    await server.noSockets()
    await backUp(r.clock, tunnel)
    expect(await text(urlOf(tunnel))).toBe(200)
  })

  it('says so when another console answers at its address, and is not taken in by it', async () => {
    const server = await tunnelServer()
    const theirs = await consoleBehind(server)
    const { clock, tunnel, probed } = await alone()
    const down = next(tunnel, 'down')
    tunnel.open({ kind: 'address', url: urlOf(theirs.switchboard.tunnel) })
    for (let n = 0; n < 4; n++) {
      await probed()
      clock.advance(2_000)
    }
    expect((await down).reason).toBe('another console answers at this address')
    expect(tunnel.view().history.map(({ state }) => state)).not.toContain('up')
  })
})

describe('a server that does not do its part', () => {
  it.each([
    ['refuse', 'its server refuses (HTTP 403)', 0],
    ['hold', 'it did not open within 15 s', 15_000],
  ] as const)('when it does “%s”, it is told, and tried again until it goes', async (as, reason, ms) => {
    const server = await tunnelServer()
    await server.treat(as)
    const { clock, tunnel } = await alone()
    const asked = server.nextAsk()
    const down = next(tunnel, 'down')
    tunnel.open({ kind: 'localtunnel', url: server.url })
    await asked
    clock.advance(ms)
    expect(await down).toMatchObject({ reason, tries: 1, url: null })
    expect(tunnel.bases()).toEqual([])

    await server.treat('grant')
    expect((await backUp(clock, tunnel)).tries).toBe(0)
  })

  it('is not one at all', async () => {
    const { clock, tunnel, port } = await alone()
    const down = next(tunnel, 'down')
    tunnel.open({ kind: 'localtunnel', url: `http://127.0.0.1:${String(port)}` })
    expect((await down).reason).toBe('what answers there is no localtunnel server')
    expect(clock.waiting).toBe(1)
  })

  it('grants as many connections as it likes, and gets sixteen', async () => {
    const { tunnel, app } = await alone()
    let led = 0
    const allLed = Promise.withResolvers<undefined>()
    app.on('connection', () => (led += 1) === 16 && allLed.resolve(undefined))
    let held = 0
    const lastCame = Promise.withResolvers<undefined>()
    const remote = createTcpServer((socket) => {
      held += 1
      socket.on('error', () => undefined)
      socket.once('data', () => lastCame.resolve(undefined))
    })
    const grant = { id: NAME, url: `http://${NAME}.localhost:9`, max_conn_count: 200 }
    const server = createServer((_, response) => {
      response.end(JSON.stringify({ ...grant, port: (remote.address() as AddressInfo).port }))
    })
    for (const one of [remote, server]) {
      one.listen(0, '127.0.0.1')
      await once(one, 'listening')
      undo.push(() => void one.close())
    }
    const checking = next(tunnel, 'checking')
    tunnel.open({
      kind: 'localtunnel',
      url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    })
    await checking
    // Connections are taken in order: whatever else was begun came before this one.
    const last = connect((remote.address() as AddressInfo).port, '127.0.0.1')
    undo.push(() => last.destroy())
    last.write('last')
    await lastCame.promise
    expect(held).toBe(16 + 1)
    // Closed in the middle of it, the package would try once more to reach this side.
    await allLed.promise
  })

  it('leaves nothing behind: no loop of requests, no socket, no timer', async () => {
    const server = await tunnelServer()
    const { clock, tunnel } = await alone()
    await server.kill()
    vi.useFakeTimers({ toFake: ['setTimeout'] })

    // The package's own function, for comparison: it asks again every second, for ever.
    const given = vi.getTimerCount()
    void localtunnelPackage({ port: 1, host: server.url })
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(given + 1), { interval: 0 })
    vi.clearAllTimers()

    for (let n = 0; n < 4; n++) {
      const down = next(tunnel, 'down')
      if (n === 0) tunnel.open({ kind: 'localtunnel', url: server.url })
      else toNextTry(clock, tunnel)
      expect((await down).reason).toBe('its server does not answer')
    }
    expect(vi.getTimerCount()).toBe(0)
    vi.useRealTimers()

    await server.restart()
    const up = next(tunnel, 'up')
    tunnel.retry()
    await up
    expect(await server.see()).toMatchObject({ asks: 1 })
    tunnel.close()
    expect(await server.noSockets()).toMatchObject({ asks: 1, sockets: 0 })
    expect(clock.waiting).toBe(0)
  })
})

describe('the console’s own side', () => {
  it('is missed when it does not answer, and found again', async () => {
    const server = await tunnelServer()
    const { clock, tunnel, app, port } = await alone()
    tunnel.open({ kind: 'localtunnel', url: server.url })
    await reached(tunnel, 'up')
    app.closeAllConnections()
    await new Promise((done) => app.close(done))
    const down = next(tunnel, 'down')
    await pressOn(clock, down)
    await down
    expect((await server.noSockets()).sockets).toBe(0)

    app.listen(port, '127.0.0.1')
    await once(app, 'listening')
    expect((await backUp(clock, tunnel)).tries).toBe(0)
  })

  it('an own address that does not answer is told, while what comes by it is taken all the same', async () => {
    const r = await running(AT)
    undo.push(() => r.close())
    const { tunnel, truth } = r.switchboard
    const gone = await startTunnelServer()
    const own = `http://office.localhost:${String(gone.port)}`
    await gone.kill()
    const down = next(tunnel, 'down')
    tunnel.open({ kind: 'address', url: `${own}/` })
    await pressOn(r.clock, down)
    expect(await down).toMatchObject({ url: own, tries: 1 })
    expect(truth.view().problems.map(({ code }) => code)).toContain('tunnel_down')
    expect(tunnel.callbackBase()).toBe(own)

    expect(await textSignedFor(own, r)).toBe(200)
  })
})
