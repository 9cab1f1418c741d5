/** Where the focus goes when what had it is gone: lost, the next letters would be taken for commands. */
import type { Locator, Page } from 'playwright/test'
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
  // What was said of it before is gone with it, and it isn't said to have been ended by somebody else.
  await expect(page.locator('.toast')).toHaveText([/^The simulation has ended/])
})

/** Ann's conversation in two sessions, the earlier one in front. */
async function inTwo(page: Page) {
  await page.getByRole('button', { name: 'More for this session' }).click()
  await page.getByRole('menuitem', { name: /^Split/ }).click()
  await page.getByRole('button', { name: 'Split here' }).click()
  await expect(rows(page)).toHaveCount(2)
  await rows(page).filter({ hasText: 'Do you true wheels?' }).click()
  await expect(page.getByText('1 of 2')).toBeVisible()
}
const caret = (field: Locator) =>
  field.evaluate((area) => [
    (area as HTMLTextAreaElement).selectionStart,
    (area as HTMLTextAreaElement).selectionEnd,
  ])

test('what is typed on stays in the box where the message before went into the newest session', async ({
  browserConsole: { page },
}) => {
  await inTwo(page)
  const composer = page.getByRole('textbox', { name: /^Message to/ })
  const written = await composer.elementHandle()
  await composer.click()
  await page.keyboard.type('Yes.')
  await page.keyboard.press('Enter')
  await page.keyboard.type('We were e')
  await expect(page.getByText('2 of 2')).toBeVisible()
  await page.keyboard.type('ver so busy')
  await expect(composer).toBeFocused()
  await expect(composer).toHaveValue('We were ever so busy')
  // The very same box: a word that is being composed (Japanese, Chinese) goes on too.
  expect(await written.evaluate((area) => area === document.activeElement)).toBe(true)
  await expect(page.getByRole('button', { name: 'Close session' })).toBeVisible()
})

test('where another window joins the session, what is being written goes on with its caret', async ({
  browserConsole: { page, second },
}) => {
  await inTwo(page)
  await page.getByRole('button', { name: 'Later session' }).click()
  await expect(page.getByText('2 of 2')).toBeVisible()
  const other = await second()
  await rows(other).filter({ hasText: 'Mine is bent.' }).click()
  const join = other.getByRole('button', { name: 'Join with earlier' })
  await expect(join).toBeVisible()

  await page.bringToFront()
  const composer = page.getByRole('textbox', { name: /^Message to/ })
  await composer.fill('We wre')
  await composer.evaluate((area) => (area as HTMLTextAreaElement).setSelectionRange(4, 4))
  await join.evaluate((button) => (button as HTMLButtonElement).click())
  await expect(rows(page)).toHaveCount(1)
  await expect(page.getByText('1 of 2')).toHaveCount(0)
  await expect(composer).toBeFocused()
  expect(await caret(composer)).toEqual([4, 4])
  await page.keyboard.type('e')
  await expect(composer).toHaveValue('We were')
})

test('where STOP comes while one is writing, what is typed on is no command', async ({
  browserConsole: { page, webhooks },
}) => {
  await page.getByRole('textbox', { name: /^Message to/ }).click()
  await page.keyboard.type('We')
  await postText(webhooks, { from: '+15550001111', body: 'STOP' })
  const note = page.getByRole('note', { name: 'Writing is not possible' })
  await expect(note).toBeFocused()
  await page.keyboard.type(' were e')
  await expect(page.getByRole('button', { name: 'Close session' })).toBeVisible()
  await expect(note).toBeFocused()
})

test('where another window joins the session, a note, a tag and a name go on with their caret', async ({
  browserConsole: { page, second },
}) => {
  const other = await second()
  const edits = [
    { press: 'Add a note', field: page.getByRole('textbox', { name: 'Notes' }) },
    { press: 'Add tag', field: page.getByRole('textbox', { name: 'New tag' }) },
    { press: 'Rename', field: page.getByRole('textbox', { name: 'Name of the contact' }) },
  ]
  for (const { press, field } of edits) {
    await page.bringToFront()
    await inTwo(page)
    await page.getByRole('button', { name: 'Later session' }).click()
    // Before the two are there the one of both has these words.
    await expect(rows(other)).toHaveCount(2)
    await rows(other).filter({ hasText: 'Mine is bent.' }).click()
    await page.bringToFront()
    await page.getByRole('button', { name: press, exact: true }).click()
    await field.fill('Rings wice')
    await field.evaluate((area) => (area as HTMLInputElement).setSelectionRange(6, 6))
    await other
      .getByRole('button', { name: 'Join with earlier' })
      .evaluate((button) => (button as HTMLButtonElement).click())
    for (const one of [page, other]) await expect(rows(one)).toHaveCount(1)
    await expect(field).toBeFocused()
    expect(await caret(field)).toEqual([6, 6])
    await page.keyboard.type('t')
    await expect(field).toHaveValue('Rings twice')
    await page.keyboard.press('Escape')
  }
})
