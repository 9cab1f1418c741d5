/** What a person does with the page that is no page of ours: prints it, and zooms it. */
import type { Locator, Page } from 'playwright/test'
import { expect, test } from './fixtures.ts'
import { postText } from './webhooks.ts'

const ANN = '+15550001111'

const pages = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0

async function longSession(page: Page, webhooks: string): Promise<void> {
  for (let n = 1; n <= 50; n++)
    await postText(webhooks, { from: ANN, body: `${String(n)} ${'word after word '.repeat(12)}` })
  await page.getByRole('option').first().click()
  await expect(page.getByRole('log').locator('.bubble')).toHaveCount(50)
}

test('printed, a session is there to its last message, in the light theme, without what a hand would press', async ({
  browserConsole: { page, webhooks },
}) => {
  await page.emulateMedia({ colorScheme: 'dark' })
  await longSession(page, webhooks)
  const height = await page.getByRole('log').evaluate((log) => log.scrollHeight)
  expect(pages(await page.pdf({ format: 'A4' }))).toBeGreaterThan(height / 2_000)

  await page.emulateMedia({ media: 'print' })
  for (const shown of ['.head__name', '.msg:last-child .bubble'])
    await expect(page.locator(shown)).toBeVisible()
  for (const away of ['.rail', '.list', '.side', '.composer', '.truth', '.head .btn'])
    await expect(page.locator(away).first()).toBeHidden()
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)
  expect(await ground()).toBe('light')
})

for (const [zoom, width, height] of [
  ['200 %', 720, 450],
  ['400 %', 360, 225],
] as const)
  test(`at ${zoom} a session is read and answered, and no page goes sideways`, async ({
    browserConsole: { page, webhooks },
  }) => {
    // What is left of 1440 × 900 for the page: that is all that zooming is to it.
    await page.setViewportSize({ width, height })
    await longSession(page, webhooks)
    const head = await page.locator('.head__name').boundingBox()
    expect(head?.width, 'room for the name').toBeGreaterThan(100)
    const seen = async (words: string): Promise<void> => {
      const bubble = page.getByRole('log').locator('.bubble').filter({ hasText: words })
      // A message of one's own is first shown as it was written, then as it is kept.
      await expect(async () => {
        await bubble.scrollIntoViewIfNeeded({ timeout: 1_000 })
        await expect(bubble).toBeInViewport({ timeout: 1_000 })
      }).toPass({ timeout: 15_000 })
    }
    await seen('50 word')
    await page.getByLabel(/^Message to/).fill('Answered')
    await page.getByRole('button', { name: /^Send/ }).click()
    await seen('Answered')
    for (const name of ['Contacts', 'Test phone', 'Settings']) {
      await page.getByRole('link', { name }).click()
      await expect(page.getByRole('link', { name })).toHaveAttribute('aria-current', 'page')
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), name).toBe(0)
    }
  })

test('where height is short the messages have most of it, and what is simulated still says so', async ({
  browserConsole: { page },
}) => {
  await page.getByRole('button', { name: 'Send the first text' }).click()
  await expect(page.getByRole('textbox', { name: /^Write as/ })).toBeFocused()
  await page.getByRole('link', { name: 'Sessions' }).first().click()
  await page.getByRole('option').first().click()
  const banner = page.locator('.banner--sim')
  await page.setViewportSize({ width: 720, height: 450 })
  await expect(banner).toContainText('Simulation. No real phone is reached.', { useInnerText: true })
  await expect(page.getByRole('button', { name: /^Send/ })).toBeInViewport({ ratio: 1 })
  const log = await page.getByRole('log').boundingBox()
  expect(log?.height, 'room for the messages').toBeGreaterThan(220)
  await page.setViewportSize({ width: 320, height: 640 })
  await expect(banner.getByText('Simulation.')).toBeInViewport()
  expect((await banner.boundingBox())?.height, 'of the banner').toBeLessThan(48)
})

test('a toast stays in one piece: what can be done stands together, the way to dismiss it on top', async ({
  browserConsole: { page, webhooks },
}) => {
  await postText(webhooks, { from: ANN, body: 'Hello' })
  await page.getByRole('link', { name: 'Settings' }).click()
  await page
    .getByRole('combobox', { name: /^Gap of/ })
    .first()
    .selectOption({ label: '10 min' })
  const toast = page.locator('.toast')
  const middle = async (what: Locator): Promise<number> => {
    const box = await what.boundingBox()
    return (box?.y ?? 0) + (box?.height ?? 0) / 2
  }
  for (const width of [1440, 1000]) {
    await page.setViewportSize({ width, height: 900 })
    const words = await middle(toast.locator('.toast__words'))
    expect(await middle(toast.getByRole('button', { name: 'Dismiss' }))).toBeCloseTo(words, 0)
    const undo = await middle(toast.getByRole('button', { name: 'Undo' }))
    if (width > 1180) expect(await middle(toast.locator('kbd'))).toBeCloseTo(undo, 0)
  }
})
