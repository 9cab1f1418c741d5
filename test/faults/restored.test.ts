/** A backup is put back; the world outside has gone on since. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { startApplication } from '../../src/server/application.ts'
import { restoreBackup } from '../../src/server/restoring.ts'
import { restore } from '../../src/server/store/index.ts'
import { systemClock } from '../../src/server/system/index.ts'
import { ANN, bed, type Bed } from '../catchup/bed.ts'
import { bed as liveBed } from '../live/bed.ts'
import { MemoryDisk } from '../store/memory-disk.ts'

const MINUTE = 60_000
const DATA = '/office/data'
const identify = () => Promise.resolve(undefined)

describe('what waited to be sent when the backup was made', () => {
  const NEWS = 'Your table is booked'
  const sent = (b: Bed) =>
    [...b.simulator.account.messages.values()].filter(({ body }) => body === NEWS).map(({ sid }) => sid)
  const shown = async (b: Bed) => (await b.messages()).find(({ content }) => content === NEWS)

  /** Ann has written, and an answer to her waits while Twilio has too many requests. */
  async function waiting(disk: MemoryDisk): Promise<Bed & { backup: string; id: string }> {
    const b = await bed(undefined, { store: { disk } })
    await b.text(ANN, 'hello')
    await b.console.idle()
    const [first] = await b.messages()
    b.simulator.faults.rest({ kind: 'limited', retryAfter: 60 }, 'create')
    const { message } = await b.console.intake.outgoing({
      medium: 'sms',
      channel_id: first?.channel_id ?? '',
      contact: ANN,
      body: NEWS,
      sender: 'operator',
    })
    b.console.outbox.kick()
    await b.console.outbox.idle()
    const { file } = await b.console.store.backup()
    return Object.assign(b, { backup: file, id: message._id })
  }

  it('is found to be sent, and does not go a second time', async () => {
    const disk = new MemoryDisk()
    const b = await waiting(disk)
    await b.clock.advance(2 * MINUTE)
    await b.console.idle()
    const [sid] = sent(b)
    expect(sid).toBeDefined()
    await b.clock.advance(60 * MINUTE)
    await b.close()
    expect(await restore(b.backup, DATA, { clock: b.clock, disk, identify })).toMatchObject({ doubtful: 1 })
    await b.open()
    for (let minutes = 0; minutes < 10; minutes++) {
      await b.caughtUp()
      await b.clock.advance(MINUTE)
      await b.console.idle()
    }
    expect(sent(b)).toEqual([sid])
    expect(await shown(b)).toMatchObject({ sid, status: 'delivered' })
  })

  it('and is nowhere at Twilio is unsure, and goes again by hand only', async () => {
    const disk = new MemoryDisk()
    const b = await waiting(disk)
    await b.close()
    await restore(b.backup, DATA, { clock: b.clock, disk, identify })
    await b.open()
    expect(await shown(b)).toMatchObject({ status: 'unsure' })
    for (let minutes = 0; minutes < 10; minutes++) {
      await b.caughtUp()
      await b.clock.advance(MINUTE)
      await b.console.idle()
    }
    expect(sent(b)).toEqual([])
    expect(await shown(b)).toMatchObject({ status: 'unsure' })
    await b.console.outbox.retry(b.id)
    await b.console.idle()
    expect(sent(b)).toHaveLength(1)
  })
})

describe('what the numbers had before they were pointed here', () => {
  it('outlives a backup made before going live', async () => {
    const b = await liveBed()
    onTestFinished(() => b.close())
    const before = 'https://crm.example/sms'
    b.number().sms_url = before
    await b.enter()
    const { file } = await b.application.main.store.backup()
    await b.goLive()
    const port = Number(new URL(b.own()).port)
    await b.application.close()
    await restoreBackup(file, `${b.folder}/data`, systemClock)
    b.application = await startApplication({
      folder: `${b.folder}/data`,
      webhookPorts: [port],
      consolePorts: [],
      pageFolder: b.folder,
      apiBaseUrl: b.simulator.api,
      version: 'test',
    })
    const [number] = (await b.enter()).numbers
    expect(number?.before?.sms_url ?? b.number().sms_url).toBe(before)
    await b.goLive()
    await b.ask('live.leave', {})
    expect(b.number().sms_url).toBe(before)
  })
})
