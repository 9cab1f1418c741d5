import { defineConfig } from 'playwright/test'

// scripts/test.mjs asks for the reporters it counts with; PLAYWRIGHT_JSON_OUTPUT_FILE says where the figures go.
export default defineConfig({
  testDir: 'test/e2e',
  globalSetup: './test/e2e/setup.ts',
  outputDir: 'test-results',
  fullyParallel: true,
  // One more than the cores: what takes longest waits for a tunnel, or for half a minute a webhook is given.
  workers: 3,
  // A test that passes at the second try has found something.
  retries: 0,
  // Three at a time on two cores: what is waited for comes, but not always in Playwright's own five seconds.
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: Boolean(process.env['CI']),
  reporter: 'list',
  use: { trace: 'off' },
})
