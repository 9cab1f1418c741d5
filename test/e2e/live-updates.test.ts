/** What arrives is on every screen, once and in order: with two windows, after a restart, and when the line breaks. */
import type { Page, WebSocketRoute } from 'playwright/test'
import type { AppView, TruthView } from '../../src/shared/contract.ts'
import { expect, test } from './fixtures.ts'
import { postText } from './webhooks.ts'

const ANN = '+15550001111'
const BEN = '+15550002222'

const rows = (page: Page) => page.getByRole('option')
const bubbles = (page: Page) => page.getByRole('log').locator('.bubble')

async function openFirst(page: Page): Promise<void> {
  await rows(page).first().click()
  await expect(page.getByRole('log')).toBeVisible()
}

test('two windows show the same, and reading in one is read in the other', async ({
  browserConsole: { page, webhooks, second },
}) => {
  const other = await second()
  await postText(webhooks, { from: ANN, body: 'Are you open today?' })
  for (const one of [page, other]) {
    await expect(rows(one)).toHaveCount(1)
    await expect(rows(one)).toHaveClass(/row--unread/)
    await expect(one).toHaveTitle('(1) Switchboard')
  }
  await openFirst(page)
  await expect(rows(other)).not.toHaveClass(/row--unread/)
  await expect(other).toHaveTitle('Switchboard')
  await openFirst(other)
  await page.getByLabel(/^Message to/).fill('Until six')
  await page.getByLabel(/^Message to/).press('Enter')
  for (const one of [page, other]) {
    await expect(bubbles(one)).toHaveText(['Are you open today?', 'Until six'])
    await expect(rows(one)).toHaveCount(1)
  }
})

test('the desktop window and a browser at once: the same words, once each', async ({ desktop, consoles }) => {
  const { page } = desktop
  const asked = await page.evaluate(() =>
    window.switchboard?.request({
      world: 'real',
      name: 'app.set',
      input: { key: 'browser_console', value: true },
    }),
  )
  expect(asked).toMatchObject({ ok: true })
  const ask = (name: 'app.get' | 'truth.get') =>
    page.evaluate((name) => window.switchboard?.request({ world: 'real', name, input: {} }), name)
  const app = (await ask('app.get')) as { value: AppView }
  const truth = (await ask('truth.get')) as { value: TruthView }
  const browser = await consoles.browse(app.value.browser_console_url ?? '')
  for (const body of ['one', 'two', 'three']) await postText(truth.value.webhooks, { from: BEN, body })
  for (const one of [page, browser]) {
    await openFirst(one)
    await expect(bubbles(one)).toHaveText(['one', 'two', 'three'])
  }
})

test('after a restart everything is there again, drafts and opened tabs too', async ({
  consoles,
  launcher,
}) => {
  const data = launcher.newFolder()
  const first = await consoles.open({ data })
  await postText(first.webhooks, { from: ANN, body: 'Before the restart' })
  await postText(first.webhooks, { from: BEN, body: 'Me too' })
  await expect(rows(first.page)).toHaveCount(2)
  await first.stop()
  const again = await consoles.open({ data })
  await expect(rows(again.page)).toHaveCount(2)
  await rows(again.page).filter({ hasText: 'Before the restart' }).click()
  await expect(bubbles(again.page)).toHaveText(['Before the restart'])
  await again.page.getByLabel(/^Message to/).fill('Half a thought')
  await again.page.reload()
  await expect(again.page.getByRole('tab', { selected: true })).toHaveCount(2)
  await expect(again.page.getByLabel(/^Message to/)).toHaveValue('Half a thought')
})

test('a line that breaks: the screen says so, and shows what it missed once and in order', async ({
  consoles,
}) => {
  const lines: WebSocketRoute[] = []
  let isCut = false
  const { page, webhooks } = await consoles.open({
    prepare: (page) =>
      page.routeWebSocket(/\/ws$/, (line) => {
        if (isCut) return void line.close()
        line.connectToServer()
        lines.push(line)
      }),
  })
  await postText(webhooks, { from: ANN, body: 'one' })
  await openFirst(page)
  await expect(bubbles(page)).toHaveText(['one'])
  isCut = true
  await lines.at(-1)?.close()
  await expect(page.getByText(/lost|connecting/i).first()).toBeVisible()
  for (const body of ['two', 'three', 'four']) await postText(webhooks, { from: ANN, body })
  await postText(webhooks, { from: BEN, body: 'Hello from Ben' })
  await expect(bubbles(page)).toHaveText(['one'])
  isCut = false
  await expect(bubbles(page)).toHaveText(['one', 'two', 'three', 'four'], { timeout: 15_000 })
  await expect(rows(page)).toHaveCount(2)
  await expect(page.getByText(/connection.*lost/i)).toHaveCount(0)
})

test('an answer that could not be sent marks its row and its tab, until it is thrown away', async ({
  browserConsole: { page, webhooks, kill },
}) => {
  await postText(webhooks, { from: BEN, body: 'Hello from Ben' })
  await postText(webhooks, { from: ANN, body: 'one' })
  // Before both are there the first may be Ben's.
  await expect(rows(page)).toHaveCount(2)
  await openFirst(page)
  await expect(bubbles(page)).toHaveText(['one'])
  const mark = page.getByRole('option').filter({ hasText: 'Not sent: Yes, until six' })
  const tab = page.getByRole('tab').filter({ has: page.getByRole('img', { name: 'Not sent' }) })
  await kill()
  await page.getByLabel(/^Message to/).fill('Yes, until six')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('log').getByText('Not sent.')).toBeVisible()
  await expect(mark).toBeVisible()
  await rows(page).filter({ hasText: 'Hello from Ben' }).click()
  await expect(mark).toBeVisible()
  await expect(tab).toHaveCount(1)

  await mark.click()
  await page.getByRole('button', { name: 'Discard' }).click()
  await expect(mark).toHaveCount(0)
  await expect(tab).toHaveCount(0)
})

test('what waits while the pointer is over the list is said where it covers no row and moves none', async ({
  browserConsole: { page, webhooks },
}) => {
  for (let n = 0; n < 12; n++)
    await postText(webhooks, { from: `+1202777001${String(n).padStart(2, '0')}`, body: `text ${String(n)}` })
  await expect(rows(page)).toHaveCount(12)
  const seen = () => rows(page).evaluateAll((all) => all.map((row) => row.getBoundingClientRect().top))
  for (const [width, height] of [
    [1440, 500],
    [400, 500],
  ] as const) {
    await page.setViewportSize({ width, height })
    await rows(page).nth(2).hover()
    const before = await seen()
    await postText(webhooks, { from: `+1202778${String(width)}`, body: `New at ${String(width)}` })
    const button = page.getByRole('button', { name: '1 new' })
    await expect(button).toBeVisible()
    expect((await seen()).slice(0, 3)).toEqual(before.slice(0, 3))
    const box = await button.boundingBox()
    const list = await page.getByRole('listbox').first().boundingBox()
    expect(box?.y).toBeGreaterThanOrEqual((list?.y ?? 0) + (list?.height ?? 0))
    // The way there leaves the list: it still waits, and no row is pressed in its place.
    await button.hover()
    await button.click()
    await expect(rows(page).first()).toContainText(`New at ${String(width)}`)
    await expect(button).toHaveCount(0)
    await expect(page.getByRole('listbox').first()).toBeFocused()
    await expect(page.getByRole('log')).toHaveCount(0)
  }
})
