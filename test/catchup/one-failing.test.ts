import { describe, expect, it } from 'vitest'
import { ANN, bed, BEN } from './bed.ts'
import { failure, seconds, waitingAndStop, withLists, withoutAnswers } from './passing.ts'

const MINUTE = 60_000

/** A picture, and behind it a text and a STOP, while nobody listened. */
async function behindAPicture() {
  const b = await bed()
  await b.text(ANN, 'hello')
  await b.text(BEN, 'hello')
  await b.console.idle()
  await withoutAnswers(b)
  await b.close()
  await b.clock.advance(MINUTE)
  const picture = await b.text(ANN, 'a picture', { media: 1 })
  await b.clock.advance(MINUTE)
  await b.text(BEN, 'plain')
  await b.text(BEN, 'STOP')
  await b.clock.advance(MINUTE)
  return { b, picture }
}

describe('what Twilio will not tell of one thing keeps nothing else out', () => {
  it.each([
    ['refused', 403],
    ['trouble', 500],
    ['unknown', 502],
  ] as const)('the files of a message, which come later (%s, %d)', async (kind, status) => {
    const { b, picture } = await behindAPicture()
    let fails = true
    let asked = 0
    await b.open(
      withLists(b, {
        async mediaOf(sid) {
          asked += 1
          return fails && sid === picture ? failure(kind, status) : b.carrier.lists.mediaOf(sid)
        },
      }),
    )
    await seconds(b, 1 * 60, 1)
    const words = (await b.told()).flat()
    expect(words).toEqual(expect.arrayContaining(['a picture', 'plain', 'STOP']))
    const contact = await b.console.end.handlers['contacts.get']({ number: BEN })
    expect(contact.consent).toMatchObject([{ medium: 'sms', state: 'out' }])
    const taken = async () => (await b.messages()).find(({ sid }) => sid === picture)
    expect((await taken())?.media).toEqual([])
    expect(b.console.catchUp.view()).toMatchObject({ state: 'idle', away: { messages: 3 } })
    await seconds(b, 60 * 60, 30)
    expect(asked).toBeLessThan(15)
    fails = false
    await seconds(b, 21 * 60, 30)
    expect((await taken())?.media).toHaveLength(1)
    const enough = asked
    await seconds(b, 60 * 60, 30)
    expect(asked).toBe(enough)
  })

  it('but of the whole account it ends the reading, and nothing is left out', async () => {
    const { b, picture } = await behindAPicture()
    let fails = true
    await b.open(
      withLists(b, {
        mediaOf: async (sid) => (fails ? failure('refused', 401) : b.carrier.lists.mediaOf(sid)),
      }),
    )
    await b.console.catchUp.idle()
    expect(b.console.catchUp.view()).toMatchObject({ state: 'failed' })
    expect(b.console.catchUp.view().sentence).toBe(
      'Twilio’s lists could not be read. Twilio said 401. It is tried again by itself.',
    )
    fails = false
    await seconds(b, 2 * 60, 1)
    expect((await b.messages()).find(({ sid }) => sid === picture)?.media).toHaveLength(1)
  })

  it('a transcript, and the call a recording belongs to', async () => {
    const b = await bed()
    await b.simulator.call({ from: BEN, voicemail: 'first' })
    await b.console.idle()
    b.tunnel(false)
    const { account } = b.simulator
    const call = await b.simulator.call({ from: ANN })
    call.status = 'completed'
    const created = b.clock.now()
    for (const [name, call_sid] of [
      ['1', call.sid],
      ['2', 'CA00000000000000000000000000000002'],
    ] as const) {
      const sid = `RE${name.padStart(32, '0')}`
      const transcription = { sid: `TR${name}`, text: 'Call me back.', status: 'completed' as const }
      account.recordings.set(sid, {
        sid,
        call_sid,
        duration: 9,
        bytes: Buffer.alloc(0),
        created,
        transcription,
      })
    }
    await b.text(BEN, 'plain')
    await b.clock.advance(MINUTE)
    await b.close()
    let fails = true
    const trouble = failure('trouble', 500)
    await b.open(
      withLists(b, {
        transcripts: async (sid) => (fails ? trouble : b.carrier.lists.transcripts(sid)),
        call: async (sid) => (fails ? trouble : b.carrier.lists.call(sid)),
      }),
    )
    await seconds(b, 1 * 60, 1)
    const recordings = async () => (await b.messages()).filter(({ sid }) => sid.startsWith('RE'))
    expect((await b.told()).flat()).toContain('plain')
    expect(await recordings()).toHaveLength(2)
    expect(b.console.catchUp.view().state).toBe('idle')
    // What is not known of one holds the watermark.
    expect(Date.parse(b.console.catchUp.view().read_to ?? '')).toBeLessThanOrEqual(created)
    fails = false
    await seconds(b, 21 * 60, 30)
    expect((await recordings()).some(({ transcript }) => transcript?.text === 'Call me back.')).toBe(true)
    expect(Date.parse(b.console.catchUp.view().read_to ?? '')).toBeGreaterThan(created)
  })
})

it('a picture that Twilio was still receiving comes once it has it', async () => {
  const b = await bed()
  b.tunnel(false)
  const sid = await b.text(ANN, 'look', { media: 1 })
  const message = b.simulator.account.messages.get(sid)
  if (!message) throw new Error('the simulator has no such message')
  const { media } = message
  message.status = 'receiving'
  message.media = []
  await b.caughtUp()
  expect((await b.messages())[0]?.media).toEqual([])
  message.status = 'received'
  message.media = media
  await b.caughtUp()
  expect((await b.messages())[0]?.media).toHaveLength(1)
})

describe('what could be read of the lists is taken though', () => {
  it.each([
    ['one of them fails', 'recordings'],
    ['one of them fails, and not the last', 'calls'],
    ['a later page of the same fails', 'messages'],
  ] as const)('%s: nothing goes out behind a STOP that is in hand', async (_what, list) => {
    const b = await bed()
    const id = await waitingAndStop(b)
    await b.text(BEN, 'before it')
    const sent: string[] = []
    let fails = true
    const { lists } = b.carrier
    const { carrier } = withLists(b, {
      [list]: async (range: Parameters<typeof lists.calls>[0], next?: string) =>
        fails && (list !== 'messages' || next !== undefined)
          ? failure('trouble', 500)
          : lists[list](range, next),
    })
    await b.open({
      catchUp: { pause: 0, pageSize: 3 },
      carrier: () => ({
        ...carrier(),
        send: (message) => (sent.push(message.body), b.carrier.send(message)),
      }),
    })
    await seconds(b, 120)
    expect(sent).toEqual([])
    expect(await b.console.store.find(id)).toMatchObject({ status: 'canceled', error_code: 21_610 })
    expect(b.console.catchUp.view()).toMatchObject({
      state: 'failed',
      sentence: `Twilio’s list of ${list} could not be read to its end. Twilio has trouble of its own (HTTP 500). It is tried again by itself; the other lists were read.`,
    })
    const read = Date.parse(b.console.catchUp.view().read_to ?? '')
    expect(read).toBeLessThan(b.clock.now() - 50 * MINUTE)
    fails = false
    await seconds(b, 600, 10)
    expect(b.console.catchUp.view().state).toBe('idle')
    expect((await b.told()).flat()).toContain('before it')
    expect(Date.parse(b.console.catchUp.view().read_to ?? '')).toBeGreaterThan(b.clock.now() - 10 * MINUTE)
  })

  it('the network goes when they are read, and a picture before the STOP cannot be asked for', async () => {
    const b = await bed()
    await waitingAndStop(b)
    let gone = false
    await b.open(
      withLists(b, {
        calls: () => {
          gone = true
          return Promise.resolve(failure('unreached'))
        },
        mediaOf: async (sid) => (gone ? failure('unreached') : b.carrier.lists.mediaOf(sid)),
      }),
    )
    await seconds(b, 10)
    expect((await b.told()).flat()).toContain('STOP')
  })
})
