/** The test phone as a newcomer uses it: everything is tried twice, left, and come back to. */
import type { Page } from 'playwright/test'
import { expect, test } from './fixtures.ts'

async function startPhone(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Test phone' }).click()
  await page.getByRole('button', { name: 'Start the simulation' }).click()
  await expect(page.getByRole('button', { name: 'End the simulation' })).toBeVisible()
}

const rows = (page: Page) => page.getByRole('option')
const open = (page: Page, hash: string) => page.evaluate((to) => (location.hash = to), hash)

/** Plays one and waits until it is over. */
async function play(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^(Run|Again): ${title}$`) }).click()
  await expect(page.getByRole('button', { name: `Again: ${title}` })).toBeEnabled()
}

/** The SMS gap of the simulation's own number. */
async function setGap(page: Page, gap: string): Promise<void> {
  await page.getByRole('combobox', { name: /^Gap of .*1809, SMS$/ }).selectOption({ label: gap })
  await expect(page.locator('.toast').last()).toBeVisible()
}

const scenario = (page: Page, title: string) => page.getByRole('listitem').filter({ hasText: title })

test('“Run all” comes out as expected a second time too; a miss says its true reason', async ({
  browserConsole: { page },
}) => {
  await startPhone(page)
  for (let times = 0; times < 2; times += 1) {
    await page.getByRole('button', { name: 'Run all' }).click()
    await expect(page.getByRole('button', { name: 'Run all' })).toBeDisabled()
    await expect(page.getByRole('button', { name: 'Run all' })).toBeEnabled({ timeout: 60_000 })
  }
  await expect(page.getByText('as expected')).toHaveCount(6)
  await page.getByRole('link', { name: 'Settings' }).click()
  await setGap(page, '10 min')
  await page.getByRole('link', { name: 'Test phone' }).click()
  // The clock speaks of the medium of the phone in the hand.
  await page.getByRole('button', { name: /^Ann/ }).click()
  await page.getByRole('group', { name: 'Medium' }).getByRole('button', { name: 'SMS' }).click()
  await expect(page.getByText(/^The SMS gap is 10 min: after/)).toBeVisible()
  await page.getByRole('group', { name: 'Medium' }).getByRole('button', { name: 'WhatsApp' }).click()
  await expect(page.getByText(/^The WhatsApp gap is 5 min: after/)).toBeVisible()
  await play(page, 'A text, 6 minutes, a text')
  await expect(scenario(page, 'A text, 6 minutes, a text')).toContainText(
    'made 1 session of 4 messages: the SMS gap is 10 min',
  )
})

test('an earlier simulation is gone on with, its phones as they were, or begun afresh', async ({
  consoles,
}) => {
  const first = await consoles.open()
  await startPhone(first.page)
  await play(first.page, 'A text, 6 minutes, a text')
  await first.page.getByRole('button', { name: '+1 day' }).click()
  await open(first.page, '#/simulation/sessions')
  await rows(first.page).first().click()
  await expect(first.page).toHaveURL(/simulation\/sessions\/\w/)
  const { hash } = new URL(first.page.url())
  await first.stop()

  const { page, data, stop } = await consoles.open({ data: first.data })
  await expect(page.getByText('An earlier simulation is kept: 2 sessions')).toBeVisible()
  const goOn = page.getByRole('button', { name: 'Continue your simulation (2 sessions)' })
  for (const width of [400, 760, 1000, 1280]) {
    await page.setViewportSize({ width, height: 900 })
    const [button, way] = await goOn.evaluate((element) =>
      [element, element.closest('.way')].map((box) => box?.getBoundingClientRect().right ?? 0),
    )
    expect(button, `${String(width)} px`).toBeLessThan(way ?? 0)
  }
  // A bookmark of it leads to where it is gone on with, and from there on.
  await open(page, hash)
  await expect(page.locator('.toast')).toContainText('part of a simulation')
  await goOn.click()
  await expect(page).toHaveURL(new RegExp(`${hash}$`))
  await expect(page.getByRole('log').getByText('Hi again')).toBeVisible()
  await open(page, '#/phone')
  const thread = page.getByRole('log', { name: 'Messages on Ann’s phone' })
  await expect(thread.getByRole('listitem').filter({ hasText: 'Hi again' })).toBeVisible()
  await expect(page.locator('.live').getByRole('option')).toHaveCount(2)
  await stop()

  const last = await consoles.open({ data })
  await last.page.getByRole('button', { name: 'Start afresh' }).click()
  await expect(last.page.getByRole('log', { name: 'Messages on Ann’s phone' })).toContainText('Hello')
  await expect(last.page.locator('.live').getByRole('option')).toHaveCount(1)
  await expect(last.page.getByText('with the real one')).toBeVisible()
  await expect(last.page.getByText('Hi again')).toHaveCount(0)
})

test('a welcome in another window leads to the simulation that runs by now', async ({
  browserConsole: { page },
}) => {
  const other = await page.context().newPage()
  await other.goto(page.url())
  await expect(other.getByRole('button', { name: 'Send the first text' })).toBeEnabled()
  await startPhone(page)
  await other.getByRole('button', { name: 'Show the simulation that runs' }).click()
  await expect(other.getByRole('button', { name: 'End the simulation' })).toBeVisible()
  await expect(page.locator('.live').getByRole('option')).toHaveCount(0)
  await other.getByRole('button', { name: 'End the simulation' }).click()
  await expect(page.locator('.toast')).toContainText('ended elsewhere')
})

test('a scenario brings its phone and session forward; what it came to is there after another page', async ({
  browserConsole: { page },
}) => {
  await startPhone(page)
  const inHand = page.locator('.phones [aria-pressed="true"]')
  const off = page.getByRole('note', { name: 'Writing is not possible' })
  await page.getByRole('button', { name: /^Chloé/ }).click()
  await play(page, 'WhatsApp after 25 hours')
  await expect(inHand).toContainText('Ben')
  await expect(off).toContainText('Until Ben writes again')
  await page.getByRole('button', { name: /^Ann/ }).click()
  await play(page, 'STOP, then a text from you')
  await expect(inHand).toContainText('Chloé')
  await expect(off).toContainText('STOP')
  await page.getByRole('link', { name: 'Contacts' }).click()
  await page.getByRole('link', { name: 'Test phone' }).click()
  await expect(scenario(page, 'WhatsApp after 25 hours')).toContainText('as expected')
  await expect(scenario(page, 'STOP, then a text from you')).toContainText('as expected')
})

test('a phone that is added shows nobody else’s session, and can be taken away again', async ({
  browserConsole: { page },
}) => {
  await startPhone(page)
  await play(page, 'A text, 6 minutes, a text')
  const live = page.getByRole('region', { name: 'The console, live' })
  await expect(live.getByRole('log')).toContainText('Hi again')
  const empty = live.getByText('This phone has not written yet')
  const four = page.getByRole('button', { name: /^Phone 4/ })
  const remove = page.getByRole('button', { name: 'Remove Phone 4' })
  await page.getByRole('button', { name: 'Add a phone' }).click()
  await expect(four).toHaveAttribute('aria-pressed', 'true')
  await expect(empty).toBeVisible()
  await expect(live.getByRole('log')).toHaveCount(0)
  await remove.click()
  await expect(four).toHaveCount(0)
  await expect(page.getByRole('button', { name: /^Chloé/ })).toBeFocused()
  await expect(live.getByRole('log')).toContainText('Hi again')

  await page.getByRole('button', { name: 'Add a phone' }).click()
  await page.getByRole('textbox', { name: 'Write as Phone 4' }).fill('It is me')
  await page.keyboard.press('Enter')
  await expect(live.getByRole('log')).toContainText('It is me')
  await remove.click()
  await expect(four).toHaveCount(0)
  await expect(live.getByRole('option')).toHaveCount(3)
})

test('after the first text the keyboard is on the phone that sent it', async ({
  browserConsole: { page },
}) => {
  await page.getByRole('button', { name: 'Send the first text' }).click()
  const field = page.getByRole('textbox', { name: 'Write as Ann' })
  await expect(field).toBeFocused()
  await expect(page.getByRole('log', { name: 'Messages on Ann’s phone' })).toContainText('Hello')
  await page.getByRole('button', { name: /^Ben/ }).click()
  await expect(page.getByRole('textbox', { name: 'Write as Ben' })).not.toBeFocused()
  await page.getByRole('button', { name: 'End the simulation' }).click()
  await page.getByRole('button', { name: 'Start the simulation' }).click()
  await expect(field).toBeFocused()
})
