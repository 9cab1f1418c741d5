/** What is set for this computer, on the settings page of the built desktop app: each switch does what it says. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright/test'
import type { Host } from '../standin/host.ts'
import { expect, test } from './fixtures.ts'

declare global {
  /** The stand-in's own, in its main process. */
  var __standin: Host
}

async function openSettings(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Settings', exact: true }).first().click()
  await expect(page.getByRole('heading', { name: 'This computer' })).toBeVisible()
}

test('closing the window, the browser console and quiet hours are set, and kept', async ({ desktop }) => {
  const { page, userData } = desktop
  const file = join(userData, 'desktop.json')
  const kept = () =>
    existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>) : {}
  await openSettings(page)

  await page.getByRole('button', { name: 'Quit', exact: true }).click()
  await expect.poll(kept).toMatchObject({ close_to_tray: 'quit' })

  const browser = page.getByRole('switch', { name: 'Console in the browser' })
  await browser.click()
  const address = page.getByLabel('Address of the console in the browser')
  await expect(address).toHaveValue(/^http:\/\/127\.0\.0\.1:\d+\/enter\//)
  const url = await address.inputValue()
  expect((await fetch(url, { redirect: 'manual' })).status).toBeLessThan(400)
  await browser.click()
  await expect(address).toHaveCount(0)
  await expect(fetch(url)).rejects.toThrow()
  expect(kept()).toMatchObject({ browser_console: false })

  await page.getByRole('switch', { name: 'Quiet hours' }).click()
  await page.getByLabel('Quiet from').fill('21:30')
  await page.getByLabel('Quiet from').press('Enter')
  await expect(page.getByText('From 21:30 to 07:00')).toBeVisible()
  await page.getByLabel('Quiet from').fill('25:00')
  await page.getByLabel('Quiet from').press('Enter')
  await expect(page.getByRole('alert').filter({ hasText: 'such as 22:00' })).toBeVisible()
})

test('kept awake only while it is switched on', async ({ desktop: { app, page }, isStandin }) => {
  test.skip(!isStandin, 'What holds the machine awake can not be asked on real Electron.')
  const held = () => app.evaluate(() => __standin.blockers.size)
  await openSettings(page)
  expect(await held()).toBe(0)
  const awake = page.getByRole('switch', { name: 'Keep the computer awake' })
  await awake.click()
  await expect.poll(held).toBe(1)
  await awake.click()
  await expect.poll(held).toBe(0)
})
