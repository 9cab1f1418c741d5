import type { Page } from 'playwright'
import { scroll, type Scrolled, type Scrolling } from '../harness/in-page.ts'
import type { Line, Row } from '../harness/row.ts'
import { longestTask } from '../harness/tasks.ts'
import { openBrowser, show } from '../harness/screen.ts'
import { storeOf } from '../history/stored.ts'

/** Sessions of the short list: a few screens full. */
const SHORT = 200

/** A long list scrolled: how much of it is there at a time, and the longest anyone waits for a frame. */
export const scrolling: Row = {
  number: 9,
  title: 'rows in the list',
  async measure(setting) {
    const sessions = setting.quick ? 20_000 : 200_000
    const [rounds, frames] = setting.quick ? [2, 60] : [4, 150]
    const browser = await openBrowser()
    try {
      const shown = {
        ours: await show(browser, await storeOf(sessions * 5, setting)),
        against: await show(browser, await storeOf(SHORT * 5, setting)),
      }
      const peer = `${String(SHORT)} sessions`
      const line = (what: string): Line => ({ what, unit: 'ms', ours: [], against: [], peer })
      const nodes: Line = {
        ...line(`elements in the page, ${sessions.toLocaleString('en-US')} sessions`),
        unit: 'elements',
        goal: { of: 'ratio', atMost: 1.1 },
      }
      const goal = { of: 'ours', atMost: 50 } as const
      const flick: Line = { ...line('longest frame, scrolled 300 px a frame'), goal }
      const whole: Line = { ...line('longest frame, from one end to the other'), goal }
      const flickP99 = line('  p99 of its frames')
      const wholeP99 = line('  p99 of its frames')
      const computing: Line = { ...line('  of any frame, the page computing'), goal }
      const still = line('  longest frame, nothing scrolled')
      for (const { page } of Object.values(shown)) await page.getByRole('option').first().waitFor()
      // The first round warms up.
      for (let round = 0; round <= rounds; round++) {
        // Elsewhere each time, so that rows have to be read.
        const from = round * 100_000
        for (const side of ['ours', 'against'] as const) {
          const { page } = shown[side]
          const quiet = await run(page, { how: 'still', frames, from })
          const slow = await run(page, { how: 'flick', frames, from })
          const fast = await run(page, { how: 'whole', frames, from })
          // Once more, watched: watching has its own cost, which the figures above are to be without.
          const longest = await longestTask(browser, page, async () => {
            await run(page, { how: 'flick', frames, from: from + 50_000 })
            await run(page, { how: 'whole', frames, from: from + 50_000 })
          })
          if (round === 0) continue
          computing[side].push(longest)
          nodes[side].push(Math.max(slow.nodes, fast.nodes))
          flick[side].push(slow.longest)
          flickP99[side].push(slow.p99)
          whole[side].push(fast.longest)
          wholeP99[side].push(fast.p99)
          still[side].push(quiet.longest)
        }
        setting.say(`round ${String(round)} of ${String(rounds)}`)
      }
      flick.more = { frames_a_round: frames }
      for (const one of Object.values(shown)) await one.end()
      return [nodes, flick, flickP99, whole, wholeP99, computing, still]
    } finally {
      await browser.close()
    }
  },
}

async function run(page: Page, how: Scrolling): Promise<Scrolled> {
  const found = await page.evaluate(scroll, how)
  // Rows that were asked for on the way have come: they belong to this round, not to the next.
  await page.locator('.rows .row--bones').first().waitFor({ state: 'detached' })
  return found
}
