/** Where a person is stands in the address: Back and Forward, a reload, a bookmark and a notification lead there. */
import type { ElectronApplication, Page } from 'playwright/test'
import type { TruthView } from '../../src/shared/contract.ts'
import type { Host } from '../standin/host.ts'
import { expect, test, type BrowserConsole } from './fixtures.ts'
import { postText } from './webhooks.ts'

declare global {
  /** The stand-in's own, in its main process. */
  var __standin: Host
}

const ANN = '+15550001111'
const BEN = '+15550002222'

const row = (page: Page, words: string) => page.getByRole('option').filter({ hasText: words })
const log = (page: Page) => page.getByRole('log')
const contact = (page: Page) => page.getByRole('region', { name: 'Contact' })
const hash = (page: Page) => page.evaluate(() => location.hash)
const steps = (page: Page) => page.evaluate(() => history.length)

async function twoSessions(page: Page, webhooks: string): Promise<void> {
  await postText(webhooks, { from: ANN, body: 'from Ann' })
  await postText(webhooks, { from: BEN, body: 'from Ben' })
  await expect(page.getByRole('option')).toHaveCount(2)
}

/** Both shapes, 400 px wide. In the desktop app the window's size is the window's, and a reload the app's to grant. */
const NARROW = {
  async browser(consoles: { open: () => Promise<BrowserConsole> }) {
    const { page, webhooks } = await consoles.open()
    await page.setViewportSize({ width: 400, height: 800 })
    return { page, webhooks, reload: () => page.reload() }
  },
  async desktop({ launch }: { launch: () => Promise<{ page: Page; app: ElectronApplication }> }) {
    const { page, app } = await launch()
    const truth = await page.evaluate(() =>
      window.switchboard?.request({ world: 'real', name: 'truth.get', input: {} }),
    )
    const { webhooks } = (truth as { value: TruthView }).value
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(400, 800))
    const reload = async () => {
      const loaded = page.waitForEvent('load')
      await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.reload())
      await loaded
    }
    return { page, webhooks, reload }
  },
}

for (const shape of ['browser', 'desktop'] as const)
  test(`${shape}, 400 px: Back and Forward go list, session, contact; a reload stays there`, async ({
    consoles,
    launcher,
    complaints,
  }) => {
    const { page, webhooks, reload } = await (shape === 'browser'
      ? NARROW.browser(consoles)
      : NARROW.desktop(launcher))
    if (shape === 'desktop') complaints(page)
    await expect.poll(() => page.evaluate(() => innerWidth)).toBeLessThanOrEqual(400)
    await twoSessions(page, webhooks)

    await row(page, 'from Ann').click()
    await expect(log(page)).toContainText('from Ann')
    await expect(row(page, 'from Ann')).toBeHidden()
    const session = await hash(page)
    expect(session).toMatch(/^#\/sessions\/[0-9a-f]{24}$/)
    await page.getByRole('button', { name: 'Contact', exact: true }).click()
    await expect(contact(page)).toBeVisible()
    await expect(log(page)).toBeHidden()
    expect(await hash(page)).toBe(`${session}/contact`)

    await reload()
    await expect(contact(page)).toContainText('+1 555 000 1111')
    await page.evaluate(() => history.back())
    await expect(log(page)).toBeVisible()
    await expect(contact(page)).toBeHidden()
    await page.evaluate(() => history.back())
    await expect(row(page, 'from Ann')).toBeVisible()
    await expect(log(page)).toBeHidden()
    await page.evaluate(() => history.forward())
    await expect(log(page)).toContainText('from Ann')
    await reload()
    await expect(log(page)).toContainText('from Ann')

    // The arrow is Back where one came from the list: pressed in a hurry too it ends there, and the history grows by none.
    const before = await steps(page)
    await page.getByRole('button', { name: 'Back to sessions' }).dblclick()
    await expect(row(page, 'from Ben')).toBeVisible()
    await row(page, 'from Ben').click()
    await expect(log(page)).toContainText('from Ben')
    expect(await steps(page)).toBeLessThanOrEqual(before)
    await page.getByRole('log').focus()
    await page.keyboard.press('Escape')
    await expect(row(page, 'from Ben')).toBeVisible()
    // The keyboard is in the list, at the row it came from.
    await expect(page.getByRole('listbox')).toBeFocused()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect(log(page)).toContainText('from Ann')
  })

test('wide: a reload and a bookmark open the session, and going along the tabs leaves no steps', async ({
  browserConsole: { page, webhooks, second },
}) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await twoSessions(page, webhooks)
  await row(page, 'from Ann').click()
  await row(page, 'from Ben').click()
  await expect(log(page)).toContainText('from Ben')
  const before = await steps(page)
  const tab = page.getByRole('tablist', { name: 'Opened sessions' }).getByRole('tab')
  await tab.first().click()
  await expect(log(page)).toContainText('from Ann')
  const ann = await hash(page)
  await tab.first().press('ArrowRight')
  await expect(log(page)).toContainText('from Ben')
  await page.keyboard.press('Control+PageUp')
  await expect(log(page)).toContainText('from Ann')
  expect(await steps(page)).toBe(before)
  await page.reload()
  await expect(log(page)).toContainText('from Ann')

  // Another window, as a bookmark opens one.
  const other = await second()
  await other.goto(new URL(`/${ann}`, other.url()).href)
  await expect(log(other)).toContainText('from Ann')

  // From another page Back leads to where the session was opened from.
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('link', { name: 'Sessions' }).first().click()
  await expect(log(page)).toContainText('from Ann')
  await page.goBack()
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeAttached()
  await page.goBack()
  await expect(log(page)).toContainText('from Ann')
})

test('an address of no session says so, and leads on; a session that cannot be read can be asked for again', async ({
  browserConsole: { page, webhooks, stop },
}) => {
  await twoSessions(page, webhooks)
  for (const width of [1440, 400]) {
    await page.setViewportSize({ width, height: 800 })
    for (const id of ['665000000000000000000000', '%25', 'x/contact']) {
      await page.evaluate((place) => void (location.hash = `#/sessions/${place}`), id)
      await expect(page.getByRole('heading', { name: 'There is no session at this address' })).toBeVisible()
      await expect(page.getByRole('tab', { name: '…' })).toHaveCount(0)
      await page.reload()
      await page.getByRole('button', { name: 'All sessions' }).click()
      await expect(row(page, 'from Ann')).toBeVisible()
      await expect(page.getByRole('heading', { name: /There is no session/ })).toHaveCount(0)
    }
  }
  await stop()
  await expect(page.getByText('The connection to Switchboard is lost.')).toBeVisible()
  await page.evaluate(() => void (location.hash = '#/sessions/665000000000000000000001'))
  await expect(page.getByRole('heading', { name: 'This session could not be read' })).toBeVisible()
  // Asking is of no use before the connection is back, and then it asks by itself.
  await expect(page.getByText(/no connection to Switchboard\. It is read by itself/).first()).toBeVisible()
})

test('the simulation’s sessions are its own: Back from them shows the real ones, and a reload stays among them', async ({
  browserConsole: { page, webhooks },
}) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await twoSessions(page, webhooks)
  await row(page, 'from Ann').click()
  await page.getByRole('link', { name: 'Test phone' }).click()
  await page.getByRole('button', { name: 'Start the simulation' }).click()
  await page.getByRole('button', { name: 'Run: A text, 6 minutes, a text' }).click()
  await page.getByRole('link', { name: 'Sessions' }).first().click()
  await expect(page.getByRole('option')).toHaveCount(2)
  await page.getByRole('option').last().click()
  expect(await hash(page)).toMatch(/^#\/simulation\/sessions\/[0-9a-f]{24}$/)
  await expect(log(page)).not.toContainText('from Ann')
  await page.reload()
  await expect(page.getByRole('button', { name: 'Back to real sessions' })).toBeVisible()
  await expect(log(page)).toBeVisible()
  await page.getByRole('button', { name: 'Back to real sessions' }).click()
  await expect(log(page)).toContainText('from Ann')
  await page.goBack()
  await expect(page.getByRole('button', { name: 'Back to real sessions' })).toBeVisible()
  await expect(log(page)).not.toContainText('from Ann')
})

test('desktop: a press on a notification opens its session from any page, and Back goes back there', async ({
  desktop: { app, page },
  isStandin,
}) => {
  test.skip(!isStandin, 'A notification of the system’s can not be clicked.')
  const truth = await page.evaluate(() =>
    window.switchboard?.request({ world: 'real', name: 'truth.get', input: {} }),
  )
  const { webhooks } = (truth as { value: TruthView }).value
  await page.getByRole('link', { name: 'Settings' }).click()
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide())
  await postText(webhooks, { from: ANN, body: 'from Ann' })
  await expect.poll(() => app.evaluate(() => __standin.notifications.length)).toBe(1)
  await app.evaluate(() => __standin.notifications[0]?.emit('click'))
  await expect(log(page)).toContainText('from Ann')
  expect(await hash(page)).toMatch(/^#\/sessions\/[0-9a-f]{24}$/)
  // The desktop app has no button for it: the menu types the page's own key.
  const choose = (id: string) =>
    app.evaluate(({ Menu }, wanted) => {
      Menu.getApplicationMenu()?.getMenuItemById(wanted)?.click()
    }, id)
  await choose('key.Left')
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeAttached()
  await choose('key.Right')
  await expect(log(page)).toContainText('from Ann')
})

test('the skip link goes to the content of the page one is on', async ({ browserConsole: { page } }) => {
  await page.evaluate(() => void (location.hash = '#/settings/gap'))
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeAttached()
  // The section is read, and has the focus: it takes it only once.
  await expect(page.locator('#set-gap')).toBeFocused()
  await page.getByRole('link', { name: 'Skip to the content' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.locator('#main')).toBeFocused()
  expect(await hash(page)).toBe('#/settings/gap')
})
