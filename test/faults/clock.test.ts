import { expect, test } from 'vitest'
import { DiskError, MemoryDisk } from '../store/memory-disk.ts'
import { ANN, BEN } from '../support/running.ts'
import { bed, everything, expectSound, freshFolder } from './support.ts'

const HOUR = 3_600_000

test('the clock is set back: what arrives then is later than what was there, across a restart too', async () => {
  const r = await bed()
  // Twilio's SIDs are random: they say nothing of the order.
  const sids = ['SMd', 'SMb', 'SMc', 'SMa'].map((sid) => sid.padEnd(34, '0'))
  const text = (n: number) => r.sms(ANN, `text ${String(n)}`, sids[n])
  await text(0)
  const first = Date.parse(r.newest().last_message_at)
  r.clock.set(r.clock.now() - 5 * HOUR)
  await text(1)
  await r.restart()
  await text(2)
  r.clock.advance(60_000)
  await text(3)
  const messages = await r.messages(r.newest())
  expect(messages.map((m) => m.sid)).toEqual(sids)
  expect(messages.map((m) => Date.parse(m.createdAt) - first)).toEqual([0, 1, 2, 3])
  expect(r.sessions()).toHaveLength(1)
  await expectSound(r)
})

test('the clock is set back across a restart: the later act still wins', async () => {
  const r = await bed()
  await r.sms(ANN, 'one')
  const second = await r.sms(ANN, 'two')
  const { acts, store } = r.switchboard
  // Done an hour after the last message, which is all that the store knows the time by.
  r.clock.advance(HOUR)
  const message = await store.find(second)
  await acts.split(r.newest()._id, message?._id ?? '')
  expect(r.sessions()).toHaveLength(2)

  r.clock.set(r.clock.now() - 3 * HOUR)
  await r.restart()
  await r.switchboard.acts.mergeWithEarlier(r.newest()._id)
  expect(r.sessions()).toHaveLength(1)
  await expectSound(r)
})

test('a gap that is set in the millisecond of a message does not judge that message', async () => {
  const r = await bed()
  await r.sms(ANN, 'one')
  r.clock.advance(200_000)
  await r.sms(ANN, 'two')
  await r.switchboard.acts.setGap('sessions.gap', 100_000)
  await r.sms(ANN, 'three')
  expect(r.sessions()).toHaveLength(1)
  await expectSound(r)
})

test('a regrouping that is interrupted is finished by the next start', async () => {
  const folder = await freshFolder()
  const disk = new MemoryDisk()
  const r = await bed({ folder, store: { disk } })
  for (const from of [ANN, BEN, '+15550001', '+15550002', '+15550003']) {
    await r.sms(from, 'one')
    r.clock.advance(200_000)
    await r.sms(from, 'two')
  }
  expect(r.sessions()).toHaveLength(5)
  const fails = (done: number): void => {
    if (done < 2) return
    disk.interfere = (operation, file) => {
      if (operation === 'sync') throw new DiskError('EIO', file)
    }
  }
  await expect(
    r.switchboard.acts.regroup(60_000, undefined, { dryRun: false, onProgress: fails }),
  ).rejects.toMatchObject({ code: 'disk_failed' })
  expect(r.sessions()).toHaveLength(7)

  const left = disk.afterCrash(() => 0)
  left.delete(`${folder}/running.json`)
  const next = await bed({ folder, store: { disk: left } })
  expect(next.sessions()).toHaveLength(10)
  await expectSound(next)
  const found = await everything(next)
  await next.restart()
  expect(await everything(next)).toEqual(found)
})

test('an answer to a message dated far ahead by a clock that was wrong takes nobody else’s time along', async () => {
  const r = await bed()
  const [now, year] = [r.clock.now(), 365 * 24 * HOUR]
  r.clock.set(now + year)
  await r.sms(ANN, 'hello')
  const { channel_id } = r.newest()
  r.clock.set(now + HOUR)
  await r.restart()
  await r.sms(BEN, 'hello')
  const answer = {
    medium: 'sms' as const,
    channel_id,
    contact: ANN,
    body: 'yes?',
    sender: 'operator' as const,
  }
  const { message } = await r.switchboard.intake.outgoing(answer)
  expect(Date.parse(message.createdAt) - now).toBeGreaterThan(year)
  r.clock.advance(60_000)
  await r.sms(BEN, 'are you there?')
  const ben = r.sessions().find(({ metadata }) => metadata.fromNumber === BEN)
  expect(Date.parse(ben?.last_message_at ?? '') - now).toBe(HOUR + 60_000)
  expect(ben?.message_count).toBe(2)
  await expectSound(r)
})
