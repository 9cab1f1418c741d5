import { defineConfig } from 'playwright/test'

// scripts/test.mjs asks for the reporters it counts with; PLAYWRIGHT_JSON_OUTPUT_FILE says where the figures go.
export default defineConfig({
  testDir: 'test/e2e',
  globalSetup: './test/e2e/setup.ts',
  outputDir: 'test-results',
  fullyParallel: true,
  workers: 2,
  // A test that passes at the second try has found something.
  retries: 0,
  timeout: 30_000,
  forbidOnly: Boolean(process.env['CI']),
  reporter: 'list',
  use: { trace: 'off' },
})
