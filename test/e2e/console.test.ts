/** The built app with the real server and the real page, in both of its shapes. */
import type { Page } from 'playwright/test'
import type { TruthView } from '../../src/shared/contract.ts'
import { expect, test } from './fixtures.ts'
import { postText } from './webhooks.ts'

/** Everything a page complains of: its policy's violations, errors, and what it logs as one. */
function complaints(page: Page): string[] {
  const heard: string[] = []
  page.on('pageerror', ({ message }) => heard.push(message))
  page.on('console', (message) => {
    if (message.type() === 'error') heard.push(message.text())
  })
  return heard
}

test('desktop: a signed text is on the screen', async ({ desktop: { app, page } }) => {
  const heard = complaints(page)
  // Not page.reload(): to the stand-in that is the page's own wish, which the app refuses.
  const reloaded = page.waitForEvent('load')
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.reload())
  await reloaded
  const result = await page.evaluate(() =>
    window.switchboard?.request({ world: 'real', name: 'truth.get', input: {} }),
  )
  expect(result).toMatchObject({ ok: true, value: { account: 'set', state: 'listening' } })
  const { webhooks } = (result as { value: TruthView }).value
  expect(await postText(webhooks, { from: '+15550001111', body: 'Are you open today?' })).toBe(200)
  await expect(page.getByText('Are you open today?').first()).toBeVisible()
  expect(heard).toEqual([])
})

test('desktop: the page says when it has painted, and its server closes with it', async ({ desktop }) => {
  await expect.poll(() => desktop.output()).toContain('{"event":"painted"}')
  const ended = new Promise((resolve) => desktop.app.process().once('exit', resolve))
  await desktop.app.close()
  expect(await ended).toBe(0)
})

test('browser console: a signed text is on the screen', async ({ browserConsole: { page, webhooks } }) => {
  const heard = complaints(page)
  await page.reload()
  expect(await postText(webhooks, { from: '+15550002222', body: 'A table for two?' })).toBe(200)
  await expect(page.getByText('A table for two?').first()).toBeVisible()
  expect(heard).toEqual([])
})
