import type { Watched } from '../harness/in-page.ts'
import { watchFirst } from '../harness/in-page.ts'
import type { Line, Row } from '../harness/row.ts'
import { openBrowser, show } from '../harness/screen.ts'
import { storeOf } from '../history/stored.ts'

/** From starting the console to the first rows of its list on the screen, with a long history and with none. */
export const firstList: Row = {
  number: 10,
  title: 'start to the first list painted',
  async measure(setting) {
    const messages = setting.quick ? 100_000 : 1_000_000
    const rounds = setting.quick ? 3 : 5
    const folders = { ours: await storeOf(messages, setting), against: await setting.folder() }
    const line: Line = {
      what: `start to the first list painted, ${messages.toLocaleString('en-US')} messages stored`,
      unit: 'ms',
      ours: [],
      against: [],
      peer: 'empty store',
      goal: { of: 'ratio', atMost: 3 },
    }
    const browser = await openBrowser()
    try {
      // The first round brings the files into the system's memory.
      for (let round = 0; round <= rounds; round++) {
        for (const side of ['ours', 'against'] as const) {
          const began = Date.now()
          const { page, end } = await show(browser, folders[side], watchFirst)
          await page.waitForFunction(() => (window as unknown as Watched).firstAt !== undefined)
          const firstAt = await page.evaluate(() => (window as unknown as Watched).firstAt)
          const listed = await page.getByRole('option').count()
          if (firstAt === undefined || listed > 0 !== (side === 'ours'))
            throw new Error(`${String(listed)} sessions were listed`)
          if (round > 0) line[side].push(firstAt - began)
          await end()
        }
      }
      return [line]
    } finally {
      await browser.close()
    }
  },
}
