import { expect, it } from 'vitest'
import { MemoryDisk } from '../store/memory-disk.ts'
import { ANN, bed, BEN } from './bed.ts'
import { failure, seconds, withLists } from './passing.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const LEFT = 'Some of the days you asked for could not be taken yet; it is tried again by itself.'

/** A call and a text from `ago` ms before the account was entered; whose calls are, Twilio does not say while `fails`. */
async function beforeTheAccount(ago: number) {
  const b = await bed()
  await b.close()
  b.tunnel(false)
  const call = await b.simulator.call({ from: ANN })
  call.status = 'completed'
  await b.text(BEN, 'a text of then')
  await b.clock.advance(ago)
  const twilio = { fails: true, asked: 0 }
  const store = { disk: new MemoryDisk() }
  const numbers = withLists(b, {
    numbers: async () => (twilio.fails ? failure('trouble', 500) : b.carrier.lists.numbers()),
    calls: async (range, next) => {
      twilio.asked += 1
      return b.carrier.lists.calls(range, next)
    },
  })
  b.tunnel(true)
  const open = () => b.open({ ...numbers, store })
  await open()
  await seconds(b, 60)
  const sentence = () => b.console.catchUp.view().sentence
  const calls = async () =>
    (await b.messages()).filter(({ communication_type: medium }) => medium === 'voice')
  const ask = async (days: number) => {
    await b.console.end.handlers['catch_up.start']({ days })
    await seconds(b, 30)
  }
  return { b, twilio, open, sentence, calls, ask }
}

it.each([
  ['a day', DAY, 7],
  ['three weeks', 20 * DAY, 30],
])(
  'of days asked for, what Twilio would not tell of %s ago comes by itself later',
  async (_what, ago, days) => {
    const { b, twilio, open, sentence, calls, ask } = await beforeTheAccount(ago)
    await ask(days)
    expect(await calls()).toEqual([])
    expect(sentence()).toBe(`1 message was found in Twilio’s lists and put in its place. ${LEFT}`)
    expect(b.console.catchUp.view().state).toBe('idle')
    await seconds(b, 2 * 3_600, 30)
    expect(sentence()).toContain(LEFT)
    // Fewer days asked for next take nothing back.
    await ask(1)
    await b.close()
    await open()
    await seconds(b, 60)
    expect(sentence()).toBe(LEFT)
    expect(await calls()).toEqual([])

    twilio.fails = false
    await seconds(b, 3_600, 30)
    expect(await calls()).toHaveLength(1)
    expect(sentence()).toBe('Nothing was missed.')
    expect(b.sessions().every(({ unread_count }) => unread_count === 0)).toBe(true)
    expect((await b.messages()).filter(({ content }) => content === 'a text of then')).toHaveLength(1)
  },
)

it('it is read again seldom, at once when asked by hand, and for a week only', async () => {
  const { b, twilio, open, sentence, calls, ask } = await beforeTheAccount(20 * DAY)
  await ask(30)
  const each = async (count: number) => {
    const before = twilio.asked
    await seconds(b, count, 30)
    return twilio.asked - before
  }
  // Every five minutes what is new; every quarter of an hour the four weeks too.
  expect(await each(3_600)).toBeLessThanOrEqual(12 + 4 * 4)
  const before = twilio.asked
  await b.console.end.handlers['catch_up.start']({})
  await b.console.catchUp.idle()
  expect(twilio.asked - before).toBeGreaterThan(1)
  expect(sentence()).toContain(LEFT)
  await b.close()
  await b.clock.advance(7 * DAY)
  await open()
  await seconds(b, 60)
  expect(sentence()).toBe('1 message was found in Twilio’s lists and put in its place.')
  expect(await calls()).toEqual([])
})
