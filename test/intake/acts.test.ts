import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ArrivalClock } from '../../src/server/intake/arrival.ts'
import { createEdits } from '../../src/server/intake/edits.ts'
import { Lanes } from '../../src/server/intake/lanes.ts'
import { ANN, BUSINESS, newSid, running, type Running } from '../support/running.ts'

/** What an operator does to sessions, on the real store. */
describe('acts', () => {
  let r: Running
  beforeEach(async () => {
    r = await running()
  })
  afterEach(() => r.close())

  const contents = async (): Promise<string[][]> =>
    Promise.all(
      r
        .sessions()
        .toReversed()
        .map(async (s) => (await r.messages(s)).map((m) => m.content)),
    )
  const newest = () => r.newest()
  const minutes = (n: number): void => {
    r.clock.advance(n * 60_000)
  }
  const late = (minutes: number) => ({
    kind: 'list' as const,
    at: Date.parse('2025-01-15T10:00:00.000Z') + minutes * 60_000,
  })
  const text = (body: string) => ({
    sid: newSid(),
    medium: 'sms' as const,
    channel: BUSINESS,
    contact: ANN,
    body,
    media: [],
    params: {},
  })

  it('closing ends a session at once; the next message begins another that says why', async () => {
    await r.sms(ANN, 'one')
    const closed = await r.switchboard.acts.close(newest()._id)
    expect(newest().status).toBe('closed')
    minutes(1)
    await r.sms(ANN, 'two')
    expect(await contents()).toEqual([['one'], ['two']])
    expect(newest().metadata.reason).toMatchObject({ kind: 'closed' })
    await r.switchboard.acts.undo(closed)
    expect(await contents()).toEqual([['one', 'two']])
  })

  it('reopening lifts the cut only when nothing follows', async () => {
    await r.sms(ANN, 'one')
    await r.switchboard.acts.close(newest()._id)
    await r.switchboard.acts.reopen(newest()._id)
    minutes(1)
    await r.sms(ANN, 'two')
    expect(await contents()).toEqual([['one', 'two']])
    await r.switchboard.acts.close(newest()._id)
    minutes(1)
    await r.sms(ANN, 'three')
    const older = r.sessions()[1]
    await r.switchboard.acts.reopen(older?._id ?? '')
    expect(r.sessions().map((s) => s.status)).toEqual(['active', 'active'])
    expect(await contents()).toEqual([['one', 'two'], ['three']])
  })

  it('a late message of the contact makes a closed session active and unread; the cut stays', async () => {
    await r.sms(ANN, 'one')
    minutes(3)
    await r.switchboard.acts.close(newest()._id)
    await r.switchboard.intake.message(text('late'), late(2))
    expect(newest()).toMatchObject({ status: 'active', message_count: 2, unread_count: 2 })
    minutes(1)
    await r.sms(ANN, 'after')
    expect(await contents()).toEqual([['one', 'late'], ['after']])
  })

  it('merging joins neighbours, splitting parts them, undo takes either back, and a restart keeps it all', async () => {
    await r.sms(ANN, 'one')
    minutes(10)
    const second = await r.sms(ANN, 'two')
    minutes(1)
    await r.sms(ANN, 'three')
    const merged = await r.switchboard.acts.mergeWithEarlier(newest()._id)
    expect(await contents()).toEqual([['one', 'two', 'three']])
    const split = await r.switchboard.acts.split(newest()._id, second)
    expect(await contents()).toEqual([['one'], ['two', 'three']])
    expect(newest().metadata.reason.kind).toBe('split')
    await r.restart()
    expect(await contents()).toEqual([['one'], ['two', 'three']])
    await r.switchboard.acts.undo(split)
    expect(await contents()).toEqual([['one', 'two', 'three']])
    await r.switchboard.acts.undo(merged)
    expect(await contents()).toEqual([['one'], ['two', 'three']])
    expect(newest().metadata.reason.kind).toBe('silence')
  })

  it('a join taken back leaves both as they were: names, what is unread, what is muted', async () => {
    const seen = () =>
      r.switchboard.store
        .sessions({ from: ANN })
        .sessions.map(({ _id, unread_count, metadata }) => [_id, unread_count, metadata.muted === true])
    const mute = async (id: string) => {
      const { store } = r.switchboard
      const session = store.session(id)
      if (!session) throw new Error(`no session ${id}`)
      const metadata = { ...session.metadata, muted: true as const }
      await store.commit({ why: 'mute', sessions: [{ ...session, metadata, unread_count: 0 }] })
    }
    await r.sms(ANN, 'one')
    minutes(10)
    await r.sms(ANN, 'two')
    const before = newest()
    await mute(before._id)
    const apart = seen()
    expect(apart.map(([, ...rest]) => rest)).toEqual([
      [0, true],
      [1, false],
    ])
    const merged = await r.switchboard.acts.mergeWithEarlier(before._id)
    expect(seen().map(([, ...rest]) => rest)).toEqual([[1, true]])
    await r.switchboard.acts.undo(merged)
    expect(seen()).toEqual(apart)
    await r.restart()
    expect(seen()).toEqual(apart)

    // What came meanwhile belongs to the later, and what was read meanwhile stays read.
    const again = await r.switchboard.acts.mergeWithEarlier(before._id)
    minutes(1)
    await r.sms(ANN, 'three')
    await r.switchboard.acts.undo(again)
    expect(seen().map(([, unread]) => unread)).toEqual([1, 1])
    // Late, into the earlier.
    const late = await r.switchboard.acts.mergeWithEarlier(before._id)
    await r.switchboard.intake.message(text('one more'), { kind: 'list', at: r.clock.now() - 11 * 60_000 })
    await r.switchboard.acts.undo(late)
    expect(seen().map(([, unread]) => unread)).toEqual([1, 2])
    const read = await r.switchboard.acts.mergeWithEarlier(before._id)
    const together = newest()
    await r.switchboard.store.commit({ why: 'read', sessions: [{ ...together, unread_count: 0 }] })
    await r.sms(ANN, 'four')
    await r.switchboard.acts.undo(read)
    expect(seen().map(([, unread]) => unread)).toEqual([1, 0])
  })

  it('an answer carries the session over the night, and reopens a closed one', async () => {
    const question = await r.sms(ANN, 'are you open tomorrow?')
    const { channel_id } = newest()
    minutes(14 * 60)
    const answer = (body: string) =>
      r.switchboard.intake.outgoing({
        medium: 'sms',
        channel_id,
        contact: ANN,
        body,
        sender: 'operator',
        answers: question,
        draft: `draft of ${body}`,
      })
    await answer('from nine')
    expect(await contents()).toEqual([['are you open tomorrow?', 'from nine']])
    await r.switchboard.acts.close(newest()._id)
    minutes(20)
    await answer('till six')
    expect(await contents()).toEqual([['are you open tomorrow?', 'from nine', 'till six']])
    expect(newest().status).toBe('active')
    await answer('till six')
    expect(newest().message_count).toBe(3)
  })

  it('what was written on a message still to be sent bears on it when it has Twilio’s SID, and so does the undo', async () => {
    const question = await r.sms(ANN, 'one')
    const { store, intake, acts } = r.switchboard
    const { channel_id } = newest()
    const write = async (body: string, answers: string) =>
      (
        await intake.outgoing({
          ...{ medium: 'sms', channel_id, contact: ANN, body, sender: 'operator', answers },
          draft: `draft of ${body}`,
        })
      ).message
    minutes(1)
    const two = await write('two', question)
    minutes(50)
    const three = await write('three', two.sid)
    const split = await acts.split(newest()._id, two._id)
    expect(await contents()).toEqual([['one'], ['two', 'three']])

    const edit = createEdits(store, new Lanes(), new ArrivalClock(r.clock))
    for (const [message, sid] of [
      [two, newSid()],
      [three, newSid()],
    ] as const)
      await edit(message._id, (current) => ({ ...current, sid, status: 'sent' }), { why: 'handed over' })

    const sids = (await r.messages(newest())).map(({ sid }) => sid)
    expect(newest().metadata).toMatchObject({ firstSid: sids[0], lastSid: sids[1] })
    // Grouped anew from the messages and the acts alone, everything stays as it was.
    const regrouped = await acts.regroup(300_000, undefined, { dryRun: true })
    expect(regrouped).toMatchObject({ before: 2, after: 2 })
    await acts.regroup(300_000, undefined, { dryRun: false })
    expect(await contents()).toEqual([['one'], ['two', 'three']])
    await acts.undo(split)
    expect(await contents()).toEqual([['one', 'two', 'three']])
    await r.restart()
    expect(await contents()).toEqual([['one', 'two', 'three']])
  })

  it('a gap change counts from now on; regrouping is an act of its own', async () => {
    await r.sms(ANN, 'one')
    minutes(8)
    await r.sms(ANN, 'two')
    await r.switchboard.acts.setGap('sessions.gap', 600_000)
    minutes(8)
    await r.sms(ANN, 'three')
    expect(await contents()).toEqual([['one'], ['two', 'three']])
    expect(await r.switchboard.acts.regroup(600_000, undefined, { dryRun: true })).toMatchObject({
      before: 2,
      after: 1,
    })
    expect(await contents()).toEqual([['one'], ['two', 'three']])
    await r.switchboard.acts.regroup(600_000, undefined, { dryRun: false })
    expect(await contents()).toEqual([['one', 'two', 'three']])
    await r.switchboard.acts.regroup(60_000, undefined, { dryRun: false })
    expect(await contents()).toEqual([['one'], ['two'], ['three']])
    await r.restart()
    expect(await contents()).toEqual([['one'], ['two'], ['three']])
  })

  it('a late message parts a session across which the gap was lengthened', async () => {
    await r.switchboard.acts.setGap('sessions.gap', 60_000)
    await r.sms(ANN, 'one')
    minutes(3)
    await r.switchboard.acts.setGap('sessions.gap', 300_000)
    minutes(1)
    await r.sms(ANN, 'two')
    expect(await contents()).toEqual([['one', 'two']])
    await r.switchboard.intake.message(text('between'), late(2))
    expect(await contents()).toEqual([['one'], ['between', 'two']])
  })
})
