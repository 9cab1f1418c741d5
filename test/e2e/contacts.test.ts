/** What an operator does to a contact and to sessions, by hand in the built page, and the way back of each. */
import type { Locator, Page } from 'playwright/test'
import { expect, test } from './fixtures.ts'
import { postText } from './webhooks.ts'

const ANN = '+15550001111'
const BEN = '+15550002222'

const rows = (page: Page) => page.getByRole('option')
const toasts = (page: Page) => page.locator('.toast')
const undo = (page: Page, done: string) =>
  toasts(page).filter({ hasText: done }).getByRole('button', { name: 'Undo' }).click()
const more = async (page: Page, item: RegExp): Promise<void> => {
  await page.getByRole('button', { name: 'More for this session' }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

test('name, notes and tags: written by hand, shown wherever the contact is, and taken back', async ({
  browserConsole: { page, webhooks },
}) => {
  await postText(webhooks, { from: ANN, body: 'Do you true wheels?' })
  await rows(page).first().click()
  const contact = page.getByRole('region', { name: 'Contact' })
  await contact.getByRole('button', { name: 'Rename' }).click()
  const name = contact.getByLabel('Name of the contact')
  await expect(name).toBeFocused()
  await page.keyboard.type('عبد الرحمن')
  await page.keyboard.press('Enter')
  // The row, the tab, the head of the session and the contact say it.
  await expect(rows(page).first()).toContainText('عبد الرحمن')
  await expect(page.getByRole('tab', { name: 'عبد الرحمن' })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'عبد الرحمن' })).toHaveCount(2)

  await contact.getByRole('button', { name: 'Rename' }).click()
  await page.keyboard.type('Not this')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('heading', { name: 'عبد الرحمن' })).toHaveCount(2)

  await contact.getByRole('button', { name: 'Add a note' }).click()
  await contact.getByLabel('Notes').fill('Rings before nine.\nLends the blue bike.')
  await page.keyboard.press('Control+Enter')
  await expect(contact.getByText('Lends the blue bike.')).toBeVisible()
  await contact.getByRole('button', { name: 'Add tag' }).click()
  for (const tag of ['vip', 'pays by invoice']) {
    await contact.getByLabel('New tag').fill(tag)
    await page.keyboard.press('Enter')
    await expect(contact.getByRole('listitem').filter({ hasText: tag })).toBeVisible()
  }
  // Without the toasts of what came before, so that the next one is of what is taken back.
  await page.reload()
  await contact.getByRole('button', { name: 'Remove the tag vip' }).click()
  await expect(contact.getByText('vip')).toHaveCount(0)
  // The way back comes with the answer, which may be later than what it did.
  await expect(page.locator('.toast')).toHaveText([/Tags saved/])
  await page.keyboard.press('Control+z')
  await expect(contact.getByText('vip')).toBeVisible()

  // The contacts page has the same, and finds them by a tag.
  await page.getByRole('link', { name: 'Contacts' }).click()
  await page.getByLabel('Find a contact').fill('invoice')
  await rows(page).filter({ hasText: 'عبد الرحمن' }).click()
  await expect(page.getByText('Lends the blue bike.')).toBeVisible()
})

test('a note changed in two windows: the second is told, and neither is lost unasked', async ({
  browserConsole: { page, webhooks, second },
}) => {
  await postText(webhooks, { from: ANN, body: 'Do you true wheels?' })
  const other = await second()
  const notes: Record<'here' | 'there', Locator> = {
    here: page.getByRole('region', { name: 'Contact' }),
    there: other.getByRole('region', { name: 'Contact' }),
  }
  // Not the box, which has the same words while they are being saved.
  const kept = (one: Locator) => one.locator('p.side__notes')
  for (const one of [page, other]) await rows(one).first().click()
  for (const one of [notes.here, notes.there]) await one.getByRole('button', { name: 'Add a note' }).click()
  await notes.here.getByLabel('Notes').fill('Rings before nine.')
  await notes.here.getByRole('button', { name: 'Save' }).click()
  await expect(kept(notes.here)).toHaveText('Rings before nine.')
  await notes.there.getByLabel('Notes').fill('Lends the blue bike.')
  await other.keyboard.press('Control+Enter')
  await expect(notes.there.getByRole('alert')).toContainText('Rings before nine.')
  await expect(notes.there.getByLabel('Notes')).toHaveValue('Lends the blue bike.')
  await expect(kept(notes.here)).toHaveText('Rings before nine.')
  await notes.there.getByRole('button', { name: 'Keep mine' }).click()
  await expect(kept(notes.here)).toHaveText('Lends the blue bike.')
  await other.keyboard.press('Control+z')
  await expect(kept(notes.there)).toHaveText('Rings before nine.')
})

test('a name given twice: the first undo says that it is too late, and the second name stays', async ({
  browserConsole: { page, webhooks },
}) => {
  await postText(webhooks, { from: ANN, body: 'Hello' })
  await rows(page).first().click()
  for (const name of ['Ann', 'Anna']) {
    await page.getByRole('button', { name: 'Rename' }).click()
    await page.keyboard.type(name)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { name, exact: true })).toHaveCount(2)
  }
  await toasts(page).first().getByRole('button', { name: 'Undo' }).click()
  await expect(toasts(page).last()).toContainText('can no longer be undone')
  await expect(page.getByRole('heading', { name: 'Anna' })).toHaveCount(2)
  await page.keyboard.press('Control+z')
  await expect(page.getByRole('heading', { name: 'Ann', exact: true })).toHaveCount(2)
})

test('split, joined, closed, reopened, each with its way back', async ({
  browserConsole: { page, webhooks },
}) => {
  const count = (n: number) => expect(rows(page)).toHaveCount(n)
  for (const body of ['one', 'two', 'three']) await postText(webhooks, { from: ANN, body })
  await rows(page).first().click()

  await more(page, /^Split/)
  await expect(page.getByRole('button', { name: 'Split here' })).toHaveCount(2)
  await page.getByRole('button', { name: 'Split here' }).last().click()
  await count(2)
  await undo(page, 'Session split')
  await count(1)
  await expect(page.getByRole('log').locator('.bubble')).toHaveText(['one', 'two', 'three'])

  await more(page, /^Split/)
  await page.getByRole('button', { name: 'Split here' }).last().click()
  await count(2)
  await rows(page).filter({ hasText: 'three' }).click()
  await expect(page.getByText('split here by you')).toBeVisible()
  const apart = page.url()
  await page.getByRole('button', { name: 'Join with earlier' }).click()
  await count(1)
  await expect(page.getByText('One session · joined by you')).toBeVisible()
  // The join lies over the cut: taking the cut back would change nothing, and it says so.
  await undo(page, 'Session split')
  await expect(toasts(page).last()).toContainText('can no longer be undone')
  await count(1)
  await undo(page, 'Joined with the earlier session')
  await count(2)
  // Back where it was pressed.
  await expect(page).toHaveURL(apart)
  await expect(page.getByText('2 of 2')).toBeVisible()
  await expect(page.getByRole('log').locator('.bubble')).toHaveText(['three'])

  await page.getByRole('button', { name: 'Close session' }).click()
  await expect(page.getByRole('button', { name: 'Reopen session' })).toBeVisible()
  await undo(page, 'Session closed')
  await page.getByRole('button', { name: 'Close session' }).click()
  await page.getByRole('button', { name: 'Reopen session' }).click()
  await expect(page.getByRole('button', { name: 'Close session' })).toBeVisible()
  await undo(page, 'Session reopened')
  await expect(page.getByRole('button', { name: 'Reopen session' })).toBeVisible()
})

test('marked unread it stays so until it is opened again; muted says so', async ({
  browserConsole: { page, webhooks },
}) => {
  await postText(webhooks, { from: ANN, body: 'from Ann' })
  await postText(webhooks, { from: BEN, body: 'from Ben' })
  const ann = rows(page).filter({ hasText: 'from Ann' })
  await ann.click()
  await expect(ann).not.toHaveClass(/row--unread/)
  await page.getByRole('log').focus()
  await page.keyboard.press('u')
  await expect(ann).toHaveClass(/row--unread/)
  await undo(page, 'Marked as unread')
  await expect(ann).not.toHaveClass(/row--unread/)
  await more(page, /^Mark unread/)
  await expect(ann).toHaveClass(/row--unread/)
  await rows(page).filter({ hasText: 'from Ben' }).click()
  await expect(ann).toHaveClass(/row--unread/)
  await ann.click()
  await expect(ann).not.toHaveClass(/row--unread/)

  await more(page, /^Mute notifications/)
  await expect(ann).toContainText('muted')
  await undo(page, 'Notifications muted')
  await expect(ann).not.toContainText('muted')
})

test('on a contact’s time line and in Ctrl K the last words say whose they are, as in the list', async ({
  browserConsole: { page },
}) => {
  await page.getByRole('link', { name: 'Test phone' }).click()
  await page.getByRole('button', { name: 'Start the simulation' }).click()
  await page.getByRole('button', { name: 'Run: A text, 6 minutes, a text' }).click()
  await expect(page.getByRole('button', { name: 'Again: A text, 6 minutes, a text' })).toBeEnabled()
  await page.getByRole('link', { name: 'Sessions' }).first().click()
  await rows(page).first().click()
  await expect(rows(page).first().locator('.row__last')).toHaveText(/^Automatic: /)
  await page.getByLabel(/^Message to/).fill('By hand')
  await page.keyboard.press('Enter')
  await expect(rows(page).first().locator('.row__last')).toHaveText('You: By hand')
  await page.getByRole('link', { name: 'Contacts' }).click()
  await rows(page).first().click()
  await expect(page.locator('.time__last')).toHaveText(['You: By hand', /^Automatic: /])
  await page.keyboard.press('Control+k')
  await page.keyboard.type('234567890')
  await expect(page.getByRole('option', { name: /You: By hand/ })).toBeVisible()
})
