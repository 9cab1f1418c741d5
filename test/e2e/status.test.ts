/** What the operator is told when something is wrong, with faults made for real, and the log to send for help. */
import { readdir, readFile } from 'node:fs/promises'
import { createServer, request as httpRequest, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright/test'
import { expect, SHAPES, test } from './fixtures.ts'
import { postText, TEST_ACCOUNT } from './webhooks.ts'

const NUMBER = '+16075550142'
const NAME = 'Marguerite Quillfeather'
const WORDS = 'My wheel wobbles like a jellyfish'

/** An own address: it leads to nobody, until it is told to whom. */
class OwnAddress {
  asked = 0
  #target: string | undefined
  readonly #server: Server

  constructor() {
    this.#server = createServer((request, response) => {
      this.asked += 1
      if (this.#target === undefined) return void response.writeHead(502).end()
      const { method, headers, url } = request
      request.pipe(
        httpRequest(`${this.#target}${url ?? '/'}`, { ...(method && { method }), headers }, (answer) =>
          answer.pipe(response.writeHead(answer.statusCode ?? 502)),
        ).on('error', () => response.writeHead(502).end()),
      )
    })
  }
  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`
  }
  leadTo(target: string): void {
    this.#target = target
  }
  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

test.describe.configure({ timeout: 60_000 })

/** Twilio away: nothing answers there. */
const NO_TWILIO = { TWILIO_API_BASE_URL: 'http://127.0.0.1:9' }

const partOf = (page: Page, title: string): Locator =>
  page.locator('#set-status li').filter({ has: page.getByRole('heading', { name: title }) })
const truthOf = (page: Page): Locator => page.getByRole('group', { name: 'What is so' })

async function openStatus(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Settings', exact: true }).first().click()
  await expect(page.getByRole('heading', { name: 'Status' })).toBeVisible()
}

/** What the page gives to be saved: Playwright tells of a browser's downloads, and not of the desktop app's. */
async function savedBy(
  page: Page,
  shape: (typeof SHAPES)[number],
  folder: string,
  act: () => Promise<void>,
): Promise<{ name: string; text: string }> {
  if (shape === 'browser') {
    const [download] = await Promise.all([page.waitForEvent('download'), act()])
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') }
  }
  const browser = await page.context().newCDPSession(page)
  await browser.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder })
  await act()
  const names = async () => (await readdir(folder)).filter((name) => name.endsWith('.txt'))
  await expect.poll(names).toHaveLength(1)
  const [name = ''] = await names()
  return { name, text: await readFile(join(folder, name), 'utf8') }
}

test('an address that does not lead here is said on the page and in the line of truth, until it does', async ({
  consoles,
}) => {
  const own = new OwnAddress()
  const address = await own.open()
  const { page, webhooks } = await consoles.open({
    args: ['--public-url', address],
    env: NO_TWILIO,
  })
  try {
    await openStatus(page)
    const tunnel = partOf(page, 'Tunnel')
    await expect(tunnel).toContainText('does not lead here since', { timeout: 20_000 })
    await expect(tunnel).toContainText('HTTP 502')
    await expect(tunnel).toContainText('Reopening')
    await expect(truthOf(page)).toContainText(/Not listening for \d+ s/)
    await expect(truthOf(page)).toContainText('its server does not reach this console (HTTP 502)')
    await expect(page.getByRole('link', { name: 'Status needs a look' })).toBeVisible()

    // Each of the two buttons asks at once, whatever time the next try was to be at.
    for (const button of [
      tunnel.getByRole('button'),
      page.getByRole('banner').getByRole('button', { name: 'Try now' }),
    ]) {
      const before = own.asked
      await expect
        .poll(async () => {
          await button.click()
          return own.asked
        })
        .toBeGreaterThan(before)
    }
    own.leadTo(webhooks)
    await tunnel.getByRole('button', { name: 'Try now' }).click()
    await expect(tunnel).toContainText(/leads here, since \d+:\d\d/)
    await expect(truthOf(page)).toContainText('Listening')
    await expect(page.getByRole('button', { name: 'Try now' })).toHaveCount(0)
    expect(await postText(address, { from: NUMBER, body: WORDS })).toBe(200)
    await expect(partOf(page, 'Last webhook')).toContainText('Taken at')
  } finally {
    await own.close()
  }
})

test('with Twilio away each line says so, and each button does what it says', async ({ consoles }) => {
  const { page, webhooks } = await consoles.open({ env: NO_TWILIO })
  // Until something comes by a way of the operator's own making, nobody knows that anything can.
  await expect(truthOf(page)).toContainText('no way in is open from here')
  expect(await postText(webhooks, { from: NUMBER, body: WORDS })).toBe(200)
  await openStatus(page)
  const press = (title: string, name: string) =>
    partOf(page, title).getByRole('button', { name, exact: true }).click()
  const back = () => page.getByRole('link', { name: /^Status/ }).click()

  await expect(partOf(page, 'Account')).toContainText('Needs a look', { timeout: 20_000 })
  await expect(partOf(page, 'Catching up')).toContainText('Twilio’s lists could not be read', {
    timeout: 20_000,
  })
  await expect(truthOf(page)).toContainText('Listening')
  await expect(truthOf(page)).not.toContainText('no way in')
  await expect(truthOf(page).getByRole('link', { name: /^To look at: account/ })).toBeVisible()
  await press('Account', 'Ask again')
  await expect(page.locator('.toast').last()).toContainText(/Twilio/, { timeout: 20_000 })
  await press('Catching up', 'Read now')
  await expect(partOf(page, 'Catching up')).toContainText(/being read|could not be read/)

  await press('Disk', 'Back up now')
  await expect(page.locator('.toast').filter({ hasText: /Backed up to .*\.tar\.gz/ })).toBeVisible()
  await expect(partOf(page, 'Disk')).toContainText(/Last backup at \d+:\d\d, verified/)

  await press('Tunnel', 'Open one')
  await expect(page).toHaveURL(/settings\/live/)
  await back()
  await press('Last webhook', 'Go to the logs')
  await expect(page).toHaveURL(/settings\/logs/)
  await expect(page.getByRole('heading', { name: 'Log files' })).toBeInViewport()
})

for (const shape of SHAPES) {
  test.describe(shape, () => {
    test.use({ shape })

    test('the log to send for help is seen, copied and saved, with nothing of anybody in it', async ({
      consolePage: page,
      launcher,
    }) => {
      // Granted to whoever presses Copy in a browser; the desktop app's page is given it by the app.
      if (shape === 'browser') await page.context().grantPermissions(['clipboard-write'])
      await page.getByRole('link', { name: 'Settings', exact: true }).first().click()
      const webhooks = await page.locator('#set-about code').textContent()
      expect(await postText(webhooks ?? '', { from: NUMBER, body: WORDS })).toBe(200)
      await page.getByRole('link', { name: 'Sessions' }).first().click()
      await page.getByRole('option').first().click()
      await page.getByRole('button', { name: 'Rename' }).click()
      await page.getByLabel('Name of the contact').fill(NAME)
      await page.getByLabel('Name of the contact').press('Enter')
      await expect(page.getByRole('heading', { name: NAME }).first()).toBeVisible()

      await page.getByRole('link', { name: 'Settings', exact: true }).first().click()
      await page.getByRole('link', { name: 'Logs', exact: true }).click()
      await page.getByRole('button', { name: 'Show it' }).click()
      const text = await page.getByLabel('The log to send').inputValue()
      expect(text).toContain('SMS received from +1••••142')
      expect(text).toContain('# Status')
      for (const secret of [
        TEST_ACCOUNT.authToken,
        TEST_ACCOUNT.accountSid,
        NUMBER.slice(1),
        '5550009999',
        ...WORDS.split(' ').filter((word) => word.length > 4),
        ...NAME.split(' '),
      ])
        expect(text).not.toContain(secret)

      const saved = await savedBy(page, shape, launcher.newFolder(), () =>
        page.getByRole('button', { name: 'Save it' }).click(),
      )
      expect(saved.name).toMatch(/^switchboard-help-\d{4}-\d\d-\d\dT[\d-]+\.txt$/)
      expect(saved.text).toBe(text)

      await page.getByRole('button', { name: 'Copy', exact: true }).last().click()
      await expect(page.locator('.toast').last()).toHaveText(/Copied/)
      await page.getByRole('button', { name: 'Close', exact: true }).click()
      await expect(page.getByLabel('The log to send')).toHaveCount(0)
    })
  })
}
