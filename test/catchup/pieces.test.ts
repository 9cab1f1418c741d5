import { expect, it } from 'vitest'
import { ANN, bed, BEN } from './bed.ts'
import { failure, seconds, withLists, withoutAnswers } from './passing.ts'

const DAY = 86_400_000

/** Away for sixteen days: three pieces. START and a text in the oldest, a STOP in the newest. */
async function sixteenDaysAway() {
  const b = await bed()
  await withoutAnswers(b)
  await b.text(ANN, 'hello', { medium: 'whatsapp' })
  await b.console.idle()
  await b.caughtUp()
  const left = b.clock.now()
  await b.close()
  await b.clock.advance(DAY)
  await b.text(ANN, 'START', { medium: 'whatsapp' })
  await b.text(BEN, 'of the first week')
  await b.clock.advance(14 * DAY)
  await b.text(ANN, 'STOP', { medium: 'whatsapp' })
  await b.text(BEN, 'of the last week')
  await b.clock.advance(DAY)
  return { b, left }
}

it('an old piece of a list that cannot be read keeps no newer one out, and is read once it can be', async () => {
  const { b, left } = await sixteenDaysAway()
  let fails = true
  const { lists } = b.carrier
  const { carrier } = withLists(b, {
    messages: async (range, next) =>
      fails && range.pageSize !== 1 && range.after < left
        ? failure('trouble', 500)
        : lists.messages(range, next),
  })
  const sent: string[] = []
  await b.open({
    carrier: () => ({
      ...carrier(),
      send: (message) => (sent.push(message.body), b.carrier.send(message)),
    }),
  })
  const consent = async () =>
    (await b.console.end.handlers['contacts.get']({ number: ANN })).consent.map(({ state }) => state)
  const words = async () =>
    (await b.messages())
      .filter(({ sender }) => sender === 'contact')
      .map(({ content }) => content)
      .toSorted()
  const readTo = () => Date.parse(b.console.catchUp.view().read_to ?? '')
  // Sending waits for a reading no longer than this.
  await seconds(b, 20)
  expect(await words()).toEqual(['STOP', 'hello', 'of the last week'])
  expect(await consent()).toEqual(['out'])
  expect(b.console.catchUp.view()).toMatchObject({
    state: 'failed',
    sentence: expect.stringContaining('list of messages could not be read') as string,
    away: { messages: 2 },
  })
  expect(readTo()).toBeLessThanOrEqual(left)

  // What is newer is read again with the old piece each time, and taken once.
  await seconds(b, 3_600, 10)
  await b.close()
  await b.open({ carrier })
  await seconds(b, 60)
  expect(await words()).toEqual(['STOP', 'hello', 'of the last week'])
  expect(readTo()).toBeLessThanOrEqual(left)

  fails = false
  await seconds(b, 1_800, 10)
  expect(await words()).toEqual(['START', 'STOP', 'hello', 'of the first week', 'of the last week'])
  expect(await consent()).toEqual(['out'])
  expect(b.console.catchUp.view()).toMatchObject({ state: 'idle', away: { messages: 4 } })
  expect(readTo()).toBeGreaterThan(left + 15 * DAY)
  expect(sent).toEqual([])
})

it('a piece in the middle that cannot be read stops the mark before it', async () => {
  const { b, left } = await sixteenDaysAway()
  const { lists } = b.carrier
  const pieces = new Map<number, number>()
  await b.open(
    withLists(b, {
      calls: async (range, next) => {
        pieces.set(range.after, (pieces.get(range.after) ?? 0) + 1)
        return range.after > left && range.before !== undefined
          ? failure('trouble', 500)
          : lists.calls(range, next)
      },
    }),
  )
  await seconds(b, 20)
  expect((await b.told()).flat()).toEqual(
    expect.arrayContaining(['of the first week', 'of the last week', 'STOP']),
  )
  expect(pieces.size).toBe(3)
  const readTo = Date.parse(b.console.catchUp.view().read_to ?? '')
  expect(readTo).toBeGreaterThan(left + DAY)
  expect(readTo).toBeLessThan(left + 8 * DAY)
})

it('where all pieces of a list fail, the later ones are not waited for as long as the first', async () => {
  const { b } = await sixteenDaysAway()
  const tries = new Map<number, number>()
  await b.open(
    withLists(b, {
      recordings: (range) => {
        tries.set(range.after, (tries.get(range.after) ?? 0) + 1)
        return Promise.resolve(failure('trouble', 500))
      },
    }),
  )
  await seconds(b, 12)
  expect([...tries.values()]).toEqual([4, 2, 2])
  expect(b.console.catchUp.view().state).toBe('failed')
  expect((await b.told()).flat()).toContain('STOP')
})

it('what is of the whole account ends the reading at whatever piece', async () => {
  const { b, left } = await sixteenDaysAway()
  const { lists } = b.carrier
  const asked = new Set<number>()
  await b.open(
    withLists(b, {
      calls: async (range, next) => {
        asked.add(range.after)
        return range.after > left ? failure('refused', 401) : lists.calls(range, next)
      },
    }),
  )
  await seconds(b, 3)
  expect(asked.size).toBe(2)
  expect(b.console.catchUp.view().sentence).toMatch(/^Twilio’s lists could not be read\./)
})
