/** Calls as the operator meets them, from the test phone: how they are told, and how one is answered. */
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Locator, Page } from 'playwright/test'
import { root } from './electron.ts'
import { expect, test } from './fixtures.ts'

const pictures = join(root, 'test-results', 'screens')

// Long ways, on a machine that may be busy.
test.describe.configure({ timeout: 180_000 })

async function startPhone(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.getByRole('link', { name: 'Test phone' }).click()
  await page.getByRole('button', { name: 'Start the simulation' }).click()
  await expect(page.getByRole('button', { name: 'End the simulation' })).toBeVisible()
}

async function leaveVoicemail(page: Page, words: string): Promise<void> {
  await page.getByRole('button', { name: 'Call', exact: true }).first().click()
  await page.getByRole('textbox', { name: /^What .* says/ }).fill(words)
  await page.getByRole('button', { name: 'Leave a voicemail' }).click()
  await page.getByRole('link', { name: 'Sessions' }).first().click()
}

const voiceRow = (page: Page): Locator => page.getByRole('option', { name: /Voice from/ })
const needsReply = (page: Page): Locator => page.getByRole('button', { name: /^Needs reply/ })
const waiting = (page: Page): Locator => voiceRow(page).locator('.row__wait')

test('a call is answered by closing its session, or by writing', async ({ browserConsole: { page } }) => {
  await startPhone(page)
  await leaveVoicemail(page, 'Is the wheel ready? Please call me back.')
  await voiceRow(page).click()
  await expect(waiting(page)).toBeVisible()
  await expect(needsReply(page)).toContainText('1')

  const off = page.getByRole('note', { name: 'Writing is not possible' })
  await expect(off).toContainText('Called back? Close the session.')
  for (const [width, height] of [
    [1440, 900],
    [400, 800],
  ] as const) {
    await page.setViewportSize({ width, height })
    await page.screenshot({ path: join(pictures, `calls-answer-${String(width)}.png`) })
  }
  await page.setViewportSize({ width: 1440, height: 900 })
  await off.getByRole('button', { name: 'Close the session' }).click()
  await expect(waiting(page)).toHaveCount(0)
  await expect(needsReply(page)).not.toContainText('1')
  await expect(off).not.toContainText('Called back?')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(waiting(page)).toBeVisible()

  await off.getByRole('button', { name: 'Write an SMS' }).click()
  await page.getByLabel(/^Message to/).fill('It is ready, come by until six.')
  await page.getByLabel(/^Message to/).press('Enter')
  await expect(page.locator('.msg--out').getByText('Delivered')).toBeVisible()
  await expect(waiting(page)).toHaveCount(0)
  await expect(needsReply(page)).not.toContainText('1')
})

test('a call is told as in a log of calls: missed without words, else how long, then what was said', async ({
  browserConsole: { page },
}) => {
  await startPhone(page)
  await page.getByRole('button', { name: 'Call', exact: true }).first().click()
  const said = page.getByRole('textbox', { name: /^What .* says/ })
  const leave = page.getByRole('button', { name: 'Leave a voicemail' })
  await expect(leave).toBeDisabled()
  await said.fill('Is the wheel ready?\nPlease call me back.')
  await expect(leave).toBeEnabled()
  await page.screenshot({ path: join(pictures, 'calls-phone.png') })
  await page.getByRole('button', { name: 'Call and hang up' }).click()
  await expect(page.getByRole('button', { name: 'Call and hang up' })).toBeEnabled()
  // It was not said, so it is still there to be.
  await expect(said).toHaveValue(/wheel/)
  await page.getByRole('link', { name: 'Sessions' }).first().click()
  await expect(voiceRow(page)).toContainText('Missed call')
  await voiceRow(page).click()
  const log = page.getByRole('log')
  await expect(log.locator('.bubble')).toHaveText(['Missed call'])
  await expect(log.getByText('hung up without a word')).toBeVisible()
  await expect(page.getByText('Call ended')).toHaveCount(0)

  await page.getByRole('link', { name: 'Test phone' }).click()
  await said.fill('Is the wheel ready?\nPlease call me back.')
  await leave.click()
  await expect(said).toHaveValue('')
  await page.getByRole('link', { name: 'Sessions' }).first().click()
  await expect(log.locator('.bubble')).toHaveText([
    'Missed call',
    /^Call, 0:\d\d$/,
    /^Voicemail, 0:\d\d.*“Is the wheel ready\? Please call me back\.”$/s,
  ])
  await expect(voiceRow(page)).toContainText(/Voicemail 0:\d\d · Is the wheel ready/)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const [width, height] of [
      [1280, 800],
      [400, 800],
    ] as const) {
      await page.setViewportSize({ width, height })
      await page.screenshot({ path: join(pictures, `calls-log-${String(width)}-${colorScheme}.png`) })
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
      expect(violations.map((v) => v.id)).toEqual([])
    }
  }
})

test('what is spoken in a call stands in its session line by line, with a voicemail or without', async ({
  browserConsole: { page },
}) => {
  await startPhone(page)
  await page.getByRole('button', { name: 'Call', exact: true }).first().click()
  const spoken = page.getByRole('textbox', { name: /^Spoken by .* in the call/ })
  await spoken.fill('Is the wheel ready?\n\nIt is about order 1047.')
  await page.screenshot({ path: join(pictures, 'calls-spoken.png') })
  await page.getByRole('button', { name: 'Speak and hang up' }).click()
  await expect(spoken).toHaveValue('')
  await expect(page.getByRole('log', { name: /phone/ })).toContainText('It is about order 1047.')
  await spoken.fill('Hello?')
  await page.getByRole('textbox', { name: /^What .* says/ }).fill('Please call me back.')
  await page.getByRole('button', { name: 'Leave a voicemail' }).click()
  await expect(spoken).toHaveValue('')
  await page.getByRole('link', { name: 'Sessions' }).first().click()
  await voiceRow(page).click()
  await expect(page.getByRole('log').locator('.bubble')).toHaveText([
    /^Call, 0:\d\d$/,
    'Is the wheel ready?',
    'It is about order 1047.',
    /^Call, 0:\d\d$/,
    'Hello?',
    /^Voicemail, 0:\d\d.*“Please call me back\.”$/s,
  ])
  // More than a call takes is said before it is tried.
  await page.getByRole('link', { name: 'Test phone' }).click()
  await spoken.fill('a\n'.repeat(21))
  await expect(page.getByRole('alert')).toHaveText('A call has 20 lines at most; these are 21.')
  await expect(page.getByRole('button', { name: 'Speak and hang up' })).toBeDisabled()
})
