import { configDefaults, defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'test/e2e/**'],
    // Processes, not threads: tests open stores, take signals and change folders.
    pool: 'forks',
    // Files share their worker's process: starting one for each took a third of the time. Tests leave nothing behind.
    isolate: false,
    unstubGlobals: true,
    maxWorkers: 2,
    testTimeout: 20_000,
  },
})
