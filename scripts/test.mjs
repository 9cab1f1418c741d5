// npm test: every check and every test, step by step up to the first that fails; then what passed, in one line.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commandOf, prepare, root } from './setup.mjs'

/** The whole run's limit in milliseconds; a stage still going then is stopped and named. */
const LIMIT_MS = 12 * 60_000

/**
 * @typedef {{ passed: number, failed: number }} Count
 * @typedef {{ name: string, args: string[], env?: Record<string, string>, count?: () => Count }} Stage
 */

await prepare(import.meta.url)

const started = Date.now()
const reports = mkdtempSync(join(tmpdir(), 'switchboard-test-'))
process.on('exit', () => rmSync(reports, { recursive: true, force: true }))
const unitReport = join(reports, 'vitest.json')
const screenReport = join(reports, 'playwright.json')

/** Stages of one step run side by side; the next step begins when all of them went well. @type {Stage[][]} */
const steps = [
  [
    { name: 'format', args: [commandOf('prettier'), '--check', '.'] },
    { name: 'lint', args: [commandOf('eslint'), '.', '--max-warnings', '0'] },
    { name: 'typecheck', args: [commandOf('typescript', 'tsc'), '-p', 'tsconfig.json'] },
    { name: 'boundaries', args: [join(root, 'scripts', 'boundaries.mjs')] },
  ],
  [
    {
      name: 'tests',
      args: [
        commandOf('vitest'),
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${unitReport}`,
      ],
      count: () => countVitest(unitReport),
    },
  ],
]
if (existsSync(join(root, 'test', 'e2e'))) {
  steps.push(
    [{ name: 'build', args: [join(root, 'scripts', 'build.mjs'), '--logLevel', 'warn'] }],
    [
      {
        name: 'screens',
        args: [commandOf('playwright'), 'test', '--reporter=list,json'],
        env: { PLAYWRIGHT_JSON_OUTPUT_FILE: screenReport },
        count: () => countPlaywright(screenReport),
      },
    ],
  )
}

const total = { passed: 0, failed: 0 }
/** @type {string[]} */
const summary = []
const outcome = { isGreen: true }

for (const step of steps) {
  if (outcome.isGreen) await Promise.all(step.map(perform))
  else for (const { name } of step) summary.push(`  –  ${name}: not run`)
}

/** @param {Stage} stage */
async function perform(stage) {
  console.log(`\n── ${stage.name}`)
  const stageStarted = Date.now()
  const problem = await run(stage)
  const count = stage.count?.()
  const seconds = ((Date.now() - stageStarted) / 1000).toFixed(1)
  total.passed += count?.passed ?? 0
  total.failed += count?.failed ?? 0
  // A stage that fails without a failing test (a lint error, a test file that does not load) still counts.
  if (problem && !count?.failed) total.failed += 1
  if (problem || count?.failed) outcome.isGreen = false
  const tests = count ? `, ${count.passed} passed, ${count.failed} failed` : ''
  summary.push(`  ${problem ? `✗  ${stage.name}: ${problem}` : `✓  ${stage.name}`}${tests} (${seconds} s)`)
}

if (outcome.isGreen && total.passed === 0) {
  outcome.isGreen = false
  summary.push('  ✗  no test ran')
}
console.log(`\n${summary.join('\n')}\n\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = outcome.isGreen ? 0 : 1

/**
 * @param {Stage} stage
 * @returns {Promise<string | undefined>} what went wrong
 */
function run(stage) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, stage.args, {
      cwd: root,
      env: { ...process.env, ...stage.env },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    let isLate = false
    const limit = setTimeout(
      () => {
        isLate = true
        child.kill('SIGKILL')
      },
      Math.max(0, started + LIMIT_MS - Date.now()),
    )
    child.on('error', (error) => resolve(error.message))
    child.on('exit', (code, signal) => {
      clearTimeout(limit)
      if (isLate) resolve(`stopped: the whole run may take ${LIMIT_MS / 60_000} minutes`)
      else if (code === 0) resolve(undefined)
      else resolve(signal ? `ended by ${signal}` : `exit code ${code}`)
    })
  })
}

/**
 * @param {string} file vitest's JSON report
 * @returns {Count}
 */
function countVitest(file) {
  if (!existsSync(file)) return { passed: 0, failed: 0 }
  /** @type {{ numPassedTests: number, numFailedTests: number }} */
  const report = JSON.parse(readFileSync(file, 'utf8'))
  return { passed: report.numPassedTests, failed: report.numFailedTests }
}

/**
 * @param {string} file Playwright's JSON report
 * @returns {Count}
 */
function countPlaywright(file) {
  if (!existsSync(file)) return { passed: 0, failed: 0 }
  /** @type {{ stats: { expected: number, unexpected: number, flaky: number } }} */
  const { stats } = JSON.parse(readFileSync(file, 'utf8'))
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected }
}
