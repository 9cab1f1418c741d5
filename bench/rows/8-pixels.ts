import type { Page } from 'playwright'
import { markOf, watchMarks, type Watched } from '../harness/in-page.ts'
import type { Line, Row } from '../harness/row.ts'
import { openBrowser, show, type Shown } from '../harness/screen.ts'
import { computed } from '../harness/tasks.ts'
import { startWorker } from '../harness/worker.ts'
import { storeOf } from '../history/stored.ts'
import type { Loaded, Loader } from '../processes/load.ts'

const RATE = 50
const CHANNEL = '+15703251809'
/** Whose session stands open in a round, and gets every second text; the others' come to the top of the list. */
const openIn = (round: number): string => `+1555010${String(round).padStart(4, '0')}`
const OTHERS = Array.from({ length: 40 }, (_, n) => `+155502${String(n).padStart(5, '0')}`)

/** From the answer a webhook gets to the message being drawn, with a long history and with none. */
export const pixels: Row = {
  number: 8,
  title: 'webhook accepted to pixels',
  async measure(setting) {
    const messages = setting.quick ? 100_000 : 1_000_000
    const [rounds, seconds] = setting.quick ? [2, 4] : [3, 8]
    const folders = { ours: await storeOf(messages, setting), against: await setting.folder() }
    const browser = await openBrowser()
    const load = startWorker<Loader>('load.ts')
    try {
      const shown = {
        ours: await show(browser, folders.ours, watchMarks),
        against: await show(browser, folders.against, watchMarks),
      }
      const line = (what: string): Line => ({
        what,
        unit: 'ms',
        ours: [],
        against: [],
        peer: 'empty store',
      })
      const stored = `${messages.toLocaleString('en-US')} stored`
      const p99: Line = {
        ...line(`webhook accepted to pixels at ${String(RATE)}/s, p99, ${stored}`),
        goal: { of: 'ours', atMost: 100 },
      }
      const p50 = line('  the middle one')
      const sent = line('  from the request on, p99')
      const computing = line('  the page computing, for each message')
      const never = { ours: 0, against: 0 }
      // The first round warms up.
      for (let round = 0; round <= rounds; round++) {
        for (const side of ['ours', 'against'] as const) {
          await openOne(shown[side], load, round)
          const found = await once(shown[side], load, round, seconds * RATE)
          if (round === 0) continue
          p99[side].push(at(found.accepted, 0.99))
          p50[side].push(at(found.accepted, 0.5))
          sent[side].push(at(found.sent, 0.99))
          computing[side].push(found.computing)
          never[side] += found.never
        }
        setting.say(`round ${String(round)} of ${String(rounds)}`)
      }
      p99.more = { messages_a_round: seconds * RATE, overtaken_before_they_were_drawn: never }
      for (const one of Object.values(shown)) await one.end()
      return [p99, p50, sent, computing]
    } finally {
      await Promise.all([browser.close(), load.end()])
    }
  },
}

type Load = ReturnType<typeof startWorker<Loader>>

/** A session opened beside the list, as a person would have it, without a pointer over the list: that holds its order. */
async function openOne({ page, webhooks }: Shown, load: Load, round: number): Promise<void> {
  await page.locator('[role="option"], .welcome').first().waitFor()
  const Body = `The first of round ${String(round)}`
  await fire(load, webhooks, [{ From: openIn(round), To: CHANNEL, Body }])
  const row = page.getByRole('option').filter({ hasText: Body })
  await row.evaluate((element: HTMLElement) => element.click())
  await page.getByRole('log').locator('.bubble').filter({ hasText: Body }).waitFor()
}

function fire(load: Load, base: string, changes: readonly Record<string, string>[]): Promise<Loaded> {
  return load.ask('fire', { base, count: changes.length, inFlight: 16, rate: RATE, changes })
}

/** One round: how long each message took to be drawn, from its request and from its answer on, ms. */
async function once(
  { page, webhooks }: Shown,
  load: Load,
  round: number,
  count: number,
): Promise<{ sent: number[]; accepted: number[]; never: number; computing: number }> {
  const marks = Array.from({ length: count }, (_, n) => markOf(round, n))
  const changes = marks.map((mark, n) => ({
    From: n % 2 === 0 ? openIn(round) : (OTHERS[(n >> 1) % OTHERS.length] ?? ''),
    To: CHANNEL,
    Body: `${mark} and some words, as people write them`,
  }))
  const before = await computed(page)
  const { told } = await fire(load, webhooks, changes)
  const drawn = await drawnOf(page, marks)
  const computing = ((await computed(page)) - before) / count
  const last = page.getByRole('log').locator('.bubble').last()
  if (!(await last.isVisible())) throw new Error('the open session did not follow its messages')
  const end = Date.now()
  // One that never came (overtaken within a frame by the same person's next) counts until now: nobody's gain.
  const after = (from: 'sent' | 'answered'): number[] =>
    marks.map((mark, n) => (drawn[mark] ?? end) - (told[n]?.[from] ?? Number.NaN))
  return {
    sent: after('sent'),
    accepted: after('answered'),
    never: marks.filter((mark) => drawn[mark] === undefined).length,
    computing,
  }
}

/** What was drawn when, as soon as the last of the open session and the last of the list is there. */
async function drawnOf(page: Page, marks: readonly string[]): Promise<Watched['drawn']> {
  const [one = '', other = ''] = marks.slice(-2)
  await page.waitForFunction(
    (last) => {
      const { drawn } = window as unknown as Watched
      return last.every((mark) => (drawn[mark] ?? 0) > 0)
    },
    [one, other],
    { polling: 50 },
  )
  return page.evaluate(() => (window as unknown as Watched).drawn)
}

function at(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.NaN
}
