/** A chosen number leaves the account: it is said, and can be taken out of those chosen. */
import { expect, it, onTestFinished } from 'vitest'
import { BUSINESS_NUMBER } from '../../src/server/carrier/simulator/index.ts'
import { bed, type Bed } from './bed.ts'

const OTHER = '+15703251810'

/** Live with these numbers, the last of which is then given back at Twilio. */
async function without(numbers: string[]): Promise<Bed> {
  const b = await bed(numbers)
  onTestFinished(() => b.close())
  await b.goLive()
  const lost = b.number(numbers.at(-1))
  b.simulator.account.numbers.delete(lost.sid)
  return b
}
const truth = (b: Bed) => b.application.main.truth.view()
const line = (b: Bed) => truth(b).parts.find(({ id }) => id === 'numbers')

it('one of two', async () => {
  const b = await without([BUSINESS_NUMBER, OTHER])
  const { live, numbers } = await b.ask('live.numbers', {})
  expect(live).toBe(false)
  expect(numbers.map(({ number, chosen, state }) => [number, chosen, state])).toEqual([
    [BUSINESS_NUMBER, true, 'here'],
    [OTHER, true, 'gone'],
  ])
  expect(truth(b)).toMatchObject({
    state: 'trouble',
    problems: [{ code: 'numbers_gone' }],
    action: { label: 'Look at it', request: 'go_live' },
  })
  expect(line(b)).toMatchObject({
    state: 'trouble',
    sentence: expect.stringMatching(/^1 of 2 point here\. \+15703251810: It is no longer in/) as unknown,
    action: { request: 'go_live' },
  })
  // It may stay while something else is changed, and goes when it is taken out.
  const [own] = numbers
  const all = numbers.map(({ sid }) => ({ sid, voice: 'leave' as const }))
  expect((await b.ask('live.choose', { numbers: all })).numbers).toHaveLength(2)
  const after = await b.ask('live.choose', { numbers: [{ sid: own?.sid ?? '', voice: 'leave' }] })
  expect(after).toMatchObject({ live: true, numbers: [{ number: BUSINESS_NUMBER }] })
  expect(truth(b)).toMatchObject({ state: 'listening', problems: [] })
})

it('the only one', async () => {
  const b = await without([BUSINESS_NUMBER])
  await b.ask('live.go', {})
  expect(truth(b).problems).toMatchObject([{ code: 'numbers_gone' }])
  expect(line(b)?.sentence).toMatch(/^0 of 1 point here\./)
  expect(await b.ask('live.choose', { numbers: [] })).toMatchObject({ wanted: false, numbers: [] })
  expect(truth(b).problems).toEqual([])
  expect(line(b)).toMatchObject({ state: 'off', sentence: 'None is chosen to come here.' })
})
