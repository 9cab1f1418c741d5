/** What the pages say that were not read before the line to the console broke, and that they read it by themselves after. */
import type { Locator, WebSocketRoute } from 'playwright/test'
import { expect, test } from './fixtures.ts'
import { postText } from './webhooks.ts'

const ANN = '+15550001111'
const BEN = '+15550002222'

test('without a connection no page waits without a word or says that all is well; with it each is read by itself', async ({
  consoles,
}) => {
  let isCut = false
  const sockets: WebSocketRoute[] = []
  const { page, webhooks } = await consoles.open({
    prepare: (page) =>
      page.routeWebSocket(/\/ws$/, (line) => {
        if (isCut) return void line.close()
        line.connectToServer()
        sockets.push(line)
      }),
  })
  await page.setViewportSize({ width: 1440, height: 900 })
  await postText(webhooks, { from: BEN, body: 'from Ben' })
  await postText(webhooks, { from: ANN, body: 'from Ann' })
  const row = (words: string) => page.getByRole('option').filter({ hasText: words })
  const contact = page.getByRole('region', { name: 'Contact', exact: true })
  await row('from Ann').click()
  await expect(contact).toContainText('Add a note')
  isCut = true
  await sockets.at(-1)?.close()
  await expect(page.getByText('The connection to Switchboard is lost.')).toBeVisible()

  const byItself = /no connection to Switchboard\. It is read by itself/
  await row('from Ben').click()
  await expect(contact).toContainText('The contact could not be read')
  await expect(contact).toContainText(byItself)
  // What went wrong has the width there is, and what to press is whole.
  const lines = async (words: Locator) => {
    const tall = (await words.boundingBox())?.height ?? 0
    return Math.round(tall / (await words.evaluate((one) => parseFloat(getComputedStyle(one).lineHeight))))
  }
  await expect(page.locator('.earlier .dangerc')).toBeVisible()
  expect(await lines(page.locator('.earlier .dangerc'))).toBe(1)
  expect(await lines(page.locator('.earlier .link'))).toBe(1)

  await page.getByRole('link', { name: 'Settings' }).click()
  const section = (name: string) => page.getByRole('region', { name, exact: true })
  await expect(section('Status')).toContainText('This is how it was when it last said so.')
  await expect(section('Status')).not.toContainText('well.')
  await expect(section('Go live')).toContainText(byItself)
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0)

  isCut = false
  await expect(page.getByRole('heading', { name: 'Session gap' })).toBeVisible({ timeout: 15_000 })
  await expect(section('Status')).not.toContainText('how it was')
  await expect(section('Go live')).toContainText('Each step can be undone.')
  await page.getByRole('link', { name: 'Sessions' }).first().click()
  await expect(contact).toContainText('Add a note')

  // Somebody's page among the contacts, first looked at without a line.
  isCut = true
  await sockets.at(-1)?.close()
  await page.getByRole('link', { name: 'Contacts' }).click()
  await expect(page.getByText('The contacts could not be read.')).toBeVisible()
  expect(await lines(page.getByText('The contacts could not be read.'))).toBeLessThan(4)
  isCut = false
  await expect(page.getByRole('option')).toHaveCount(2, { timeout: 15_000 })
})
