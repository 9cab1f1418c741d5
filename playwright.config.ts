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
  timeout: 30_000,
  forbidOnly: Boolean(process.env['CI']),
  reporter: 'list',
  use: { trace: 'off' },
})
