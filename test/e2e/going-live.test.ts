/** A newcomer goes live by following the page, and then everything is pulled in turn: the real program and localtunnel, a telephone company on loopback. */
import { AxeBuilder } from '@axe-core/playwright'
import { join } from 'node:path'
import type { Page } from 'playwright/test'
import { BUSINESS_NUMBER, createSimulator, type Simulator } from '../../src/server/carrier/simulator/index.ts'
import { systemClock } from '../../src/server/system/index.ts'
import { startTunnelServer, type TunnelServer } from '../tunnel/server.ts'
import { root } from './electron.ts'
import { type BrowserConsole, type Consoles, expect, test as base } from './fixtures.ts'

const ANN = '+1234567890'
const BEFORE = 'https://before.example/sms'
const pictures = join(root, 'test-results', 'screens')

const test = base.extend<{ simulator: Simulator; tunnel: TunnelServer }>({
  simulator: async ({}, use) => {
    const simulator = await createSimulator({ clock: systemClock })
    await use(simulator)
    await simulator.close()
  },
  tunnel: async ({}, use) => {
    const server = await startTunnelServer()
    await use(server)
    await server.kill()
  },
})
// What was missed is left to its webhooks for half a minute before it is read; a tunnel waits between its tries.
test.setTimeout(300_000)

/** A picture of what passes quickly. */
async function glance(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(pictures, `${name}.png`) })
}

async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const)
    for (const [width, height] of [
      [1440, 900],
      [400, 800],
    ] as const) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height })
      await page.screenshot({ path: join(pictures, `${name}-${String(width)}-${colorScheme}.png`) })
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
      expect(
        violations.map((v) => `${colorScheme} ${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`),
      ).toEqual([])
    }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1440, height: 900 })
}

const number = ({ account }: Simulator) => {
  const [one] = account.numbers.values()
  if (!one) throw new Error('the simulator has no number')
  return one
}
const text = (simulator: Simulator, body: string) =>
  simulator.text({ from: ANN, to: BUSINESS_NUMBER, medium: 'sms', body })
const noAccount = ({ api }: Simulator) => ({
  TWILIO_ACCOUNT_SID: '',
  TWILIO_AUTH_TOKEN: '',
  TWILIO_API_BASE_URL: api,
})
/** Another page of the console, as its address names it. */
async function open(page: Page, place: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash
  }, place)
}

async function connect(page: Page, { accountSid, authToken }: Simulator): Promise<void> {
  await page.getByLabel('Account SID').fill(accountSid)
  await page.getByLabel('Auth token').fill(authToken)
  await page.getByRole('button', { name: 'Check and keep' }).click()
  await page.getByRole('checkbox', { name: /570 325 1809/ }).check()
  await page.getByRole('button', { name: 'Use these' }).click()
}

async function answer(page: Page, words: string): Promise<void> {
  await page.getByLabel(/^Message to/).fill(words)
  await page.getByLabel(/^Message to/).press('Enter')
}
const message = (page: Page, words: string) =>
  page.getByRole('log').locator('li').filter({ hasText: words }).last()

/** By key: what is said of the way in, while it opens, moves what is below it, and a click would miss. */
async function goLive(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Go live', exact: true }).press('Enter')
}

/** By an address of one's own, which leads here. */
async function openOwn(page: Page, webhooks: string): Promise<void> {
  await page.getByRole('radio', { name: /ngrok, Cloudflare/ }).check()
  await page.getByLabel('Address', { exact: true }).fill(webhooks)
  await page.getByRole('button', { name: 'Open it' }).click()
}

/** Live by the page, on an address of one's own. */
async function liveOnOwn(consoles: Consoles, simulator: Simulator): Promise<BrowserConsole> {
  const at = await consoles.open({ env: noAccount(simulator) })
  const { page, webhooks } = at
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await connect(page, simulator)
  await openOwn(page, webhooks)
  await goLive(page)
  await expect.poll(() => number(simulator).sms_url).toContain(webhooks)
  return at
}

test('from nothing to a delivered answer by following the page, and back to what was before', async ({
  consoles,
  simulator,
}) => {
  number(simulator).sms_url = BEFORE
  const { page, webhooks } = await consoles.open({ env: noAccount(simulator) })
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await page.getByLabel('Account SID').fill(simulator.accountSid)
  await page.getByLabel('Auth token').fill('not the token')
  await page.getByRole('button', { name: 'Check and keep' }).click()
  await expect(page.getByRole('alert').first()).toContainText(/Twilio does not take this account/)
  await look(page, 'live-account')
  await connect(page, simulator)
  await openOwn(page, webhooks)
  await expect(page.getByRole('button', { name: 'Go live' })).toBeEnabled()
  await look(page, 'live-warnings')
  await goLive(page)
  await expect.poll(() => number(simulator).sms_url).toContain(webhooks)
  await look(page, 'live-pointed')

  await text(simulator, 'Are you open?')
  await expect(page.getByText('5 of 5 done')).toBeVisible()
  await page.getByRole('button', { name: 'Self-test', exact: true }).click()
  await expect(page.getByText(/Twilio sends the texts of .* here/)).toBeVisible()
  await look(page, 'live-done')
  await open(page, '#/')
  await page.getByRole('option').first().click()
  await answer(page, 'Until six')
  await expect(message(page, 'Until six')).toContainText('Delivered')

  await open(page, '#/settings/live')
  await page.getByRole('button', { name: 'Undo' }).first().click()
  // What can't be put back is said, and tried again by itself or at a press.
  simulator.faults.rest({ kind: 'status', status: 500 }, 'update', 1_000)
  await page.getByRole('button', { name: 'Stop being live' }).click()
  await expect(page.getByText('1 number still points here.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Go live again' })).toBeVisible()
  await look(page, 'live-leaving')
  simulator.faults.clear()
  await page.getByRole('button', { name: 'Try now' }).click()
  await expect.poll(() => number(simulator).sms_url).toBe(BEFORE)
  await expect(page.getByRole('button', { name: 'Go live', exact: true })).toBeVisible()
})

test('a chosen number that is no longer in the account is said to be gone, and can be taken out', async ({
  consoles,
  simulator,
}) => {
  const { page } = await liveOnOwn(consoles, simulator)

  simulator.account.numbers.delete(number(simulator).sid)
  const step = page.getByRole('listitem').filter({ hasText: 'Choose numbers' })
  await step.getByRole('button', { name: 'Change', exact: true }).click()
  await step.getByRole('button', { name: 'Read them again' }).click()
  await expect(step).toContainText('Take it out of the chosen numbers.')
  await look(page, 'live-gone')
  await step.getByRole('checkbox', { name: /570 325 1809/ }).uncheck()
  await step.getByRole('button', { name: 'Use these' }).click()
  await expect(step.getByRole('checkbox')).toHaveCount(0)
  await expect(step).toContainText('The account has no numbers yet.')
})

test('an account that Twilio no longer takes is forgotten knowingly: the page says what is left and how it was', async ({
  consoles,
  simulator,
}) => {
  number(simulator).sms_url = BEFORE
  const { page } = await liveOnOwn(consoles, simulator)

  // Opened while all is well, so that it is this press that finds the account dead.
  const step = page.getByRole('listitem').filter({ hasText: 'Connect your Twilio account' })
  await step.getByRole('button', { name: 'Change', exact: true }).click()
  const { authToken } = simulator
  simulator.account.token = 'f'.repeat(32)
  const left = page.getByRole('list', { name: 'Numbers that still point here' })
  // By key: a reading of the lists may find the account dead at the same moment, and its sentence moves what is below.
  await step.getByRole('button', { name: 'Forget this account' }).press('Enter')
  await expect(left).toContainText('570 325 1809')
  await expect(left).toContainText(`A message comes in${BEFORE}`)
  await look(page, 'live-forget')
  await page.getByRole('button', { name: 'Forget it all the same' }).click()
  await expect(page.getByText('Texts and calls to your number come by Twilio')).toBeVisible()
  await expect(left).toBeHidden()

  // It comes back: what its number had was kept for it.
  simulator.account.token = authToken
  await page.getByLabel('Account SID').fill(simulator.accountSid)
  await page.getByLabel('Auth token').fill(authToken)
  await page.getByRole('button', { name: 'Check and keep' }).click()
  await expect.poll(() => number(simulator).sms_url).toBe(BEFORE)
})

test('with a tunnel: whatever is pulled, in whatever order, nothing is lost or doubled, and the screen says so', async ({
  consoles,
  simulator,
  tunnel,
  launcher,
}) => {
  const data = launcher.newFolder()
  let at: BrowserConsole = await consoles.open({ data, env: noAccount(simulator) })
  let { page } = at
  const state = () => page.getByRole('group', { name: 'What is so' }).getByRole('status').first()

  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await connect(page, simulator)
  await page.getByRole('radio', { name: /^localtunnel/ }).check()
  await page.getByText('Use a localtunnel server of your own').click()
  await page.getByLabel('Its address').fill(tunnel.url)
  await page.getByRole('button', { name: 'Open it' }).click()
  await goLive(page)
  // A busy machine may take a second try to open it.
  await expect
    .poll(() => number(simulator).sms_url, { timeout: 30_000 })
    .toMatch(/sb-[0-9a-f]{32}\.localhost/)
  await text(simulator, 'Are you open?')
  await expect(page.getByText('5 of 5 done')).toBeVisible()
  await open(page, '#/')
  await page.getByRole('option').first().click()
  await answer(page, 'Until six')
  await expect(message(page, 'Until six')).toContainText('Delivered')
  await expect(state()).toHaveText('Listening')

  // The tunnel.
  await tunnel.kill()
  await expect(state()).toContainText('Not listening for')
  await glance(page, 'live-tunnel-down')
  await text(simulator, 'And tomorrow?')
  await tunnel.restart()
  await expect(message(page, 'And tomorrow?')).toBeVisible({ timeout: 60_000 })
  await expect(state()).toHaveText('Listening', { timeout: 60_000 })

  // The carrier: too busy to take anything, which is waited for.
  simulator.faults.rest({ kind: 'limited', retryAfter: 1 }, 'any', 1_000)
  await answer(page, 'The same')
  await expect
    .poll(() => page.getByRole('group', { name: 'What is so' }).textContent())
    .toContain('1 message waiting to send')
  await glance(page, 'live-carrier-away')
  simulator.faults.clear()
  await expect(message(page, 'The same')).toContainText('Delivered', { timeout: 60_000 })
  // The process, as a power cut would.
  await at.kill()
  await expect(state()).toHaveText('Not connected')
  await text(simulator, 'Do you have parking?')
  const { accountSid, authToken } = simulator
  at = await consoles.open({
    data,
    env: {
      TWILIO_ACCOUNT_SID: accountSid,
      TWILIO_AUTH_TOKEN: authToken,
      TWILIO_API_BASE_URL: simulator.api,
    },
  })
  page = at.page
  await page.getByRole('option').first().click()
  await expect(message(page, 'Do you have parking?')).toBeVisible({ timeout: 60_000 })
  await expect(state()).toHaveText('Listening', { timeout: 60_000 })
  await answer(page, 'Behind the house')
  await expect(message(page, 'Behind the house')).toContainText('Delivered', { timeout: 60_000 })

  const said = ['Are you open?', 'Until six', 'And tomorrow?', 'The same', 'Do you have parking?']
  const all = [...said, 'Behind the house']
  expect([...simulator.account.messages.values()].map(({ body }) => body).toSorted()).toEqual(all.toSorted())
  const shown = page.getByRole('log').locator('li.msg')
  await expect(shown).toHaveCount(all.length)
  // Twilio's list tells whole seconds, so what was said within the same one may stand in either order.
  for (const words of all) await expect(shown.filter({ hasText: words })).toHaveCount(1)
})
