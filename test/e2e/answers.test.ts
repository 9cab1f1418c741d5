/** The automatic answers and the templates, written by two people at once. */
import type { Page } from 'playwright/test'
import { expect, test } from './fixtures.ts'
import { deafen } from './line.ts'

const openAnswers = async (page: Page) => {
  await page.evaluate(() => (location.hash = '#/settings/answers'))
  await expect(page.getByRole('heading', { name: 'Automatic answers' })).toBeVisible()
}
const addRule = async (page: Page, words: string, answer: string) => {
  await page.getByRole('button', { name: 'Add a rule' }).click()
  await page.getByLabel('Words, with commas between').fill(words)
  await page.getByRole('textbox', { name: 'Answer', exact: true }).fill(answer)
  await page.getByRole('button', { name: 'Save' }).click()
}
const rules = (page: Page) => page.locator('.rules > li')

test('a rule changed while another window puts one before it or removes it keeps its own place', async ({
  browserConsole: { page, second },
}) => {
  await openAnswers(page)
  await addRule(page, 'price', 'See our list.')
  await addRule(page, 'where', 'At the bridge.')
  const other = await second()
  await openAnswers(other)
  await other.getByRole('button', { name: 'Edit the rule where' }).click()
  await other.getByRole('textbox', { name: 'Answer', exact: true }).fill('At the old bridge.')
  await page.getByRole('button', { name: 'Remove the rule price' }).click()
  await expect(rules(other)).toHaveCount(1)
  await other.getByRole('button', { name: 'Save' }).click()
  await expect(rules(page)).toHaveText([/where\s*At the old bridge\./])

  await other.getByRole('button', { name: 'Edit the rule where' }).click()
  await other.getByRole('textbox', { name: 'Answer', exact: true }).fill('Under the bridge.')
  await page.getByRole('button', { name: 'Remove the rule where' }).click()
  await expect(rules(other)).toHaveCount(0)
  await other.getByRole('button', { name: 'Save' }).click()
  await expect(other.getByText('changed or removed elsewhere while you wrote')).toBeVisible()
  await expect(other.getByRole('textbox', { name: 'Answer', exact: true })).toHaveValue('Under the bridge.')
  await other.getByRole('button', { name: 'Save' }).click()
  await expect(rules(page)).toHaveText([/where\s*Under the bridge\./])
})

test('a template that another window changes while it is written is not written over unasked', async ({
  browserConsole: { page, second },
}) => {
  const open = async (one: Page) => {
    await one.evaluate(() => (location.hash = '#/settings/templates'))
    await expect(one.getByRole('heading', { name: 'Templates', exact: true })).toBeVisible()
  }
  const save = (one: Page) => one.getByRole('button', { name: 'Save', exact: true }).click()
  const all = (one: Page) => one.getByRole('region', { name: 'Templates' }).getByRole('listitem')
  const body = (one: Page) => one.getByRole('textbox', { name: 'Text' })
  await open(page)
  await page.getByRole('button', { name: 'Write the first' }).click()
  await page.getByLabel('Name').fill('Hours')
  await body(page).fill('From 9.')
  await save(page)
  const other = await second()
  await open(other)
  await other.getByRole('button', { name: 'Edit Hours' }).click()
  await body(other).fill('From 10.')
  await page.getByRole('button', { name: 'Edit Hours' }).click()
  await body(page).fill('From 8.')
  await save(page)
  // Without a form, whose box has the same words.
  await expect(all(page)).toHaveText([/^Hours\s*From 8\.$/])
  await save(other)
  await expect(other.getByText('changed elsewhere while you wrote')).toBeVisible()
  await save(other)
  await expect(all(page)).toHaveText([/^Hours\s*From 10\.$/])
})

test('what is said when closed is not written over unasked, and another day stays what it is', async ({
  browserConsole: { page, second },
}) => {
  const closed = (one: Page) => one.getByLabel('Said when closed')
  await openAnswers(page)
  const toasts = page.locator('.toast')
  const dismiss = async (): Promise<void> => {
    await expect(toasts).toHaveCount(1)
    await toasts.getByRole('button', { name: 'Dismiss' }).click()
    await expect(toasts).toHaveCount(0)
  }
  await page.getByRole('switch', { name: 'Opening hours' }).click()
  await dismiss()
  const other = await second()
  await openAnswers(other)
  await closed(other).fill('Shut.')
  await page.getByLabel('Sunday').fill('10:00–12:00')
  await page.getByLabel('Sunday').press('Enter')
  await expect(other.getByLabel('Sunday')).toHaveValue('10:00–12:00')
  // Only what is kept from here on is to be heard of.
  await dismiss()
  await closed(page).fill('We sleep.')
  await page.keyboard.press('Control+Enter')
  await expect(toasts).toHaveText([/Opening hours changed/])
  await closed(other).press('Control+Enter')
  await expect(other.getByText('changed elsewhere while you wrote')).toBeVisible()
  await expect(closed(other)).toHaveValue('Shut.')
  await closed(other).press('Control+Enter')
  await expect(closed(page)).toHaveValue('Shut.')
  await expect(page.getByLabel('Sunday')).toHaveValue('10:00–12:00')
})

test('what is refused because another window was first is kept when asked once more, also before that was heard of', async ({
  browserConsole: { page, second },
}) => {
  const greeting = (one: Page) => one.getByLabel('Greeting')
  await openAnswers(page)
  const other = await second(deafen)
  await openAnswers(other)
  await greeting(other).fill('Good day.')
  await greeting(page).fill('Hello.')
  await greeting(page).press('Control+Enter')
  await expect(page.locator('.toast')).toHaveText([/Greeting changed/])
  await greeting(other).press('Control+Enter')
  await expect(other.getByText('changed elsewhere while you wrote')).toBeVisible()
  await expect(greeting(other)).toHaveValue('Good day.')
  await greeting(other).press('Control+Enter')
  await expect(greeting(page)).toHaveValue('Good day.')
})

test('a template that is removed elsewhere while it is changed keeps its words, and is added again', async ({
  browserConsole: { page, second },
}) => {
  const open = (one: Page) => one.evaluate(() => (location.hash = '#/settings/templates'))
  const text = (one: Page) => one.getByRole('textbox', { name: 'Text', exact: true })
  const all = (one: Page) => one.getByRole('region', { name: 'Templates' }).getByRole('listitem')
  await open(page)
  await page.getByRole('button', { name: 'Write the first' }).click()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Way')
  await text(page).fill('At the bridge.')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(all(page)).toHaveText([/^Way\s*At the bridge\.$/])
  const other = await second()
  await open(other)
  await other.getByRole('button', { name: 'Edit Way' }).click()
  await text(other).fill('At the old bridge.')
  await page.getByRole('button', { name: 'Remove Way' }).click()
  await expect(other.getByText('was removed elsewhere meanwhile')).toBeVisible()
  await expect(text(other)).toHaveValue('At the old bridge.')
  await other.getByRole('button', { name: 'Save' }).click()
  await expect(all(page)).toHaveText([/^Way\s*At the old bridge\.$/])
  await expect(other.getByRole('button', { name: 'Add a template' })).toBeVisible()
})
