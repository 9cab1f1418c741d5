import { expect, it, onTestFinished } from 'vitest'
import { ANN, BUSINESS, newSid, running } from '../support/running.ts'

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
