/** Where the focus goes when what had it is gone: lost, the next letters would be taken for commands. */
import type { Page } from 'playwright/test'
import { expect, test } from './fixtures.ts'
import { postText } from './webhooks.ts'

const ANN = '+15550001111'
const rows = (page: Page) => page.getByRole('option')

test.beforeEach(async ({ browserConsole: { page, webhooks } }) => {
  await postText(webhooks, { from: ANN, body: 'Do you true wheels?' })
  await postText(webhooks, { from: ANN, body: 'Mine is bent.' })
  await rows(page).first().click()
})

test('a box that is closed gives the focus back, and what is typed then is written', async ({
  browserConsole: { page },
}) => {
  const composer = page.getByRole('textbox', { name: /^Message to/ })
  await composer.click()
  await page.keyboard.type('We ')
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(composer).toBeFocused()
  await page.keyboard.type('deliver')
  await expect(composer).toHaveValue('We deliver')
  await expect(page.getByRole('button', { name: 'Close session' })).toBeVisible()

  const list = page.getByRole('listbox').first()
  await list.focus()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(list).toBeFocused()
})

test('tags are written one after the other, and Esc ends it', async ({ browserConsole: { page } }) => {
  const tags = page.getByRole('list', { name: 'Tags' })
  await page.getByRole('button', { name: 'Add tag' }).click()
  await page.keyboard.type('vip')
  await page.keyboard.press('Enter')
  await page.keyboard.type('Wholesale')
  await page.keyboard.press('Enter')
  await expect(tags.getByRole('listitem')).toHaveText(['vip', 'Wholesale', ''])
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Add tag' })).toBeFocused()
  await page.getByRole('button', { name: 'Remove the tag vip' }).press('Enter')
  await expect(tags.getByRole('listitem')).toHaveText(['Wholesale', 'Add tag'])
  await expect(tags).toBeFocused()
  await expect(page.getByRole('button', { name: 'Close session' })).toBeVisible()
})

test('a name, a note and a split leave the focus where one goes on', async ({ browserConsole: { page } }) => {
  await page.getByRole('button', { name: 'Rename' }).press('Enter')
  await page.keyboard.type('Ann')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Rename' })).toBeFocused()

  await page.getByRole('button', { name: 'Add a note' }).press('Enter')
  await page.keyboard.type('Rings twice.')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('button', { name: 'Edit', exact: true })).toBeFocused()

  await page.getByRole('button', { name: 'More for this session' }).click()
  await page.getByRole('menuitem', { name: /^Split/ }).click()
  await page.getByRole('button', { name: 'Split here' }).press('Enter')
  await expect(rows(page)).toHaveCount(2)
  await expect(page.getByRole('log')).toBeFocused()
  await rows(page).first().click()
  await page.getByRole('button', { name: 'Join with earlier' }).press('Enter')
  await expect(rows(page)).toHaveCount(1)
  await expect(page.getByRole('log')).toBeFocused()
})

test('a note half written stays while another session is looked at, and over a reload', async ({
  browserConsole: { page, webhooks },
}) => {
  const note = page.getByLabel('Notes')
  await postText(webhooks, { from: '+15550002222', body: 'And mine?' })
  await expect(rows(page)).toHaveCount(2)
  await page.getByRole('button', { name: 'Add a note' }).click()
  await note.fill('Rings before')
  await rows(page).filter({ hasText: 'And mine?' }).click()
  await expect(note).toHaveCount(0)
  await rows(page).filter({ hasText: 'Mine is bent.' }).click()
  await expect(note).toHaveValue('Rings before')
  await page.reload()
  await expect(note).toHaveValue('Rings before')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.reload()
  await expect(page.getByRole('button', { name: 'Add a note' })).toBeVisible()
})

test('going along a contact’s sessions, taking an act back and moving the clock keep the keyboard where it is', async ({
  browserConsole: { page },
}) => {
  await page.getByRole('button', { name: 'More for this session' }).click()
  await page.getByRole('menuitem', { name: /^Split/ }).click()
  await page.getByRole('button', { name: 'Split here' }).click()
  await expect(rows(page)).toHaveCount(2)
  const step = (name: string) => page.getByRole('button', { name, exact: true })
  await rows(page).first().click()
  await step('Earlier session').press('Enter')
  await expect(page.getByText('1 of 2')).toBeVisible()
  // Where it can't go on in that direction, the messages have the focus.
  await expect(page.getByRole('log')).toBeFocused()
  await step('Close session').press('Enter')
  const closed = page.locator('.toast').filter({ hasText: /closed/i })
  await closed.getByRole('button', { name: 'Undo' }).press('Enter')
  await expect(step('Close session')).toBeFocused()

  await page.evaluate(() => (location.hash = '#/phone'))
  await page.getByRole('button', { name: /^Start/ }).click()
  await step('+1 min').press('Enter')
  await expect(page.getByText('1 min ahead').first()).toBeVisible()
  await expect(step('+1 min')).toBeFocused()
  await page.getByRole('button', { name: 'End the simulation' }).click()
  await expect(page.locator('.toast')).toHaveText([/^The simulation has ended/])
})
