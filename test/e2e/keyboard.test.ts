/** A newcomer's way from the welcome to a delivered answer, and the acts on a session, without a mouse. */
import type { Page } from 'playwright/test'
import { expect, SHAPES, test } from './fixtures.ts'

/** Tab until what is wanted has the focus; the ring must be there when it has. */
async function tabTo(page: Page, name: RegExp, role = 'button'): Promise<void> {
  const wanted = page.getByRole(role as 'button', { name }).first()
  await expect(wanted).toBeVisible()
  for (let n = 0; n < 120; n++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) {
      const shown = await wanted.evaluate((element) => {
        // A field in a box of its own shows it on the box.
        const seen = element.closest('.composer__box') ?? element
        const { outlineStyle, boxShadow } = getComputedStyle(seen)
        return outlineStyle !== 'none' || boxShadow !== 'none'
      })
      expect(shown, `${String(name)} shows that it has the focus`).toBe(true)
      return
    }
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never comes to ${String(name)}`)
}

for (const shape of SHAPES)
  test.describe(shape, () => {
    test.use({ shape })

    test('from the welcome to a delivered answer by keyboard alone', async ({ consolePage: page }) => {
      // Many presses, each a round trip: on a busy machine that is half a minute by itself.
      test.setTimeout(120_000)
      await page.emulateMedia({ reducedMotion: 'reduce' })
      await tabTo(page, /^Send the first text$/)
      await page.keyboard.press('Enter')
      await expect(page.getByRole('log').first()).toContainText('Hello')
      await tabTo(page, /^Message to/, 'textbox')
      await page.keyboard.type('With pleasure')
      await page.keyboard.press('Enter')
      const own = page.getByRole('log').locator('li').filter({ hasText: 'With pleasure' }).last()
      await expect(own).toContainText('Delivered')

      await tabTo(page, /^Run: A text, 6 minutes, a text$/)
      await page.keyboard.press('Enter')
      await expect(page.getByText(/^as expected/)).toBeVisible()

      await tabTo(page, /^Sessions( \d|$)/, 'link')
      await page.keyboard.press('Enter')
      await expect(page.getByRole('option')).toHaveCount(3)
      await page.keyboard.press('j')
      await page.keyboard.press('Enter')
      await expect(page.getByText(/of silence, the gap is/)).toBeVisible()

      await tabTo(page, /^Close session$/)
      await page.keyboard.press('Enter')
      await expect(page.getByRole('button', { name: /^Reopen/ })).toBeVisible()
      await tabTo(page, /^Undo$/)
      await page.keyboard.press('Enter')
      await expect(page.getByRole('button', { name: /^Close session$/ })).toBeVisible()

      // What is written there is read out as it comes, and nothing moves that need not.
      await expect(page.getByRole('log')).toHaveAttribute('aria-label', /.+/)
      const moving = await page.evaluate(
        () =>
          document.getAnimations().filter(({ effect }) => Number(effect?.getComputedTiming().duration) > 1)
            .length,
      )
      expect(moving).toBe(0)
    })

    test('the lists are moved in and opened from on arrival, without Tab', async ({ consolePage: page }) => {
      await page.getByRole('button', { name: 'Send the first text' }).click()
      await expect(page.getByRole('textbox', { name: /^Write as/ })).toBeFocused()
      const contacts = page.getByRole('link', { name: 'Contacts' })
      for (const [down, up] of [
        ['j', 'k'],
        ['ArrowDown', 'ArrowUp'],
      ] as const) {
        await page.getByRole('link', { name: 'Settings' }).click()
        await contacts.click()
        await expect(page.getByRole('option')).toHaveCount(1)
        await expect(page.getByText('Choose a contact on the left.')).toBeVisible()
        await page.keyboard.press(down)
        await page.keyboard.press(up)
        await expect(page.getByRole('listbox')).toBeFocused()
        await page.keyboard.press('Enter')
        await expect(page.getByRole('heading', { name: 'All sessions' })).toBeVisible()
        // What is written is written.
        await page.getByLabel('Find a contact').fill('')
        await page.keyboard.type('jk')
        await expect(page.getByLabel('Find a contact')).toHaveValue('jk')
        await page.getByLabel('Find a contact').fill('')
      }
    })

    test('the palette finds a page and a person, and waits with Enter for what fits the words', async ({
      consolePage: page,
    }) => {
      await page.getByRole('button', { name: 'Send the first text' }).click()
      await expect(page.getByRole('textbox', { name: /^Write as/ })).toBeFocused()
      // Nobody is found by a number that has not written yet.
      await expect(page.locator('.live').getByRole('option')).toHaveCount(1)
      const palette = page.getByRole('combobox', { name: 'Find or run a command' })
      await page.keyboard.press('Control+k')
      await expect(palette).toBeFocused()
      await page.keyboard.type('456')
      await expect(page.getByRole('dialog').getByRole('option', { name: '456' })).toBeVisible()
      await page.keyboard.press('Control+a')
      await page.keyboard.type('settings')
      await page.keyboard.press('Enter')
      await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible()

      await page.keyboard.press('Control+k')
      await expect(palette).toBeFocused()
      await page.keyboard.type('456')
      await page.keyboard.press('Enter')
      await expect(page).toHaveURL(/simulation\/sessions\/\w/)
      await expect(page.getByRole('log')).toContainText('Hello')
    })
  })
