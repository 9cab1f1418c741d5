/** Files both ways, with the test phone, in the browser and in the desktop app: seen, heard, sent. */
import type { Page } from 'playwright/test'
import { png } from '../../src/server/carrier/simulator/bytes.ts'
import { join } from 'node:path'
import { root } from './electron.ts'
import { expect, test } from './fixtures.ts'

const pictures = join(root, 'test-results', 'screens')

async function startPhone(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Test phone' }).click()
  await page.getByRole('button', { name: 'Start the simulation' }).click()
  await expect(page.getByRole('button', { name: 'End the simulation' })).toBeVisible()
}

// A long way, on a machine that may be busy.
test.describe.configure({ timeout: 120_000 })

const openFirst = async (page: Page): Promise<void> => {
  await page.getByRole('link', { name: 'Sessions' }).first().click()
  await page.getByRole('option').first().click()
}
const toPhone = (page: Page): Promise<void> => page.getByRole('link', { name: 'Test phone' }).click()

async function photoAndBack(page: Page, name: string): Promise<void> {
  await startPhone(page)
  await page.getByRole('button', { name: 'Send a photo' }).click()
  await expect(page.getByRole('log', { name: /phone/ }).getByText('Photo')).toBeVisible()
  await openFirst(page)
  const photo = page.getByRole('log').getByRole('img', { name: 'Photo from the message' })
  await expect(photo).toBeVisible()
  await expect.poll(() => photo.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(96)

  await page.getByRole('button', { name: 'Show the photo larger' }).press('Enter')
  const view = page.getByRole('dialog', { name: 'Photo' })
  await expect(view.getByRole('img')).toBeVisible()
  await page.screenshot({ path: join(pictures, `media-view-${name}.png`) })
  await page.keyboard.press('Escape')
  await expect(view).toHaveCount(0)

  await page.getByLabel('Files to attach').setInputFiles([
    { name: 'rim.png', mimeType: 'image/png', buffer: png(60) },
    { name: 'page.html', mimeType: 'text/html', buffer: Buffer.from('<!doctype html><script></script>') },
  ])
  await expect(page.getByRole('list', { name: 'Attached files' }).getByText('rim.png')).toBeVisible()
  await expect(page.getByRole('alert').filter({ hasText: 'page.html' })).toContainText('not taken by')
  await page.screenshot({ path: join(pictures, `media-attach-${name}.png`) })
  if (name === 'browser') {
    // What is attached is still there after the page was loaded anew, in the simulation it showed.
    await page.reload()
  }
  await expect(page.getByRole('list', { name: 'Attached files' }).getByText('rim.png')).toBeVisible()
  await page.getByRole('button', { name: /^Send (SMS|WhatsApp)/ }).click()
  await expect(page.getByRole('list', { name: 'Attached files' })).toHaveCount(0)
  const sent = page
    .locator('.msg--out')
    .filter({ has: page.getByRole('img', { name: 'Photo from the message' }) })
  await expect(sent.getByText('Delivered')).toBeVisible()
  await expect
    .poll(() =>
      sent
        .getByRole('img')
        .first()
        .evaluate((img: HTMLImageElement) => img.naturalWidth),
    )
    .toBe(60)
  await page.screenshot({ path: join(pictures, `media-chat-${name}.png`) })
  await toPhone(page)
  await expect(page.getByRole('log', { name: /phone/ }).locator('.said__photo')).toHaveCount(2)
}

async function voicemail(page: Page, name: string): Promise<void> {
  await startPhone(page)
  await page.getByRole('button', { name: 'Call', exact: true }).first().click()
  await page.getByLabel(/says after the tone/).fill('Is the wheel ready? Please call me back about it today.')
  await page.getByRole('button', { name: 'Leave a voicemail' }).click()
  await openFirst(page)
  const play = page.getByRole('button', { name: /^Play voicemail/ })
  await expect(play).toBeVisible()
  await page.screenshot({ path: join(pictures, `media-voicemail-${name}.png`) })
  await play.click()
  await expect
    .poll(() => page.locator('audio').evaluate((sound: HTMLAudioElement) => sound.currentTime), {
      timeout: 15_000,
    })
    .toBeGreaterThan(0)
}

test.describe('in a browser', () => {
  test('a photo is seen, and a picture sent back arrives', async ({ browserConsole: { page } }) => {
    await photoAndBack(page, 'browser')
  })
  test('a voicemail plays', async ({ browserConsole: { page } }) => {
    await voicemail(page, 'browser')
  })
})

test.describe('in the desktop app', () => {
  test('a photo is seen, and a picture sent back arrives', async ({ desktop: { page } }) => {
    await photoAndBack(page, 'desktop')
  })
  test('a voicemail plays', async ({ desktop: { page } }) => {
    await voicemail(page, 'desktop')
  })
})
