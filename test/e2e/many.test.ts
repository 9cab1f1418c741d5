/** A long list, and a stream of messages into it: nothing lost, nothing jumps, and the page stays small. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright/test'
import { root } from './electron.ts'
import { expect, test } from './fixtures.ts'
import { watchShifts } from './shifts.ts'
import { postText } from './webhooks.ts'

/** Sessions in the long list; `npm run soak` has its stream run for a full minute, here it is some seconds. */
const SESSIONS = 20_000
const STREAM_S = Number(process.env['SWITCHBOARD_STREAM_SECONDS'] ?? 8)
const PER_SECOND = 50
/** Height of a row, px. */
const ROW = 68

const rows = (page: Page) => page.getByRole('option')
const list = (page: Page) => page.locator('.rows')
const nodes = (page: Page) => page.evaluate(() => document.querySelectorAll('*').length)
/** The row at the top of what is seen, and how far down it begins, px. */
const atTop = (page: Page) =>
  page.evaluate(() => {
    const box = document.querySelector('.rows')?.getBoundingClientRect()
    const top = box?.top ?? 0
    const row = [...document.querySelectorAll('.row[role=option]')].find(
      (one) => one.getBoundingClientRect().bottom > top + 1,
    )
    return { words: row?.textContent ?? '', at: Math.round((row?.getBoundingClientRect().top ?? 0) - top) }
  })

/** The same, once the rows of the place that was scrolled to are drawn. */
async function drawnTop(page: Page) {
  await expect
    .poll(async () => {
      const { at } = await atTop(page)
      return at > -ROW && at <= 0
    })
    .toBe(true)
  return atTop(page)
}

/** A history built straight into a data folder: an import of as many would take a minute. */
async function history(data: string, sessions: number): Promise<void> {
  const build = join(root, 'bench', 'history', 'build.ts')
  await promisify(execFile)(process.execPath, [build, data, String(sessions * 2), String(sessions), '1'])
}

test('20,000 sessions: a small page, to the end and back by keyboard, and a new one does not move the reader', async ({
  consoles,
  launcher,
}) => {
  test.setTimeout(120_000)
  const data = join(launcher.newFolder(), 'data')
  await history(data, SESSIONS)
  const { page, webhooks } = await consoles.open({ data })
  await expect(page.getByRole('tab', { name: /All/ })).toContainText('20k')
  await expect(rows(page).first()).toBeVisible()
  const before = await nodes(page)
  await rows(page).first().click()
  await list(page).focus()
  // A row that was not read yet is a place to go on from, as any other.
  await page.keyboard.press('End')
  await page.keyboard.press('PageUp')
  expect(await list(page).evaluate((box) => box.scrollTop)).toBeGreaterThan(100_000)
  await page.keyboard.press('End')
  await expect
    .poll(() =>
      page.evaluate(() => {
        const box = document.querySelector('.rows')
        // A list that is not laid out yet is at its end too.
        return box && box.scrollTop > 100_000 ? box.scrollHeight - box.scrollTop - box.clientHeight : Infinity
      }),
    )
    .toBeLessThan(2)
  await expect(rows(page).last()).toContainText(/\d/)
  for (let n = 0; n < 5; n++) await page.keyboard.press('PageUp')
  expect(await nodes(page)).toBeLessThan(before + 1_500)
  const seen = await drawnTop(page)
  await postText(webhooks, { from: '+15550001111', body: 'On top of all' })
  await expect(page.getByRole('button', { name: '1 new' })).toBeVisible()
  expect(await atTop(page)).toEqual(seen)
  await page.keyboard.press('Home')
  await expect(page.getByText('On top of all').first()).toBeVisible()
})

test('50 messages a second with the list scrolled: none is lost, nothing shifts, the page stays small', async ({
  consoles,
  launcher,
}) => {
  test.setTimeout(60_000 + STREAM_S * 3_000)
  const data = join(launcher.newFolder(), 'data')
  await history(data, 400)
  const { page, webhooks } = await consoles.open({ data })
  await expect(rows(page).first()).toBeVisible()
  await list(page).hover()
  await page.mouse.wheel(0, 3_000)
  await expect.poll(() => list(page).evaluate((box) => box.scrollTop)).toBe(3_000)
  const seen = await drawnTop(page)
  const shifts = await watchShifts(page)
  const before = await nodes(page)
  const people = Array.from({ length: 40 }, (_, n) => `+1555010${String(n).padStart(4, '0')}`)
  const sent: string[] = []
  const began = Date.now()
  for (let n = 0; n < STREAM_S * PER_SECOND; n++) {
    const body = `${String(n)} ${randomBytes(4).toString('hex')}`
    sent.push(body)
    expect(await postText(webhooks, { from: people[n % people.length] ?? '', body })).toBe(200)
    // No faster than it is meant to be; slower is the machine's affair.
    const early = began + (n + 1) * (1_000 / PER_SECOND) - Date.now()
    if (early > 0) await page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), early)
  }
  await expect(page.getByRole('tab', { name: /All/ })).toContainText(String(400 + people.length))
  expect(await atTop(page)).toEqual(seen)
  expect(await shifts()).toEqual([])
  expect(await nodes(page)).toBeLessThan(before + 1_500)

  // Each is there once: the newest of one person's, in their session.
  const last = rows(page).filter({ hasText: sent.at(-1) ?? '' })
  const laidIn = page.getByRole('button', { name: /new$/ })
  // The last ones may be on their way yet, and wait then as those before them did.
  await expect(async () => {
    if (await laidIn.isVisible()) await laidIn.click()
    await expect(last).toBeVisible({ timeout: 1_000 })
  }).toPass({ timeout: 30_000 })
  await last.click()
  const own = sent.filter((_, n) => n % people.length === (sent.length - 1) % people.length)
  await expect(page.getByRole('log').locator('.bubble')).toHaveText(own)
})

test('messages that stream into an opened session move nothing that is being read', async ({
  browserConsole: { page, webhooks },
}) => {
  test.setTimeout(90_000)
  const say = (body: string) => postText(webhooks, { from: '+15550001111', body })
  const log = page.getByRole('log')
  for (let n = 1; n <= 40; n++)
    expect(await say(`before ${String(n)} ${'and more '.repeat(n % 9)}`)).toBe(200)
  await rows(page).first().click()
  await expect(log.locator('.bubble')).toHaveCount(40)
  await expect(log.getByText('before 40')).toBeInViewport()

  // At the end it follows what comes.
  const shifts = await watchShifts(page, '.log')
  for (let n = 1; n <= 10; n++) await say(`at the end ${String(n)}`)
  await expect(log.getByText('at the end 10')).toBeInViewport()

  // Further up it stays where the reader is, and counts.
  await log.hover()
  await page.mouse.wheel(0, -1_200)
  const place = () =>
    log.evaluate((box) => {
      const top = box.getBoundingClientRect().top
      const first = [...box.querySelectorAll('.bubble')].find((one) => one.getBoundingClientRect().top > top)
      return `${first?.textContent ?? ''} ${String(Math.round((first?.getBoundingClientRect().top ?? 0) - top))}`
    })
  await expect(log.getByText('at the end 10')).not.toBeInViewport()
  const reading = await place()
  for (let n = 1; n <= 20; n++) await say(`below ${String(n)} ${'with words '.repeat(n % 5)}`)
  const below = page.getByRole('button', { name: '20 new messages' })
  await expect(below).toBeVisible()
  expect(await place()).toBe(reading)
  expect(await shifts()).toEqual([])
  await below.click()
  await expect(log.getByText('below 20')).toBeInViewport()
  await expect(below).toBeHidden()
})
