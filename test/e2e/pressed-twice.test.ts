/** What a person does who presses twice, reads the page again in the middle, or finds the console gone. */
import type { Page } from 'playwright/test'
import { expect, test } from './fixtures.ts'

async function playAndOpen(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Test phone' }).click()
  await page.getByRole('button', { name: 'Start the simulation' }).click()
  await page.getByRole('button', { name: 'Run: A text, 6 minutes, a text' }).click()
  await page.getByRole('link', { name: 'Sessions' }).first().click()
  await expect(page.getByRole('option')).toHaveCount(2)
  await page.getByRole('option').first().click()
  await expect(page.getByRole('log')).toBeVisible()
}

test('a double click closes a session once; a key held down too', async ({ browserConsole: { page } }) => {
  await playAndOpen(page)
  await page.getByRole('button', { name: 'Close session' }).dblclick()
  await expect(page.locator('.toast')).toHaveText([/Session closed/])
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('button', { name: 'Close session' })).toBeVisible()
  await page.getByRole('log').focus()
  await page.keyboard.down('e')
  await expect(page.getByRole('button', { name: 'Reopen session' })).toBeVisible()
  // Held: the second of these repeats.
  await page.keyboard.down('e')
  await page.keyboard.up('e')
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog')).toBeVisible()
  await expect(page.locator('.head .pill', { hasText: 'Closed' })).toBeVisible()
})

test('read again, the page shows the simulation, its opened session and the draft', async ({
  browserConsole: { page },
}) => {
  await playAndOpen(page)
  await page.locator('#composer').fill('half a sent')
  await page.reload()
  await expect(page.locator('#composer')).toHaveValue('half a sent')
  await expect(page.getByRole('button', { name: 'Back to real sessions' })).toBeVisible()
})

test('a toast leaves the composer free, however wide the window is', async ({ browserConsole: { page } }) => {
  await playAndOpen(page)
  await page.getByRole('button', { name: 'Close session' }).click()
  await page.getByRole('button', { name: 'Reopen session' }).click()
  await expect(page.locator('.toast')).toHaveCount(2)
  await page.setViewportSize({ width: 400, height: 800 })
  await expect(page.locator('.toast:visible')).toHaveCount(1)
  const boxOf = (selector: string) =>
    page
      .locator(selector)
      .last()
      .evaluate((element) => element.getBoundingClientRect().toJSON() as DOMRect)
  for (const width of [400, 1000, 1440]) {
    await page.setViewportSize({ width, height: 800 })
    const [toast, composer] = [await boxOf('.toast:visible'), await boxOf('.composer')]
    const beside = toast.right <= composer.left
    expect(beside || toast.bottom <= composer.top, `${String(width)} px`).toBe(true)
  }
})

test('with the console gone the line of truth no longer says that it listens', async ({ browserConsole }) => {
  const { page } = browserConsole
  const state = page.getByRole('group', { name: 'What is so' })
  await expect(state).toContainText('Listening')
  await browserConsole.stop()
  await expect(state).toHaveText('Not connected')
  await expect(page.getByText('The connection to Switchboard is lost.')).toBeVisible()
})

test('a tab left open over a restart says that there is a new address, and goes nowhere without it', async ({
  consoles,
}) => {
  const { page, data, stop } = await consoles.open()
  const { port } = new URL(page.url())
  await expect(page.getByRole('group', { name: 'What is so' })).toContainText('Listening')
  await stop()
  await consoles.open({ data, args: ['--console-port', port] })
  await expect(page.getByText('Switchboard was started again, and has a new address.')).toBeVisible({
    timeout: 15_000,
  })
  await page.reload()
  await expect(page.getByRole('heading', { name: 'This address no longer lets you in' })).toBeVisible()
  await expect(page.locator('main')).toHaveCSS('border-radius', '10px')
})
