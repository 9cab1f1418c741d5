import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Medium } from '../../src/shared/documents.ts'
import { ANN, BEN, BUSINESS, newSid, running, type Running } from '../support/running.ts'

const BEGIN = Date.parse('2025-01-15T10:00:00.000Z')
const OTHER = '+15703250000'

/** Since when somebody waits for an answer, and what ends it. */
describe('who waits', () => {
  let r: Running
  beforeEach(async () => {
    r = await running()
  })
  afterEach(() => r.close())

  const minutes = (n: number): void => {
    r.clock.advance(n * 60_000)
  }
  const late = (minute: number) => ({ kind: 'list' as const, at: BEGIN + minute * 60_000 })
  /** Minutes after ten at which each who waits began to, by medium, the longest wait first. */
  const waits = (contact = ANN): [Medium, number][] =>
    r.switchboard.store
      .sessions({ from: contact, waiting: true, order: 'longest_waiting' })
      .sessions.map((s) => [
        s.communication_type,
        Math.round((Date.parse(s.metadata.waitingSince ?? '') - BEGIN) / 60_000),
      ])
  const counted = () => r.switchboard.store.counts().waiting
  const call = async (channel = BUSINESS, from = ANN): Promise<string> => {
    const sid = newSid('CA')
    await r.post('/webhooks/voice', { CallSid: sid, From: from, To: channel, CallStatus: 'ringing' })
    return sid
  }
  const voicemail = (sid: string) =>
    r.post('/webhooks/voice/recording', {
      CallSid: sid,
      From: ANN,
      To: BUSINESS,
      RecordingSid: newSid('RE'),
      RecordingUrl: `https://api.twilio.com/Recordings/${newSid('RE')}`,
      RecordingDuration: '12',
    })
  const channelId = (number: string) =>
    r.switchboard.store.channels().find((c) => c.number === number)?._id ?? ''
  const write = (medium: Medium, body: string, contact = ANN, sender: 'operator' | 'ai' = 'operator') =>
    r.switchboard.intake.outgoing({ medium, channel_id: channelId(BUSINESS), contact, body, sender })
  const sessionOf = (medium: Medium) => {
    const [newest] = r.switchboard.store.sessions({ type: medium, from: ANN }).sessions
    if (!newest) throw new Error(`no ${medium} session`)
    return newest
  }
  const close = (medium: Medium) => r.switchboard.acts.close(sessionOf(medium)._id)

  describe('a call', () => {
    it.each(['operator', 'ai'] as const)('is answered by any text of the %s', async (sender) => {
      const sid = await call()
      await voicemail(sid)
      await call(OTHER)
      await call(BUSINESS, BEN)
      expect(waits()).toEqual([
        ['voice', 0],
        ['voice', 0],
      ])
      minutes(1)
      await write('whatsapp', 'we heard you', ANN, sender)
      expect(waits()).toEqual([])
      expect(waits(BEN)).toEqual([['voice', 0]])
      expect(counted()).toBe(1)
      await r.restart()
      expect(waits()).toEqual([])
    })

    it('that comes after the answer waits anew; a text does not wait less for it', async () => {
      await r.sms(ANN, 'a question')
      await call()
      minutes(1)
      await write('whatsapp', 'we heard you')
      expect(waits()).toEqual([['sms', 0]])
      minutes(1)
      await call()
      expect(waits()).toEqual([
        ['sms', 0],
        ['voice', 2],
      ])
    })

    it('a text of theirs, and an imported answer, leave it waiting', async () => {
      await call()
      minutes(1)
      await r.sms(ANN, 'I called')
      const elsewhere = { medium: 'sms' as const, channel: BUSINESS, contact: ANN, media: [], params: {} }
      await r.switchboard.intake.sentElsewhere(
        { ...elsewhere, sid: newSid(), body: 'long ago', status: 'delivered' },
        { kind: 'history', at: r.clock.now() + 1 },
      )
      expect(waits()).toEqual([
        ['voice', 0],
        ['sms', 1],
      ])
    })

    it('found late was answered by what was written since', async () => {
      minutes(3)
      await r.sms(ANN, 'hello')
      minutes(2)
      await write('sms', 'answered at five past')
      const found = { channel: BUSINESS, contact: ANN, call_status: 'completed', params: {} }
      await r.switchboard.intake.callBegan({ ...found, call_sid: newSid('CA') }, late(4))
      expect(waits()).toEqual([])
      await r.switchboard.intake.callBegan({ ...found, call_sid: newSid('CA') }, late(6))
      expect(waits()).toEqual([['voice', 6]])
    })

    it('an answer found late ends the wait of what was before it only', async () => {
      await call()
      minutes(10)
      await call()
      const elsewhere = { medium: 'sms' as const, channel: BUSINESS, contact: ANN, media: [], params: {} }
      await r.switchboard.intake.sentElsewhere(
        { ...elsewhere, sid: newSid(), body: 'from the mobile', status: 'delivered' },
        late(5),
      )
      expect(waits()).toEqual([['voice', 10]])
    })

    it('answers and calls of one contact at once end as if they came one after another', async () => {
      await call()
      minutes(1)
      await Promise.all([
        ...Array.from({ length: 10 }, () => call()),
        ...Array.from({ length: 10 }, (_, n) => write('sms', `answer ${String(n)}`)),
      ])
      minutes(1)
      await write('sms', 'the last')
      expect(waits()).toEqual([])
      expect(counted()).toBe(0)
    })
  })

  it('who is only greeted goes on waiting, over a split and a restart too, until somebody answers', async () => {
    await r.sms(ANN, 'a question')
    minutes(1)
    const greet = () =>
      r.switchboard.intake.outgoing({
        medium: 'sms',
        channel_id: channelId(BUSINESS),
        contact: ANN,
        body: 'we have it',
        sender: 'ai',
        holding: true,
      })
    const { message } = await greet()
    expect(waits()).toEqual([['sms', 0]])
    const parted = await r.switchboard.acts.split(sessionOf('sms')._id, message._id)
    expect(waits()).toEqual([['sms', 0]])
    await r.switchboard.acts.undo(parted)
    expect(waits()).toEqual([['sms', 0]])
    await r.restart()
    expect(waits()).toEqual([['sms', 0]])
    await write('sms', 'nine to six', ANN, 'ai')
    expect(waits()).toEqual([])
    await call()
    await greet()
    expect(waits()).toEqual([['voice', 1]])
  })

  describe('closing by hand', () => {
    it.each(['sms', 'voice'] as const)(
      'ends the wait (%s); undo and reopening bring it back',
      async (medium) => {
        if (medium === 'sms') await r.sms(ANN, 'a question')
        else await call()
        minutes(2)
        const closed = await close(medium)
        expect(waits()).toEqual([])
        await r.restart()
        expect(waits()).toEqual([])
        await r.switchboard.acts.undo(closed)
        expect(waits()).toEqual([[medium, 0]])

        await close(medium)
        expect(counted()).toBe(0)
        const reopened = await r.switchboard.acts.reopen(sessionOf(medium)._id)
        expect(waits()).toEqual([[medium, 0]])
        await r.switchboard.acts.undo(reopened)
        expect(waits()).toEqual([])
      },
    )

    it('what was answered meanwhile does not wait again', async () => {
      await call()
      minutes(1)
      const closed = await close('voice')
      minutes(1)
      await write('sms', 'we called you back')
      await r.switchboard.acts.undo(closed)
      expect(waits()).toEqual([])
    })

    it('who said STOP meanwhile does not wait again', async () => {
      await r.sms(ANN, 'a question')
      const closed = await close('sms')
      minutes(10)
      await r.sms(ANN, 'STOP')
      await r.switchboard.acts.undo(closed)
      expect(waits()).toEqual([])
    })

    it('a new message waits from itself on, and the undo brings the earlier wait back', async () => {
      await r.sms(ANN, 'a question')
      minutes(1)
      const closed = await close('sms')
      minutes(1)
      await r.sms(ANN, 'another')
      expect(waits()).toEqual([['sms', 2]])
      await r.switchboard.acts.undo(closed)
      expect(waits()).toEqual([['sms', 0]])
    })

    it('an earlier session is done with, what came after it still waits', async () => {
      await r.sms(ANN, 'a question')
      const first = r.newest()
      minutes(10)
      await r.sms(ANN, 'another')
      expect(waits()).toEqual([['sms', 0]])
      const closed = await r.switchboard.acts.close(first._id)
      expect(waits()).toEqual([['sms', 10]])
      const both = await close('sms')
      expect(waits()).toEqual([])
      await r.switchboard.acts.undo(both)
      expect(waits()).toEqual([['sms', 10]])
      await r.switchboard.acts.undo(closed)
      expect(waits()).toEqual([['sms', 0]])
    })

    it('what was closed after it stays done when the later session is open again', async () => {
      await r.sms(ANN, 'a question')
      const first = r.newest()
      minutes(10)
      await r.sms(ANN, 'another')
      const later = await close('sms')
      await r.switchboard.acts.close(first._id)
      await r.switchboard.acts.undo(later)
      expect(waits()).toEqual([['sms', 10]])
    })

    it('nobody waits from an automatic answer on that only told them it came', async () => {
      const question = await r.sms(ANN, 'a question')
      minutes(1)
      const { message } = await r.switchboard.intake.outgoing({
        ...{ medium: 'sms', channel_id: channelId(BUSINESS), contact: ANN, body: 'We have it', sender: 'ai' },
        ...{ holding: true, answers: question },
      })
      const first = r.newest()
      await r.switchboard.acts.split(first._id, message._id)
      await r.switchboard.acts.close(first._id)
      expect(waits()).toEqual([])
    })

    it('a late message makes the session active, and waits', async () => {
      await r.sms(ANN, 'a question')
      minutes(3)
      await close('sms')
      const text = { sid: newSid(), medium: 'sms' as const, channel: BUSINESS, contact: ANN, body: 'late' }
      await r.switchboard.intake.message({ ...text, media: [], params: {} }, late(2))
      expect(r.newest().status).toBe('active')
      expect(waits()).toEqual([['sms', 2]])
    })
  })

  it('a message found late was answered by what was written since, in whatever session', async () => {
    await r.sms(ANN, 'a question')
    minutes(10)
    await write('sms', 'an answer')
    minutes(10)
    await r.sms(ANN, 'another question')
    expect(r.sessions()).toHaveLength(3)
    expect(waits()).toEqual([['sms', 20]])
    const text = { sid: newSid(), medium: 'sms' as const, channel: BUSINESS, contact: ANN, body: 'missed' }
    await r.switchboard.intake.message({ ...text, media: [], params: {} }, late(1))
    expect(waits()).toEqual([['sms', 20]])
  })
})
