import { createServer, request as forward } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { png } from '../../src/server/carrier/simulator/bytes.ts'
import { createSimulator } from '../../src/server/carrier/simulator/index.ts'
import { twilioCarrier } from '../../src/server/carrier/twilio.ts'
import { SignedMedia } from '../../src/server/media/signed.ts'
import { manualClock } from '../../src/server/system/index.ts'
import { asking } from '../console/asking.ts'
import { ANN, BUSINESS, type Running, running, TOKEN } from '../support/running.ts'
import { pressOn, reached } from '../tunnel/support.ts'

const base64 = (bytes: Buffer | string) => Buffer.from(bytes).toString('base64')
const HOUR = 3_600_000
const OTHER_HASH = 'a'.repeat(64)

/** A console in a simulation of its own making: the carrier on loopback reaches its webhook port. */
async function simulated() {
  const clock = manualClock(Date.parse('2025-01-15T10:00:00.000Z'))
  const simulator = await createSimulator({ clock, numbers: [BUSINESS] })
  onTestFinished(() => simulator.close())
  const { accountSid, authToken, api } = simulator
  const carrier = twilioCarrier({ accountSid, authToken, baseUrl: api })
  const r = await running(undefined, {
    world: 'simulation',
    credentials: () => ({ accountSid, authToken }),
    carrier: () => carrier,
  })
  onTestFinished(() => r.close())
  simulator.point({ sms: `${r.switchboard.webhooks}/webhooks/sms` })
  await simulator.text({ from: ANN, medium: 'sms', body: 'Hello' })
  return { r, simulator }
}

/** A real console on the simulator's account, reached from outside by an address of its own that can be shut. */
async function behindDoor(isShut = false) {
  const clock = manualClock(Date.parse('2025-01-15T10:00:00.000Z'))
  const simulator = await createSimulator({ clock, numbers: [BUSINESS] })
  onTestFinished(() => simulator.close())
  const { accountSid, authToken, api } = simulator
  const door = { url: '', isShut, isSending: true }
  // Without lists: nothing is caught up with, for which sending would wait.
  const { lists: _, ...carrier } = twilioCarrier({ accountSid, authToken, baseUrl: api })
  const r = await running(undefined, {
    clock,
    credentials: () => ({ accountSid, authToken }),
    carrier: () => (door.isSending ? carrier : undefined),
  })
  onTestFinished(() => r.close())
  const server = createServer((request, response) => {
    if (door.isShut) return void response.writeHead(502).end()
    const { method, headers, url } = request
    const inner = forward(`${r.switchboard.webhooks}${url ?? ''}`, { method, headers }, (answer) => {
      answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers))
    })
    request.pipe(inner)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  door.url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  simulator.point({ sms: `${r.switchboard.webhooks}/webhooks/sms` })
  await simulator.text({ from: ANN, medium: 'sms', body: 'Hello' })
  const { tunnel } = r.switchboard
  tunnel.open({ kind: 'address', url: door.url })
  if (!isShut) await reached(tunnel, 'up')
  return { r: { ...r, clock }, simulator, door }
}

async function target(r: Running) {
  const session = r.newest()
  return { channel_id: session.channel_id, medium: 'sms' as const, contact: ANN }
}

describe('a file that goes out', () => {
  it('is fetched by the carrier at an address of ours, and arrives as it was', async () => {
    const { r, simulator } = await simulated()
    const ask = asking(() => r.switchboard)
    const bytes = png(30)
    const file = await ask('media.add', { name: 'rim.png', data: base64(bytes), medium: 'sms' })
    expect(file).toMatchObject({ size: bytes.length, content_type: 'image/png', width: 30, height: 30 })
    const draft = { ...(await target(r)), body: '', media: [file.hash], draft: 'draft-0001' }
    const message = await ask('messages.send', draft)
    expect(message.media).toEqual([{ url: '', content_type: 'image/png', file }])
    expect((await ask('messages.send', draft))._id).toBe(message._id)
    await r.switchboard.idle()
    await simulator.idle()
    const sent = [...simulator.account.messages.values()].filter((m) => m.direction === 'outbound-api')
    expect(sent).toHaveLength(1)
    expect(sent[0]?.media.map((m) => [m.content_type, m.bytes.equals(bytes)])).toEqual([['image/png', true]])
    expect(sent[0]?.status).toBe('delivered')
    expect(r.newest().metadata.preview).toBe('Photo')
  })

  it('is refused with a sentence where Twilio would not take it', async () => {
    const { r } = await simulated()
    const ask = asking(() => r.switchboard)
    const add = (bytes: Buffer | string, medium: 'sms' | 'whatsapp' = 'sms') =>
      ask('media.add', { name: 'x', data: base64(bytes), medium })
    await expect(add('')).rejects.toThrow('The file is empty.')
    await expect(add('<!doctype html><script></script>')).rejects.toThrow('not taken by SMS')
    await expect(add('<svg xmlns="http://www.w3.org/2000/svg"/>')).rejects.toThrow('not taken by SMS')
    await expect(add('GIF89a', 'whatsapp')).rejects.toThrow('not taken by WhatsApp')
    const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(500_001)])
    await expect(add(pdf)).rejects.toThrow('larger than 500 kB')
    await expect(add(Buffer.alloc(5_000_001))).rejects.toThrow('larger than 5 MB')
    expect(await r.switchboard.store.blobs.list()).toEqual([])
    const to = await target(r)
    const unknown = { ...to, body: '', media: [OTHER_HASH], draft: 'draft-0001' }
    await expect(ask('messages.send', unknown)).rejects.toThrow('attach it again')
    const many = { ...to, body: '', media: Array<string>(11).fill(OTHER_HASH), draft: 'draft-0002' }
    await expect(ask('messages.send', many)).rejects.toThrow('messages.send')
    await expect(ask('messages.send', { ...to, body: ' ', draft: 'draft-0003' })).rejects.toThrow(
      'nothing to send',
    )
  })

  it('is one by WhatsApp, where all but the first would be lost', async () => {
    const { r, simulator } = await simulated()
    const ask = asking(() => r.switchboard)
    simulator.point({ sms: `${r.switchboard.webhooks}/webhooks/whatsapp` })
    await simulator.text({ from: ANN, medium: 'whatsapp', body: 'Hello' })
    const files = await Promise.all(
      [10, 20].map((width) =>
        ask('media.add', { name: 'a.png', data: base64(png(width)), medium: 'whatsapp' }),
      ),
    )
    const to = { ...(await target(r)), medium: 'whatsapp' as const, body: '' }
    const [first = '', second = ''] = files.map(({ hash }) => hash)
    await expect(
      ask('messages.send', { ...to, media: [first, second], draft: 'draft-0001' }),
    ).rejects.toThrow('One file goes with a WhatsApp message. Send the rest with others.')
    expect((await ask('messages.send', { ...to, media: [first], draft: 'draft-0002' })).media).toHaveLength(1)
  })

  it('is refused while nobody outside can reach this computer, and the words alone are not', async () => {
    const r = await running()
    onTestFinished(() => r.close())
    const ask = asking(() => r.switchboard)
    await r.sms(ANN, 'Hello')
    const file = await ask('media.add', { name: 'a.png', data: base64(png(8)), medium: 'sms' })
    const to = await target(r)
    await expect(
      ask('messages.send', { ...to, body: 'See', media: [file.hash], draft: 'draft-0001' }),
    ).rejects.toThrow('nobody outside can reach it')
    expect((await ask('messages.send', { ...to, body: 'See', draft: 'draft-0002' })).content).toBe('See')
  })

  it('waits while the way in is down, and goes once it is open again; a new one is refused meanwhile', async () => {
    const { r, simulator, door } = await behindDoor()
    const ask = asking(() => r.switchboard)
    const bytes = png(8)
    const { hash } = await ask('media.add', { name: 'a.png', data: base64(bytes), medium: 'sms' })
    const to = { ...(await target(r)), body: '', media: [hash] }
    // It still waits when the way in breaks.
    door.isSending = false
    const { _id } = await ask('messages.send', { ...to, draft: 'draft-0001' })
    await r.switchboard.idle()
    const { tunnel } = r.switchboard
    door.isShut = true
    const down = reached(tunnel, 'down')
    tunnel.retry()
    await pressOn(r.clock, down)
    door.isSending = true
    r.switchboard.outbox.resume()
    await r.switchboard.idle()
    const outgoing = () => [...simulator.account.messages.values()].filter((m) => m.media_urls.length > 0)
    expect(outgoing()).toEqual([])
    await expect(ask('messages.send', { ...to, draft: 'draft-0002' })).rejects.toThrow(
      'nobody outside can reach it',
    )
    expect(await r.switchboard.store.find(_id)).toMatchObject({ status: 'queued' })

    door.isShut = false
    const up = reached(tunnel, 'up')
    tunnel.retry()
    await pressOn(r.clock, up)
    r.clock.advance(15_000)
    await r.switchboard.idle()
    await simulator.idle()
    expect(outgoing()).toMatchObject([{ status: 'delivered', error_code: null }])
    expect(outgoing()[0]?.media[0]?.bytes.equals(bytes)).toBe(true)
  })

  it('has no address before the way in was proved to lead here', async () => {
    const { r, door } = await behindDoor(true)
    const ask = asking(() => r.switchboard)
    const { hash } = await ask('media.add', { name: 'a.png', data: base64(png(8)), medium: 'sms' })
    const draft = { ...(await target(r)), body: '', media: [hash], draft: 'draft-0001' }
    expect(r.switchboard.tunnel.bases()).toEqual([door.url])
    await expect(ask('messages.send', draft)).rejects.toThrow('nobody outside can reach it')
  })
})

describe('a file that was attached', () => {
  const DAY = 24 * HOUR
  const shown = async (r: Running, hash: string) =>
    (await r.switchboard.store.attached.open(hash)) !== undefined

  it('and taken out again is gone a week later; one in a draft, of which a page told, and one sent stay', async () => {
    const { r, simulator } = await simulated()
    const ask = asking(() => r.switchboard)
    const add = async (width: number) =>
      (await ask('media.add', { name: 'a.png', data: base64(png(width)), medium: 'sms' })).hash
    const [out, draft, sent] = [await add(10), await add(20), await add(30)]
    await ask('messages.send', { ...(await target(r)), body: '', media: [sent], draft: 'draft-0001' })
    await r.switchboard.idle()
    await simulator.idle()
    r.clock.advance(7 * DAY)
    await ask('media.keep', { hashes: [draft, OTHER_HASH] })
    r.clock.advance(2 * DAY)
    await vi.waitUntil(async () => !(await shown(r, out)))
    expect([await shown(r, draft), await shown(r, sent)]).toEqual([true, true])
    await ask('messages.send', { ...(await target(r)), body: '', media: [draft], draft: 'draft-0002' })
    await expect(
      ask('messages.send', { ...(await target(r)), body: '', media: [out], draft: 'draft-0003' }),
    ).rejects.toThrow('Take it out and attach it again')
  })

  it('is still there after a restart', async () => {
    const r = await running()
    onTestFinished(() => r.close())
    const ask = asking(() => r.switchboard)
    const { hash } = await ask('media.add', { name: 'a.png', data: base64(png(8)), medium: 'sms' })
    r.clock.advance(2 * DAY)
    await r.restart()
    r.clock.advance(DAY)
    await ask('media.keep', { hashes: [hash] })
    expect(await shown(r, hash)).toBe(true)
  })
})

describe('a signed address', () => {
  async function served() {
    const r = await running()
    onTestFinished(() => r.close())
    const ask = asking(() => r.switchboard)
    const bytes = png(8)
    const { hash } = await ask('media.add', { name: 'a.png', data: base64(bytes), medium: 'sms' })
    const signed = new SignedMedia(r.clock, () => TOKEN)
    const get = (name: string, init: RequestInit = {}) =>
      fetch(`${r.switchboard.webhooks}/media/${name}`, init)
    return { r, hash, bytes, get, name: signed.sign(hash) ?? '' }
  }

  it('gives its file as often as it is asked, whole and in part, and after a restart', async () => {
    const { r, get, name, bytes } = await served()
    for (let i = 0; i < 3; i++) {
      const answer = await get(name)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toBe('image/png')
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true)
    }
    const head = await get(name, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(bytes.length)])
    const part = await get(name, { headers: { range: 'bytes=0-3' } })
    expect([part.status, Buffer.from(await part.arrayBuffer()).toString('latin1')]).toEqual([206, '\x89PNG'])
    await r.restart()
    expect((await fetch(`${r.switchboard.webhooks}/media/${name}`)).status).toBe(200)
  })

  it('ends after an hour', async () => {
    const { r, get, name } = await served()
    r.clock.advance(HOUR - 2_000)
    expect((await get(name)).status).toBe(200)
    r.clock.advance(4_000)
    expect((await get(name)).status).toBe(404)
  })

  it('altered in any part, or signed with another token, is none', async () => {
    const { r, get, name, hash } = await served()
    const [own = '', expiry = '', mac = ''] = name.split('.')
    const later = (Number.parseInt(expiry, 36) + 3600).toString(36)
    const foreign = new SignedMedia(r.clock, () => 'another').sign(hash) ?? ''
    const altered = [
      `${OTHER_HASH}.${expiry}.${mac}`,
      `${own}.${later}.${mac}`,
      `${own}.${expiry}.${mac.startsWith('A') ? 'B' : 'A'}${mac.slice(1)}`,
      `${own}.${expiry}.`,
      hash,
      foreign,
      '..%2f..%2fstore.json',
      '%2e%2e',
      name.toUpperCase(),
      `${name}.`,
    ]
    for (const wrong of altered) expect((await get(wrong)).status, wrong).toBe(404)
    expect((await get(name, { method: 'POST' })).status).toBe(405)
    // What is signed but not here is nothing either.
    expect((await get(new SignedMedia(r.clock, () => TOKEN).sign(OTHER_HASH) ?? '')).status).toBe(404)
  })

  it('is none while there is no token', () => {
    const signed = new SignedMedia(manualClock(0), () => undefined)
    expect(signed.sign(OTHER_HASH)).toBeUndefined()
    expect(signed.read(`${OTHER_HASH}.1.${'a'.repeat(43)}`)).toBeUndefined()
  })
})
