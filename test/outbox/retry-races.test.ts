import { expect, it, onTestFinished } from 'vitest'
import type { CarrierMessage } from '../../src/server/carrier/carrier.ts'
import { ANN, BUSINESS, newSid, running } from '../support/running.ts'
import { messageOf, MORNING, sending } from './support.ts'

const DAY = 86_400_000
const FAILED: CarrierMessage = {
  sid: '',
  medium: 'sms',
  direction: 'outbound',
  from: BUSINESS,
  to: ANN,
  body: 'Hello',
  status: 'failed',
  error_code: 30_003,
  media_count: 0,
  created_at: MORNING,
}

it('a word on the attempt before, that comes while a message is put into the queue again, does not undo that', async () => {
  const r = await running()
  onTestFinished(() => r.close())
  const { intake, outbox, store } = r.switchboard
  for (let turns = 0; turns < 40; turns++) {
    const sid = newSid()
    const sent = { sid, medium: 'sms' as const, channel: BUSINESS, contact: ANN, body: 'hello', media: [] }
    const { message } = await intake.sentElsewhere(
      { ...sent, status: 'failed', params: {} },
      { kind: 'list', at: r.clock.now() },
    )
    const queued = outbox.retry(message._id)
    for (let turn = 0; turn < turns; turn++) await Promise.resolve()
    await Promise.all([queued, intake.status({ sid, id: message._id, status: 'undelivered' })])
    expect([turns, (await store.find(message._id))?.status]).toEqual([turns, 'queued'])
  }
})

it('nor does the carrier’s answer to how that attempt is doing: what was put into the queue again is sent', async () => {
  for (let turns = 0; turns < 40; turns++) {
    const { start, simulator, clock, disk, real, bodies } = await sending()
    simulator.faults.delivery(DAY)
    let answer = (): void => undefined
    const late = new Promise<void>((resolve) => {
      answer = resolve
    })
    let lane: Promise<unknown> = Promise.resolve()
    const { outbox, store, send } = start({
      // One after another, as in the lane of a key.
      edit: (id, change, rest) => {
        const edited = lane.then(async () => {
          const current = await store.find(id)
          const changed = current && change(current)
          const durable = store.commit({ ...rest, ...(changed && { messages: [changed] }) })
          return { durable, message: changed ?? current }
        })
        lane = edited
        return edited.then(async ({ durable, message }) => (await durable, message))
      },
      carrier: () => ({
        ...real,
        async fetchMessage(sid) {
          await late
          return { ok: true, value: { ...FAILED, sid } }
        },
      }),
    })
    await outbox.start()
    const id = await send()
    await outbox.idle()
    await clock.advance(5_000)
    await store.commit({ why: 'status', messages: [{ ...messageOf(disk, id), status: 'failed' }] })
    const queued = outbox.retry(id)
    for (let turn = 0; turn < turns; turn++) await Promise.resolve()
    answer()
    await queued
    await outbox.idle()
    expect([turns, bodies().length, messageOf(disk, id).status]).toEqual([turns, 2, 'queued'])
    expect([turns, disk.outbox.get(id)?.state]).toEqual([turns, 'handed_over'])
    await outbox.stop()
  }
})

it('nor does the end of its doubt, which the disk had refused when a callback told it', async () => {
  for (let turns = 0; turns < 16; turns++) {
    const { start, bodies, disk, simulator, clock } = await sending()
    const { outbox, store, send } = start()
    await outbox.start()
    simulator.faults.rest({ kind: 'drop', when: 'after' }, 'create')
    simulator.faults.rest({ kind: 'drop', when: 'before' }, 'list')
    const id = await send()
    await outbox.idle()
    const [sent] = simulator.account.messages.values()
    const told = { ...messageOf(disk, id), sid: sent?.sid ?? '', status: 'failed' as const }
    store.fate = ({ why }) => (why === 'no longer unsure' ? 'refused' : 'durable')
    await store.commit({ why: 'status', messages: [told] })
    await outbox.idle()
    store.fate = () => 'durable'
    const queued = outbox.retry(id)
    for (let turn = 0; turn < turns; turn++) await Promise.resolve()
    await clock.advance(60_000)
    await queued
    await outbox.idle()
    expect([turns, bodies().length, messageOf(disk, id).sid]).toEqual([
      turns,
      2,
      [...simulator.account.messages.keys()][1],
    ])
    await outbox.stop()
  }
})
