import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { wav } from '../../src/server/carrier/simulator/bytes.ts'
import { manualClock } from '../../src/server/system/index.ts'
import { asking } from '../console/asking.ts'
import { Machine } from '../soak/machine.ts'
import { ANN, BUSINESS, newSid } from '../support/running.ts'
import { BASIC, consoleOn, fetched, fileServer, messageOf, mms, PICTURE } from './support.ts'

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const HOUR = 3_600_000

describe('a file that comes in', () => {
  it('is fetched with the account’s credentials and kept under its content, as what it is', async () => {
    const server = await fileServer()
    server.give('/a', PICTURE, 'text/plain')
    const r = await consoleOn(server)
    const { media } = await fetched(r, await mms(r, `${server.base}/a`))
    const hash = sha256(PICTURE)
    expect(media[0]).toEqual({
      url: `${server.base}/a`,
      content_type: 'image/jpeg',
      file: { hash, size: PICTURE.length, content_type: 'image/png', width: 40, height: 40 },
    })
    expect(server.asked).toEqual([{ path: '/a', authorization: BASIC }])
    const file = join(r.folder, 'data', 'media', hash.slice(0, 2), hash)
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(r.switchboard.store.downloads()).toEqual([])
    expect(r.newest().metadata.preview).toBe('Photo')
  })

  it('is asked for elsewhere without the credentials, and never at an address that is not the carrier’s', async () => {
    const server = await fileServer()
    const cdn = await fileServer()
    cdn.give('/file', PICTURE)
    server.answer('/a', (response) => response.writeHead(302, { location: `${cdn.base}/file` }).end())
    const r = await consoleOn(server)
    const { media } = await fetched(
      r,
      await mms(r, `${server.base}/a`, `${cdn.base}/file`, 'file:///etc/passwd'),
    )
    expect(media.map(({ file }) => file !== undefined)).toEqual([true, false, false])
    expect(media[1]?.problem).toBe('Its address is not one of Twilio’s, so it is not called.')
    expect(cdn.asked).toEqual([{ path: '/file', authorization: undefined }])
  })

  it('is not followed in a circle, nor out of HTTP', async () => {
    const server = await fileServer()
    server.answer('/round', (response) => response.writeHead(302, { location: '/round' }).end())
    server.answer('/out', (response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end())
    const r = await consoleOn(server)
    const { media } = await fetched(r, await mms(r, `${server.base}/round`, `${server.base}/out`))
    expect(media.every(({ file }) => file === undefined)).toBe(true)
  })

  it('is kept once however often it is sent', async () => {
    const server = await fileServer()
    server.give('/a', PICTURE)
    server.give('/b', PICTURE)
    const r = await consoleOn(server)
    await fetched(r, await mms(r, `${server.base}/a`, `${server.base}/b`))
    expect(await r.switchboard.store.blobs.list()).toHaveLength(1)
  })

  it('of markup is a file of no known type, whatever it is called', async () => {
    const server = await fileServer()
    server.give('/html', '<!doctype html><script>alert(1)</script>')
    server.give('/svg', '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', 'image/svg+xml')
    const r = await consoleOn(server)
    const { media } = await fetched(r, await mms(r, `${server.base}/html`, `${server.base}/svg`))
    expect(media.map(({ file }) => file?.content_type)).toEqual(Array(2).fill('application/octet-stream'))
  })

  it('that is too large, or never ends, is given up and nothing of it stays', async () => {
    const server = await fileServer()
    server.answer('/told', (response) => response.writeHead(200, { 'content-length': 26_000_000 }).write('x'))
    server.answer('/endless', (response) => {
      const more = (): void => {
        while (response.write(Buffer.alloc(1 << 20)));
        response.once('drain', more)
      }
      response.on('error', () => undefined)
      more()
    })
    const r = await consoleOn(server)
    const { media } = await fetched(r, await mms(r, `${server.base}/told`, `${server.base}/endless`))
    expect(media.map(({ problem }) => problem)).toEqual(
      Array(2).fill('It is larger than 25 MB, so it was not taken.'),
    )
    expect(await r.switchboard.store.blobs.list()).toEqual([])
    expect(r.switchboard.store.downloads()).toEqual([])
  })

  it('whose connection breaks, or that comes too short, is asked for again later', async () => {
    const server = await fileServer()
    let tries = 0
    server.answer('/a', (response) => {
      tries += 1
      if (tries === 1)
        response.writeHead(200, { 'content-length': PICTURE.length }).write(PICTURE.subarray(0, 50))
      if (tries === 1) return void response.on('finish', () => undefined).socket?.end()
      response.writeHead(200).end(PICTURE)
    })
    const r = await consoleOn(server)
    const sid = await mms(r, `${server.base}/a`)
    expect((await fetched(r, sid)).media[0]).not.toHaveProperty('problem')
    expect(r.switchboard.store.downloads()).toMatchObject([{ attempts: 1 }])
    r.clock.advance(HOUR)
    expect((await fetched(r, sid)).media[0]?.file?.size).toBe(PICTURE.length)
  })

  it('waits as long as Twilio says when it is asked too often', async () => {
    const server = await fileServer()
    server.answer('/a', (response) => response.writeHead(429, { 'retry-after': '40' }).end())
    const r = await consoleOn(server)
    const sid = await mms(r, `${server.base}/a`)
    await fetched(r, sid)
    server.give('/a', PICTURE)
    r.clock.advance(39_000)
    await r.switchboard.idle()
    expect(server.asked).toHaveLength(1)
    r.clock.advance(2_000)
    expect((await fetched(r, sid)).media[0]?.file).toBeDefined()
  })

  it('waits no longer when the clock is set back by hours meanwhile', async () => {
    const server = await fileServer()
    server.answer('/a', (response) => response.writeHead(429, { 'retry-after': '40' }).end())
    const world = manualClock(Date.UTC(2025, 0, 15, 10))
    const machine = new Machine(world)
    const r = await consoleOn(server, { clock: machine })
    const sid = await mms(r, `${server.base}/a`)
    await fetched(r, sid)
    server.give('/a', PICTURE)
    machine.step(-3 * HOUR)
    world.advance(41_000)
    expect((await fetched(r, sid)).media[0]?.file).toBeDefined()
    expect(server.asked).toHaveLength(2)
  })

  it('that was deleted says so, and by hand it is asked for again', async () => {
    const server = await fileServer()
    const r = await consoleOn(server)
    const sid = await mms(r, `${server.base}/a`)
    const young = await fetched(r, sid)
    expect(young.media[0]).not.toHaveProperty('problem')
    r.clock.advance(2 * HOUR)
    const message = await fetched(r, sid)
    expect(message.media[0]).toMatchObject({
      gone: true,
      problem: 'It was deleted at Twilio and can’t be had any more.',
    })
    server.give('/a', PICTURE)
    const ask = asking(() => r.switchboard)
    const asked = await ask('media.retry', { message: message._id, index: 0 })
    expect(asked.media[0]).not.toHaveProperty('problem')
    expect((await fetched(r, sid)).media[0]?.file?.hash).toBe(sha256(PICTURE))
    await expect(ask('media.retry', { message: message._id, index: 7 })).rejects.toThrow(
      'There is no message',
    )
  })

  it('that is not there yet comes once it is', async () => {
    const server = await fileServer()
    const r = await consoleOn(server)
    const sid = await mms(r, `${server.base}/a`)
    await fetched(r, sid)
    server.give('/a', PICTURE)
    r.clock.advance(5_000)
    expect((await fetched(r, sid)).media[0]?.file?.hash).toBe(sha256(PICTURE))
  })

  it('is failed after many attempts, and then left alone', async () => {
    const server = await fileServer()
    server.answer('/a', (response) => response.writeHead(503).end())
    const r = await consoleOn(server)
    const sid = await mms(r, `${server.base}/a`)
    for (let i = 0; i < 20; i++) {
      await r.switchboard.idle()
      r.clock.advance(2 * HOUR)
    }
    expect((await fetched(r, sid)).media[0]?.problem).toBe('Twilio did not give it (HTTP 503).')
    expect(server.asked).toHaveLength(12)
    expect(r.switchboard.store.downloads()).toEqual([])
  })

  it.each([401, 403])(
    'is never given up for a token that is refused (%i), however long that lasts',
    async (status) => {
      const server = await fileServer()
      server.answer('/a', (response) => response.writeHead(status).end('{"code":20003}'))
      const r = await consoleOn(server)
      const sid = await mms(r, `${server.base}/a`)
      for (let i = 0; i < 20; i++) {
        await r.switchboard.idle()
        r.clock.advance(2 * HOUR)
      }
      expect((await fetched(r, sid)).media[0]).not.toHaveProperty('problem')
      server.give('/a', PICTURE)
      r.clock.advance(HOUR)
      expect((await fetched(r, sid)).media[0]?.file?.hash).toBe(sha256(PICTURE))
    },
  )

  it('that is refused where Twilio sent us on to is given up: that is not about the token', async () => {
    const server = await fileServer()
    const cdn = await fileServer()
    cdn.answer('/file', (response) => response.writeHead(403).end())
    server.answer('/a', (response) => response.writeHead(302, { location: `${cdn.base}/file` }).end())
    const r = await consoleOn(server)
    const sid = await mms(r, `${server.base}/a`)
    for (let i = 0; i < 20; i++) {
      await r.switchboard.idle()
      r.clock.advance(2 * HOUR)
    }
    expect((await fetched(r, sid)).media[0]?.problem).toBe('Twilio did not give it (HTTP 403).')
  })

  it('comes whole though a proxy packed it, and what unpacks without end is given up', async () => {
    const server = await fileServer()
    const packed = (path: string, bytes: Buffer) =>
      server.answer(path, (response) => {
        const body = gzipSync(bytes)
        response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': body.length }).end(body)
      })
    packed('/a', PICTURE)
    packed('/bomb', Buffer.alloc(26_000_000))
    const r = await consoleOn(server)
    const { media } = await fetched(r, await mms(r, `${server.base}/a`, `${server.base}/bomb`))
    expect(media[0]?.file?.hash).toBe(sha256(PICTURE))
    expect(media[1]?.problem).toBe('It is larger than 25 MB, so it was not taken.')
    expect(await r.switchboard.store.blobs.list()).toHaveLength(1)
  })

  it('that waits is gone on with after a restart, without an account as long as it takes', async () => {
    const server = await fileServer()
    server.give('/a', PICTURE)
    let has = false
    const { twilioMedia } = await import('../../src/server/carrier/twilio-media.ts')
    const source = twilioMedia({ accountSid: 'AC1', authToken: 't', baseUrl: server.base })
    const r = await consoleOn(server, { files: () => (has ? source : undefined) })
    const sid = await mms(r, `${server.base}/a`)
    await r.restart()
    expect((await fetched(r, sid)).media[0]).not.toHaveProperty('file')
    expect(r.switchboard.store.downloads()).toMatchObject([
      { _id: (await messageOf(r, sid))._id, attempts: 0 },
    ])
    has = true
    await r.restart()
    expect((await fetched(r, sid)).media[0]?.file).toBeDefined()
  })

  it('is begun again when the console was closed in the middle of it', async () => {
    const server = await fileServer()
    const arrived = new Promise<void>((resolve) => {
      server.answer('/a', (response) => {
        response.writeHead(200, { 'content-length': PICTURE.length }).write(PICTURE.subarray(0, 50))
        resolve()
      })
    })
    const r = await consoleOn(server)
    const sid = await mms(r, `${server.base}/a`)
    await arrived
    server.give('/a', PICTURE)
    await r.restart()
    expect((await fetched(r, sid)).media[0]?.file?.hash).toBe(sha256(PICTURE))
    expect(await r.switchboard.store.blobs.list()).toHaveLength(1)
  })

  it('of a call is its recording as WAV, and a later word of it keeps the file', async () => {
    const server = await fileServer()
    const recording = newSid('RE')
    const url = `${server.base}/2010-04-01/Accounts/AC1/Recordings/${recording}`
    const sound = wav(1)
    server.give(`${new URL(url).pathname}.wav`, sound, 'audio/x-wav')
    const r = await consoleOn(server)
    const call = {
      CallSid: newSid('CA'),
      From: ANN,
      To: BUSINESS,
      CallStatus: 'in-progress',
      Direction: 'inbound',
    }
    await r.post('/webhooks/voice', call)
    await r.post('/webhooks/voice/recording', { ...call, RecordingSid: recording, RecordingUrl: url })
    expect((await fetched(r, recording)).media[0]?.file).toMatchObject({ content_type: 'audio/wav' })
    await r.post('/webhooks/voice/recording-status', {
      ...call,
      RecordingSid: recording,
      RecordingUrl: url,
      RecordingStatus: 'completed',
      RecordingDuration: '1',
    })
    expect((await fetched(r, recording)).media[0]).toMatchObject({
      duration_s: 1,
      file: { size: sound.length },
    })
    expect(server.asked).toHaveLength(1)
  })
})
