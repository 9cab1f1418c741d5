/**
 * Sending as the operator meets it: STOP and START, WhatsApp's window and its templates, what fails and what then, files
 * on what is being written. Against a telephone company of the test's own where its faults are needed, else by test phone.
 */
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Locator, Page } from 'playwright/test'
import { png } from '../../src/server/carrier/simulator/bytes.ts'
import { createSimulator, movableClock, type Simulator } from '../../src/server/carrier/simulator/index.ts'
import { root } from './electron.ts'
import { type BrowserConsole, expect, test as base } from './fixtures.ts'

const ANN = '+15550001111'
const pictures = join(root, 'test-results', 'screens')

interface Fixtures {
  /** A console in the real world, its Twilio being the simulator of this test. */
  shop: BrowserConsole & { simulator: Simulator }
}

const test = base.extend<Fixtures>({
  shop: async ({ consoles }, use) => {
    const simulator = await createSimulator({ clock: movableClock() })
    const opened = await consoles.open({
      env: {
        TWILIO_ACCOUNT_SID: simulator.accountSid,
        TWILIO_AUTH_TOKEN: simulator.authToken,
        TWILIO_API_BASE_URL: simulator.api,
      },
    })
    simulator.point({ sms: `${opened.webhooks}/webhooks/sms` })
    await use({ ...opened, simulator })
    await opened.stop()
    await simulator.close()
  },
})

// Long ways, with pictures, on a machine that may be busy.
test.describe.configure({ timeout: 180_000 })

/** Wide and narrow, light and dark: a picture of each, nothing axe complains of, and nothing goes sideways. */
async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const [width, height] of [
      [1440, 900],
      [400, 800],
    ] as const) {
      await page.setViewportSize({ width, height })
      await page.screenshot({ path: join(pictures, `${name}-${String(width)}-${colorScheme}.png`) })
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
      expect(
        violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`),
        `${name}, ${String(width)}, ${colorScheme}`,
      ).toEqual([])
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0)
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1440, height: 900 })
}

const composer = (page: Page): Locator => page.getByLabel(/^Message to/)
const isOff = (page: Page): Locator => page.getByRole('note', { name: 'Writing is not possible' })
/** What the business said, and what is told of it. */
const answer = (page: Page, words: string): Locator => page.locator('.msg--out').filter({ hasText: words })

async function write(page: Page, words: string): Promise<void> {
  await composer(page).fill(words)
  await composer(page).press('Enter')
}
/** What the telephone company was given to send. */
const sent = ({ account }: Simulator): string[] =>
  [...account.messages.values()].filter((m) => m.direction === 'outbound-api').map(({ body }) => body)

async function openFirst(page: Page): Promise<void> {
  await page.getByRole('option').first().click()
  await expect(page.getByRole('log')).toBeVisible()
}

test('STOP locks the composer and the queue at once and says when and why; START opens it again', async ({
  shop: { page, simulator },
}) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await simulator.text({ from: ANN, medium: 'sms', body: 'Is my bike ready?' })
  await openFirst(page)
  // The account sends too fast: what is written now has to wait.
  simulator.faults.rest({ kind: 'limited', retryAfter: 15 }, 'create')
  await write(page, 'Yes, since this morning')
  const waiting = answer(page, 'Yes, since this morning')
  await expect(waiting.getByText('Waiting to send')).toBeVisible()
  // Before the console has it, it says the same and has no time.
  await expect(waiting.locator('time')).toBeVisible()
  await composer(page).fill('Bring the key of the lock, please')

  await simulator.text({ from: ANN, medium: 'sms', body: 'Stop' })
  await expect(isOff(page)).toContainText(/They texted “Stop”, today at \d+:\d\d\./)
  await expect(isOff(page)).toContainText('Nothing more is sent to them by SMS until they write START.')
  await expect(composer(page)).toHaveCount(0)
  await expect(waiting).toContainText('Not sent. They opted out')
  await expect(waiting.getByRole('button')).toHaveCount(0)
  const contact = page.getByRole('region', { name: 'Contact' })
  await expect(contact.getByText('Opted out', { exact: true })).toBeVisible()
  await look(page, 'sending-stop')
  // Nor by another way to the same end.
  expect(sent(simulator)).toEqual([])

  await simulator.text({ from: ANN, medium: 'sms', body: 'START' })
  await expect(isOff(page)).toHaveCount(0)
  // What was being written is still there, and what was called off goes when somebody says so.
  await expect(composer(page)).toHaveValue('Bring the key of the lock, please')
  await expect(contact.getByText('May write', { exact: true })).toBeVisible()
  await contact.getByText('2 changes').click()
  await expect(contact.getByText(/SMS: Opted out, today at \d+:\d\d\. They texted “Stop”\./)).toBeVisible()
  await expect(waiting).toContainText('They had opted out. Now they may be written to again.')
  await expect(page.getByText('opted out with this message')).toBeVisible()
  await look(page, 'sending-start')
  await waiting.getByRole('button', { name: 'Send now' }).click()
  await expect(waiting.getByText('Delivered')).toBeVisible({ timeout: 45_000 })
  expect(sent(simulator)).toEqual(['Yes, since this morning'])
})

test('what fails says why in plain words and what to do, and Retry sends it again', async ({
  shop: { page, simulator },
}) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await simulator.text({ from: ANN, medium: 'sms', body: 'How much is a new rim?' })
  await openFirst(page)

  simulator.faults.number(ANN, { at: 'delivery', code: 30_003, status: 'undelivered' })
  await write(page, 'About $60, fitted')
  const off = answer(page, 'About $60')
  await expect(off).toContainText('Not delivered. The phone is off or out of reach. Retry later.')
  await expect(off).toContainText('code 30003')

  simulator.faults.number(ANN, { at: 'delivery', code: 30_007, status: 'undelivered' })
  await write(page, 'All prices: https://kettle.example/rims')
  const filtered = answer(page, 'All prices')
  await expect(filtered).toContainText('The carrier took it for advertising')

  simulator.faults.number(ANN, { at: 'api', code: 21_614 })
  await write(page, 'Shall I order one?')
  const never = answer(page, 'Shall I order one?')
  await expect(never).toContainText('not a mobile')
  // The same would fail again.
  await expect(never.getByRole('button')).toHaveCount(0)
  simulator.faults.number(ANN, undefined)

  // The connection breaks, and the list lacks it: nobody knows.
  simulator.faults.rest({ kind: 'drop', when: 'before' }, 'create')
  await write(page, 'It takes two days')
  const unsure = answer(page, 'It takes two days')
  await expect(unsure).toContainText('Not sure it was sent.', { timeout: 40_000 })
  await look(page, 'sending-failed')

  await off.getByRole('button', { name: 'Retry' }).click()
  await expect(off.getByText('Delivered')).toBeVisible()
  await expect(off.getByText('Not delivered')).toHaveCount(0)
  await unsure.getByRole('button', { name: 'Send again' }).click()
  await expect(unsure.getByText('Delivered')).toBeVisible()
  await filtered.getByRole('button', { name: 'Edit without the link' }).click()
  await expect(composer(page)).toHaveValue('All prices:')
  await expect(composer(page)).toBeFocused()
  await expect(page.getByRole('log').locator('.bubble')).toHaveCount(5)
  expect(sent(simulator).filter((body) => body === 'About $60, fitted')).toHaveLength(2)
  expect(sent(simulator).filter((body) => body === 'It takes two days')).toHaveLength(1)
})

test('an answer that goes along to another session leaves nothing behind in the one it was written in', async ({
  shop: { page, simulator },
}) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await simulator.text({ from: ANN, medium: 'sms', body: 'Is my bike ready?' })
  await openFirst(page)
  const bubbles = page.getByRole('log').locator('.bubble')
  const cut = async (): Promise<void> => {
    await page.getByRole('button', { name: 'More for this session' }).click()
    await page.getByRole('menuitem', { name: /^Split/ }).click()
    await page.getByRole('button', { name: 'Split here' }).last().click()
    await expect(page.getByText('1 of 2')).toBeVisible()
  }
  const undo = async (what: RegExp): Promise<void> =>
    page.locator('.toast').filter({ hasText: what }).getByRole('button', { name: 'Undo' }).click()

  await write(page, 'Yes, since this morning')
  await expect(answer(page, 'Yes, since this morning')).toContainText('Delivered')
  await cut()
  await expect(bubbles).toHaveText(['Is my bike ready?'])
  await undo(/split/)
  await expect(bubbles).toHaveCount(2)

  await simulator.text({ from: ANN, medium: 'sms', body: 'And the other one?' })
  await expect(bubbles).toHaveCount(3)
  await cut()
  await page.getByRole('button', { name: 'Later session' }).click()
  await page.getByRole('button', { name: 'Join with earlier' }).click()
  await expect(bubbles).toHaveCount(3)
  await write(page, 'That one too')
  await expect(answer(page, 'That one too')).toContainText('Delivered')
  await undo(/^Joined/)
  await expect(page.getByText('2 of 2')).toBeVisible()
  await page.getByRole('button', { name: 'Earlier session' }).click()
  await expect(page.getByText('1 of 2')).toBeVisible()
  await expect(bubbles).toHaveText(['Is my bike ready?', 'Yes, since this morning'])
})

async function startPhone(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.getByRole('link', { name: 'Test phone' }).click()
  await page.getByRole('button', { name: 'Start the simulation' }).click()
  await expect(page.getByRole('button', { name: 'End the simulation' })).toBeVisible()
}

test('WhatsApp counts its 24 hours down, then closes, and an approved template is sent', async ({
  browserConsole: { page },
}) => {
  await startPhone(page)
  await page.getByRole('button', { name: /^Ben/ }).click()
  await page.getByText('WhatsApp', { exact: true }).click()
  await page.getByLabel('Write as Ben').fill('Is my order ready?')
  await page.getByRole('button', { name: 'Send as Ben' }).click()
  const live = page.getByRole('region', { name: 'The console, live' })
  await expect(live.getByText(/^23 h 59 min left to answer$/)).toBeVisible()
  const forward = async (words: string): Promise<void> => {
    await page.getByRole('button', { name: words, exact: true }).click()
    await expect(page.getByRole('button', { name: words, exact: true })).toBeEnabled()
  }
  await forward('+1 h')
  await expect(live.getByText(/^22 h 59 min left to answer$/)).toBeVisible()
  await page.screenshot({ path: join(pictures, 'sending-window-1440-light.png') })
  await forward('+1 day')
  await expect(isOff(page)).toContainText('WhatsApp’s 24 hours ended')

  await page.getByRole('link', { name: 'Sessions' }).first().click()
  await openFirst(page)
  await expect(isOff(page)).toContainText(
    'Until Ben writes again, only an approved template reaches them here.',
  )
  await expect(isOff(page).getByRole('button', { name: 'Write an SMS' })).toBeVisible()
  await look(page, 'sending-closed')
  // The other way out, and back.
  await isOff(page).getByRole('button', { name: 'Write an SMS' }).click()
  await expect(composer(page)).toBeFocused()
  await page.getByRole('button', { name: 'Not by SMS after all' }).click()
  await isOff(page).getByRole('button', { name: 'Choose a template' }).click()
  const picker = page.getByRole('region', { name: 'WhatsApp templates' })
  const template = picker.getByLabel('Template')
  await expect(template).toBeFocused()
  await page.keyboard.press('Escape')
  await isOff(page).getByRole('button', { name: 'Choose a template' }).click()
  await expect(template.getByRole('option')).toHaveText([
    'order_ready, en',
    'may_we_write, en',
    'spring_sale, en, not approved',
  ])
  await expect(template.getByRole('option', { name: /spring_sale/ })).toBeDisabled()
  await template.selectOption({ label: 'order_ready, en' })
  const go = picker.getByRole('button', { name: 'Send template' })
  await expect(go).toBeDisabled()
  await picker.getByLabel('Field 1').fill('Ben')
  await picker.getByLabel('Field 2').fill('1042')
  await look(page, 'sending-template')
  await picker.getByLabel('Field 3').fill('18:00')
  await expect(picker.getByLabel('Preview')).toHaveText(
    'Hello Ben, your order 1042 is ready. We are open until 18:00.',
  )
  await go.click()
  const message = answer(page, 'Hello Ben, your order 1042 is ready. We are open until 18:00.')
  await expect(message.getByText('Delivered')).toBeVisible()
  // The window is as closed as before: a template does not open it.
  await expect(isOff(page)).toBeVisible()
  await look(page, 'sending-template-sent')
  await page.getByRole('link', { name: 'Test phone' }).click()
  await expect(page.getByRole('log', { name: /Ben’s phone/ })).toContainText('your order 1042 is ready')
})

const picture = (name: string, width = 20) => ({ name, mimeType: 'image/png', buffer: png(width) })
/** Enough of a film to be known as one. */
const film = Buffer.concat([
  Buffer.from([0, 0, 0, 24]),
  Buffer.from('ftypmp42'),
  Buffer.from([0, 0, 0, 0]),
  Buffer.from('mp42isom'),
  Buffer.alloc(2_000),
])

/** Hands files over as another program does: by paste or by drop. */
async function hand(
  page: Page,
  how: 'paste' | 'drop',
  files: { name: string; type: string; bytes: Buffer }[],
) {
  const transfer = await page.evaluateHandle(
    (given) => {
      const data = new DataTransfer()
      for (const { name, type, base64 } of given)
        data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name, { type }))
      return data
    },
    files.map(({ name, type, bytes }) => ({ name, type, base64: bytes.toString('base64') })),
  )
  const name = how === 'drop' ? 'dataTransfer' : 'clipboardData'
  if (how === 'drop') await composer(page).dispatchEvent('dragover', { dataTransfer: transfer })
  await composer(page).evaluate(
    (area, { how, name, data }) => {
      const event =
        how === 'drop'
          ? new DragEvent('drop', { bubbles: true, cancelable: true, [name]: data })
          : new ClipboardEvent('paste', { bubbles: true, cancelable: true, [name]: data })
      area.dispatchEvent(event)
    },
    { how, name, data: transfer },
  )
}

test('files are pasted, dropped, chosen, taken out again and sent; what cannot go says why', async ({
  browserConsole: { page },
}) => {
  await startPhone(page)
  const phone = page.getByLabel('Write as Ann')
  await phone.fill('x'.repeat(1601))
  await phone.press('Enter')
  await expect(page.getByRole('alert')).toContainText('1,600 characters at most; this one has 1,601.')
  await expect(phone).toHaveValue(/^x{1601}$/)
  await phone.fill('Can you show me the rims?')
  await page.getByRole('button', { name: 'Send as Ann' }).click()
  await page.getByRole('link', { name: 'Sessions' }).first().click()
  await openFirst(page)
  const tiles = page.getByRole('list', { name: 'Attached files' }).getByRole('listitem')
  const refusal = page.getByRole('alert')

  await hand(page, 'paste', [{ name: 'image.png', type: 'image/png', bytes: png(30) }])
  await expect(tiles).toHaveCount(1)
  await hand(page, 'drop', [{ name: 'wheel.mp4', type: 'video/mp4', bytes: film }])
  await expect(tiles).toHaveText([/image\.png/, /wheel\.mp4/])
  await page.getByRole('button', { name: 'Remove image.png' }).click()
  await expect(tiles).toHaveText([/wheel\.mp4/])

  const choose = page.getByLabel('Files to attach')
  await choose.setInputFiles([{ name: 'long.png', mimeType: 'image/png', buffer: Buffer.alloc(5_000_001) }])
  await expect(refusal).toHaveText('long.png: The file is larger than 5 MB, and Twilio takes none.')
  await choose.setInputFiles([
    {
      name: 'list.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(500_001)]),
    },
  ])
  await expect(refusal).toContainText('list.pdf: The file is larger than 500 kB')
  await choose.setInputFiles(
    Array.from({ length: 10 }, (_, n) => picture(`rim ${String(n + 1)}.png`, 20 + n)),
  )
  await expect(refusal).toContainText('At most 10 files go with a message')
  await expect(tiles).toHaveCount(10)
  await look(page, 'sending-files')

  await composer(page).fill('These are all we have')
  await composer(page).press('Enter')
  const message = answer(page, 'These are all we have')
  await expect(message.getByText('Delivered')).toBeVisible()
  await expect(message.locator('video')).toHaveCount(1)
  await expect(message.getByRole('img', { name: 'Photo from the message' })).toHaveCount(9)
  await expect(tiles).toHaveCount(0)
  await expect(refusal).toHaveCount(0)
  await look(page, 'sending-files-sent')
})
