// npm run soak [-- [--rounds N] [--seed S] [PART…]]: what npm test does in a small way, at length. One line for each part
// (kill, faults, properties, crashes, flood, soak, many; all when none is named); exits non-zero when any failed.
import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { commandOf, fail, prepare, root } from './setup.mjs'

await prepare(import.meta.url)

const { values, positionals: wanted } = parseArgs({
  options: { rounds: { type: 'string', default: '200' }, seed: { type: 'string' } },
  allowPositionals: true,
})
for (const [name, value] of Object.entries(values)) {
  if (!/^\d{1,9}$/.test(value)) fail(`--${name} takes a whole number, not ${value}.`)
}
const rounds = { SWITCHBOARD_KILL_ROUNDS: values.rounds }
const seed = values.seed === undefined ? {} : { SWITCHBOARD_KILL_SEED: values.seed }
const days = values.seed === undefined ? {} : { SWITCHBOARD_SOAK_SEED: values.seed }

/** @type {{ name: string, tests: string[], env?: Record<string, string>, times?: number, in?: 'vitest' | 'playwright' }[]} */
const parts = [
  { name: `${values.rounds} kills`, tests: ['test/kill'], env: { ...rounds, ...seed } },
  { name: 'faults, and the power failing many times', tests: ['test/faults'], env: rounds },
  {
    name: 'properties, 20,000 runs',
    tests: ['test/properties'],
    env: { SWITCHBOARD_PROPERTY_RUNS: '20000' },
  },
  { name: 'crashes of the store, ten times', tests: ['test/store/crashes.property.test.ts'], times: 10 },
  {
    name: 'simulated days on which everything fails, 120 seeds',
    tests: ['test/soak'],
    env: { SWITCHBOARD_SOAK_SEEDS: '120', ...days },
  },
  { name: 'a flood of 200,000 requests', tests: ['test/webhooks/flood.test.ts'], times: 10 },
  {
    name: 'a minute of 50 messages a second on the screen',
    tests: ['test/e2e/many.test.ts'],
    env: { SWITCHBOARD_STREAM_SECONDS: '60' },
    in: 'playwright',
  },
]

/** Escapes of a terminal. */
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g')

/** Milliseconds any one test may take. */
const LIMIT_MS = 60 * 60_000

for (const { name, tests, env = {}, times = 1, in: runner = 'vitest' } of parts) {
  if (wanted.length > 0 && !tests.some((test) => wanted.some((word) => test.includes(word)))) continue
  const started = Date.now()
  let last = { code: 0, output: '' }
  for (let n = 0; n < times && last.code === 0; n++) last = await run(runner, tests, env)
  const seconds = ((Date.now() - started) / 1000).toFixed(0)
  // What a test has to tell of itself: seeds, and where it was killed.
  const told = last.output
    .split('\n')
    .filter((line) => /^(kill|properties|days): seed/.test(line.replace(COLOUR, '')))
  console.log(
    `${last.code === 0 ? '✓' : '✗'}  ${name} (${seconds} s)${told.length > 0 ? ` · ${told.map((line) => line.replace(COLOUR, '')).join(' · ')}` : ''}`,
  )
  if (last.code === 0) continue
  console.log(last.output)
  process.exitCode = 1
}

/**
 * @param {'vitest' | 'playwright'} runner
 * @param {string[]} tests
 * @param {Record<string, string>} env
 * @returns {Promise<{ code: number, output: string }>}
 */
function run(runner, tests, env) {
  return new Promise((resolve) => {
    const args =
      runner === 'vitest'
        ? [commandOf('vitest'), 'run', `--testTimeout=${LIMIT_MS}`, ...tests]
        : [commandOf('playwright'), 'test', ...tests]
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const keep = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString()
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', (error) => resolve({ code: 1, output: error.message }))
    child.on('exit', (code) => resolve({ code: code ?? 1, output }))
  })
}
