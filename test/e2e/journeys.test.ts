/** The brief's tests as a person does them: with the test phone, in the built page, on the real server. */
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright/test'
import { root } from './electron.ts'
import { expect, SHAPES, test } from './fixtures.ts'

/** Wide, middle and narrow. */
const WINDOWS = [
  [1440, 900],
  [1000, 800],
  [400, 800],
] as const

const pictures = join(root, 'test-results', 'screens')

async function startPhone(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Test phone' }).click()
  await page.getByRole('button', { name: 'Start the simulation' }).click()
  await expect(page.getByRole('button', { name: 'End the simulation' })).toBeVisible()
}

/** Plays a scenario to its end and shows the sessions it made. */
async function play(page: Page, title: string): Promise<void> {
  const scenario = page.getByRole('listitem').filter({ hasText: title })
  await scenario.getByRole('button', { name: 'Run' }).click()
}

/** Controls that the edge of a pane cuts off, wholly or in part, where nothing can be scrolled to see the rest. */
const cutOff = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, a, input, select, textarea')]
      .filter((control) => {
        const box = control.getBoundingClientRect()
        if (box.width < 2 || !control.checkVisibility()) return false
        for (let pane = control.parentElement; pane; pane = pane.parentElement) {
          const { overflowX } = getComputedStyle(pane)
          if (overflowX === 'auto' || overflowX === 'scroll') return false
          const { right, left } = pane.getBoundingClientRect()
          if (overflowX !== 'visible' && (box.right > right + 1 || box.left < left - 1)) return true
        }
        return false
      })
      .map((control) => control.getAttribute('aria-label') ?? control.textContent),
  )

const rows = (page: Page) => page.getByRole('option')

for (const shape of SHAPES)
  test.describe(shape, () => {
    test.use({ shape })

    test('three texts within five minutes are one session of six messages', async ({ consolePage: page }) => {
      await startPhone(page)
      await play(page, 'Three texts within 5 minutes')
      await page.getByRole('link', { name: 'Sessions' }).first().click()
      await expect(rows(page)).toHaveCount(1)
      await expect(page.locator('.row__size')).toHaveText(['6 messages'])
    })

    test('a text, six minutes, a text: two sessions of two, and the second says why', async ({
      consolePage: page,
    }) => {
      await startPhone(page)
      await play(page, 'A text, 6 minutes, a text')
      await page.getByRole('link', { name: 'Sessions' }).first().click()
      await expect(rows(page)).toHaveCount(2)
      await expect(page.locator('.row__size')).toHaveText(['2 messages', '2 messages'])
      await rows(page).first().click()
      await expect(page.getByText(/6 min of silence, the gap is 5 min/)).toBeVisible()
    })

    test('two phones are two sessions', async ({ consolePage: page }) => {
      await startPhone(page)
      await play(page, 'Two phones at once')
      await page.getByRole('link', { name: 'Sessions' }).first().click()
      await expect(rows(page)).toHaveCount(2)
    })
  })

for (const scheme of ['light', 'dark'] as const) {
  test(`every page, ${scheme}: a picture, and nothing axe complains of`, async ({
    browserConsole: { page },
  }) => {
    test.setTimeout(150_000)
    await page.emulateMedia({ colorScheme: scheme })
    await page.setViewportSize({ width: 1440, height: 900 })
    const look = async (name: string) => {
      for (const [width, height] of WINDOWS) {
        await page.setViewportSize({ width, height })
        await page.screenshot({ path: join(pictures, `${name}-${String(width)}-${scheme}.png`) })
        const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
        expect(
          violations.map(
            (v) => `${String(width)} ${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`,
          ),
        ).toEqual([])
        const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        expect(sideways, `${name} at ${String(width)} px goes sideways`).toBeLessThanOrEqual(0)
        expect(await cutOff(page), `${name} at ${String(width)} px cuts controls off`).toEqual([])
      }
      await page.setViewportSize({ width: 1440, height: 900 })
    }
    await look('welcome')
    await startPhone(page)
    await play(page, 'A busy morning')
    await expect(page.locator('.live').getByRole('option').nth(3)).toBeVisible()
    await look('phone')
    await page.getByRole('link', { name: 'Sessions' }).first().click()
    await rows(page).first().click()
    await expect(page.getByRole('log')).toBeVisible()
    await look('sessions')
    for (const name of ['Contacts', 'Settings']) {
      const link = page.getByRole('link', { name })
      await link.click()
      await expect(link).toHaveAttribute('aria-current', 'page')
      await look(name.toLowerCase())
    }
  })
}
