/** Names as the eye meets them: what of a name is in sight where room is short, in the tabs and the lists. */
import type { Locator, Page } from 'playwright/test'
import { expect, test } from './fixtures.ts'
import { postText } from './webhooks.ts'

const OMAR = 'عمر بن الخطاب بن نفيل بن عبد العزى بن رياح بن عبد الله بن قرط بن رزاح بن عدي بن كعب'

/** Sessions of these people, each opened in a tab; the last one named is in front. */
async function opened(page: Page, webhooks: string, names: readonly string[]): Promise<void> {
  for (const [at, name] of names.entries())
    await postText(webhooks, {
      from: `+1555000${String(1000 + at)}`,
      body: 'Hello',
      medium: 'whatsapp',
      name,
    })
  for (const name of names) {
    await page.getByRole('option').filter({ hasText: name }).click()
    await expect(page.getByRole('tab', { name })).toHaveAttribute('aria-selected', 'true')
  }
}

/** Whether the first letter of these words lies where it is seen. */
const beginsInSight = (words: Locator) =>
  words.evaluate((element) => {
    const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode()
    if (!text) return false
    const first = document.createRange()
    first.setStart(text, 0)
    first.setEnd(text, 1)
    const letter = first.getBoundingClientRect()
    const box = element.closest('.cut')?.getBoundingClientRect()
    return box !== undefined && letter.left >= box.left - 1 && letter.right <= box.right + 1
  })

test('an Arabic name that is too long is cut at its end, wherever it stands', async ({
  browserConsole: { page, webhooks },
}) => {
  await opened(page, webhooks, ['Ann', 'Ben', OMAR])
  const isCut = (words: Locator) => words.evaluate((element) => element.scrollWidth > element.clientWidth)
  const named = (within: string) => page.locator(`${within} .cut`).filter({ hasText: 'عمر' })
  const places = [named('.opened__tab'), named('.row'), named('.head')]
  for (const place of places) expect([await isCut(place), await beginsInSight(place)]).toEqual([true, true])

  await page.keyboard.press('Control+k')
  await page.keyboard.type('عمر')
  await expect(named('.palette__entry')).toBeVisible()
  expect(await beginsInSight(named('.palette__entry'))).toBe(true)
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Contacts' }).click()
  await expect(named('.person')).toBeVisible()
  expect([await isCut(named('.person')), await beginsInSight(named('.person'))]).toEqual([true, true])
})

test('tabs have their names whole; those out of sight are hinted at, and a wheel comes to them', async ({
  browserConsole: { page, webhooks },
}) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  const names = [
    'Maria Gonzalez',
    'Ben Okafor',
    'Christine Lindqvist',
    'Dorothea Zhang',
    'Emil',
    'Farah Haddad',
  ]
  await opened(page, webhooks, names)
  const tab = (name: string) => page.getByRole('tab', { name })
  for (const name of names)
    expect(
      await tab(name)
        .locator('.cut')
        .evaluate((words) => words.scrollWidth <= words.clientWidth),
      name,
    ).toBe(true)

  // The one in front is in sight as a whole, the first is out of it, and the edge there says so.
  const strip = page.getByRole('tablist', { name: 'Opened sessions' })
  await expect(tab('Farah Haddad')).toBeInViewport({ ratio: 1 })
  await expect(strip).toHaveClass(/opened__strip--before/)
  await strip.hover()
  await page.mouse.wheel(0, -2000)
  await expect(strip).toHaveClass(/opened__strip--after/)
  await expect(tab('Maria Gonzalez')).toBeInViewport({ ratio: 1 })
  // What comes in meanwhile marks its tab, and whoever has scrolled stays there.
  await postText(webhooks, { from: '+15550001001', body: 'one more', medium: 'whatsapp', name: 'Ben Okafor' })
  await expect(tab('Ben Okafor').getByRole('img', { name: 'unread' })).toBeVisible()
  await expect(tab('Maria Gonzalez')).toBeInViewport({ ratio: 1 })
  // Coming to a tab with the keyboard brings it into sight.
  await tab('Maria Gonzalez').click()
  await page.keyboard.press('ArrowLeft')
  await expect(tab('Farah Haddad')).toBeInViewport({ ratio: 1 })

  // Few of them all fit: nothing is hidden, nothing fades.
  for (const name of names.slice(2)) {
    await tab(name).click()
    await page.keyboard.press('Delete')
    await expect(tab(name)).toHaveCount(0)
  }
  await expect(strip).toHaveClass(/opened__strip--none/)
})

test('Ctrl K says how many more contacts there are, and leads to all of them', async ({
  browserConsole: { page, webhooks },
}) => {
  for (let n = 1; n <= 9; n++)
    await postText(webhooks, {
      from: `+1555000200${String(n)}`,
      body: 'Hello',
      medium: 'whatsapp',
      name: `Smith ${String(n)}`,
    })
  await postText(webhooks, { from: '+15550003000', body: 'Hello', medium: 'whatsapp', name: 'Ann' })
  await expect(page.getByRole('option')).toHaveCount(10)
  await page.keyboard.press('Control+k')
  await page.keyboard.type('smith')
  const more = page.getByRole('option', { name: '4 more contacts' })
  await expect(more).toBeVisible()
  await more.click()
  await expect(page.getByRole('heading', { name: 'Contacts', level: 1 })).toBeAttached()
  await expect(page.getByLabel('Find a contact')).toHaveValue('smith')
  await expect(page.getByRole('status').filter({ hasText: '9 contacts' })).toBeVisible()
  // The same from the contacts page itself; whoever comes back later sees everybody.
  await page.getByLabel('Find a contact').fill('ann')
  await expect(page.getByRole('option')).toHaveCount(1)
  await page.keyboard.press('Control+k')
  await page.keyboard.type('smith')
  await more.click()
  await expect(page.getByRole('option')).toHaveCount(9)
  await page.getByRole('link', { name: 'Sessions' }).first().click()
  await page.getByRole('link', { name: 'Contacts' }).click()
  await expect(page.getByRole('option')).toHaveCount(10)
  await expect(page.getByLabel('Find a contact')).toHaveValue('')
})
