import { describe, expect, it } from 'vitest'
import { postWebhook } from '../../src/server/carrier/simulator/post.ts'
import { ANN, BEN, bed, BUSINESS } from './bed.ts'

const MINUTE = 60_000
const DAY = 86_400_000
const at = (iso: string): string => `2025-01-${iso}.000Z`

describe('what was missed', () => {
  it('appears at its true time, in the session where it would have been, unread and without an answer', async () => {
    const b = await bed()
    await b.text(ANN, 'before')
    await b.console.idle()
    await b.close()
    await b.clock.advance(2 * MINUTE)
    await b.text(ANN, 'while closed')
    await b.clock.advance(20 * MINUTE)
    await b.text(BEN, 'another')
    await b.clock.advance(MINUTE)
    await b.open()
    await b.console.catchUp.idle()

    const [ann, ben] = b.sessions()
    expect(b.sessions()).toHaveLength(2)
    const told = await b.told()
    expect(told[0]?.filter((words) => words === 'before' || words === 'while closed')).toEqual([
      'before',
      'while closed',
    ])
    expect(told[1]).toEqual(['another'])
    const texts = await b.console.store.messages([ann?._id ?? '', ben?._id ?? ''])
    const missed = texts.filter(({ content }) => ['while closed', 'another'].includes(content))
    expect(missed.map(({ createdAt, status }) => [createdAt, status])).toEqual([
      [at('15T10:02:00'), 'received'],
      [at('15T10:22:00'), 'received'],
    ])
    expect(missed.every(({ sid }) => !texts.some((m) => m.in_reply_to === sid))).toBe(true)
    expect(ben?.unread_count).toBe(1)
    expect(ben?.metadata.waitingSince).toBe(at('15T10:22:00'))
    expect(b.console.catchUp.view()).toMatchObject({
      state: 'idle',
      found: 2,
      away: { messages: 2, since: at('15T10:02:00') },
    })
    await b.console.catchUp.seen()
    expect(b.console.catchUp.view().away).toBeNull()
    await b.close()
    await b.open()
    expect(b.console.catchUp.view().away).toBeNull()
  })

  it('joins two sessions that it bridges', async () => {
    const b = await bed()
    await b.text(ANN, 'one')
    b.tunnel(false)
    await b.clock.advance(4 * MINUTE)
    await b.text(ANN, 'two')
    b.tunnel(true)
    await b.clock.advance(4 * MINUTE)
    await b.text(ANN, 'three')
    await b.console.idle()
    await b.caughtUp()
    expect(b.sessions()).toHaveLength(1)
    const contacts = (await b.messages()).filter(({ sender }) => sender === 'contact')
    expect(contacts.map(({ content }) => content)).toEqual(['one', 'two', 'three'])
  })

  it('is read once, however often the lists are', async () => {
    const b = await bed()
    await b.text(ANN, 'by webhook')
    b.tunnel(false)
    await b.text(ANN, 'missed')
    for (let n = 0; n < 3; n++) await b.caughtUp()
    await b.close()
    await b.open()
    await b.caughtUp()
    const contacts = (await b.messages()).filter(({ sender }) => sender === 'contact')
    expect(contacts.map(({ content }) => content).toSorted()).toEqual(['by webhook', 'missed'])
    expect(b.console.catchUp.view().found).toBe(0)
  })

  it('leaves to its webhook what is only just there', async () => {
    const b = await bed()
    await b.clock.advance(MINUTE)
    b.tunnel(false)
    await b.text(ANN, 'only just')
    b.console.catchUp.now()
    await b.console.catchUp.idle()
    expect(b.sessions()).toHaveLength(0)
    // And comes back for it by itself.
    await b.clock.advance(2 * MINUTE)
    await b.console.catchUp.idle()
    expect(await b.told()).toEqual([['only just']])
  })

  it('reads nothing from before unasked, and what is asked for as history', async () => {
    const b = await bed()
    await b.close()
    // As if this account had always been there: another data folder would begin now.
    const { account } = b.simulator
    for (const [days, body] of [
      [40, 'too old'],
      [9, 'old'],
      [2, 'older'],
    ] as const)
      account.messages.set(
        `SM${days}`,
        inbound(`SM${days}`, body, Date.parse('2025-01-15T09:00:00Z') - days * DAY),
      )
    await b.open()
    await b.caughtUp()
    expect(b.sessions()).toHaveLength(0)
    expect(b.console.catchUp.view().sentence).toBe('Nothing was missed.')

    await b.console.end.handlers['catch_up.start']({ days: 10 })
    await b.console.catchUp.idle()
    expect(await b.told()).toEqual([['old'], ['older']])
    expect(b.sessions().map((s) => [s.unread_count, s.metadata.waitingSince])).toEqual([
      [0, undefined],
      [0, undefined],
    ])
    expect(b.console.catchUp.view()).toMatchObject({ found: 2, away: null })
  })

  it('offers, at the first time, to read what was before', async () => {
    const b = await bed()
    expect(b.console.catchUp.view()).toMatchObject({
      state: 'idle',
      read_to: at('15T10:00:00'),
      sentence: expect.stringContaining('only when you ask') as string,
    })
  })

  it('finds what lies around midnight, with filters by whole day and in any order', async () => {
    const b = await bed(at('15T23:50:00'))
    b.simulator.faults.lists({ order: 'mixed', wholeDays: true })
    await b.close()
    const bodies: string[] = []
    for (let n = 0; n < 6; n++) {
      await b.clock.advance(4 * MINUTE)
      await b.text(ANN, `text ${n}`)
      bodies.push(`text ${n}`)
    }
    await b.open()
    await b.caughtUp()
    expect(await b.told()).toEqual([bodies])
  })

  it.each([
    [51, 50],
    [1001, 1000],
  ])(
    'reads %i messages in pages of %i, from the oldest to the newest or back',
    async (count, pageSize) => {
      for (const order of ['newest', 'oldest', 'mixed'] as const) {
        const b = await bed(undefined, { catchUp: { pause: 0, pageSize } })
        b.simulator.faults.lists({ order })
        await b.close()
        const start = b.clock.now()
        for (let n = 0; n < count; n++) {
          const sid = `SM${String(n).padStart(32, '0')}`
          b.simulator.account.messages.set(
            sid,
            inbound(sid, `text ${n}`, start + n * 1_000, `+1555000${n % 7}000`),
          )
        }
        await b.clock.advance(count * 1_000 + MINUTE)
        await b.open()
        await b.console.catchUp.idle()
        expect(b.console.catchUp.view()).toMatchObject({ found: count, looked_at: count })
        expect(await b.messages()).toHaveLength(count)
        expect(b.sessions()).toHaveLength(7)
        await b.close()
      }
    },
    60_000,
  )

  it('takes days of absence a piece at a time, each durable before the next', async () => {
    const b = await bed()
    await b.close()
    const start = b.clock.now()
    for (let day = 0; day < 30; day++) {
      const sid = `SM${day}`
      b.simulator.account.messages.set(sid, inbound(sid, `day ${day}`, start + day * DAY + MINUTE))
    }
    await b.clock.advance(30 * DAY)
    const taken: number[] = []
    const console = await b.open()
    console.store.onCommit(({ settings }) => {
      if (settings) taken.push(b.sessions().length)
    })
    await b.caughtUp()
    expect(b.sessions()).toHaveLength(30)
    expect(taken.some((count) => count > 0 && count < 30)).toBe(true)
  })

  it('brings pictures at the addresses their webhook would have named', async () => {
    const b = await bed()
    await b.close()
    const sid = await b.text(ANN, 'look', { media: 2, medium: 'whatsapp' })
    await b.open()
    await b.caughtUp()
    const [message] = await b.messages()
    const files = [...b.simulator.account.media.values()]
    const folder = `${b.simulator.api}/2010-04-01/Accounts/${b.simulator.accountSid}/Messages/${sid}/Media`
    expect(message?.media).toHaveLength(2)
    expect(message?.media).toEqual(
      expect.arrayContaining(
        files.map((file) => ({ url: `${folder}/${file.sid}`, content_type: 'image/png' })),
      ),
    )
    expect(message?.communication_type).toBe('whatsapp')
  })

  it.each(['messenger:10203040', 'rcs:shop_agent'])('comes to %s as its webhook would have', async (to) => {
    const b = await bed()
    b.tunnel(false)
    const from = to.startsWith('rcs:') ? `rcs:${ANN}` : 'messenger:50607080'
    await b.simulator.text({ from, to, medium: 'sms', body: 'Are you open?' })
    await b.caughtUp()
    expect(await b.told()).toEqual([['Are you open?']])
    const [session] = b.sessions()
    expect(session).toMatchObject({ communication_type: 'sms', metadata: { fromNumber: from } })
    expect(b.console.store.channels().map(({ number }) => number)).toEqual([to])
  })

  it('applies a STOP at once', async () => {
    const b = await bed()
    await b.text(ANN, 'hello')
    await b.console.idle()
    await b.close()
    await b.clock.advance(MINUTE)
    await b.text(ANN, ' stop ')
    await b.open()
    await b.caughtUp()
    const contact = await b.console.end.handlers['contacts.get']({ number: ANN })
    expect(contact.consent).toMatchObject([{ medium: 'sms', state: 'out', at: at('15T10:01:00') }])
    const session = await b.console.end.handlers['sessions.get']({ id: b.sessions()[0]?._id ?? '' })
    expect(session).toMatchObject({ opted_out: true, composer: { code: 'opted_out' } })
    // The carrier's own confirmation is part of the conversation.
    expect((await b.messages()).some(({ content }) => content.includes('unsubscribed'))).toBe(true)
  })

  it.each([
    ['is not counted as missed: its webhook was on its way', true, null],
    ['counts as missed once its webhook has had its time', false, { messages: 1, since: at('15T10:00:00') }],
  ])('a STOP taken at once %s', async (_what, webhookComes, away) => {
    const b = await bed()
    b.tunnel(false)
    const sid = await b.text(ANN, 'STOP')
    await b.clock.advance(1_000)
    b.console.catchUp.now()
    await b.console.catchUp.idle()
    expect(await b.told()).toEqual([['STOP']])
    expect(b.console.catchUp.view().away).toBeNull()
    if (webhookComes) {
      const text = {
        MessageSid: sid,
        From: ANN,
        To: BUSINESS,
        Body: 'STOP',
        OptOutType: 'STOP',
        NumMedia: '0',
      }
      const { accountSid, authToken } = b.simulator
      const params = { ...text, AccountSid: accountSid }
      expect(await postWebhook(`${b.console.webhooks}/webhooks/sms`, params, authToken)).toMatchObject({
        ok: true,
      })
    }
    await b.caughtUp()
    await b.caughtUp()
    expect(b.console.catchUp.view().away).toEqual(away)
  })

  it('never brings back what was erased, by whatever way', async () => {
    const b = await bed()
    b.tunnel(false)
    const sid = await b.text(ANN, 'to be forgotten')
    await b.console.store.commit({ why: 'erase', erased: [b.console.store.erasedHash(sid)] })
    await b.text(BEN, 'to be kept')
    await b.caughtUp()
    expect(await b.told()).toEqual([['to be kept']])
    const again = {
      sid,
      medium: 'sms',
      channel: BUSINESS,
      contact: ANN,
      body: '',
      media: [],
      params: {},
    } as const
    await expect(
      b.console.intake.message({ ...again, media: [] }, { kind: 'webhook' }),
    ).rejects.toMatchObject({
      code: 'erased',
    })
    await b.close()
    await b.open()
    await b.caughtUp()
    expect(await b.told()).toEqual([['to be kept']])
  })
})

function inbound(sid: string, body: string, time: number, from = ANN) {
  return {
    sid,
    direction: 'inbound' as const,
    from,
    to: BUSINESS,
    body,
    status: 'received',
    error_code: null,
    media: [],
    media_urls: [],
    status_callback: '',
    created: time,
    updated: time,
    sent: time,
  }
}
